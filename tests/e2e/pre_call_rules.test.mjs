// What the pre-call test concludes from what it measured: the decisions of pkg/pre_call_rules.js, and of what is beside.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inflateSync } from "node:zlib";
import { environmentOf, watch } from "../../pkg/debug_info.js";
import { qualityOf } from "../../pkg/pre_call_media.js";
import {
  allowsCalls, Arrivals, claimsOf, deviceFailure, endpointOf, gradeOf, judge, MESSAGES, relayFailure, relaysOf, socketFailure,
  verdictOf,
} from "../../pkg/pre_call_rules.js";

/** What is measured of datagrams that take so long each; `undefined` never arrives. */
function measured(times) {
  const arrivals = new Arrivals();
  times.forEach((_, number) => arrivals.sent(number, number * 20));
  times.forEach((time, number) => time !== undefined && arrivals.arrived(number, number * 20 + time));
  return arrivals.measured;
}

describe("what datagrams tell", () => {
  test("the median of their times, the mean of how these vary, and the part that is lost", () => {
    assert.deepEqual(measured([10, 14, 10, undefined]), { roundTripMs: 10, jitterMs: 4, lossRatio: 0.25 });
    assert.deepEqual(measured([30]), { roundTripMs: 30, jitterMs: 0, lossRatio: 0 });
    assert.deepEqual(measured([undefined]), { lossRatio: 1 });
    assert.deepEqual(measured([]), {});
  });

  test("one that comes twice counts once, one that nobody sent not at all", () => {
    const arrivals = new Arrivals();
    arrivals.sent(1, 0);
    for (const number of [1, 1, 2]) arrivals.arrived(number, 5);
    assert.deepEqual(arrivals.measured, { roundTripMs: 5, jitterMs: 0, lossRatio: 0 });
    assert.equal(arrivals.missing, 0);
  });
});

test("what is measured passes, or is poor for the worst of its reasons", () => {
  assert.deepEqual(judge({ lossRatio: 0.029, roundTripMs: 399, jitterMs: 49 }), { state: "Passed" });
  assert.deepEqual(judge({ lossRatio: 0.03, roundTripMs: 900, jitterMs: 90 }), { state: "Poor", code: "lossy" });
  assert.deepEqual(judge({ lossRatio: 0, roundTripMs: 400, jitterMs: 90 }), { state: "Poor", code: "slow" });
  assert.deepEqual(judge({ roundTripMs: 10, jitterMs: 50 }), { state: "Poor", code: "uneven" });
  assert.deepEqual(judge({}), { state: "Passed" });
});

test("measures in words", () => {
  assert.deepEqual([0.02, 0.03, 0.1, undefined].map((value) => gradeOf("loss", value)), ["Good", "Average", "Bad", "Unknown"]);
  assert.deepEqual([0, 0.05, 0.15].map((value) => gradeOf("jitter", value)), ["Good", "Average", "Bad"]);
  assert.deepEqual([0.1, 0.4, 0.8].map((value) => gradeOf("roundTrip", value)), ["Good", "Average", "Bad"]);
  assert.deepEqual([2e6, 1e6, 3e5, 2e5].map((value) => gradeOf("bandwidth", value)), ["Good", "Good", "Average", "Bad"]);
});

test("relays are told apart by transport, with their credentials", () => {
  const credentials = { username: "u", credential: "c" };
  const relays = relaysOf([
    { urls: "stun:s" },
    { urls: ["turn:a?transport=udp", "turn:b", "turn:c?transport=tcp", "turns:d?transport=tcp", "turns:e"], ...credentials },
  ]);
  const urls = Object.fromEntries(Object.entries(relays).map(([name, list]) => [name, list.map(({ url }) => url)]));
  assert.deepEqual(urls, {
    udp: ["turn:a?transport=udp", "turn:b"],
    tcp: ["turn:c?transport=tcp"],
    tls: ["turns:d?transport=tcp", "turns:e"],
  });
  assert.deepEqual(relays.tls[0], { url: "turns:d?transport=tcp", ...credentials });
});

