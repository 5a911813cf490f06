// What the pre-call test concludes from what it measured, and in which words: pure. Who measures is in pre_call_legs.js.

import { LIMITS } from "./diagnostics.js";

/** Bits per second from which a line carries a call with pictures well, and just. */
const BANDWIDTH = [1_000_000, 300_000];

/** What each code means and what to do about it, for developers. Codes stay as they are; words may change. */
export const MESSAGES = {
  tokenUnavailable: "The credential gave no token. See why its tokenRefresher, or getToken, failed.",
  tokenRefused: "The server refused the token: it expired, was revoked, or is another server's. Issue a new one.",
  scopeMissing: "The token does not allow calls. Issue it with the scope voip, or voip.join.",
  serverUnknown: "The token does not name its server. Pass new CallClient({ endpoint }).",
  serverUnreachable: "The server does not answer over HTTP either. Check the endpoint, its certificate and the network.",
  webSocketBlocked:
    "The server answers over HTTP, and not over a WebSocket. A proxy or firewall on the way, or the page's connect-src policy, blocks it: calls cannot ring.",
  serverBusy: "The server refuses another connection of this user: too many are open. Close other tabs, or wait a minute.",
  serverFailed: "The server closed the connection. Its log says why; try again.",
  versionUnsupported: "The server speaks none of this SDK's versions. Update the SDK.",
  noRelays:
    "No relay is configured. Calls between networks that do not let each other in will have no sound: configure [turn] on the server (docs/turn.md).",
  notOffered: "No relay of this kind is configured. Networks that let nothing else out have no calls.",
  relayUnreachable:
    "No answer from the relay. A firewall blocks it, its port is closed, or, over TLS, the browser does not trust its certificate.",
  relayRefused: "The relay refused the credentials. Its secret differs from the server's, or the clocks do.",
  relayFull: "The relay has no place for another allocation, of this user or in all. Raise its limits, or wait.",
  relayNoPath:
    "The relay gives addresses, and they do not reach each other. Open its UDP ports min_port to max_port, and check public_addresses.",
  lossy: "Packets get lost on the way to the relay. Sound will break up: use a cable, or another network.",
  slow: "The way to the relay is long. Talking will lag: use a nearer relay, or another network.",
  uneven: "Packets arrive unevenly. Sound will break up: use a cable, or another network.",
  insecurePage: "Browsers give devices only to pages over https and on localhost.",
  microphoneDenied: "The microphone is forbidden. Allow it next to the address bar, or in the system's settings.",
  microphoneMissing: "There is no microphone. Connect one.",
  microphoneInUse: "The microphone does not start. Close other programs that use it.",
  microphoneUnanswered: "The browser's question for the microphone was not answered.",
  cameraDenied: "The camera is forbidden. Allow it next to the address bar, or in the system's settings.",
  cameraMissing: "There is no camera. Connect one.",
  cameraInUse: "The camera does not start. Close other programs that use it.",
  cameraUnanswered: "The browser's question for the camera was not answered.",
  notTested: "Not tested, because an earlier leg failed or the test was not asked for.",
  aborted: "The test was aborted.",
};

/** Without these nobody can be called. */
const NEEDED = ["token", "socket"];

const ORDER = ["token", "socket", "udp", "tcp", "tls", "microphone", "camera"];

/**
 * The legs as a whole, in the order of the way. `connected`: whether the call with itself came about, where one was
 * tried. `isAborted`: also where that was cut short.
 */
export function verdictOf(tested, connected, isAborted = tested.some(({ code }) => code === "aborted")) {
  const legs = [...tested].sort((one, other) => ORDER.indexOf(one.name) - ORDER.indexOf(other.name));
  const isFailed = ({ state }) => state === "Failed";
  const failed = legs.filter(isFailed).map(({ name }) => name);
  const relays = legs.filter(({ name, state }) => TRANSPORTS.some(([transport]) => transport === name) && state !== "Skipped");
  const isWithoutWay = relays.length > 0 && relays.every(isFailed);
  const limited = legs.some((leg) => isFailed(leg) || leg.state === "Poor" || leg.code === "noRelays");
  const verdict = isAborted
    ? "Aborted"
    : failed.some((name) => NEEDED.includes(name)) || isWithoutWay || connected === false
      ? "NotReady"
      : limited
        ? "Limited"
        : "Ready";
  return { verdict, failed, legs };
}

