// User-facing diagnostics of a call: what to tell the person about the network and the devices. `measure` reads two
// reports, `Diagnoses` decides: pure, with the time handed in. `watch` is the edge: it looks once a second.

import { follow } from "./remote_diagnostics.js";

const LOOK_MS = 1000;
const LISTEN_MS = 200;

/** Louder than this is speech, as the mean of a moment's samples: above breath and keys, below a soft voice. */
const SPEECH = 0.03;

/** Samples over which loudness is measured. */
const SYLLABLE = 2048;

const [GOOD, POOR, BAD] = [1, 2, 3];

/** From when on a line is poor, and bad: lost part of packets, jitter and round trip in seconds. */
export const LIMITS = { loss: [0.03, 0.1], jitter: [0.05, 0.15], roundTrip: [0.4, 0.8] };

/**
 * What the browser expects the line to take, in bits per second, below which that is poor, and bad: with a picture, less
 * than 360 lines need, and hardly any; with sound alone, less than that needs twice over, and once.
 */
export const UPLINK = { picture: [250_000, 100_000], sound: [60_000, 35_000] };

/** Without a report of the other side for this long, nothing arrives there: three times the slowest interval of RTCP. */
const DEAF_MS = 16_000;

/**
 * A value that changes when what it is about stayed worse, or better, for a while: then to the mildest that was seen
 * meanwhile. What is not known (`undefined`) changes nothing. Flags are 0 and 1.
 */
export class Steady {
  #worseMs;
  #betterMs;
  #value;
  #candidate;
  #since = 0;

  constructor(best, worseMs, betterMs) {
    this.#value = best;
    this.#worseMs = worseMs;
    this.#betterMs = betterMs;
  }

  /** The new value where it changes. */
  step(seen, now) {
    if (seen === undefined || seen === this.#value) {
      this.#candidate = undefined;
      return undefined;
    }
    const worse = seen > this.#value;
    if (this.#candidate === undefined || worse !== this.#candidate > this.#value) {
      this.#candidate = seen;
      this.#since = now;
    } else {
      this.#candidate = worse ? Math.min(seen, this.#candidate) : Math.max(seen, this.#candidate);
    }
    if (now - this.#since < (worse ? this.#worseMs : this.#betterMs)) return undefined;
    this.#value = this.#candidate;
    this.#candidate = undefined;
    return this.#value;
  }
}

/** What is told, by name: its group, what it is of the facts, and for how long that must be so, in milliseconds. */
const RULES = {
  networkReconnect: ["network", GOOD, 1000, 2000, ({ signalling, path }) => (signalling ? (path === "lost" ? POOR : GOOD) : BAD)],
  networkReceiveQuality: ["network", GOOD, 4000, 8000, ({ line }) => line?.receive],
  networkSendQuality: ["network", GOOD, 4000, 8000, ({ line }) => line?.send],
  noNetwork: ["network", 0, 1000, 1000, ({ online }) => flag(!online)],
  networkRelaysNotReachable: ["network", 0, 0, 0, ({ relays }) => flag(relays === undefined ? undefined : !relays)],
  speakingWhileMicrophoneIsMuted: ["media", 0, 1000, 3000, ({ muted, heard }) => (muted ? flag(heard) : 0)],
  noMicrophoneDevicesEnumerated: ["media", 0, 0, 0, ({ microphones }) => flag(isNone(microphones))],
  noSpeakerDevicesEnumerated: ["media", 0, 0, 0, ({ speakers }) => flag(isNone(speakers))],
  microphoneNotFunctioning: [
    "media", 0, 10_000, 1000,
    ({ inCall, muted, microphone, line }) => flag(inCall && !muted && (microphone !== "live" || line?.soundSent === false)),
  ],
  microphoneNotMuteButSilent: [
    "media", 0, 10_000, 1000,
    ({ inCall, muted, line }) => (inCall && !muted ? flag(line?.silent) : 0),
  ],
  microphoneMuteUnexpectedly: ["media", 0, 1000, 1000, ({ microphoneCut }) => flag(microphoneCut)],
  microphonePermissionDenied: ["media", 0, 0, 0, ({ microphoneDenied }) => flag(microphoneDenied)],
  cameraFreeze: ["media", 0, 5000, 1000, ({ inCall, camera, line }) => (inCall && camera === "live" ? flag(line?.frozen) : 0)],
  cameraStoppedUnexpectedly: ["media", 0, 0, 0, ({ cameraStopped }) => flag(cameraStopped)],
  cameraStartFailed: ["media", 0, 0, 0, ({ cameraFailed }) => flag(cameraFailed)],
  cameraStartTimedOut: ["media", 0, 0, 0, ({ cameraTimedOut }) => flag(cameraTimedOut)],
  capturerStartFailed: ["media", 0, 0, 0, ({ screenFailed }) => flag(screenFailed)],
  capturerStoppedUnexpectedly: ["media", 0, 0, 0, ({ screenStopped }) => flag(screenStopped)],
  screenshareRecordingDisabled: ["media", 0, 0, 0, ({ screenForbidden }) => flag(screenForbidden)],
  cameraPermissionDenied: ["media", 0, 0, 0, ({ cameraDenied }) => flag(cameraDenied)],
};

const flag = (value) => (value === undefined ? undefined : Number(value));
const isNone = (count) => (count === undefined ? undefined : count === 0);

/** Decides from facts what is told. */
export class Diagnoses {
  #rules = Object.entries(RULES).map(([name, [group, best, worseMs, betterMs, of]]) => ({
    name, group, of, flag: best === 0, value: new Steady(best, worseMs, betterMs),
  }));

  /** What changes, as group, name and value. */
  step(facts, now) {
    return this.#rules.flatMap(({ name, group, of, flag: isFlag, value }) => {
      const changed = value.step(of(facts), now);
      return changed === undefined ? [] : [[group, name, isFlag ? changed === 1 : changed]];
    });
  }
}

