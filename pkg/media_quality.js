// How a call sends: its codecs, what the sound is protected with, how much it may take, and what gives way on a bad
// line. docs/media.md says what is chosen and why. Loaded with the first call agent; each call asks it by the names of
// `handlers` below.
import { again, put } from "./senders.js";

/** The most for its bits first: where a machine has hardware for it, the picture costs nothing. */
const IN_HARDWARE = ["AV1", "VP9", "H264", "VP8"];
/** The least work first. */
const IN_SOFTWARE = ["VP8", "H264", "VP9", "AV1"];
/** Sound twice over, as far as both sides can. */
const SOUND = ["RED", "OPUS"];

/** What a picture may take, in bits per second: enough for 720 lines, and for what is finer or a screen. */
const CAMERA_BPS = 2_500_000;
const FINE_BPS = 4_000_000;
const CAMERA_LINES = 720;

/** Video codecs, cheapest for this machine first. `known`: for a codec what the browser says of its two directions. */
export function ranked(known) {
  const costs = (info) => (!info ? 1 : !info.supported || !info.smooth ? 2 : info.powerEfficient ? 0 : 1);
  const cost = (name) => Math.max(...["encodingInfo", "decodingInfo"].map((way) => costs(known[name]?.[way])));
  const inSoftware = IN_SOFTWARE.filter((name) => cost(name) > 0).sort((a, b) => cost(a) - cost(b));
  return [...IN_HARDWARE.filter((name) => cost(name) === 0), ...inSoftware];
}

/**
 * The codecs of both sides, what is cheap for both first: the one whose worse place is best, then the better sum, then
 * the better picture. Either side comes to the same, whoever offers.
 */
export function agreed(theirs, ours) {
  const common = [theirs.filter((name) => ours.includes(name)), ours.filter((name) => theirs.includes(name))];
  const places = (name) => common.map((names) => names.indexOf(name));
  const worst = (name) => Math.max(...places(name));
  const sum = (name) => places(name).reduce((a, b) => a + b);
  const picture = (name) => IN_HARDWARE.indexOf(name);
  return common[1].sort((a, b) => worst(a) - worst(b) || sum(a) - sum(b) || picture(a) - picture(b));
}

/** Those of `names` first, in that order; everything else stays as it was. */
const inOrder = (items, names, nameOf) => {
  const place = (item) => (names.includes(nameOf(item)) ? names.indexOf(nameOf(item)) : names.length);
  return [...items].sort((a, b) => place(a) - place(b));
};

const originOf = (description) => /^o=.*/m.exec(description?.sdp)?.[0];
const sections = (sdp) => sdp.split(/^(?=m=)/m);
const midOf = (section) => /^a=mid:(.*)$/m.exec(section)?.[1];
/** The payload types of a section by the names of their codecs. */
const namesIn = (section) =>
  new Map(
    [...section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)].map(([, payload, name]) => [payload, name.toUpperCase()]),
  );
/** The m-line without its payload types, and those. */
const mediaLine = (section) => {
  const parts = section.split(/\r?\n/, 1)[0].split(" ");
  return [parts.slice(0, 3), parts.slice(3)];
};

/** The codecs of the section with that mid, in their order. */
export function codecsIn(sdp, mid) {
  const section = sections(sdp).find((one) => midOf(one) === mid) ?? "";
  const names = namesIn(section);
  return [...new Set(mediaLine(section)[1].map((payload) => names.get(payload)))].filter(Boolean);
}

/**
 * An offer in another order. Browsers answer in the order of the offer and send by it, and have no call to choose
 * otherwise; nor is `setCodecPreferences` of use: what Firefox 140 offers with it, after an offer of the other side's
 * with payload types of its own, Chromium 148 takes for malformed. `orderFor` gives names, or none to leave it.
 */
export function offerInOrder(sdp, orderFor) {
  const ordered = (section) => {
    const names = namesIn(section);
    const [head, payloads] = mediaLine(section);
    const offered = [...new Set(payloads.map((payload) => names.get(payload)))].filter(Boolean);
    const order = offered.length > 0 && orderFor(midOf(section), head[0].slice("m=".length), offered);
    if (!order) return section;
    const line = [...head, ...inOrder(payloads, order, (payload) => names.get(payload))].join(" ");
    return section.replace(/.*/, () => line);
  };
  return sections(sdp).map(ordered).join("");
}

const OPUS = { useinbandfec: "1", usedtx: "1" };

