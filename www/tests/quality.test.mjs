// How well a call goes, in words, and the report that somebody can copy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (name) => {
  const source = fileURLToPath(new URL(`../src/state/${name}.ts`, import.meta.url));
  return (await runnerImport(source, { configFile: false, logLevel: "silent" })).module;
};
const { toStats } = await load("../openline/call-stats");
const { measured, qualityOf, reportText, troubles } = await load("quality");
const { theirTroubles } = await load("their-troubles");
const { callNotice } = await load("call-notice");

test("a connection is good until something is raised, and as bad as its worse direction", () => {
  assert.equal(qualityOf({}).level, "good");
  assert.equal(qualityOf({ networkReceiveQuality: 1, networkSendQuality: 2 }).level, "weak");
  assert.equal(qualityOf({ networkReceiveQuality: 3, networkSendQuality: 2 }).level, "bad");
  assert.deepEqual(qualityOf({ networkReconnect: 2, networkReceiveQuality: 1 }), { level: "bad", words: "Reconnecting" });
  assert.deepEqual(qualityOf({ noNetwork: true, networkReconnect: 3 }), { level: "bad", words: "Offline" });
  assert.equal(qualityOf({ noNetwork: false, networkReconnect: 1 }).words, "Good connection");
});

test("each thing that is wrong has one sentence, the network first, and what is over has none", () => {
  assert.deepEqual(troubles({}), []);
  assert.deepEqual(troubles({ noNetwork: false, networkSendQuality: 1, cameraFreeze: false }), []);
  const found = troubles({ cameraFreeze: true, networkSendQuality: 3, microphoneNotFunctioning: true });
  assert.equal(found.length, 3);
  assert.match(found[0], /hardly arrives/);
  assert.match(found[2], /no new picture/);
});

test("of the other side is said what it tells, by its name", () => {
  assert.deepEqual(theirTroubles({}, "Ben"), []);
  assert.deepEqual(theirTroubles({ networkReceiveQuality: 1, serverConnection: 1, noNetwork: false }, "Ben"), []);
  const found = theirTroubles({ cameraFreeze: true, cameraStartFailed: true, serverConnection: 3 }, "Ben");
  assert.equal(found.length, 2);
  assert.match(found[0], /connection of Ben is interrupted/);
  assert.match(found[1], /camera of Ben/);
});

test("a relay that is out of reach is no trouble to a call that goes directly", () => {
  assert.equal(troubles({ networkRelaysNotReachable: true }).length, 1);
  assert.equal(troubles({ networkRelaysNotReachable: true }, "relayed").length, 1);
  assert.deepEqual(troubles({ networkRelaysNotReachable: true }, "direct"), []);
});

test("what is not known yet has its place, and streams that are not there have none", () => {
  assert.deepEqual(measured({}), [["Path", "–"], ["There and back", "–"], ["Sound sent", "–"], ["Sound received", "–"]]);
  const video = { codec: "VP8", bitsPerSecond: 1_234_000, lossPercent: 0.4, jitterMs: 12.4, width: 640, height: 480, framesPerSecond: 29.9 };
  const rows = Object.fromEntries(measured({ path: "relayed", roundTripMs: 41.6, audioSent: { bitsPerSecond: 31_900 }, videoReceived: video }));
  assert.equal(rows.Path, "over a relay");
  assert.equal(rows["There and back"], "42 ms");
  assert.equal(rows["Sound sent"], "32 kbit/s");
  assert.equal(rows["Picture received"], "640 × 480 · 30 frames/s · 1.2 Mbit/s · under 1 % lost · 12 ms jitter · VP8");
  assert.equal("Picture sent" in rows, false);
});

test("the way there and back is what the other side reports of sound, else of pictures, else of the path", () => {
  const sample = (audio, video, path) => ({
    audio: { send: audio, receive: [] }, video: { send: video, receive: [] }, screenShare: { send: [], receive: [] }, transports: path,
  });
  const [sound, picture, path] = [30, 40, 50].map((rttInMs) => [{ rttInMs }]);
  const there = (...parts) => toStats(sample(...parts)).roundTripMs;
  assert.equal(there(sound, picture, path), 30);
  assert.equal(there([{}], picture, path), 40);
  assert.equal(there([{}], [{}], path), 50);
  assert.equal(there([{}], [], [{}]), undefined);
  assert.equal(there([], [], []), undefined);
});

test("a report says what helps and when", () => {
  const text = reportText({
    at: new Date(0), callId: "c1", callState: "Connected", browser: "Firefox 140.0, X11",
    diagnostics: { networkSendQuality: 2 }, stats: { path: "direct" },
  });
  assert.equal(text, `Openline call report, 1970-01-01T00:00:00.000Z
Call: c1 (Connected)
Browser: Firefox 140.0, X11
Connection: Weak connection
Path: direct
There and back: –
Sound sent: –
Sound received: –
Diagnostics: networkSendQuality=2
`);
});

test("the notice in a call is the worst, and silent on hold and after the end", () => {
  const call = (change) => ({ state: "Connected", peer: { id: "b", name: "Ben" }, muted: false, diagnostics: {}, ...change });
  assert.equal(callNotice(call({})), undefined);
  assert.match(callNotice(call({ diagnostics: { noNetwork: true, speakingWhileMicrophoneIsMuted: true }, muted: true })).text, /offline/);
  assert.match(callNotice(call({ muted: true, diagnostics: { noMicrophoneDevicesEnumerated: true } })).text, /^Ben cannot hear you/);
  assert.equal(callNotice(call({ diagnostics: { noMicrophoneDevicesEnumerated: true } })), undefined);
  assert.equal(callNotice(call({ diagnostics: { speakingWhileMicrophoneIsMuted: true } })), undefined);
  assert.equal(callNotice(call({ muted: true, mutedHere: true, diagnostics: { speakingWhileMicrophoneIsMuted: true } })).serious, false);
  assert.equal(callNotice(call({ muted: true, mutedHere: true })), undefined);
  for (const state of ["LocalHold", "Disconnected"]) assert.equal(callNotice(call({ state, diagnostics: { noNetwork: true } })), undefined);
});

test("who is muted without having asked for it, or not seen, is told", () => {
  const call = (change) => ({ state: "Connected", peer: { id: "b", name: "Ben" }, muted: false, withVideo: true, diagnostics: {}, ...change });
  assert.match(callNotice(call({ muted: true })).text, /^Ben cannot hear you: the microphone could not be opened/);
  assert.equal(callNotice(call({ muted: true })).serious, true);
  for (const name of ["cameraStartFailed", "cameraPermissionDenied"]) {
    assert.match(callNotice(call({ diagnostics: { [name]: true } })).text, /^Ben cannot see you/);
    assert.equal(callNotice(call({ localVideo: {}, diagnostics: { [name]: true } })), undefined);
  }
  assert.equal(callNotice(call({ withVideo: false, diagnostics: { cameraPermissionDenied: true } })), undefined);
});