/**
 * How the line is, from a report and the one before it; `undefined` until there are two. `muted`: the other side is,
 * and may send no sound for want of a microphone.
 */
export function measure(report, before, muted = false) {
  if (!before) return undefined;
  const pairs = [...report.values()].map((entry) => [entry, before.get(entry.id)]).filter(([, former]) => former);
  const of = (type, kind) => pairs.filter(([entry]) => entry.type === type && (!kind || entry.kind === kind));
  const [sound, source, camera] = [of("outbound-rtp", "audio"), of("media-source", "audio"), of("media-source", "video")];
  const grown = ([entry, former], field) => entry[field] - former[field];
  const some = (list, field) => list.some((pair) => grown(pair, field) > 0);
  return {
    receive: receiving(of("inbound-rtp"), grown, muted),
    send: sending(of("remote-inbound-rtp"), of("outbound-rtp"), grown, uplink(report)),
    soundSent: sound.length === 0 ? undefined : some(sound, "packetsSent"),
    // Firefox counts neither.
    silent: source[0]?.[0].totalAudioEnergy === undefined ? undefined : !some(source, "totalAudioEnergy"),
    frozen: camera[0]?.[0].frames === undefined ? undefined : !some(camera, "frames"),
  };
}

function receiving(all, grown, muted) {
  // A stream that never had a packet is a place for one.
  const streams = all.filter(([{ packetsReceived }]) => packetsReceived > 0);
  const sum = (field) => streams.reduce((total, pair) => total + Math.max(0, grown(pair, field)), 0);
  const [received, lost] = [sum("packetsReceived"), sum("packetsLost")];
  // Sound never pauses, be it silence. Pictures do, when the camera is off.
  if (received === 0) return !muted && streams.some(([{ kind }]) => kind === "audio") ? BAD : undefined;
  const jitter = Math.max(...streams.filter((pair) => grown(pair, "packetsReceived") > 0).map(([{ jitter }]) => jitter ?? 0));
  return Math.max(grade(lost / (received + lost), LIMITS.loss), grade(jitter, LIMITS.jitter));
}

/** What the browser expects that the line takes; only Chromium tells. */
function uplink(report) {
  const entries = [...report.values()];
  const chosen = entries.find(({ selectedCandidatePairId: id }) => id)?.selectedCandidatePairId;
  return report.get(chosen)?.availableOutgoingBitrate;
}

function sending(reports, all, grown, available) {
  // What the other side said of a stream that paused is of another time.
  const streams = all.filter((pair) => grown(pair, "packetsSent") > 0);
  const grades = streams.flatMap(([stream]) => {
    const [told] = reports.find(([{ id }]) => id === stream.remoteId) ?? [];
    if (!told) return [];
    if (stream.kind === "audio" && stream.timestamp - told.timestamp > DEAF_MS) return [BAD];
    return [Math.max(grade(told.fractionLost, LIMITS.loss), grade(told.roundTripTime, LIMITS.roundTrip))];
  });
  if (streams.length > 0 && available !== undefined) {
    const kind = streams.some(([stream]) => stream.kind === "video") ? "picture" : "sound";
    const [poor, bad] = UPLINK[kind];
    grades.push(available < bad ? BAD : available < poor ? POOR : GOOD);
  }
  return grades.length > 0 ? Math.max(...grades) : undefined;
}

