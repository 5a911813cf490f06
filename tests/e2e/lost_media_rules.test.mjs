// When another path is looked for, though the one there is stands: the decisions of pkg/lost_media.js.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivedBy, follow, Loss } from "../../pkg/lost_media.js";

/** The seconds at which another path is looked for, by what had arrived in each. */
const attempts = (loss, arrived) => arrived.flatMap((what, second) => (loss.step(what, second * 1000) ? [second] : []));

describe("another path", () => {
  test("is looked for when nothing came for twelve seconds, then ever less often", () => {
    assert.deepEqual(attempts(new Loss(), Array(300).fill("1")), [12, 36, 84, 148, 212, 276]);
  });

  test("is not looked for where anything comes, or nothing is awaited", () => {
    const seconds = Array.from({ length: 100 }, (_, second) => second);
    assert.deepEqual(attempts(new Loss(), seconds.map((second) => `${Math.floor(second / 7)}`)), []);
    assert.deepEqual(attempts(new Loss(), seconds.map(() => undefined)), []);
    assert.deepEqual(attempts(new Loss(), seconds.map((second) => (second % 7 ? "1" : undefined))), []);
  });

  test("is looked for as soon as before when media came in between", () => {
    assert.deepEqual(attempts(new Loss(), [...Array(14).fill("1"), ...Array(14).fill("2")]), [12, 26]);
  });
});

const report = (packetsReceived, timestamp) =>
  new Map(
    [
      { type: "inbound-rtp", packetsReceived },
      { type: "inbound-rtp" },
      { type: "remote-inbound-rtp", kind: "audio", timestamp },
      { type: "candidate-pair", packetsReceived: Math.random() },
    ].map((entry, id) => [id, entry]),
  );

test("what arrives is media and what is reported of it, from the first packet on", () => {
  assert.equal(arrivedBy(new Map()), undefined);
  assert.equal(arrivedBy(report(0, 1)), undefined);
  assert.equal(arrivedBy(report(5, 1)), arrivedBy(report(5, 1)));
  assert.notEqual(arrivedBy(report(5, 1)), arrivedBy(report(6, 1)));
  assert.notEqual(arrivedBy(report(5, 1)), arrivedBy(report(5, 2)));
});

/** How often a connection restarts ICE while nothing comes for a minute. */
async function restarts(context, connection, isHeard = () => false) {
  let clock = 0;
  let count = 0;
  context.mock.timers.enable({ apis: ["setInterval"] });
  context.mock.method(performance, "now", () => clock);
  const over = new AbortController();
  const getStats = connection.getStats ?? (async () => report(5, 1));
  follow({ connectionState: "connected", getSenders: () => [{ track: {} }], restartIce: () => (count += 1), ...connection, getStats }, over.signal, isHeard);
  for (let second = 0; second < 60; second += 2) {
    clock += 2000;
    context.mock.timers.tick(2000);
    await new Promise(setImmediate);
  }
  over.abort();
  const before = count;
  clock += 600_000;
  context.mock.timers.tick(600_000);
  await new Promise(setImmediate);
  assert.equal(count, before, "nothing is done once the call is over");
  return count;
}

test("a call that hears nothing restarts ICE", async (context) => {
  assert.equal(await restarts(context, {}), 2);
});

test("so does one without a microphone, for as long as the other side is to be heard", async (context) => {
  assert.equal(await restarts(context, { getSenders: () => [{ track: null }] }, () => true), 2);
});

const unreported = async () => new Map([["heard", { type: "inbound-rtp", packetsReceived: 5 }]]);

test("so does one that is told nothing of its sound, for as long as the other side is to be heard", async (context) => {
  assert.equal(await restarts(context, { getStats: unreported }, () => true), 2);
});

for (const [what, connection, isHeard] of [
  ["is told nothing of its sound, nor is to hear any", { getStats: unreported }],
  ["has no path", { connectionState: "disconnected" }, () => true],
  ["sends no sound, nor is to hear any", { getSenders: () => [{ track: null }] }],
  ["has no senders yet", { getSenders: () => [] }],
  ["cannot be looked at", { getStats: () => Promise.reject(new Error("closed")) }],
]) {
  test(`a call that ${what} does not`, async (context) => {
    assert.equal(await restarts(context, connection, isHeard), 0);
  });
}