test("the legs together say whether there can be calls", () => {
  const passed = (name) => ({ name, state: "Passed" });
  const all = ["camera", "udp", "token", "tls", "socket", "microphone", "tcp"].map(passed);
  const sorted = verdictOf(all).legs.map(({ name }) => name);
  assert.deepEqual(sorted, ["token", "socket", "udp", "tcp", "tls", "microphone", "camera"]);
  const verdict = (...changed) => {
    const found = verdictOf(all.map((leg) => changed.find(({ name }) => name === leg.name) ?? leg));
    return [found.verdict, found.failed];
  };
  assert.deepEqual(verdict(passed("udp")), ["Ready", []]);
  assert.deepEqual(verdict({ name: "tls", state: "Skipped", code: "notOffered" }), ["Ready", []]);
  assert.deepEqual(verdict({ name: "udp", state: "Skipped", code: "noRelays" }), ["Limited", []]);
  assert.deepEqual(verdict({ name: "udp", state: "Poor", code: "lossy" }), ["Limited", []]);
  assert.deepEqual(verdict({ name: "udp", state: "Failed" }), ["Limited", ["udp"]]);
  for (const name of ["token", "socket"]) assert.deepEqual(verdict({ name, state: "Failed" }), ["NotReady", [name]]);
  const failed = (name, code) => ({ name, state: "Failed", code });
  const noWay = [failed("udp"), failed("tls"), { name: "tcp", state: "Skipped", code: "notOffered" }];
  assert.deepEqual(verdict(...noWay), ["NotReady", ["udp", "tls"]], "every relay there is");
  for (const [name, code] of [["token", "aborted"], ["camera", "aborted"], ["udp", "aborted"]]) {
    assert.equal(verdict(failed(name, code), failed("tcp"))[0], "Aborted", name);
  }
  assert.equal(verdictOf(all, false).verdict, "NotReady", "a call that was tried and did not come about");
  assert.equal(verdictOf(all, true).verdict, "Ready");
});

test("why there is no path, no socket, no device", () => {
  assert.equal(relayFailure([], 0), "relayUnreachable");
  assert.equal(relayFailure([701], 0), "relayUnreachable");
  assert.equal(relayFailure([701, 401], 0), "relayRefused");
  assert.equal(relayFailure([486], 0), "relayFull");
  assert.equal(relayFailure([508], 0), "relayFull");
  assert.equal(relayFailure([], 2), "relayNoPath");
  const socket = (closeCode, isReachable) => socketFailure({ closeCode, isReachable });
  assert.equal(socket(1006, true), "webSocketBlocked");
  assert.equal(socket(1006, false), "serverUnreachable");
  assert.deepEqual([4406, 4429, 4500].map((code) => socket(code)), ["versionUnsupported", "serverBusy", "serverFailed"]);
  const opened = (closeCode) => socketFailure({ closeCode, isOpened: true });
  assert.deepEqual([1012, 1006].map(opened), ["serverFailed", "webSocketBlocked"]);
  assert.deepEqual(
    ["NotAllowedError", "NotFoundError", "NotReadableError", "AbortError", "TimeoutError"].map((name) => deviceFailure("camera", name)),
    ["cameraDenied", "cameraMissing", "cameraInUse", "cameraInUse", "cameraUnanswered"],
  );
});

test("every code has words that end in a full stop, and none has a token in it", () => {
  const codes = [
    relayFailure([], 0), relayFailure([401], 0), relayFailure([486], 0), relayFailure([], 1),
    ...["NotAllowedError", "NotFoundError", "NotReadableError", "TimeoutError"].flatMap((name) =>
      ["microphone", "camera"].map((device) => deviceFailure(device, name))),
    ...[4406, 4429, 4500, 1006].map((closeCode) => socketFailure({ closeCode })),
  ];
  for (const code of codes) assert.match(MESSAGES[code] ?? "", /\.$/, code);
});

test("a token says where its server is, and whether it allows calls", () => {
  const token = (claims) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
  const claims = claimsOf(token({ iss: "https://calls.example.org/", acsScope: "chat,voip", note: "ÿ?>" }));
  assert.equal(endpointOf(undefined, claims), "https://calls.example.org");
  assert.equal(endpointOf({ endpoint: " http://localhost:80/api/?a=1#b " }, claims), "http://localhost/api");
  assert.equal(endpointOf({}, claimsOf("no token")), undefined);
  assert.equal(endpointOf({ endpoint: "ftp://x" }, {}), undefined);
  assert.deepEqual(["voip", "chat,voip", "voip.join", "chat", "", undefined].map((acsScope) => allowsCalls({ acsScope })), [
    true, true, true, false, false, true,
  ]);
});

