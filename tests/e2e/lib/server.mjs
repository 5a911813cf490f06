// Starts the real openline-server for a test: free ports, its own data directory, gone when the test ends.
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The binary under test. */
export const serverBinary = process.env.OPENLINE_SERVER_BIN ?? join(root, "target/debug/openline-server");
/** The built sample page. */
export const pageDirectory = process.env.OPENLINE_PAGE_DIR ?? join(root, "www/dist");
/** The built npm package. */
export const packageDirectory = process.env.OPENLINE_PACKAGE_DIR ?? join(root, "pkg/dist");

/** What the server serves in tests: the sample page, and below /fixture/ a bare page and the examples, with the package beside them. */
async function siteDirectory() {
  const site = await mkdtemp(join(tmpdir(), "openline-site-"));
  await cp(pageDirectory, site, { recursive: true });
  await cp(fileURLToPath(new URL("../fixture", import.meta.url)), join(site, "fixture"), { recursive: true });
  await cp(join(root, "examples"), join(site, "fixture"), { recursive: true, filter: (path) => !path.endsWith("openline") });
  await cp(packageDirectory, join(site, "fixture/openline"), { recursive: true });
  return site;
}

/** Tests and benches send faster than people do. */
const unlimited = { OPENLINE_CHAT__RATE_LIMITS__ENABLED: "false" };

/** A server with a data directory, which may be killed and started again on the same ports. */
export class Server {
  #child;
  #exited;
  #env;
  #args;
  #log = [];
  /** The directories that were made for this server: those and no others are removed with it. */
  #made = [];

  constructor({ env = {}, args = [] }) {
    this.#env = env;
    this.#args = args;
  }

  /** Starts on a data directory of its own. `env` holds OPENLINE_... settings; `site` is served instead of the page. */
  static async start({ site, ...options } = {}) {
    const server = new Server(options);
    server.dataDirectory = await mkdtemp(join(tmpdir(), "openline-data-"));
    server.#made.push(server.dataDirectory);
    server.site = site ?? (await siteDirectory());
    if (!site) server.#made.push(server.site);
    await server.start();
    return server;
  }

  async start() {
    const ports = this.ready
      ? [new URL(this.ready.http).port, new URL(this.ready.endpoint).port]
      : ["0", "0"];
    this.#child = spawn(
      serverBinary,
      ["dev", "--http-port", ports[0], "--https-port", ports[1], "--data-dir", this.dataDirectory, "--www", this.site, ...this.#args],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...unlimited, ...this.#env } },
    );
    const child = this.#child;
    this.#exited = new Promise((resolve) => child.once("exit", resolve));
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.#log.push(line);
      if (this.#log.length > 4000) this.#log.shift();
    });
    const lines = createInterface({ input: child.stdout });
    this.ready = await new Promise((resolve, reject) => {
      lines.once("line", (line) => resolve(JSON.parse(line)));
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${this.#log.join("\n")}`)));
      child.once("error", reject);
    });
    this.http = this.ready.http.replace(/\/$/, "");
  }

  /** What the server logged so far. */
  get log() {
    return this.#log.join("\n");
  }

  get pid() {
    return this.#child.pid;
  }

  /** No goodbye, no flush. */
  async kill() {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Credentials for relays that were given before are good for nothing after the next start. */
  forgetRelaySecret() {
    return rm(join(this.dataDirectory, "turn-secret"));
  }

  async terminate() {
    this.#child.kill("SIGTERM");
    await this.#exited;
  }

  async close() {
    await this.kill();
    for (const directory of this.#made) await rm(directory, { recursive: true, force: true });
  }

  /** A token for a name, as the sample page gets it. */
  async demoToken(name) {
    const response = await fetch(`${this.http}/demo/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    if (!response.ok) throw new Error(`demo token for ${name}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
