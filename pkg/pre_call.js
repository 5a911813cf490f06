// `Features.PreCallDiagnostics`: whether calls will work here, and which leg of the way fails if not. Starts the tests
// (pre_call_legs.js, pre_call_media.js), and puts what they find (pre_call_rules.js) into the shape of the result.

import { environment } from "./debug_info.js";
import { failed, skipped, testDevice, testRelay, testServer } from "./pre_call_legs.js";
import { testCall } from "./pre_call_media.js";
import { gradeOf, MESSAGES, relaysOf, verdictOf } from "./pre_call_rules.js";

const KINDS = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };
const TRANSPORTS = ["udp", "tcp", "tls"];

/**
 * Begins the test. No promise of the result rejects: what fails is what it tells. `disposed` ends it, as the signal of the
 * options does.
 */
export function start(host, credential, options, mediaStats, disposed) {
  const { abortSignal, onLeg, ...asked } = options ?? {};
  const { signal, forget } = eitherOf([abortSignal, disposed]);
  const isAsked = (name) => asked[name] !== false;
  const log = legLog(onLeg);
  const call = testCall();
  let microphone;
  const keepMicrophone = (stream) => {
    microphone = stream;
  };

  const devices = isAsked("deviceAccess")
    ? devicesTested(log, signal, isAsked("inCallDiagnostics") ? keepMicrophone : undefined)
    : devicesSkipped(log);
  const network = networkTested(host.options, credential, log, { isAsked: isAsked("inCallDiagnostics"), signal });
  const inCall = Promise.all([network, devices]).then(([{ relay, isReachable, hasRelays }]) => {
    if (isAsked("inCallDiagnostics") && isReachable && !signal.aborted) {
      if (relay || !hasRelays) return call.run(relay, microphone, signal).then((found) => ({ ...found, isTried: true }));
    }
    microphone?.getTracks().forEach((track) => track.stop());
    call.abandon();
    return { connected: false, audio: {}, video: {} };
  });

  return {
    id: crypto.randomUUID(),
    deviceAccess: devices.then(({ audio, video }) => ({ audio, video })),
    deviceEnumeration: devices.then(() => enumerated()),
    browserSupport: Promise.resolve(supported()),
    inCallDiagnostics: inCall.then(graded),
    callMediaStatistics: Promise.resolve(mediaStats(call.host)),
    report: inCall.then(({ connected, isTried }) => {
      forget();
      return verdictOf(log.legs, isTried ? connected : undefined, signal.aborted);
    }),
  };
}

/** A signal that aborts with the first of these. `AbortSignal.any` is younger than browsers that call. */
function eitherOf(signals) {
  const either = new AbortController();
  const abort = () => either.abort();
  for (const one of signals) {
    one?.addEventListener("abort", abort);
    if (one?.aborted) abort();
  }
  const forget = () => signals.forEach((one) => one?.removeEventListener("abort", abort));
  return { signal: either.signal, forget };
}

/** The legs that are done, in their order. */
function legLog(onLeg) {
  const legs = [];
  const began = performance.now();
  return {
    legs,
    add(name, found) {
      const message = MESSAGES[found.code];
      const leg = { name, durationMs: performance.now() - began, ...found, ...(message && { message }) };
      for (const [field, value] of Object.entries(leg)) if (value === undefined) delete leg[field];
      legs.push(leg);
      try {
        onLeg?.({ ...leg });
      } catch (error) {
        (globalThis.reportError ?? console.error)(error);
      }
      return leg;
    },
  };
}

async function devicesTested(log, signal, keepMicrophone) {
  // One after the other: browsers ask for each, and a refused camera is no refused microphone.
  const audio = log.add("microphone", await testDevice("microphone", signal, keepMicrophone));
  const video = log.add("camera", signal.aborted ? failed("aborted") : await testDevice("camera", signal));
  return { audio: audio.state === "Passed", video: video.state === "Passed" };
}

async function devicesSkipped(log) {
  for (const name of ["microphone", "camera"]) log.add(name, skipped("notTested"));
  return { audio: false, video: false };
}

/** Token, socket and relays; the best relay there is. */
async function networkTested(options, credential, log, { isAsked, signal }) {
  const found = await testServer(credential, options, signal);
  const token = log.add("token", found.token ?? skipped("notTested"));
  const socket = log.add("socket", found.socket ?? skipped("notTested"));
  const own = options?.networkConfiguration?.turn?.iceServers;
  const relays = relaysOf(own ?? found.iceServers ?? []);
  const hasRelays = TRANSPORTS.some((name) => relays[name].length > 0);
  const isReachable = socket.state !== "Failed" && token.state === "Passed";
  const why = !isReachable || !isAsked ? "notTested" : hasRelays ? "notOffered" : "noRelays";
  const tested = await Promise.all(
    TRANSPORTS.map(async (name) => {
      const list = isReachable && isAsked ? relays[name] : [];
      const leg = (await firstThatWorks(list, signal)) ?? skipped(why);
      log.add(name, leg);
      return leg;
    }),
  );
  const best = tested.findIndex(({ state }) => state === "Passed" || state === "Poor");
  const relay = relays[TRANSPORTS[best]]?.find(({ url }) => url === tested[best].url);
  return { relay, isReachable, hasRelays };
}

async function firstThatWorks(relays, signal) {
  let leg;
  for (const relay of relays) {
    leg = await testRelay(relay, signal);
    if (leg.state !== "Failed") break;
  }
  return leg;
}

function supported() {
  const { isSupportedBrowser, isSupportedPlatform } = environment();
  const word = (is) => (is ? "Supported" : "NotSupported");
  return { browser: word(isSupportedBrowser), os: word(isSupportedPlatform) };
}

async function enumerated() {
  const found = await navigator.mediaDevices?.enumerateDevices().catch(() => undefined);
  const available = (kind) => {
    if (!found) return "Unknown";
    if (found.some((device) => device.kind === kind)) return "Available";
    // Firefox lists only loudspeakers that the person picked, Safari none.
    return kind === KINDS.speaker && navigator.mediaDevices.selectAudioOutput ? "Unknown" : "NotAvailable";
  };
  return Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, available(kind)]));
}

function graded({ connected, audio, video, bandwidthBps }) {
  const grades = ({ jitter, loss, roundTrip }) => ({
    jitter: gradeOf("jitter", jitter),
    packetLoss: gradeOf("loss", loss),
    rtt: gradeOf("roundTrip", roundTrip),
  });
  return {
    connected,
    bandWidth: gradeOf("bandwidth", bandwidthBps),
    ...(bandwidthBps && { bandwidthBps }),
    diagnostics: { audio: grades(audio), video: grades(video) },
  };
}
