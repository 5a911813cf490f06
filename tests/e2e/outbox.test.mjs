// Which message of those that wait on the device is sent when: the decisions of pkg/local_data.js, on random runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../pkg/local_data.js";

const RUNS = 3_000;
const FAILURES = [0, 401, 408, 429, 502, 503];

test("whatever breaks, every message arrives once, in the order of its thread", () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = randomOf(seed);
    const world = new World();
    for (let step = 0; step < 120; step += 1) world.step(random);
    world.settle();
    for (const thread of ["a", "b", "c"]) {
      const ids = world.stored.filter((message) => message.thread === thread).map(({ id }) => id);
      assert.deepEqual(ids, [...new Set(ids)].sort((one, other) => one - other), `seed ${seed}`);
      const due = [...world.written].filter(([, its]) => its === thread).map(([id]) => id);
      assert.deepEqual(ids, due, `seed ${seed}: nothing is missing`);
    }
  }
});

test("four are under way at most, one of a thread, and a refusal or five failures let the next one through", () => {
  const outbox = new Outbox();
  [..."aabcde"].forEach((thread, index) => outbox.add(index + 1, thread, 0));
  assert.deepEqual(allToSend(outbox, 0), [1, 3, 4, 5]);
  assert.equal(outbox.answered(1, 403, undefined, 0, 0), true);
  assert.deepEqual(allToSend(outbox, 0), [2]);
  for (let failures = 1; failures <= 5; failures += 1) {
    assert.equal(outbox.answered(2, 500, undefined, 0, 0), failures === 5);
    if (failures < 5) allToSend(outbox, 100_000);
  }
});

test("a server that says when to come back is believed, for a thread or for all", () => {
  for (const [status, others] of [[429, [2]], [503, []]]) {
    const outbox = new Outbox();
    outbox.add(1, "a", 0);
    assert.deepEqual(allToSend(outbox, 0), [1]);
    outbox.answered(1, status, 9_000, 0, 0.9);
    outbox.add(2, "b", 0);
    outbox.reachable();
    assert.deepEqual(allToSend(outbox, 8_999), others);
    assert.ok(allToSend(outbox, 9_000).includes(1));
  }
});

test("an age at which the server knows no repeat any more ends it", () => {
  const outbox = new Outbox();
  outbox.add(1, "a", 1_000);
  assert.equal(outbox.nextExpired(1_000 + 6 * 86_400_000), undefined);
  assert.equal(outbox.nextExpired(1_000 + 7 * 86_400_000), 1);
  assert.equal(outbox.wait(0), undefined);
});

/** What the device keeps, the tab that sends, and a server that knows repeats. */
class World {
  kept = new Map();
  written = new Map();
  underWay = new Set();
  stored = [];
  outbox = new Outbox();
  now = 0;

  step(random) {
    const pick = [...this.underWay][Math.floor(random() * this.underWay.size)];
    const what = random() * 18;
    if (what < 4) this.#write("abc"[Math.floor(random() * 3)]);
    else if (what < 8) this.#send();
    else if (what < 12 && pick) this.#arrive(pick, random() < 0.5 ? 201 : 0);
    else if (what < 15 && pick) this.#answer(pick, FAILURES[Math.floor(random() * FAILURES.length)], random());
    else if (what < 16) this.#close();
    else this.now += 61_000;
  }

  /** The line stays up from here on. */
  settle() {
    while (this.kept.size > 0) {
      this.now += 61_000;
      this.#send();
      assert.ok(this.underWay.size > 0, "something waits for ever");
      for (const id of this.underWay) this.#arrive(id, 201);
    }
  }

  #write(thread) {
    const id = this.written.size + 1;
    this.written.set(id, thread);
    this.kept.set(id, thread);
    this.outbox.add(id, thread, 0);
  }

  #send() {
    for (const id of allToSend(this.outbox, this.now)) this.underWay.add(id);
    const threads = [...this.underWay].map((id) => this.kept.get(id));
    assert.equal(new Set(threads).size, threads.length, "one of a thread at a time");
  }

  #arrive(id, status) {
    if (!this.stored.some((message) => message.id === id)) this.stored.push({ id, thread: this.kept.get(id) });
    this.#answer(id, status, 0.5);
  }

  #answer(id, status, jitter) {
    this.underWay.delete(id);
    if (this.outbox.answered(id, status, undefined, this.now, jitter)) this.kept.delete(id);
  }

  /** The tab is closed in the middle, and another one goes on. */
  #close() {
    this.underWay.clear();
    this.outbox = new Outbox();
    for (const [id, thread] of [...this.kept].reverse()) this.outbox.add(id, thread, 0);
  }
}

function allToSend(outbox, now) {
  const ids = [];
  for (let id; (id = outbox.nextToSend(now)) !== undefined; ) ids.push(id);
  return ids;
}

/** The same numbers for the same seed. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
