// The screen of a call, sent beside the camera: what the person picks in the browser's own list, or a stream of the
// page. Its transceivers are made with the first screen and kept for the next; whoever receives takes every one after
// the first two for a screen's.
import { put as putIn } from "./senders.js";

/** The screen of one call. `LocalVideoStream` is the class of what is sent. */
export function screenOf(host, LocalVideoStream) {
  const { call } = host;
  const places = {};
  let starting;
  let shared;

  const isOver = () => call.state === "Disconnecting" || call.state === "Disconnected";

  const put = async (kind, track) => {
    if (places[kind]) return putIn(places[kind].sender, track);
    if (track) places[kind] = host.peer.addTransceiver(track, { direction: "sendonly", streams: [shared.media] });
  };

  /** Sends what is shared, and nothing while the call is on hold. */
  const send = async () => {
    const tracks = shared && call.state === "Connected" ? shared.media.getTracks() : [];
    const sending = ["video", "audio"].map((kind) => put(kind, tracks.find((track) => track.kind === kind) ?? null));
    // Fails only where the call ends meanwhile.
    await Promise.allSettled(sending);
  };

  const onState = () => (isOver() ? end() : send());

  const watch = (media) => {
    shared.track?.removeEventListener("ended", end);
    const [track] = media.getVideoTracks();
    if (track) {
      track.addEventListener("ended", end);
      // Where it has to give way, text stays readable and moves less often.
      track.contentHint ||= "detail";
    }
    Object.assign(shared, { media, track });
  };

  /** The page's stream goes over to other media. */
  const follow = async () => {
    const { stream } = shared;
    const media = await stream.getMediaStream();
    if (shared?.stream !== stream) return;
    watch(media);
    await send();
  };

  const end = () => {
    if (!shared) return;
    const { stream, track, picked } = shared;
    shared = undefined;
    call.off("stateChanged", onState);
    stream.off("videoSourceChanged", follow);
    track?.removeEventListener("ended", end);
    picked?.getTracks().forEach((one) => one.stop());
    void send();
    host.showScreen();
    if (!picked) delete stream.mediaStreamType;
  };

  const share = async (next) => {
    const dispose = () => shared === next && end();
    const { turn } = next;
    const media = await next.stream.getMediaStream();
    if (turn.stopped) return next.picked?.getTracks().forEach((track) => track.stop());
    if (isOver()) throw notConnected();
    if (media.getVideoTracks()[0]?.readyState !== "live") {
      throw failure(412, 43000, "SourceUnavailableError. It has ended already.");
    }
    shared = next;
    watch(media);
    const { stream, picked } = shared;
    call.on("stateChanged", onState);
    stream.on("videoSourceChanged", follow);
    const looks = { mediaStreamType: "ScreenSharing", ...(picked && { source: sourceOf(picked), dispose }) };
    for (const [name, value] of Object.entries(looks)) {
      Object.defineProperty(stream, name, { value, configurable: true });
    }
    await send();
    if (shared === next) host.showScreen(stream);
  };

  /** What the person picks, as it is shared. */
  const pickedStream = async (picking) => {
    if (!picking) throw navigator.mediaDevices?.getDisplayMedia ? notConnected() : cannotShare();
    const picked = await picking.catch((error) => {
      throw pickFailure(error);
    });
    return { stream: new LocalVideoStream(picked), picked };
  };

  const streamOfThePage = (stream) => {
    if (!(stream instanceof LocalVideoStream) || stream.mediaStreamType !== "RawMedia") {
      throw refused(400, 41025, "this is not a LocalVideoStream. Make one of a MediaStream.");
    }
    if (call.state !== "Connected") throw notConnected();
    return { stream };
  };

  return {
    /** `picking` is the promise of what the person picks, where they are asked. */
    async start(stream, picking) {
      if (starting || shared) throw refused(400, 41035, "a screen is shared already. Stop that first.");
      const turn = (starting = {});
      try {
        await share({ ...(stream ? streamOfThePage(stream) : await pickedStream(picking)), turn });
      } catch (error) {
        if (!turn.stopped) throw error;
      } finally {
        starting = undefined;
      }
    },
    stop() {
      if (shared) return end();
      if (!starting || starting.stopped) throw refused(400, 41041, "no screen is shared.", "stop");
      // While it is picked: what is picked then is not shared.
      starting.stopped = true;
    },
  };
}

const sourceOf = (picked) => {
  const [{ id, label }] = picked.getVideoTracks();
  return Object.freeze({ id, name: label, deviceType: "ScreenSharing" });
};

const refused = (code, subCode, fact, verb = "start", cause) =>
  Object.assign(new Error(`Call.${verb}ScreenSharing: ${fact}`, { cause }), {
    name: "CommunicationServicesError",
    code,
    subCode,
  });

const notConnected = () => refused(412, 41071, "the call is not connected. Wait for its state Connected.");

const failure = (code, subCode, fact, cause) =>
  refused(code, subCode, `Video operation failure ${fact}`, "start", cause);

const cannotShare = (cause) => failure(412, 43017, "UnsupportedError. This browser cannot share screens.", cause);

/** Why nothing was picked. */
function pickFailure(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return error.message.includes("system")
        ? failure(412, 43016, "permissionDeniedBySystemError. Allow the browser to record the screen in the system's privacy settings.", error)
        : failure(403, 43001, "permissionDeniedError. No screen was chosen, or the browser may not share any.", error);
    case "NotFoundError":
    case "NotReadableError":
    case "AbortError":
    case "OverconstrainedError":
      return failure(412, 43000, "SourceUnavailableError. Choose another screen or window.", error);
    case "NotSupportedError":
    case "TypeError":
      return cannotShare(error);
    default:
      return failure(500, 43002, "UnknownError. Start it from a click or a key.", error);
  }
}
