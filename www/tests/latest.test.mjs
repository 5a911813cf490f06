// What is opened one at a time: faster wishes than things open, in any order, and nothing stays open.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/openline/latest.ts", import.meta.url));
const { latest } = (await runnerImport(source, { configFile: false, logLevel: "silent" })).module;

/** A slot, and which things are open; `wish` answers once the thing may open or fail. */
function slot() {
  const live = new Set();
  const one = latest((thing) => assert.ok(live.delete(thing), `${thing} is closed once`));
  const wish = (thing) => {
    let [resolve, reject] = [];
    const promise = new Promise((...settle) => ([resolve, reject] = settle));
    const opened = one.open(() => promise.then(() => (live.add(thing), thing)));
    return { opened, opens: () => (resolve(), opened), fails: (error) => (reject(error), opened) };
  };
  return { one, wish, live };
}

test("what is open goes before the next one opens, and is closed once", async () => {
  const { one, wish, live } = slot();
  assert.equal(await wish("a").opens(), "a");
  const b = wish("b");
  assert.deepEqual([...live], []);
  assert.equal(one.opened, undefined);
  assert.equal(await b.opens(), "b");
  assert.equal(one.opened, "b");
  one.close();
  one.close();
  assert.deepEqual([...live], []);
});

for (const [name, order] of [["in turn", [0, 1, 2, 3]], ["backwards", [3, 2, 1, 0]], ["the latest between", [1, 3, 0, 2]]]) {
  test(`of four wishes that open ${name} only the latest stays, and closing leaves nothing`, async () => {
    const { one, wish, live } = slot();
    // The first device and the second one by turns, as with the keys of a list.
    const wishes = ["a1", "b1", "a2", "b2"].map(wish);
    for (const index of order) await wishes[index].opens();
    assert.deepEqual(await Promise.all(wishes.map(({ opened }) => opened)), [undefined, undefined, undefined, "b2"]);
    assert.deepEqual([...live], ["b2"]);
    one.close();
    assert.deepEqual([...live], []);
  });
}

test("what opens after it was closed is closed at once", async () => {
  const { one, wish, live } = slot();
  const a = wish("a");
  one.close();
  assert.equal(await a.opens(), undefined);
  assert.deepEqual([...live], []);
});

test("a failure is told to who still wants it, and spoils nothing that opened since", async () => {
  const { one, wish, live } = slot();
  await assert.rejects(wish("a").fails(new Error("in use")), /in use/);
  const b = wish("b");
  assert.equal(await wish("c").opens(), "c");
  assert.equal(await b.fails(new Error("in use")), undefined);
  assert.equal(one.opened, "c");
  assert.deepEqual([...live], ["c"]);
});
