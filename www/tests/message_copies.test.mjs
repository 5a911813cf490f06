// Which copy of a message counts where pages of history and live events overtake each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/state/message-copies.ts", import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: "silent" });
const { ChangesMeanwhile, mergeMessages, withChange } = module;

const message = (id, text, version = Number(id)) => ({ id: String(id), text, version, deleted: false });
const texts = (messages) => messages.map(({ text }) => text);

test("messages stand in order, whichever page they came with", () => {
  const known = [message(3, "three")];
  assert.deepEqual(texts(mergeMessages(known, [message(4, "four"), message(5, "five")])), ["three", "four", "five"]);
  assert.deepEqual(texts(mergeMessages(known, [message(1, "one"), message(2, "two")])), ["one", "two", "three"]);
  assert.deepEqual(texts(mergeMessages([message(1, "one"), message(3, "three")], [message(2, "two"), message(4, "four")])), ["one", "two", "three", "four"]);
  assert.equal(mergeMessages(known, []), known);
});

test("an edit that came live outlives a page that was read before it", () => {
  const edited = withChange([message(1, "one"), message(2, "two")], { id: "1", version: 9, text: "one, edited", editedOn: 9 });
  assert.deepEqual(texts(mergeMessages(edited, [message(1, "one"), message(2, "two")])), ["one, edited", "two"]);
});

test("a page that is newer than what is known counts, and then an older event does not", () => {
  const known = mergeMessages([message(1, "one"), message(2, "two")], [message(1, "one, edited twice", 9)]);
  assert.deepEqual(texts(known), ["one, edited twice", "two"]);
  assert.deepEqual(texts(withChange(known, { id: "1", version: 8, text: "one, edited once" })), ["one, edited twice", "two"]);
});

test("what was changed here before the server's own word of it came stays", () => {
  assert.deepEqual(texts(mergeMessages([message(1, "one, by me")], [message(1, "one")])), ["one, by me"]);
});

test("a message that changes while the page with it is under way is shown as it is now", async () => {
  const changes = new ChangesMeanwhile();
  let arrive;
  const page = changes.during("thread", () => new Promise((resolve) => (arrive = resolve)));
  changes.note("thread", { id: "1", version: 8, text: "one, edited" });
  changes.note("thread", { id: "2", version: 9, text: "", deleted: true });
  changes.note("other", { id: "3", version: 9, text: "elsewhere" });
  arrive({ messages: [message(1, "one"), message(2, "two"), message(3, "three")], earlier: "from" });
  assert.deepEqual(await page, {
    messages: [{ ...message(1, "one, edited", 8) }, { ...message(2, "", 9), deleted: true }, message(3, "three")],
    earlier: "from",
  });
});

test("what changed before a page was asked for, or after one that failed, is not kept for the next", async () => {
  const changes = new ChangesMeanwhile();
  changes.note("thread", { id: "1", version: 8, text: "before" });
  await assert.rejects(changes.during("thread", async () => {
    changes.note("thread", { id: "1", version: 9, text: "during" });
    throw new Error("offline");
  }));
  const { messages } = await changes.during("thread", async () => ({ messages: [message(1, "one")] }));
  assert.deepEqual(texts(messages), ["one"]);
});
