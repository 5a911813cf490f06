// What somebody who reloaded the page in a call is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/state/reloads.ts", import.meta.url));
const { connectedWith, endedByReload } = (await runnerImport(source, { configFile: false, logLevel: "silent" })).module;

const inCallWith = (name, more = { connectedAt: 1 }) => ({ peer: { name }, ...more });

test("everybody is named with whom a reload ends a call, the one on the screen first", () => {
  assert.deepEqual(connectedWith({ call: inCallWith("Ben"), otherCalls: [inCallWith("Cleo"), inCallWith("Dan")] }), ["Ben", "Cleo", "Dan"]);
  assert.match(endedByReload(["Ben"]), /ended your call with Ben\. /);
  assert.match(endedByReload(["Ben", "Cleo"]), /ended your calls with Ben and Cleo\. /);
  assert.match(endedByReload(["Ben", "Cleo", "Dan"]), /ended your calls with Ben, Cleo, and Dan\. /);
});

test("a call that nobody answered yet, or that is over, is none that a reload ended", () => {
  const over = inCallWith("Dan", { connectedAt: 1, ended: { sentence: "Call ended.", failed: false } });
  assert.deepEqual(connectedWith({ call: inCallWith("Cleo", {}), otherCalls: [inCallWith("Ben"), over] }), ["Ben"]);
  assert.deepEqual(connectedWith({ call: undefined, otherCalls: [] }), []);
});

test("a name that is written from right to left stays apart from the next one", () => {
  assert.match(endedByReload(["\u05d3\u05e0\u05d4", "Ben"]), /with \u2068\u05d3\u05e0\u05d4\u2069 and Ben\./);
});