const grade = (value = 0, [poor, bad]) => (value >= bad ? BAD : value >= poor ? POOR : GOOD);

/** Whether a relay was found; `undefined` where none is configured, or it still looks for one. */
export function relaysFound(peer) {
  const configured = peer?.getConfiguration().iceServers ?? [];
  if (!configured.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)))) return undefined;
  if (peer.iceGatheringState !== "complete" || !peer.localDescription) return undefined;
  return / typ relay/.test(peer.localDescription.sdp);
}

/**
 * Watches a call until it ends. `raise` takes group, name and value of what changes; `exchanged` is what goes to and comes
 * from the other side: `remote` and `emit` of it, and `own`, which gives what was raised. `over` ends it before the call.
 */
export function watch(host, raise, exchanged, over) {
  const { call, agent } = host;
  if (over.signal.aborted) return;
  const diagnoses = new Diagnoses();
  const devices = watchDevices(over.signal);
  const camera = watchCamera(exchanged, over.signal);
  const screen = watchScreen(call, exchanged.screens, over.signal);
  const ear = new Ear();
  const tell = follow({ ...exchanged, host, signal: over.signal });
  let before;
  let timer;

  const onState = () => {
    // Also a camera that ends at once is one that ended.
    camera.follow(trackOf(host.peer, "video"));
    if (call.state === "Disconnecting" || call.state === "Disconnected") over.abort();
  };
  const end = () => {
    clearTimeout(timer);
    ear.close();
    call.off("stateChanged", onState);
  };
  const look = async () => {
    const { peer } = host;
    const report = await peer?.getStats().catch(() => undefined);
    if (over.signal.aborted) return;
    timer = setTimeout(look, LOOK_MS);
    const path = pathOf(peer);
    const [microphone, picture] = ["audio", "video"].map((kind) => trackOf(peer, kind));
    camera.follow(picture);
    ear.follow(call.isMuted ? microphone : undefined);
    const inCall = call.state === "Connected" && path === "up";
    const facts = {
      signalling: agent?.connectionState === "Connected",
      path,
      inCall,
      // A call that is held, or not yet there, sends nothing: that says nothing about the line.
      line: inCall && report ? measure(devicesOnly(report, peer), before, call.remoteParticipants[0]?.isMuted) : undefined,
      online: navigator.onLine,
      relays: relaysFound(peer),
      muted: call.isMuted,
      heard: ear.heard(),
      microphone: microphone?.readyState,
      microphoneCut: microphone?.muted ?? false,
      camera: call.localVideoStreams[0]?.mediaStreamType === "Video" ? picture?.readyState : undefined,
      ...devices,
      ...camera.facts(),
      ...screen,
      cameraDenied: devices.cameraDenied || camera.denied(),
    };
    before = report;
    const changes = diagnoses.step(facts, performance.now());
    for (const [group, name, value] of changes) raise(group, name, value);
    if (changes.length > 0) tell();
  };

  call.on("stateChanged", onState);
  over.signal.addEventListener("abort", end);
  onState();
  if (!over.signal.aborted) void look();
}

// Microphone and camera come first, what belongs to screens after them. A screen where nothing moves is not frozen.
const devicesOf = (peer) => peer?.getSenders().slice(0, 2).map(({ track }) => track).filter(Boolean) ?? [];

const trackOf = (peer, kind) => devicesOf(peer).find((track) => track.kind === kind);

function devicesOnly(report, peer) {
  const [tracks, screens] = [devicesOf(peer).map(({ id }) => id), peer.getTransceivers().slice(2).map(({ mid }) => mid)];
  const isDevice = ({ type, trackIdentifier, mid }) =>
    type === "media-source" ? tracks.includes(trackIdentifier) : !screens.includes(mid);
  return new Map([...report].filter(([, entry]) => isDevice(entry)));
}

function pathOf(peer) {
  const state = peer?.connectionState;
  if (state === "connected") return "up";
  return state === "disconnected" || state === "failed" ? "lost" : "none";
}

