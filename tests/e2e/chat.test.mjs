// Chat between two real browsers through the real server, at the level of the package.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
let ann;
let ben;
let thread;

before(async () => {
  server = await Server.start();
  [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("firefox", server)]);
  ann.identity = await ann.signIn("Ann", { voice: false, chat: true });
  ben.identity = await ben.signIn("Ben", { voice: false, chat: true });
  thread = await ann.createThread("Lunch", [{ id: ben.identity, displayName: "Ben" }]);
});
after(async () => {
  await Promise.all([ann?.quit(), ben?.quit()]);
  await server.close();
});

test("whoever is in a new thread learns of it", async () => {
  await ben.waitForChat("chatThreadCreated", { threadId: thread });
});

test("a message, its edit and its deletion reach the other side, in order", async () => {
  const id = await ann.sendMessage(thread, "Soup?");
  await ben.waitForChat("chatMessageReceived", { id, message: "Soup?" });
  await ann.updateMessage(thread, id, "Soup at noon?");
  await ben.waitForChat("chatMessageEdited", { id, message: "Soup at noon?" });
  await ann.deleteMessage(thread, id);
  await ben.waitForChat("chatMessageDeleted", { id });
  const names = (await ben.chat()).filter((event) => event.id === id).map((event) => event.name);
  assert.deepEqual(names, ["chatMessageReceived", "chatMessageEdited", "chatMessageDeleted"]);
});

test("typing and read receipts reach the other side", async () => {
  await ben.sendTyping(thread);
  await ann.waitForChat("typingIndicatorReceived", { threadId: thread });
  const id = await ann.sendMessage(thread, "Read me");
  await ben.waitForChat("chatMessageReceived", { id });
  await ben.sendReadReceipt(thread, id);
  await ann.waitForChat("readReceiptReceived", { threadId: thread });
});

test("a delivery receipt reaches the sender, and what is read is delivered", async () => {
  const first = await ann.sendMessage(thread, "Are you there?");
  await ben.waitForChat("chatMessageReceived", { id: first });
  await ben.sendDeliveryReceipt(thread, first);
  await ann.waitForChat("deliveryReceiptReceived", { threadId: thread, chatMessageId: first });
  const second = await ann.sendMessage(thread, "And now?");
  await ben.waitForChat("chatMessageReceived", { id: second });
  await ben.sendReadReceipt(thread, second);
  await ann.waitForChat("readReceiptReceived", { threadId: thread, chatMessageId: second });
  const receipts = await ann.listDeliveryReceipts(thread);
  assert.deepEqual(receipts.map(({ chatMessageId }) => chatMessageId), [second]);
  assert.ok(receipts[0].deliveredOn > 0);
});

test("what was missed while the server was killed and started again arrives, in order, once", async () => {
  const before = await ann.sendMessage(thread, "before");
  await ben.waitForChat("chatMessageReceived", { id: before });
  const pending = ann.sendMany(thread, 60);
  await ben.waitForChatCount(thread, "burst", 5);
  await server.kill();
  await server.start();
  const acknowledged = await pending;
  const last = await ann.sendMessage(thread, "after");
  await ben.waitForChat("chatMessageReceived", { id: last });
  const received = (await ben.chat())
    .filter((event) => event.name === "chatMessageReceived" && event.threadId === thread)
    .map((event) => event.id);
  assert.equal(new Set(received).size, received.length, "nothing twice");
  for (const id of acknowledged) assert.ok(received.includes(id), `${id} was acknowledged and must arrive`);
  assert.deepEqual(received, [...received].sort((a, b) => Number(a) - Number(b)), "in order");
  assert.deepEqual(
    (await ben.listMessages(thread)).filter((id) => received.includes(id)).length,
    received.length,
    "what was told is stored",
  );
});
