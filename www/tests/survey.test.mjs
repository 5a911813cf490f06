// Who is asked how a call was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/state/survey-rule.ts", import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: "silent" });
const { mayAsk } = module;

const day = 24 * 3_600_000;

test("somebody is asked after a call that lasted, once a day", () => {
  assert.equal(mayAsk({ connectedAt: undefined, askedAt: undefined, now: day }), false);
  assert.equal(mayAsk({ connectedAt: day - 9_999, askedAt: undefined, now: day }), false);
  assert.equal(mayAsk({ connectedAt: day - 10_000, askedAt: undefined, now: day }), true);
  assert.equal(mayAsk({ connectedAt: 0, askedAt: 1, now: day }), false);
  assert.equal(mayAsk({ connectedAt: 0, askedAt: 0, now: day }), true);
});

test("a clock that was set back does not silence the question", () => {
  assert.equal(mayAsk({ connectedAt: 0, askedAt: 5 * day, now: day }), true);
});