/** How many devices there are, and what is forbidden: kept up to date in the object that is returned. */
function watchDevices(signal) {
  const facts = {};
  const { mediaDevices, permissions } = navigator;
  const count = async () => {
    const found = await mediaDevices.enumerateDevices().catch(() => []);
    const of = (kind) => found.filter((device) => device.kind === kind).length;
    facts.microphones = of("audioinput");
    // Firefox lists only those that the person picked, Safari none.
    if (!mediaDevices.selectAudioOutput && "setSinkId" in HTMLMediaElement.prototype) facts.speakers = of("audiooutput");
  };
  const ask = async (name, fact) => {
    // Not every browser knows these names.
    const status = await permissions?.query({ name }).catch(() => undefined);
    const read = () => {
      facts[fact] = status?.state === "denied";
    };
    read();
    status?.addEventListener("change", read, { signal });
  };
  if (mediaDevices) {
    void count();
    mediaDevices.addEventListener("devicechange", count, { signal });
  }
  void ask("microphone", "microphoneDenied");
  void ask("camera", "cameraDenied");
  return facts;
}

/** Sub-codes of a camera that was refused, by the person or the system. */
const REFUSED = [43001, 43016];

/** Of one that the browser gave up waiting for, or that nobody answered its question about. */
const TIMED_OUT = [43014, 43015];

/** What became of the camera: whether it started, and whether it ended by itself. */
function watchCamera(exchanged, signal) {
  let followed;
  let stopped = false;
  const failure = () => exchanged.camera?.subCode;
  return {
    follow(track) {
      if (!track || track === followed) return;
      followed = track;
      stopped = track.readyState === "ended";
      track.addEventListener("ended", () => (stopped ||= track === followed), { signal });
    },
    facts: () => ({
      cameraStopped: stopped,
      cameraFailed: Boolean(exchanged.camera) && ![...REFUSED, ...TIMED_OUT].includes(failure()),
      cameraTimedOut: TIMED_OUT.includes(failure()),
    }),
    denied: () => REFUSED.includes(failure()),
  };
}

/** Sub-codes of a screen that the system or the browser failed to give, and of one that the system forbids. */
const SCREEN_FAILED = [43000, 43002];
const SCREEN_FORBIDDEN = 43016;

/** What became of the shared screen: kept up to date in the object that is returned. */
function watchScreen(call, screens, signal) {
  const facts = {};
  const onTried = (callId, error) => {
    if (callId !== call.id) return;
    facts.screenFailed = SCREEN_FAILED.includes(error?.subCode);
    facts.screenForbidden = error?.subCode === SCREEN_FORBIDDEN;
  };
  const onStreams = ({ added }) =>
    added
      .filter(({ mediaStreamType }) => mediaStreamType === "ScreenSharing")
      .forEach(async (stream) => {
        const [track] = (await stream.getMediaStream()).getVideoTracks();
        facts.screenStopped = track.readyState === "ended";
        // Whoever stops it by the call's methods ends it without this event.
        track.addEventListener("ended", () => (facts.screenStopped = true), { signal });
      });
  screens.on("tried", onTried);
  call.on("localVideoStreamsUpdated", onStreams);
  signal.addEventListener("abort", () => {
    screens.off("tried", onTried);
    call.off("localVideoStreamsUpdated", onStreams);
  });
  onStreams({ added: call.localVideoStreams });
  return facts;
}

/** Listens to a microphone whose sound is not sent. Where the browser runs no audio context, nothing is known of it. */
export class Ear {
  #followed;
  #context;
  #track;
  #timer;
  #loudest = 0;

  /** Listens to that one from now on, or to none. */
  follow(track) {
    if (track === this.#followed) return;
    this.close();
    if (!track) return;
    this.#followed = track;
    // A muted track has only silence. Its clone has the sound, and goes nowhere but here.
    this.#track = track.clone();
    this.#track.enabled = true;
    this.#context = new AudioContext();
    // It may wait for a touch of the page, or for a loudspeaker: nobody waits for it.
    this.#context.resume().catch(() => {});
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(new MediaStream([this.#track])).connect(analyser);
    // Longer than from one look to the next, so that no syllable falls between them.
    analyser.fftSize = 16_384;
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      for (let at = 0; at < samples.length; at += SYLLABLE) {
        const power = samples.subarray(at, at + SYLLABLE).reduce((sum, sample) => sum + sample * sample, 0);
        this.#loudest = Math.max(this.#loudest, Math.sqrt(power / SYLLABLE));
      }
    }, LISTEN_MS);
  }

  /** Whether there was speech since this was last asked; `undefined` while that is not known. */
  heard() {
    const heard = this.#loudest > SPEECH;
    this.#loudest = 0;
    return this.#context && this.#context.state !== "running" ? undefined : heard;
  }

  close() {
    clearInterval(this.#timer);
    this.#track?.stop();
    this.#context?.close().catch(() => {});
    this.#followed = this.#track = this.#context = undefined;
    this.#loudest = 0;
  }
}
