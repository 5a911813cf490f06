// Names as they stand in sentences and on tints.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const load = async (path) => {
  const source = fileURLToPath(new URL(`../src/${path}.ts`, import.meta.url));
  return (await runnerImport(source, { configFile: false, logLevel: "silent" })).module;
};
const { isolate } = await load("openline/isolate-name");
const { initials } = await load("ui/initials");
const { callNotice } = await load("state/call-notice");
const { theirTroubles } = await load("state/their-troubles");
const { callStateText } = await load("ui/call-state-text");

const hebrew = "דנה לוי";
const isolated = `\u2068${hebrew}\u2069`;

test("a name that is written from right to left is apart from the sentence around it, others stay as they are", () => {
  assert.equal(isolate(hebrew), isolated);
  assert.equal(isolate("محمد 2"), "\u2068محمد 2\u2069");
  for (const name of ["Ann", "Zoë 🐙", "山田 太郎", "Ольга", "", "1 + 1"]) assert.equal(isolate(name), name);
});

test("a name cannot turn the sentence around, nor end what keeps it apart", () => {
  assert.equal(isolate("\u202eAnn"), "Ann");
  assert.equal(isolate(`${hebrew}\u2069\u202e!`), `\u2068${hebrew}!\u2069`);
});

test("sentences about somebody in a call keep the name apart", () => {
  const peer = { id: "dana", name: hebrew };
  const call = { state: "RemoteHold", peer, muted: true, outgoing: true, diagnostics: { noMicrophoneDevicesEnumerated: true } };
  assert.equal(callStateText(call), `${isolated} put the call on hold.`);
  assert.ok(callNotice({ ...call, state: "Connected" }).text.startsWith(`${isolated} cannot hear you`));
  assert.ok(theirTroubles({ cameraFreeze: true }, hebrew)[0].includes(isolated));
});

test("initials are the first letters of the first word and the last", () => {
  const expected = { "Ann": "A", "ann lee": "AL", "Ann Mary Lee": "AL", "  Ann   Lee ": "AL", "Zoë (team) 3": "Z3", "élodie": "É", "e\u0301lodie b": "E\u0301B" };
  for (const [name, letters] of Object.entries(expected)) assert.equal(initials(name), letters, name);
});

test("what stands in angle brackets gives no initials, unless there is nothing else", () => {
  assert.equal(initials("Ann <ann@example.org>"), "A");
  assert.equal(initials("<script>"), "S");
});

test("of a name without letters its first sign counts, as people see it", () => {
  assert.equal(initials("👩‍👩‍👧 🐙"), "👩‍👩‍👧");
  assert.equal(initials("🇨🇭"), "🇨🇭");
  assert.equal(initials("★ Ann"), "A");
  assert.equal(initials("…"), "…");
  assert.equal(initials("   "), "?");
  assert.equal(initials(hebrew), "דל");
});
