// Measures the legs of the way that a call takes. Each has a limit, and leaves nothing open.

import {
  allowsCalls, Arrivals, claimsOf, deviceFailure, endpointOf, judge, relayFailure, socketFailure,
} from "./pre_call_rules.js";

const TOKEN_MS = 30_000;
const SOCKET_MS = 10_000;
const RELAY_MS = 12_000;
const DEVICE_MS = 60_000;
const PINGS = 10;
const PING_EVERY_MS = 50;
/** As sound is sent: so many packets of this size, at this distance. */
const DATAGRAMS = 50;
const DATAGRAM_EVERY_MS = 20;
const DATAGRAM_BYTES = 160;
/** How long the last ones may take. */
const LATE_MS = 1000;

export const failed = (code) => ({ state: "Failed", code });
export const skipped = (code) => ({ state: "Skipped", code });

/** What `promise` gives, unless it takes too long or the test is aborted: then a rejection of that name. */
export function within(promise, limitMs, signal) {
  return new Promise((resolve, reject) => {
    const give = (name) => reject(new DOMException("", name));
    const timer = setTimeout(give, limitMs, "TimeoutError");
    const onAbort = () => give("AbortError");
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      });
  });
}

/** Gives token and server their legs, and the relays that the server names. */
export async function testServer(credential, options, signal) {
  const refused = [];
  for (;;) {
    let token;
    try {
      ({ token } = await within(credential.getToken({ abortSignal: signal, refusedToken: refused.at(-1) }), TOKEN_MS, signal));
    } catch {
      return { token: failed(signal.aborted ? "aborted" : refused.length > 0 ? "tokenRefused" : "tokenUnavailable") };
    }
    const claims = claimsOf(token);
    const endpoint = endpointOf(options, claims);
    if (!endpoint) return { token: failed("serverUnknown") };
    const { closeCode, isOpened, ...session } = await testSocket(endpoint, token, signal);
    if (closeCode === 4401) {
      // As a call does: a credential that can bring another token is asked for it, once.
      if (refused.length === 0 && !refused.includes(token)) {
        refused.push(token);
        continue;
      }
      return { token: failed("tokenRefused"), socket: isOpened ? { state: "Passed" } : undefined };
    }
    if (!session.socket) {
      const isReachable = isOpened || (await answers(endpoint, signal));
      return { socket: failed(signal.aborted ? "aborted" : socketFailure({ closeCode, isOpened, isReachable })) };
    }
    return { token: allowsCalls(claims) ? { state: "Passed" } : failed("scopeMissing"), ...session };
  }
}

/** Whether the server answers a request, whatever it says. */
async function answers(endpoint, signal) {
  try {
    await within(fetch(`${endpoint}/health/live`, { mode: "no-cors", cache: "no-store" }), SOCKET_MS, signal);
    return true;
  } catch {
    return false;
  }
}

/** Opens a session of its own, sends pings, and leaves. */
async function testSocket(endpoint, token, signal) {
  let socket;
  let isOpened = false;
  let welcome;
  const pings = new Arrivals();
  const work = new Promise((resolve) => {
    try {
      socket = new WebSocket(`ws${endpoint.slice("http".length)}/realtime`);
    } catch {
      // The page's policy.
      resolve(1006);
      return;
    }
    const ping = (id) => {
      if (id > PINGS || socket.readyState !== WebSocket.OPEN) return;
      pings.sent(id, performance.now());
      socket.send(JSON.stringify({ type: "ping", id }));
      setTimeout(ping, PING_EVERY_MS, id + 1);
    };
    socket.onopen = () => {
      isOpened = true;
      socket.send(JSON.stringify({ type: "hello", versions: [1], token }));
    };
    socket.onclose = ({ code }) => resolve(code);
    socket.onmessage = ({ data }) => {
      const now = performance.now();
      const frame = JSON.parse(data);
      if (frame.type === "welcome") {
        welcome = frame;
        ping(1);
      }
      if (frame.type !== "pong") return;
      pings.arrived(frame.id, now);
      if (frame.id === PINGS) resolve();
    };
  });
  const closeCode = await within(work, SOCKET_MS, signal).catch(() => (welcome ? undefined : 1006));
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "bye" }));
  socket?.close(1000);
  if (!welcome || closeCode !== undefined) return { closeCode: closeCode ?? 1006, isOpened };
  // What TCP repeats is not lost to those who wait long enough.
  const { roundTripMs, jitterMs } = pings.measured;
  const measured = { roundTripMs, jitterMs };
  return { socket: { ...judge(measured), ...measured }, iceServers: welcome.iceServers };
}

