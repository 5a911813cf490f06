// What a sender of a call sends in the end, whoever wanted what in which order, and however long its browser takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { again, isEmpty, lend, put } from "../../pkg/senders.js";

/** A sender whose browser puts in what it was given when `finish` is called, one after the other. */
function slowSender(track = null) {
  const pending = [];
  const sender = {
    track,
    puts: [],
    replaceTrack(next) {
      return new Promise((resolve) => pending.push(() => resolve(void sender.puts.push((sender.track = next)))));
    },
  };
  const finish = async () => {
    do {
      pending.splice(0).forEach((done) => done());
      await new Promise(setImmediate);
    } while (pending.length > 0);
  };
  return { sender, finish };
}

test("what is wanted while the track is being taken out is in at the end", async () => {
  const { sender, finish } = slowSender("microphone");
  const out = put(sender, null);
  await new Promise(setImmediate);
  const back = put(sender, "microphone");
  await finish();
  await Promise.all([out, back]);
  assert.deepEqual([sender.track, sender.puts], ["microphone", [null, "microphone"]]);
});

test("a track that is put in anew is none that was taken out meanwhile", async () => {
  const { sender, finish } = slowSender("microphone");
  const all = [again(sender), put(sender, null), again(sender)];
  await finish();
  await Promise.all(all);
  assert.deepEqual([sender.track, sender.puts], [null, [null]]);
});

test("what is lent gives way to a track that comes meanwhile, and is not left behind", async () => {
  const { sender, finish } = slowSender();
  assert.equal(isEmpty(sender), true);
  const lent = lend(sender, "silence");
  await finish();
  await lent;
  assert.equal(sender.track, "silence");
  const all = [put(sender, "microphone"), lend(sender, null)];
  assert.equal(isEmpty(sender), false);
  await finish();
  await Promise.all(all);
  assert.equal(sender.track, "microphone");
});

test("one that cannot be put in leaves the next", async () => {
  const sender = {
    track: null,
    async replaceTrack(track) {
      if (track === "ended") throw new Error("it has ended");
      sender.track = track;
    },
  };
  await assert.rejects(put(sender, "ended"));
  await put(sender, "microphone");
  assert.equal(sender.track, "microphone");
});
