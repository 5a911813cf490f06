// Sound of the page's own in calls: what is there at once. The rest is fetched with the first use (`audio_streams.js`).
import { listeners, once } from "./features.js";
import { refused } from "./members.js";

const UPDATED = "localAudioStreamsUpdated";

const soundFile = once(() => import("./audio_streams.js"));

/** A method that the file has, of the object and one argument. */
const fetched = (name, of = (object) => object) =>
  async function (argument) {
    return (await soundFile())[name](of(this), argument, listeners);
  };

/** Which stream has these media. */
const streams = /* @__PURE__ */ new WeakMap();

/** A microphone, or a `MediaStream` of the page. */
export class LocalAudioStream {
  constructor(source, options) {
    const media = source?.getAudioTracks && source;
    if (!media && !String(source?.id).startsWith("microphone:")) {
      refused("LocalAudioStream", "needs a microphone of DeviceManager.getMicrophones(), or a MediaStream.", 400, 43004);
    }
    const { on, off, emit } = listeners();
    const is = (media) => streams.set(media, this);
    if (media) is(media);
    // No private fields: UI libraries wrap these objects in a Proxy.
    Object.defineProperty(this, "audio", { value: { source, media, options, emit, is, type: "Virtual" } });
    Object.assign(this, { on, off });
  }

  get mediaStreamType() {
    return "Audio";
  }

  get source() {
    const { source, type } = this.audio;
    const [track] = source.getAudioTracks?.() ?? [];
    if (!track) return { ...source };
    const { deviceId = source.id } = track.getSettings();
    return { id: `microphone:${deviceId}`, name: track.label, isSystemDefault: deviceId === "default", deviceType: type };
  }

  feature(factory) {
    refused("LocalAudioStream.feature", `there is no ${factory?.name}.`, 405, 40000);
  }
}

for (const name of ["getMediaStream", "setMediaStream", "switchSource", "getVolume", "dispose"]) {
  LocalAudioStream.prototype[name] = fetched(name);
}

/** The sound that a call sends. */
const soundOf = (host) => {
  const { call } = host;
  const { on, off, emit } = listeners(call);
  const list = () => {
    const media = host.sound;
    if (!media?.getTracks()[0]) return [];
    if (!streams.has(media)) new LocalAudioStream(media).audio.type = "Microphone";
    return [streams.get(media)];
  };
  let last = list();
  const look = () => {
    const removed = last;
    last = list();
    if (last[0] !== removed[0]) emit(UPDATED, { added: [...last], removed });
  };
  call.on("_sound", look);
  call.on("stateChanged", look);
  return { host, list, on, off };
};

/** Gives the core's classes these. Through a Proxy, `call.feature` may be the page's own. */
export const extendAudio = ({ Call, CallAgent, IncomingCall, RemoteAudioStream }) => {
  const { prototype } = Call;
  const { feature } = prototype;
  const token = { Call: soundOf };
  const sound = (call) => feature.call(call, token);
  const begin = fetched("beginAudio", sound);
  const leave = fetched("leave");
  for (const name of ["on", "off"]) {
    const own = prototype[name];
    prototype[name] = function (event, listener) {
      return event === UPDATED ? sound(this)[name](event, listener) : own.call(this, event, listener);
    };
  }
  Object.assign(prototype, { startAudio: fetched("startAudio", sound), stopAudio: fetched("stopAudio", sound) });
  Object.defineProperty(prototype, "localAudioStreams", {
    get() {
      return sound(this).list();
    },
  });

  /** Begins the call with the first of `audioOptions.localAudioStreams`. */
  const given = (operation, options) => {
    const stream = options?.audioOptions?.localAudioStreams?.[0];
    if (stream && !(stream instanceof LocalAudioStream)) refused(operation, "this is no LocalAudioStream.", 400, 43004);
    return stream;
  };
  const withMedia = (options, stream) =>
    stream
      ? { ...options, audioOptions: { ...options.audioOptions, given: stream.audio.media ?? new MediaStream() } }
      : options;
  const { startCall } = CallAgent.prototype;
  CallAgent.prototype.startCall = function (participants, options) {
    const stream = given("CallAgent.startCall", options);
    const call = startCall.call(this, participants, withMedia(options, stream));
    if (stream) begin.call(call, stream);
    return call;
  };
  const { accept } = IncomingCall.prototype;
  IncomingCall.prototype.accept = async function (options) {
    const stream = given("IncomingCall.accept", options);
    if (!stream) return accept.call(this, options);
    const { audio } = stream;
    const isOpen = audio.media;
    audio.uses = (audio.uses ?? 0) + 1;
    await stream.getMediaStream().catch(() => {});
    try {
      const call = await accept.call(this, withMedia(options, stream));
      begin.call(call, stream);
      return call;
    } catch (error) {
      // Nobody else has begun with what was opened for this.
      if (!--audio.uses && !isOpen) leave.call(stream);
      throw error;
    }
  };
  RemoteAudioStream.prototype.getVolume = fetched("getVolume");
};
