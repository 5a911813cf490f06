// A call of this page with itself through a relay, for what only media shows: losses and delays of sound and pictures,
// and how much the line carries.

import { connect, connected, opened, pair, within } from "./pre_call_legs.js";

const CONNECT_MS = 15_000;
const MEDIA_MS = 5000;
const BULK_MS = 3000;
const BULK_BYTES = 1_000_000;
const CHUNK_BYTES = 16_384;
const [WIDTH, HEIGHT, FRAME_MS] = [640, 360, 33];

/** The call, as `Features.MediaStats` needs one, and what runs it once. */
export function testCall() {
  const listeners = new Set();
  const call = {
    state: "None",
    remoteParticipants: [],
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
  };
  const host = { call, peer: undefined };
  const become = (state) => {
    call.state = state;
    for (const listener of [...listeners]) listener();
  };
  const run = async (relay, microphone, signal) => {
    const peers = pair(relay);
    const sources = [microphone ? ownSound(microphone) : madeSound(), madePictures()];
    [host.peer] = peers;
    try {
      for (const { track } of sources) peers[0].addTrack(track, new MediaStream([track]));
      const [out, back] = peers.map((peer) => peer.createDataChannel("bulk", { negotiated: true, id: 0 }));
      const path = Promise.all([connected(peers), opened(out), opened(back), connect(...peers)]);
      await within(path, CONNECT_MS, signal);
      become("Connected");
      await pause(MEDIA_MS, signal);
      const [sent, received] = await Promise.all(peers.map((peer) => peer.getStats()));
      const [audio, video] = ["audio", "video"].map((kind) => qualityOf(kind, sent, received));
      // Between two ends of one page there is no line.
      const bandwidthBps = relay && (await carried(out, back, signal));
      return { connected: true, audio, video, bandwidthBps };
    } catch {
      return { connected: false, audio: {}, video: {} };
    } finally {
      for (const peer of peers) peer.close();
      for (const { stop } of sources) stop();
      host.peer = undefined;
      become("Disconnected");
    }
  };
  return { host, run, abandon: () => become("Disconnected") };
}

/** What the reports of both ends say of sound or of pictures; absent where nothing arrived. Pure. */
export function qualityOf(kind, sent, received) {
  const arrived = [...received.values()].find((entry) => entry.type === "inbound-rtp" && entry.kind === kind);
  if (!arrived?.packetsReceived) return {};
  const lost = Math.max(0, arrived.packetsLost ?? 0);
  const told = [...sent.values()].filter(({ type, roundTripTime }) => type === "remote-inbound-rtp" && roundTripTime > 0);
  const path = [...sent.values()].find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
  return {
    jitter: arrived.jitter,
    loss: lost / (lost + arrived.packetsReceived),
    // Sound is reported on less often than pictures. They go the same way.
    roundTrip: (told.find((entry) => entry.kind === kind) ?? told[0])?.roundTripTime ?? path?.currentRoundTripTime,
  };
}

/** Bits per second that get through. */
async function carried(out, back, signal) {
  let [bytes, first, last] = [0, 0, 0];
  const all = new Promise((resolve) => {
    back.binaryType = "arraybuffer";
    back.onmessage = ({ data }) => {
      last = performance.now();
      // The time that the first one took is not known.
      if (first === 0) first = last;
      else bytes += data.byteLength;
      if (bytes >= BULK_BYTES) resolve();
    };
  });
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let sent = 0; sent < BULK_BYTES + 2 * CHUNK_BYTES; sent += CHUNK_BYTES) out.send(chunk);
  await within(all, BULK_MS, signal).catch(() => undefined);
  signal.throwIfAborted();
  return last > first ? Math.round((bytes * 8000) / (last - first)) : undefined;
}

const pause = async (pauseMs, signal) => {
  await within(new Promise(() => {}), pauseMs, signal).catch(() => undefined);
  signal.throwIfAborted();
};

function ownSound(stream) {
  const [track] = stream.getAudioTracks();
  return { track, stop: () => track.stop() };
}

/**
 * A tone. Until the person has touched the page, or where there is no loudspeaker, browsers may run no audio context: then
 * nothing is measured of sound, and nobody waits for it.
 */
function madeSound() {
  const context = new AudioContext();
  context.resume().catch(() => {});
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  return {
    track,
    stop() {
      track.stop();
      context.close().catch(() => {});
    },
  };
}

/** Pictures that change all over, as those of a camera do. */
function madePictures() {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext("2d", { alpha: false });
  let frame = 0;
  const draw = () => {
    frame += 1;
    for (let block = 0; block < 100; block += 1) {
      context.fillStyle = `hsl(${(block * 37 + frame * 5) % 360} 70% ${30 + ((block + frame) % 40)}%)`;
      context.fillRect((block * 71 + frame * 3) % WIDTH, (block * 43 + frame * 2) % HEIGHT, 60, 40);
    }
  };
  draw();
  const [track] = canvas.captureStream(30).getVideoTracks();
  const timer = setInterval(draw, FRAME_MS);
  return {
    track,
    stop() {
      clearInterval(timer);
      track.stop();
    },
  };
}
