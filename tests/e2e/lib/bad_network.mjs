// One page's way to the server, as bad as a test wants it: pages and sockets over TCP, media over UDP to the relay.
//
// The page uses relayed candidates alone (fixture/line.js), so that all of its media passes here. What is lost is
// drawn from a fixed seed. Nothing here needs the rights of root, or the kernel's help.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const HOST = "127.0.0.1";

/** Nothing is lost, nothing waits. */
const GOOD = { loss: 0, delayMs: 0 };
/** Nothing passes, and nobody is told. */
const SILENT = { loss: 1, delayMs: 0 };

/** Evenly spread numbers from 0 to 1: mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Datagrams between a page and the relay. `up` leads to the relay, `down` to the page. */
class MediaLine {
  #socket = createSocket("udp4");
  #towards = new Map();
  #random = randomFrom(1);
  #relayPort;
  up = GOOD;
  down = GOOD;

  constructor(relayPort) {
    this.#relayPort = relayPort;
  }

  async open() {
    this.#socket.on("message", (packet, page) =>
      this.#pass(this.up, () => this.#upstream(page).send(packet, this.#relayPort(), HOST)));
    await new Promise((resolve) => this.#socket.bind(0, HOST, resolve));
    this.port = this.#socket.address().port;
    return this;
  }

  /** A socket of the relay's side for each of the page's. */
  #upstream({ address, port }) {
    const name = `${address}:${port}`;
    let socket = this.#towards.get(name);
    if (!socket) {
      socket = createSocket("udp4");
      socket.on("message", (packet) => this.#pass(this.down, () => this.#socket.send(packet, port, address)));
      // The relay may be away for a while.
      socket.on("error", () => undefined);
      this.#towards.set(name, socket);
    }
    return socket;
  }

  #pass({ loss, delayMs }, forward) {
    if (this.#random() < loss || this.closed) return;
    if (delayMs === 0) return forward();
    setTimeout(() => this.closed || forward(), delayMs);
  }

  close() {
    this.closed = true;
    this.#socket.close();
    for (const socket of this.#towards.values()) socket.close();
  }
}

/** TCP between a page and the server. While it is silent, what is sent waits, as it does on a line that repeats it. */
class SocketLine {
  #pairs = new Set();
  #silent = false;
  #listener = createServer((incoming) => this.#accept(incoming));
  #target;

  constructor(target) {
    this.#target = target;
  }

  async open() {
    await new Promise((resolve) => this.#listener.listen(0, HOST, resolve));
    this.port = this.#listener.address().port;
    return this;
  }

  #accept(incoming) {
    const pair = { incoming, lost: false };
    this.#pairs.add(pair);
    incoming.on("error", () => undefined);
    incoming.on("close", () => {
      // The server does not hear of it over a line that is silent.
      if (!this.#silent && !pair.lost) this.#end(pair);
    });
    if (!this.#silent) this.#join(pair);
  }

  #join(pair) {
    const outgoing = connect(this.#target(), HOST);
    pair.outgoing = outgoing;
    pair.incoming.pipe(outgoing).pipe(pair.incoming);
    outgoing.on("error", () => undefined);
    outgoing.on("close", () => {
      if (!this.#silent && !pair.lost) this.#end(pair);
    });
  }

  #end(pair) {
    this.#pairs.delete(pair);
    pair.incoming.destroy();
    pair.outgoing?.destroy();
  }

  #freeze({ incoming, outgoing }) {
    if (!outgoing) return;
    incoming.unpipe(outgoing).pause();
    outgoing.unpipe(incoming).pause();
  }

  silence() {
    this.#silent = true;
    for (const pair of this.#pairs) this.#freeze(pair);
  }

  restore() {
    this.#silent = false;
    for (const pair of [...this.#pairs]) {
      if (pair.lost) continue;
      if (pair.incoming.destroyed || pair.outgoing?.destroyed) this.#end(pair);
      else if (pair.outgoing) pair.incoming.pipe(pair.outgoing).pipe(pair.incoming);
      else this.#join(pair);
    }
  }

  /** The connections there are hear nothing any more, for good; others work. */
  lose() {
    for (const pair of this.#pairs) {
      this.#freeze(pair);
      pair.lost = true;
    }
  }

  async close() {
    for (const pair of this.#pairs) this.#end(pair);
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}

export class BadNetwork {
  /** A good network, until something is done to it, with a second way for media that is dead as yet. */
  static async start(server) {
    const network = new BadNetwork();
    const relayPort = () => {
      const url = server.ready.turn.find((url) => url.startsWith("turn:") && !url.endsWith("tcp"));
      return Number(/:(\d+)/.exec(url.slice("turn:".length))[1]);
    };
    network.sockets = await new SocketLine(() => Number(new URL(server.http).port)).open();
    network.media = await new MediaLine(relayPort).open();
    network.otherMedia = await new MediaLine(relayPort).open();
    network.otherMedia.up = network.otherMedia.down = SILENT;
    network.http = `http://localhost:${network.sockets.port}`;
    network.page = `/fixture/line.html?relay=${network.media.port}&relay=${network.otherMedia.port}`;
    return network;
  }

  /** Nothing arrives and nothing leaves, and nobody is told. */
  silence() {
    this.sockets.silence();
    this.silenceMedia();
  }

  silenceMedia() {
    this.media.up = this.media.down = SILENT;
  }

  /** What the page sends arrives; nothing arrives at the page. Sockets work. */
  deafenMedia() {
    this.media.down = SILENT;
  }

  /** Media is lost and late, both ways. */
  impairMedia({ loss, delayMs }) {
    this.media.up = this.media.down = { loss, delayMs };
  }

  restore() {
    this.sockets.restore();
    this.media.up = this.media.down = GOOD;
  }

  /** From one network to another: whatever went over the former is dead, and nobody is told. */
  roam() {
    this.sockets.lose();
    this.silenceMedia();
    this.otherMedia.up = this.otherMedia.down = GOOD;
  }

  async close() {
    this.media.close();
    this.otherMedia.close();
    await this.sockets.close();
  }
}
