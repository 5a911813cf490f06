// What the test of the connection found, in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/state/connection-words.ts", import.meta.url));
const { testRows, verdictWords } = (await runnerImport(source, { configFile: false, logLevel: "silent" })).module;

const leg = (name, state = "Passed", more = {}) => ({ name, state, durationMs: 10, ...more });
const names = ["token", "socket", "udp", "tcp", "tls", "microphone", "camera"];
const allWell = names.map((name) => leg(name));
const but = (...others) => allWell.map((one) => others.find(({ name }) => name === one.name) ?? one);
const good = { jitter: "Good", packetLoss: "Good", rtt: "Good" };
const calls = { connected: true, bandWidth: "Good", bandwidthBps: 2_130_000, diagnostics: { audio: good, video: good } };
const report = (legs, call = calls, verdict = "Limited") => ({
  verdict, legs, call, failed: legs.filter(({ state }) => state === "Failed").map(({ name }) => name),
});
const rowOf = (name, legs, it) => testRows(legs, it).find((row) => row.name === name);

test("every part has its row from the beginning, in the order of the way", () => {
  const rows = testRows([leg("camera")], undefined);
  assert.deepEqual(rows.map(({ name }) => name), [...names, "call"]);
  assert.deepEqual(rows.filter(({ state }) => state !== "waiting").map(({ name, word }) => [name, word]), [["camera", "works"]]);
});

test("what was measured is said, and what was not is left out", () => {
  const udp = leg("udp", "Poor", { code: "lossy", roundTripMs: 41.6, lossRatio: 0.052, jitterMs: 0.2 });
  const row = rowOf("udp", [udp]);
  assert.equal(row.measured.replaceAll("\u00a0", " "), "42 ms there and back · 5 % lost · 0 ms jitter");
  assert.deepEqual([row.word, /cable/.test(row.advice)], ["works badly", true]);
  assert.equal(rowOf("token", [leg("token")]).measured, "");
});

test("a relay that the server does not have is none that does not work", () => {
  assert.equal(rowOf("tls", [leg("tls", "Skipped", { code: "notOffered" })]).word, "not there");
  assert.equal(rowOf("udp", [leg("udp", "Skipped", { code: "notTested" })]).word, "not tested");
  assert.match(rowOf("tcp", [leg("tcp", "Failed", { code: "relayUnreachable" })]).advice, /firewall/);
});

test("the test call works, works badly, does not work, or never was", () => {
  const of = (call, legs = allWell) => rowOf("call", legs, report(legs, call));
  assert.deepEqual([of(calls).state, of(calls).measured], ["Passed", "2.1 Mbit/s get through"]);
  assert.match(of({ ...calls, bandWidth: "Bad" }).advice, /camera off/);
  const bad = { audio: { ...good, packetLoss: "Bad" }, video: good };
  assert.equal(of({ ...calls, diagnostics: bad }).state, "Poor");
  const none = { ...calls, connected: false };
  assert.equal(of(none).state, "Failed");
  assert.equal(of(none, but(leg("socket", "Failed", { code: "serverUnreachable" }))).state, "Skipped");
  const noRelay = ["udp", "tcp", "tls"].map((name) => leg(name, "Failed", { code: "relayUnreachable" }));
  assert.equal(of(none, but(...noRelay)).state, "Skipped");
  const without = ["udp", "tcp", "tls"].map((name) => leg(name, "Skipped", { code: "noRelays" }));
  assert.equal(of({ ...calls, bandWidth: "Unknown", bandwidthBps: undefined }, but(...without)).measured, "");
});

test("the verdict says what it means for calls", () => {
  assert.deepEqual(verdictWords(report(allWell, calls, "Ready")), { level: "good", words: "Calls will work here." });
  assert.equal(verdictWords(report(but(leg("token", "Failed")), calls, "NotReady")).level, "bad");
  assert.match(verdictWords(report(but(leg("camera", "Failed")))).words, /without your camera\./);
  assert.match(verdictWords(report(but(leg("camera", "Failed"), leg("tls", "Failed")))).words, /not all is well/);
  const noWay = ["udp", "tcp", "tls"].map((name) => leg(name, "Failed"));
  assert.match(verdictWords(report(but(...noWay))).words, /no sound/);
  const call = { ...calls, connected: false };
  assert.match(verdictWords(report(allWell, call, "Ready")).words, /may have no sound/);
});
