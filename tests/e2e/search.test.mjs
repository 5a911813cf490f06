// Search through the package, in two real browsers, on the real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
let ann;
let ben;
let lunch;
let work;
const sent = {};

before(async () => {
  server = await Server.start();
  [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("firefox", server)]);
  ann.identity = await ann.signIn("Ann", { voice: false, chat: true });
  ben.identity = await ben.signIn("Ben", { voice: false, chat: true });
  const people = [{ id: ben.identity, displayName: "Ben" }];
  lunch = await ann.createThread("Lunch", people);
  work = await ann.createThread("Work", people);
  sent.soup = await ann.sendMessage(lunch, "Crème brûlée 🍮 after the soup?");
  sent.answer = await ben.sendMessage(lunch, "Soup, then cake");
  sent.plan = await ann.sendMessage(work, "The plan is cake");
});
after(async () => {
  await Promise.all([ann?.quit(), ben?.quit()]);
  await server.close();
});

const idsOf = ({ found }) => found.map(({ id }) => id);

test("messages are found by their words in all threads, the newest first, with what matched", async () => {
  for (const browser of [ann, ben]) {
    const { found } = await browser.search({ query: "cake" });
    assert.deepEqual(found.map(({ id, threadId }) => [id, threadId]), [[sent.plan, work], [sent.answer, lunch]]);
    assert.deepEqual(found.map(({ marked }) => marked), [["cake"], ["cake"]]);
  }
});

test("accents and case do not count, and what is marked counts as JavaScript does", async () => {
  const { found } = await ann.search({ query: "BRULEE sou" });
  assert.deepEqual(found.map(({ id, marked }) => [id, marked]), [[sent.soup, ["brûlée", "soup"]]]);
});

test("thread, sender and time narrow a search", async () => {
  assert.deepEqual(idsOf(await ann.search({ query: "cake", threadId: lunch })), [sent.answer]);
  assert.deepEqual(idsOf(await ann.search({ query: "cake", sender: ann.identity })), [sent.plan]);
  const middle = Number(sent.answer);
  assert.deepEqual(idsOf(await ann.search({ query: "soup", startTime: middle })), [sent.answer]);
  assert.deepEqual(idsOf(await ann.search({ query: "soup", endTime: middle })), [sent.soup]);
});

test("a search goes on page by page", async () => {
  const { found, pages } = await ann.search({ query: "cake", maxPageSize: 1 });
  assert.deepEqual(idsOf({ found }), [sent.plan, sent.answer]);
  assert.ok(pages >= 2);
});

test("what is edited is found as it is now, and what is deleted is not", async () => {
  const id = await ann.sendMessage(lunch, "Rhubarb");
  assert.deepEqual(idsOf(await ben.search({ query: "rhubarb" })), [id]);
  await ann.updateMessage(lunch, id, "Quince");
  assert.deepEqual(idsOf(await ben.search({ query: "rhubarb" })), []);
  assert.deepEqual(idsOf(await ben.search({ query: "quince" })), [id]);
  await ann.deleteMessage(lunch, id);
  assert.deepEqual(idsOf(await ben.search({ query: "quince" })), []);
});

test("who is in no thread finds nothing, and is refused where a thread is named", async () => {
  const eve = await openFixture("chromium", server);
  try {
    await eve.signIn("Eve", { voice: false, chat: true });
    assert.deepEqual(idsOf(await eve.search({ query: "cake" })), []);
    const { refused } = await eve.search({ query: "cake", threadId: lunch });
    assert.deepEqual(refused, { error: "RestError", code: "Forbidden", statusCode: 403 });
  } finally {
    await eve.quit();
  }
});