const report = (...entries) => new Map(entries.map((entry, index) => [index, entry]));

test("the quality of media is that of its kind; what is not reported of its round trip is that of the other kind, or the path", () => {
  const received = report({ type: "inbound-rtp", kind: "audio", packetsReceived: 90, packetsLost: 10, jitter: 0.01 });
  const told = { type: "remote-inbound-rtp", kind: "audio", roundTripTime: 0.2 };
  const path = { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.1 };
  assert.deepEqual(qualityOf("audio", report(path, told), received), { jitter: 0.01, loss: 0.1, roundTrip: 0.2 });
  assert.deepEqual(qualityOf("audio", report(path), received), { jitter: 0.01, loss: 0.1, roundTrip: 0.1 });
  assert.deepEqual(qualityOf("audio", report(path, { ...told, kind: "video" }), received).roundTrip, 0.2);
  assert.deepEqual(qualityOf("video", report(path, told), received), {});
});

test("browsers and systems by their user agents", () => {
  const cases = [
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36", "linux", "chrome", "156.0.0.0"],
    ["Mozilla/5.0 (Windows NT 10.0) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.1.2", "windows", "edge", "156.0.1.2"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.1 Safari/605.1.15", "mac", "safari", "19.1"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) CriOS/156.0.1 Mobile", "ios", "chrome", "156.0.1"],
    ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "android", "firefox", "140.0"],
    ["", "unknown", "unknown", ""],
  ];
  for (const [userAgent, platform, browser, browserVersion] of cases) {
    assert.deepEqual(environmentOf(userAgent), { platform, browser, browserVersion });
  }
});

/** An object with `on`, `off` and `tell`. */
function source(members) {
  const listeners = [];
  return Object.assign(members, {
    listeners,
    on: (event, listener) => listeners.push([event, listener]),
    off: (event, listener) => listeners.splice(listeners.findIndex(([name, known]) => name === event && known === listener), 1),
    tell: (event, change) => listeners.filter(([name]) => name === event).forEach(([, listener]) => listener(change)),
  });
}

test("a dump is what happened to agent and calls, also as zlib, and nothing is listened to afterwards", (context) => {
  // Some runtimes for tests have one of their own.
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "" }, configurable: true });
  context.after(() => (own ? Object.defineProperty(globalThis, "navigator", own) : delete globalThis.navigator));
  const call = source({ id: "first", direction: "Outgoing", state: "Connecting", info: { participantId: "me" } });
  const agent = source({ connectionState: "Connected", calls: [] });
  const host = { agent, identity: "8:acs:r_secret" };
  const feature = {};
  watch(host, feature, () => {});
  agent.tell("callsUpdated", { added: [call] });
  call.id = "second".repeat(12);
  call.tell("idChanged");
  // Far more than one block of a zlib stream, and more than is kept.
  for (let repeat = 0; repeat < 600; repeat += 1) call.tell("stateChanged");
  Object.assign(call, { state: "Disconnected", callEndReason: { code: 487, subCode: 10_004 } });
  call.tell("stateChanged");
  agent.tell("disposed");
  assert.deepEqual([agent.listeners, call.listeners], [[], []]);
  const { dumpId, dump, report: told } = feature.dumpDebugInfo();
  const text = inflateSync(dump).toString();
  assert.ok(text.length > 65_535);
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(told)));
  assert.equal(told.dumpId, dumpId);
  assert.equal(told.records.length, 500);
  assert.deepEqual([told.lastCallId, told.lastLocalParticipantId], [call.id, "me"]);
  const [end, disposed] = told.records.slice(-2);
  assert.deepEqual({ ...end, time: "" }, {
    time: "", what: "call", callId: call.id, direction: "Outgoing", state: "Disconnected", code: 487, subCode: 10_004,
  });
  assert.equal(disposed.what, "agentDisposed");
  assert.doesNotMatch(text, /secret/);
});
