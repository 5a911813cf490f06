// What the test of the connection found, in words for whoever sits in front of it.
import type { InCallDiagnostics, PreCallCode, PreCallLeg, PreCallLegName } from "openline";

import type { ConnectionReport } from "../openline/test-connection";
import { bits, milliseconds, percent } from "./quality";

export interface TestRow {
  name: PreCallLegName | "call";
  title: string;
  state: "waiting" | PreCallLeg["state"];
  word: string;
  measured: string;
  advice: string;
}

const TITLES: Record<PreCallLegName, string> = {
  token: "Your sign-in",
  socket: "Server",
  udp: "Relay over UDP",
  tcp: "Relay over TCP",
  tls: "Relay over TLS",
  microphone: "Microphone",
  camera: "Camera",
};

const WORDS: Record<TestRow["state"], string> = {
  waiting: "testing",
  Passed: "works",
  Poor: "works badly",
  Failed: "does not work",
  Skipped: "not tested",
};

const ASK = "Ask whoever runs this server.";
const SIGN_IN = "Sign out and sign in again.";
const BLOCKED = "No answer. A firewall may block it: calls use another way, if one here works.";
const ALLOW = "Allow it next to the address bar, or in your system’s settings.";

const ADVICE: Record<PreCallCode, string> = {
  tokenUnavailable: `It could not be renewed. ${SIGN_IN}`,
  tokenRefused: `The server no longer accepts it. ${SIGN_IN}`,
  scopeMissing: `It does not allow calls. ${ASK}`,
  serverUnknown: `This page does not know its server. ${ASK}`,
  serverUnreachable: "It does not answer. Check your network. If others cannot reach it either, ask whoever runs it.",
  webSocketBlocked: "Something on the way blocks what calls need, such as a VPN or a firewall. Try without it, or another network.",
  serverBusy: "You are connected too often. Close other tabs of this page, or wait a minute.",
  serverFailed: "It closed the connection. Try again in a minute.",
  versionUnsupported: "This page is too old for it. Reload the page.",
  noRelays: `There is none. Calls to people in other networks may have no sound. ${ASK}`,
  notOffered: "This server does not offer it.",
  relayUnreachable: BLOCKED,
  relayRefused: `It refuses what the server gave you. ${ASK}`,
  relayFull: "It is full. Wait a minute and test again.",
  relayNoPath: `It passes nothing on. ${ASK}`,
  lossy: "Much gets lost, and sound may break up. Use a cable, or come closer to the Wi-Fi.",
  slow: "The way is long, and you may talk at the same time. Try without a VPN, or another network.",
  uneven: "It comes unevenly, and sound may break up. Use a cable, and stop large downloads.",
  insecurePage: "Browsers give it only to pages with https. Open this page that way.",
  microphoneDenied: `This page may not use it. ${ALLOW}`,
  microphoneMissing: "None was found. Plug one in.",
  microphoneInUse: "It does not start. Close other programs that use it.",
  microphoneUnanswered: "The browser’s question was not answered. Test again and allow it.",
  cameraDenied: `This page may not use it. ${ALLOW}`,
  cameraMissing: "None was found. Plug one in, or call without.",
  cameraInUse: "It does not start. Close other programs that use it.",
  cameraUnanswered: "The browser’s question was not answered. Test again and allow it.",
  notTested: "",
  aborted: "",
};

/** A row for each part, in the order of the way, and one for the call of this page with itself. */
export function testRows(legs: PreCallLeg[], report: ConnectionReport | undefined): TestRow[] {
  const names = Object.keys(TITLES) as PreCallLegName[];
  const rows = names.map((name) => legRow(name, legs.find((leg) => leg.name === name)));
  return [...rows, callRow(report)];
}

export function verdictWords(report: ConnectionReport): { level: "good" | "weak" | "bad"; words: string } {
  const { verdict, failed, legs } = report;
  if (verdict === "NotReady") {
    const isReached = ["token", "socket"].every((name) => !failed.includes(name as PreCallLegName));
    return { level: "bad", words: isReached ? "Calls will hardly work here: sound does not get through." : "Calls cannot work here now." };
  }
  const { state } = callRow(report);
  if (state === "Failed") return { level: "weak", words: "Calls may have no sound." };
  if (verdict === "Ready" && state === "Passed") return { level: "good", words: "Calls will work here." };
  const devices = failed.filter((name) => name === "microphone" || name === "camera");
  if (devices.length > 0 && devices.length === failed.length) {
    return { level: "weak", words: `Calls will work, without your ${devices.join(" and ")}.` };
  }
  const has = legs.some((leg) => isRelay(leg) && works(leg));
  return { level: "weak", words: has ? "Calls will work, though not all is well." : "Calls may have no sound." };
}

function legRow(name: PreCallLegName, leg: PreCallLeg | undefined): TestRow {
  const state = leg?.state ?? "waiting";
  const advice = leg?.code ? ADVICE[leg.code] : "";
  const word = leg?.code === "notOffered" || leg?.code === "noRelays" ? "not there" : WORDS[state];
  return { name, title: TITLES[name], state, word, measured: leg ? measured(leg) : "", advice };
}

function measured({ roundTripMs, lossRatio, jitterMs }: PreCallLeg): string {
  const parts = [
    roundTripMs === undefined ? undefined : `${milliseconds(roundTripMs)} there and back`,
    lossRatio === undefined ? undefined : `${percent(lossRatio * 100)} lost`,
    jitterMs === undefined ? undefined : `${milliseconds(jitterMs)} jitter`,
  ];
  // Each stays whole in a narrow window.
  return parts.filter((part) => part !== undefined).map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
}

function callRow(report: ConnectionReport | undefined): TestRow {
  const row = { name: "call" as const, title: "Test call", measured: "", advice: "" };
  const as = (state: TestRow["state"], more: Partial<TestRow> = {}) => ({ ...row, state, word: WORDS[state], ...more });
  if (!report) return as("waiting");
  const { call, legs } = report;
  if (!call.connected) {
    return wasCalled(legs) ? as("Failed", { advice: "Sound and picture do not get through. Try another network." }) : as("Skipped");
  }
  const speed = bits(call.bandwidthBps);
  const carries = speed ? `${speed} get through` : "";
  if (call.bandWidth === "Bad") {
    return as("Poor", { measured: carries, advice: "That is too little for pictures. Turn the camera off in calls." });
  }
  if (grades(call).includes("Bad")) {
    return as("Poor", { measured: carries, advice: "Sound or picture would break up. Use a cable, or another network." });
  }
  return as("Passed", { measured: carries });
}

/** Over a relay that works, or without one where the server has none. */
function wasCalled(legs: PreCallLeg[]): boolean {
  const isNeeded = ({ name }: PreCallLeg) => name === "token" || name === "socket";
  if (legs.some((leg) => isNeeded(leg) && !works(leg))) return false;
  return legs.some((leg) => leg.code === "noRelays" || (isRelay(leg) && works(leg)));
}

function isRelay({ name }: PreCallLeg): boolean {
  return name === "udp" || name === "tcp" || name === "tls";
}

function works({ state }: PreCallLeg): boolean {
  return state === "Passed" || state === "Poor";
}

function grades({ diagnostics }: InCallDiagnostics): string[] {
  return [diagnostics.audio, diagnostics.video].flatMap((grades) => Object.values(grades));
}
