// A TCP line to the server that a test can cut and mend.
import { createServer, connect } from "node:net";

export class Proxy {
  #listener;
  #sockets = new Set();
  #target;
  #open = true;

  constructor(target) {
    this.#target = target;
  }

  /** A line to `server`; it stands where a server does: `line.http`. */
  static async start(server) {
    const line = new Proxy(Number(new URL(server.http).port));
    line.#listener = createServer((incoming) => line.#relay(incoming));
    await new Promise((resolve) => line.#listener.listen(0, "127.0.0.1", resolve));
    line.http = `http://localhost:${line.#listener.address().port}`;
    return line;
  }

  #relay(incoming) {
    if (!this.#open) return incoming.destroy();
    const outgoing = connect(this.#target, "127.0.0.1");
    for (const [one, other] of [[incoming, outgoing], [outgoing, incoming]]) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  /** Ends every connection without a goodbye and takes no new one. */
  async cut() {
    this.#open = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async restore() {
    this.#open = true;
  }

  async close() {
    await this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}
