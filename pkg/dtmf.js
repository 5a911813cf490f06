// Tones of a keypad, as telephone events (RFC 4733). Loaded when one is first sent.
import { isEmpty, lend } from "./senders.js";

const SIGNS = { Star: "*", Pound: "#" };

const refused = (message, code, cause) =>
  Object.assign(new Error(`Call.sendDtmf: ${message}`, cause && { cause }), {
    name: "CommunicationServicesError",
    code,
    subCode: 0,
  });

/** The tone as browsers name it, from `Num1`, `Star`, `A` or `1`, `*`. Throws 400. */
export function signOf(tone) {
  const sign = SIGNS[tone] ?? String(tone).replace(/^Num(?=\d$)/, "");
  if (/^[0-9A-D*#]$/.test(sign)) return sign;
  throw refused(
    tone === "Flash"
      ? "browsers have no Flash."
      : "pass one tone: Num0 to Num9, A to D, Star or Pound, or its sign on the key.",
    400,
  );
}

/** The last tone of each connection: they are sent one after the other, as they were asked for. */
const last = new WeakMap();

/** Resolves when the tone was sent. Rejects when `signal` aborts, whose reason says why. */
export function send(connection, tone, signal) {
  const sign = signOf(tone);
  const sent = (last.get(connection) ?? Promise.resolve()).then(() => sendNow(connection, sign, signal));
  last.set(connection, sent.catch(() => {}));
  return sent;
}

async function sendNow(connection, sign, signal) {
  const cut = () => refused(signal.reason, 412);
  if (signal.aborted) throw cut();
  // The first one is the microphone's.
  const sender = connection.getTransceivers().find(({ receiver }) => receiver.track.kind === "audio")?.sender;
  const takes = sender?.getParameters().codecs.some(({ mimeType }) => /telephone-event/i.test(mimeType));
  if (!sender?.dtmf || !takes) throw refused("the other side takes no tones.", 405);
  const end = isEmpty(sender) ? await lendSilence(sender) : undefined;
  const done = new AbortController();
  try {
    await new Promise((resolve, reject) => {
      const until = { signal: done.signal };
      signal.addEventListener("abort", () => reject(cut()), until);
      sender.dtmf.addEventListener("tonechange", (event) => event.tone === "" && resolve(), until);
      try {
        sender.dtmf.insertDTMF(sign);
      } catch (cause) {
        reject(refused("the browser cannot send it now.", 412, cause));
      }
    });
  } finally {
    done.abort();
    await end?.();
  }
}

/** Tones travel between the frames of a sound: whoever has no microphone sends silence meanwhile. */
async function lendSilence(sender) {
  const context = new AudioContext();
  const [gain, output] = [context.createGain(), context.createMediaStreamDestination()];
  const source = context.createConstantSource();
  gain.gain.value = 0;
  source.connect(gain).connect(output);
  source.start();
  const [silence] = output.stream.getAudioTracks();
  await lend(sender, silence);
  return async () => {
    await lend(sender, null).catch(() => {});
    await context.close();
  };
}