/** A description that asks the other side for Opus with what repairs losses and with silence that is not sent. */
export function withOpusOptions(sdp) {
  const completed = (section) => {
    const opus = [...namesIn(section)].filter(([, name]) => name === "OPUS").map(([payload]) => payload);
    for (const payload of opus) {
      const line = new RegExp(`^a=fmtp:${payload} (.*)$`, "m");
      const given = (line.exec(section)?.[1] ?? "").split(";").map((part) => part.trim().split("="));
      const options = { ...Object.fromEntries(given.filter(([name]) => name)), ...OPUS };
      const text = Object.entries(options).map(([name, value]) => (value === undefined ? name : `${name}=${value}`));
      const fmtp = `a=fmtp:${payload} ${text.join(";")}`;
      section = line.test(section)
        ? section.replace(line, () => fmtp)
        : section.replace(new RegExp(`^a=rtpmap:${payload} .*$`, "m"), (map) => `${map}\r\n${fmtp}`);
    }
    return section;
  };
  return sections(sdp).map(completed).join("");
}

const LIMITS = ["bitrate", "frameHeight", "frameRate"];

/** What may be left out, and is an object if not. Throws 412/43018. */
function optional(name, value) {
  if (typeof (value ?? {}) === "object") return value;
  throw refused(`${name} of constraints must be an object, as in { video: { send: { bitrate: { max: 500_000 } } } }.`, 412, 43018);
}

/** The limits after `VideoConstraints`: 0 lifts one, what is not named stays. Throws 412/43018. */
export function limited(limits, constraints) {
  const next = { ...limits };
  const send = optional("send", optional("video", constraints)?.send);
  for (const name of LIMITS) {
    const max = optional(`send.${name}`, send?.[name])?.max;
    if (max === undefined) continue;
    if (!Number.isFinite(max) || max < 0) {
      throw refused(`send.${name}.max of video constraints must be a number, 0 for none.`, 412, 43018);
    }
    next[name] = max;
  }
  return next;
}

/** What a picture of `height` lines is sent with. A screen keeps its lines: text is read, not watched. */
export function encodingFor({ height, isScreen, limits }) {
  const most = isScreen || height > CAMERA_LINES ? FINE_BPS : CAMERA_BPS;
  const limit = isScreen ? { bitrate: limits.bitrate } : limits;
  return {
    maxBitrate: Math.min(most, limit.bitrate || most),
    maxFramerate: limit.frameRate || undefined,
    scaleResolutionDownBy: limit.frameHeight ? Math.max(1, (height ?? 0) / limit.frameHeight) : 1,
  };
}

const refused = (message, code, subCode = 0) =>
  Object.assign(new Error(message), { name: "CommunicationServicesError", code, subCode });

/** Where the transceivers of screens begin; before them are the microphone's and the camera's. */
const FIRST_OF_SCREEN = 2;

/** What the browser says of each codec; nothing where it does not know `webrtc`, as Firefox 140. */
async function learn() {
  const ask = async (name, way) => {
    const video = { contentType: `video/${name}`, width: 1280, height: 720, bitrate: 1_500_000, framerate: 30 };
    return [name, way, await navigator.mediaCapabilities[way]({ type: "webrtc", video }).catch(() => undefined)];
  };
  const asked = IN_SOFTWARE.flatMap((name) => ["encodingInfo", "decodingInfo"].map((way) => ask(name, way)));
  const known = {};
  for (const [name, way, info] of await Promise.all(asked)) (known[name] ??= {})[way] = info;
  return known;
}

/** Learns what the machine can do, and gives what makes the quality of a call. */
export async function prepare() {
  const known = await learn().catch(() => ({}));
  const own = { audio: SOUND, video: ranked(known) };
  return () => qualityOf(own);
}

