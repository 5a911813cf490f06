// The media of audio streams, and which of them a call sends. `sound` is what a call has of it: see `local_audio.js`.

const WANTED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

const isMicrophone = (source) => String(source?.id).startsWith("microphone:");

const tracksOf = (media) => media?.getAudioTracks() ?? [];
const release = (media) => tracksOf(media).forEach((track) => track.stop());
/** What was muted with a call is the page's again. */
const giveBack = (media) => tracksOf(media).forEach((track) => (track.enabled = true));

const error = (message, code, subCode, cause) =>
  Object.assign(new Error(message, { cause }), { name: "CommunicationServicesError", code, subCode });

const failed = (operation, fact, subCode, cause) => error(`LocalAudioStream.${operation}: ${fact}`, 400, subCode, cause);

async function microphone(operation, id) {
  const deviceId = id.slice("microphone:".length);
  const chosen = deviceId && deviceId !== "default" ? { deviceId: { exact: deviceId } } : {};
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...WANTED, ...chosen } });
  } catch (cause) {
    const refused = cause.name === "NotAllowedError" || cause.name === "SecurityError";
    throw failed(
      operation,
      refused ? "the microphone was refused. Allow it next to the address bar." : "the microphone is missing or in use.",
      refused ? 40613 : 41016,
      cause,
    );
  }
}

/** The media; opens the microphone if need be. */
export function getMediaStream({ audio }) {
  return audio.media ?? (audio.opening ??= open(audio));
}

function open(audio) {
  const opening = microphone("getMediaStream", audio.source.id)
    .then((media) => {
      // Disposed, or gone over to another one, while it opened.
      if (audio.opening !== opening) release(media);
      else have(audio, media, media);
      return media;
    })
    .finally(() => {
      if (audio.opening === opening) audio.opening = undefined;
    });
  return opening;
}

function have(audio, media, owned) {
  Object.assign(audio, { media, owned });
  if (media) audio.is(media);
}

function goOver(stream, source, media, owned) {
  const { audio } = stream;
  const before = audio.owned;
  Object.assign(audio, { source, opening: undefined });
  have(audio, media, owned);
  audio.emit("audioSourceChanged", { source: stream });
  release(before);
}

/** Goes over to a stream of the page. */
export function setMediaStream(stream, media) {
  if (!(media instanceof MediaStream)) throw failed("setMediaStream", "this is no MediaStream.", 43004);
  goOver(stream, media, media);
}

/** Goes over to another microphone. */
export async function switchSource(stream, source) {
  const { audio } = stream;
  if (!isMicrophone(source)) throw failed("switchSource", "this is no microphone of DeviceManager.getMicrophones().", 43004);
  if (audio.source.id === source.id) throw failed("switchSource", "this microphone is already in use.", 43005);
  if (!audio.media) return goOver(stream, source);
  const media = await microphone("switchSource", source.id);
  goOver(stream, source, media, media);
}

/** Turns the microphone off. */
export function dispose({ audio }) {
  release(audio.owned);
  audio.uses = 0;
  if (isMicrophone(audio.source)) Object.assign(audio, { opening: undefined, media: undefined, owned: undefined });
}

/** What becomes of a stream whose call is over, or never was. */
export function leave(stream) {
  if (stream.audio.options?.autoDisposeOnCallEnd ?? true) dispose(stream);
}

/** How loud a stream is. */
export async function getVolume(stream, _, listeners) {
  const [{ volumeOf }, media] = await Promise.all([import("./volume.js"), stream.getMediaStream()]);
  return volumeOf(media, listeners());
}

const isOver = ({ host: { call } }) => call.state === "Disconnecting" || call.state === "Disconnected";

/** Sends the stream in the microphone's place. */
export async function startAudio(sound, stream) {
  if (!stream?.audio?.is) throw error("Call.startAudio: this is not a LocalAudioStream. Make one of a microphone.", 400, 43004);
  const over = () => error("Call.startAudio: the call is over.", 412, 41073);
  if (isOver(sound)) throw over();
  const turn = (sound.turn = {});
  const media = await getMediaStream(stream);
  if (isOver(sound)) {
    leave(stream);
    throw over();
  }
  // Another one, or the microphone, was asked for meanwhile.
  if (sound.turn !== turn) return;
  if (sound.given !== stream) follow(sound, stream);
  await change(sound, media);
}

/** The same for a call that begins with it. Where its microphone cannot be opened, the selected one is sent. */
export async function beginAudio(sound, stream) {
  try {
    await startAudio(sound, stream);
  } catch {
    // Opened before the call was there.
    if (isOver(sound)) leave(stream);
    await stopAudio(sound);
  }
}

/** Sends the selected microphone again. */
export async function stopAudio(sound) {
  if (!sound.turn || isOver(sound)) return;
  forget(sound);
  await change(sound);
}

async function change(sound, media) {
  const before = sound.media;
  Object.assign(sound, { media, changes: (sound.changes ?? 0) + 1 });
  await sound.host.useSound(media);
  sound.changes -= 1;
  if (before !== sound.media) giveBack(before);
}

function forget(sound) {
  sound.unfollow?.();
  Object.assign(sound, { unfollow: undefined, given: undefined, turn: undefined });
}

/** From now on this stream is sent: also when it goes over to other media, until it or the call ends. */
function follow(sound, stream) {
  const { turn, host } = sound;
  const { call } = host;
  forget(sound);
  const onSource = async () => {
    const media = await getMediaStream(stream);
    if (sound.given === stream && !isOver(sound)) await change(sound, media);
  };
  const end = () => {
    forget(sound);
    giveBack(sound.media);
    sound.media = undefined;
  };
  const onSound = () => {
    if (!sound.changes && host.sound !== sound.media) end();
  };
  const onState = () => {
    if (call.state !== "Disconnected") return;
    end();
    leave(stream);
  };
  const unfollow = () => {
    stream.off("audioSourceChanged", onSource);
    call.off("_sound", onSound);
    call.off("stateChanged", onState);
  };
  stream.on("audioSourceChanged", onSource);
  call.on("_sound", onSound);
  call.on("stateChanged", onState);
  Object.assign(sound, { given: stream, turn, unfollow });
}
