// coturn as the relay beside the server: free ports, its files in a directory that is gone when the test ends.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.mjs";

const secret = "a secret of coturn and the server";

/** Resolves once something listens there. */
async function listens(port, child) {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const connected = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`turnserver ended with ${child.exitCode}`);
}

/** Whether it is installed. In CI it is. */
export function installed() {
  const found = spawnSync("turnserver", ["--version"], { stdio: "ignore" }).error === undefined;
  if (!found && process.env.CI) throw new Error("coturn is not installed: cargo xtask setup");
  return found;
}

export class Coturn {
  #child;
  #directory;

  /** Chooses its ports, so that a server can be told of it. */
  static async prepare() {
    const coturn = new Coturn();
    [coturn.port, coturn.tlsPort] = [await freePort(), await freePort()];
    return coturn;
  }

  /** Starts it with the certificate and key of these files. */
  async start({ certificate, key }) {
    this.#directory = await mkdtemp(join(tmpdir(), "openline-coturn-"));
    const options = {
      "listening-ip": "127.0.0.1",
      "relay-ip": "127.0.0.1",
      "listening-port": this.port,
      "tls-listening-port": this.tlsPort,
      cert: certificate,
      pkey: key,
      realm: "example.org",
      "static-auth-secret": secret,
      userdb: join(this.#directory, "turndb"),
      pidfile: join(this.#directory, "pid"),
      "log-file": "stdout",
    };
    this.#child = spawn(
      "turnserver",
      ["-n", "--use-auth-secret", "--allow-loopback-peers", "--no-cli", "--no-dtls",
        ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
      { stdio: "ignore", cwd: this.#directory },
    );
    this.exited = once(this.#child, "exit");
    await Promise.all([this.port, this.tlsPort].map((port) => listens(port, this.#child)));
  }

  /** Its addresses. Firefox wants a name for TLS. */
  get urls() {
    return [
      `turn:127.0.0.1:${this.port}?transport=udp`,
      `turn:127.0.0.1:${this.port}?transport=tcp`,
      `turns:localhost:${this.tlsPort}?transport=tcp`,
    ];
  }

  /** The server's setting that names it to clients: `OPENLINE_TURN__EXTERNAL`. */
  get setting() {
    return `[{urls=${JSON.stringify(this.urls)},secret=${JSON.stringify(secret)}}]`;
  }

  async close() {
    this.#child?.kill("SIGTERM");
    await this.exited;
    if (!this.#directory) return;
    await rm(this.#directory, { recursive: true, force: true });
  }
}