function qualityOf(own) {
  let connection;
  let closing = new AbortController();
  /** Ends with each hold, and with the call. */
  let talk = new AbortController();
  /** The other side is muted, as who has no microphone is, or not known yet. */
  let peerMuted = true;
  const isHeard = () => !peerMuted && !talk.signal.aborted;
  let limits = {};
  let heights = new WeakMap();
  /** The codecs that were agreed on, by mid. */
  const settled = new Map();

  /** What was agreed once is offered from then on, and answered. */
  const settle = () => {
    const { currentLocalDescription, currentRemoteDescription } = connection;
    const answer = [currentLocalDescription, currentRemoteDescription].find((one) => one?.type === "answer");
    for (const { mid } of connection.getTransceivers().filter(({ currentDirection }) => answer && currentDirection)) {
      if (!settled.has(mid)) settled.set(mid, codecsIn(answer.sdp, mid));
    }
  };

  /** The page's own pictures do not tell their size in Firefox. */
  const measure = (track) => {
    const video = Object.assign(document.createElement("video"), { muted: true, srcObject: new MediaStream([track]) });
    heights.set(track, undefined);
    const measured = () => {
      heights.set(track, video.videoHeight);
      video.srcObject = null;
      tune();
    };
    video.addEventListener("loadedmetadata", measured, { once: true });
    closing.signal.addEventListener("abort", () => (video.srcObject = null), { once: true });
  };
  const heightOf = (track) => {
    const height = track?.getSettings().height;
    if (height || !track || !limits.frameHeight) return height;
    if (!heights.has(track)) measure(track);
    return heights.get(track);
  };

  const tuneOne = async ({ sender, receiver }, place) => {
    const { track } = sender;
    const height = receiver.track.kind === "video" ? heightOf(track) : undefined;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (!encoding) return;
    if (receiver.track.kind === "video") {
      const hint = track?.contentHint;
      const isScreen = place >= FIRST_OF_SCREEN || ["detail", "text"].includes(hint);
      // A film that is shared is watched, not read.
      const keepsLines = isScreen && hint !== "motion";
      parameters.degradationPreference = keepsLines ? "maintain-resolution" : "maintain-framerate";
      Object.assign(encoding, encodingFor({ height, isScreen, limits }));
    } else {
      Object.assign(encoding, { priority: "high", networkPriority: "high" });
    }
    await sender.setParameters(parameters);
  };
  // One that is stopped, or whose browser will not, goes on as it is.
  const tune = () => Promise.allSettled((connection?.getTransceivers() ?? []).map(tuneOne));

  // Chromium 148 sends nothing any more after its offer gave way to another, if the parameters of a sender were set
  // before. Its own track, put in once more, wakes it.
  const revive = () =>
    connection?.getSenders().forEach((sender) => again(sender).catch(() => {}));

  const limit = (constraints) => {
    limits = limited(limits, constraints);
    return tune();
  };

  const handlers = {
    connect(made) {
      connection = made;
      closing = new AbortController();
      const { signal } = closing;
      let offer;
      let gaveWay = false;
      const onState = () => {
        const { signalingState, pendingLocalDescription, currentLocalDescription } = made;
        if (signalingState === "have-local-offer") offer = originOf(pendingLocalDescription);
        if (signalingState !== "stable") return;
        if (offer && offer !== originOf(currentLocalDescription)) {
          // Rolled back: the other side's is next.
          gaveWay = true;
          offer = undefined;
          return;
        }
        settle();
        const tuned = tune();
        if (gaveWay) tuned.then(revive);
        gaveWay = false;
        offer = undefined;
      };
      made.addEventListener("signalingstatechange", onState, { signal });
      // A page that cannot load it has what its browser notices by itself.
      import("./lost_media.js").then(({ follow }) => signal.aborted || follow(made, signal, isHeard), () => {});
    },
    close() {
      closing.abort();
      talk.abort("the call is over.");
      connection = undefined;
      settled.clear();
      heights = new WeakMap();
    },
    outgoing(sdp) {
      const isOffer = connection.signalingState === "have-local-offer";
      const inOwnOrder = (offer) => offerInOrder(offer, (mid, kind) => settled.get(mid) ?? own[kind]);
      return withOpusOptions(isOffer ? inOwnOrder(sdp) : sdp);
    },
    incomingOffer(sdp) {
      const forBoth = (kind, offered) => (kind === "video" ? agreed(offered, own.video) : undefined);
      return offerInOrder(sdp, (mid, kind, offered) => settled.get(mid) ?? forBoth(kind, offered));
    },
    async put([sender, track]) {
      await put(sender, track);
      void tune();
    },
    held(held) {
      if (held) talk.abort("the call is on hold.");
      else if (talk.signal.aborted) talk = new AbortController();
    },
    peerMuted(muted) {
      peerMuted = muted;
    },
    limit,
    async constrain(constraints) {
      if (closing.signal.aborted) throw refused("Call.setConstraints: the call is over.", 412);
      await limit(optional("video", optional("what is passed", constraints ?? 0).video));
    },
    async dtmf(tone) {
      const [to, { signal }] = [connection, talk];
      const { send } = await import("./dtmf.js");
      await send(to, tone, signal);
    },
    async unconnected() {
      throw refused("Call.sendDtmf: the call is not connected, or on hold.", 412);
    },
  };
  return (name, argument) => handlers[name](argument);
}