/** Tells one peer connection of the other. */
export async function connect(offerer, answerer) {
  let describe;
  const described = new Promise((resolve) => {
    describe = resolve;
  });
  for (const [from, to] of [[offerer, answerer], [answerer, offerer]]) {
    from.addEventListener("icecandidate", async ({ candidate }) => {
      if (!candidate) return;
      await described;
      await to.addIceCandidate(candidate).catch(() => undefined);
    });
  }
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription);
  describe();
}

/** Two peer connections in this page that reach each other through that relay alone, or, without one, as they like. */
export function pair(relay) {
  const { url, username, credential } = relay ?? {};
  const settings = relay && { iceServers: [{ urls: [url], username, credential }], iceTransportPolicy: "relay" };
  return [new RTCPeerConnection(settings), new RTCPeerConnection(settings)];
}

/** Resolves when both peers are connected; rejects when one gives up, or finds no address to try. */
export function connected(peers) {
  return new Promise((resolve, reject) => {
    const addresses = new Map(peers.map((peer) => [peer, 0]));
    const look = () => {
      if (peers.every(({ connectionState }) => connectionState === "connected")) resolve();
      if (peers.some(({ connectionState }) => connectionState === "failed")) reject(new Error("failed"));
      const isWithout = (peer) => peer.iceGatheringState === "complete" && addresses.get(peer) === 0;
      if (peers.some(isWithout)) reject(new Error("no address"));
    };
    for (const peer of peers) {
      peer.addEventListener("icecandidate", ({ candidate }) => candidate?.candidate && addresses.set(peer, addresses.get(peer) + 1));
      peer.addEventListener("connectionstatechange", look);
      peer.addEventListener("icegatheringstatechange", look);
    }
  });
}

/** Sends datagrams through a relay and back. What they take is the way to the relay and back. */
export async function testRelay(relay, signal) {
  const began = performance.now();
  const peers = pair(relay);
  const errorCodes = [];
  let addresses = 0;
  for (const peer of peers) {
    peer.addEventListener("icecandidateerror", ({ errorCode }) => errorCodes.push(errorCode));
    peer.addEventListener("icecandidate", ({ candidate }) => (addresses += Number(Boolean(candidate?.candidate))));
  }
  const done = (leg) => ({ ...leg, url: relay.url, durationMs: performance.now() - began });
  try {
    const settings = { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 };
    const [out, back] = peers.map((peer) => peer.createDataChannel("leg", settings));
    const path = Promise.all([connected(peers), opened(out), opened(back), connect(...peers)]);
    await within(path, RELAY_MS, signal);
    const measured = await flood(out, back, signal);
    return done({ ...judge(measured), ...measured });
  } catch {
    return done(failed(signal.aborted ? "aborted" : relayFailure(errorCodes, addresses)));
  } finally {
    for (const peer of peers) peer.close();
  }
}

export const opened = (channel) =>
  new Promise((resolve) => {
    channel.addEventListener("open", resolve, { once: true });
  });

async function flood(out, back, signal) {
  const arrivals = new Arrivals();
  let timer;
  const all = new Promise((resolve) => {
    back.binaryType = "arraybuffer";
    let number = 0;
    back.onmessage = ({ data }) => {
      arrivals.arrived(new DataView(data).getUint32(0), performance.now());
      if (number === DATAGRAMS && arrivals.missing === 0) resolve();
    };
    timer = setInterval(() => {
      const datagram = new DataView(new ArrayBuffer(DATAGRAM_BYTES));
      datagram.setUint32(0, number);
      arrivals.sent(number, performance.now());
      out.send(datagram.buffer);
      number += 1;
      if (number === DATAGRAMS) clearInterval(timer);
    }, DATAGRAM_EVERY_MS);
  });
  try {
    await within(all, DATAGRAMS * DATAGRAM_EVERY_MS + LATE_MS, signal);
  } catch {
    // Those that are missing are lost.
  } finally {
    clearInterval(timer);
  }
  signal.throwIfAborted();
  return arrivals.measured;
}

/** Opens a device and closes it, or keeps its track for `keep`. */
export async function testDevice(device, signal, keep) {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return failed("insecurePage");
  const stop = (stream) => stream.getTracks().forEach((track) => track.stop());
  const opening = mediaDevices.getUserMedia(device === "camera" ? { video: true } : { audio: true });
  try {
    const stream = await within(opening, DEVICE_MS, signal);
    if (keep) keep(stream);
    else stop(stream);
    return { state: "Passed" };
  } catch ({ name }) {
    // It may still be opened when nobody waits any more.
    opening.then(stop, () => undefined);
    return failed(name === "AbortError" && signal.aborted ? "aborted" : deviceFailure(device, name));
  }
}