/** Whether what was measured is good enough: the state of its leg, and the worst of what it lacks. */
export function judge({ lossRatio = 0, roundTripMs = 0, jitterMs = 0 }) {
  const over = (value, [poor]) => value >= poor;
  if (over(lossRatio, LIMITS.loss)) return { state: "Poor", code: "lossy" };
  if (over(roundTripMs / 1000, LIMITS.roundTrip)) return { state: "Poor", code: "slow" };
  if (over(jitterMs / 1000, LIMITS.jitter)) return { state: "Poor", code: "uneven" };
  return { state: "Passed" };
}

/** A measure in the words of the published interface. */
export function gradeOf(kind, value) {
  if (value === undefined) return "Unknown";
  if (kind === "bandwidth") return value >= BANDWIDTH[0] ? "Good" : value >= BANDWIDTH[1] ? "Average" : "Bad";
  const [poor, bad] = LIMITS[kind];
  return value >= bad ? "Bad" : value >= poor ? "Average" : "Good";
}

/** Numbered messages that were sent and came back, or arrived, with the times of both in milliseconds. */
export class Arrivals {
  #sent = new Map();
  #travelled = [];

  sent(number, now) {
    this.#sent.set(number, now);
  }

  /** One that comes twice counts once. */
  arrived(number, now) {
    const since = this.#sent.get(number);
    if (since === undefined) return;
    this.#sent.delete(number);
    this.#travelled.push(now - since);
  }

  get missing() {
    return this.#sent.size;
  }

  /** The median of the times, how much each differs from the one before it, and which part never came. */
  get measured() {
    const times = this.#travelled;
    const all = times.length + this.#sent.size;
    if (all === 0) return {};
    const lossRatio = this.#sent.size / all;
    if (times.length === 0) return { lossRatio };
    const steps = times.slice(1).map((time, index) => Math.abs(time - times[index]));
    const roundTripMs = [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)];
    const jitterMs = steps.reduce((sum, step) => sum + step, 0) / Math.max(1, steps.length);
    return { roundTripMs, jitterMs, lossRatio };
  }
}

/** What the transports of relays are called as legs. */
const TRANSPORTS = [["tls", /^turns:/], ["tcp", /^turn:.*[?&]transport=tcp/], ["udp", /^turn:/]];

/** Relays by leg, one URL each, from the browser's `iceServers`. */
export function relaysOf(iceServers) {
  const relays = { udp: [], tcp: [], tls: [] };
  for (const { urls, username, credential } of iceServers) {
    for (const url of [urls].flat()) {
      const [name] = TRANSPORTS.find(([, pattern]) => pattern.test(url)) ?? [];
      if (name) relays[name].push({ url, username, credential });
    }
  }
  return relays;
}

/** Why a relay gave no path: from the codes of its refusals (RFC 8656), and how many addresses it gave. */
export function relayFailure(errorCodes, addresses) {
  if (addresses > 0) return "relayNoPath";
  if (errorCodes.some((code) => code === 486 || code === 508)) return "relayFull";
  if (errorCodes.some((code) => code >= 400 && code < 600)) return "relayRefused";
  return "relayUnreachable";
}

/** Why there is no socket: from how it closed, whether it was open before, and whether the server answers otherwise. */
export function socketFailure({ closeCode, isOpened, isReachable }) {
  if (closeCode === 4406) return "versionUnsupported";
  if (closeCode === 4429) return "serverBusy";
  // 1006: closed by the line, or never opened.
  if (closeCode >= 4000 || (isOpened && closeCode !== 1006)) return "serverFailed";
  return isOpened || isReachable ? "webSocketBlocked" : "serverUnreachable";
}

/** Why a device did not start, by the name of the browser's error. */
export function deviceFailure(device, errorName) {
  if (errorName === "NotAllowedError" || errorName === "SecurityError") return `${device}Denied`;
  if (errorName === "NotFoundError" || errorName === "OverconstrainedError") return `${device}Missing`;
  if (errorName === "TimeoutError") return `${device}Unanswered`;
  return `${device}InUse`;
}

/** What a token says of itself; empty where it is none of ours. */
export function claimsOf(token) {
  try {
    const bytes = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(bytes);
  } catch {
    return {};
  }
}

/** Whether calls are among the scopes of a token; so, where it does not say. */
export function allowsCalls({ acsScope }) {
  return typeof acsScope !== "string" || acsScope.split(/[ ,]+/).some((scope) => scope === "voip" || scope === "voip.join");
}

/** Where the server is: as the application said, or as the token says. */
export function endpointOf(options, claims) {
  try {
    const { protocol, origin, pathname } = new URL((options?.endpoint ?? claims.iss).trim());
    return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/+$/, "")}` : undefined;
  } catch {
    return undefined;
  }
}
