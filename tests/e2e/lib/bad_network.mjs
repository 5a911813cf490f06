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

/** How long a packet waits at most for a line that is limited. */
const QUEUE_MS = 300;

const CHANNEL = [0x40, 0x4f];
const INDICATIONS = [0x0016, 0x0017];
const DATA = 0x0013;

/** What a datagram between a page and its relay carries from or to the other side, if anything (RFC 8656). */
function carried(packet) {
  if (packet[0] >= CHANNEL[0] && packet[0] <= CHANNEL[1]) return packet.subarray(4);
  if (packet.length < 20 || !INDICATIONS.includes(packet.readUInt16BE(0))) return undefined;
  for (let at = 20; at + 4 <= packet.length; at += 4 + ((packet.readUInt16BE(at + 2) + 3) & ~3)) {
    if (packet.readUInt16BE(at) === DATA) return packet.subarray(at + 4, at + 4 + packet.readUInt16BE(at + 2));
  }
  return undefined;
}

/** Whether it is of sound or pictures: not of ICE, nor of the handshake (RFC 7983). */
const isOfMedia = (packet) => {
  const first = carried(packet)?.[0];
  return first >= 128 && first <= 191;
};

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
  /** The page's ports that media came to, and those to which it is lost from now on. */
  #used = new Set();
  #filtered = new Set();
  #busyUntil = 0;
  up = GOOD;
  down = GOOD;

  constructor(relayPort) {
    this.#relayPort = relayPort;
  }

  async open() {
    this.#socket.on("message", (packet, page) =>
      this.#pass(this.up, packet, () => this.#upstream(page).send(packet, this.#relayPort(), HOST)));
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
      const back = (packet) => this.#pass(this.down, packet, () => this.#socket.send(packet, port, address));
      socket.on("message", (packet) => this.#isFiltered(name, packet) || back(packet));
      // The relay may be away for a while.
      socket.on("error", () => undefined);
      this.#towards.set(name, socket);
    }
    return socket;
  }

  /** Sound and pictures to the page are lost on the ways that they take now; all else passes, and other ways are open. */
  filter() {
    this.#filtered = new Set(this.#used);
  }

  /** Whether media that comes over that way is lost. */
  #isFiltered(name, packet) {
    if (!isOfMedia(packet)) return false;
    this.#used.add(name);
    return this.#filtered.has(name);
  }

  #pass({ loss, delayMs, bitsPerSecond }, packet, forward) {
    if (this.#random() < loss || this.closed) return;
    const waitMs = bitsPerSecond ? this.#queued(packet, bitsPerSecond) : delayMs;
    if (waitMs === 0) return forward();
    if (waitMs <= Math.max(delayMs, QUEUE_MS)) setTimeout(() => this.closed || forward(), waitMs);
  }

  /** How long the packet waits for those before it, and for its own bits; more than the queue takes where it is full. */
  #queued(packet, bitsPerSecond) {
    const now = performance.now();
    const until = Math.max(this.#busyUntil, now) + (packet.length * 8 * 1000) / bitsPerSecond;
    if (until - now <= QUEUE_MS) this.#busyUntil = until;
    return until - now;
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

  /** Sound and pictures do not arrive at the page, as where something on the way drops them: what is beside them does. */
  filterMedia() {
    this.media.filter();
  }

  /** What the page sends over the network has so many bits per second for itself. */
  limitUplink(bitsPerSecond) {
    this.media.up = { ...GOOD, bitsPerSecond };
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
