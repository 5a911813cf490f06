// Starts the real server on free ports with an empty data directory.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The server's binary, from the environment. */
export function serverBinary() {
  const binary = process.env["OPENLINE_SERVER_BIN"];
  if (!binary) {
    throw new Error("Set OPENLINE_SERVER_BIN to the openline-server binary (cargo build -p openline-server).");
  }
  return binary;
}

/** Resolves to the server's ready line and a way to stop it. `settings` holds OPENLINE_... variables. */
export async function startServer(settings = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "openline-clients-"));
  const args = ["dev", "--http-port", "0", "--https-port", "0", "--data-dir", dataDir];
  // Tests send faster than people do.
  const env = { ...process.env, OPENLINE_CHAT__RATE_LIMITS__ENABLED: "false", ...settings };
  const child = spawn(serverBinary(), args, { stdio: ["ignore", "pipe", "pipe"], env });
  const log = [];
  child.stderr.on("data", (chunk) => log.push(chunk));
  const exited = once(child, "exit");
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), "line").then(([first]) => first),
    exited.then(() => {
      throw new Error(`The server ended before it was ready:\n${Buffer.concat(log)}`);
    }),
  ]);
  return {
    ...JSON.parse(line),
    async stop() {
      child.kill("SIGTERM");
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
