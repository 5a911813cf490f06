// Tokens that the server refuses although the page takes them for good: revoked ones, and ones that expired while the
// page's clock is slow. Real browsers, and a server that verifies.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";
import { expiringIn, revokeTokens } from "./lib/tokens.mjs";

const HOUR = 3_600;
const kept = { voice: false, chat: true, localData: {} };
let server;

before(async () => {
  server = await Server.start();
});
after(() => server.close());

for (const browser of ["chromium", "firefox"]) {
  const withTab = (what, story) =>
    test(`${browser}: ${what}`, async () => {
      const tab = await openFixture(browser, server);
      try {
        await story(tab);
      } finally {
        await tab.quit();
      }
    });

  withTab("where tokens are revoked everything goes on with one new token, and nothing is lost or repeated", async (tab) => {
    const ann = await tab.signIn(`Ann ${browser}`, kept);
    const bob = await ChatUser.signIn(server, `Bob ${browser}`);
    const thread = await tab.createThread("Lunch", [{ id: bob.id, displayName: "Bob" }]);
    const texts = [];
    const send = (text) => {
      texts.push(text);
      return bob.send(thread, text);
    };
    await send("0");
    await tab.waitForChatCount(thread, "0", 1);
    for (const round of [1, 2]) {
      await revokeTokens(server, ann);
      await send(`while away ${round}`);
      const own = ["a", "b", "c"].map((name) => `${name} ${round}`);
      await tab.sendAtOnce(thread, own);
      await tab.queueMessage(thread, `queued ${round}`);
      await tab.waitForNothingPending(thread);
      await send(`back ${round}`);
      await tab.waitForChatCount(thread, `back ${round}`, 1);
      texts.push(...own, `queued ${round}`);
      assert.equal(await tab.refreshes(), round, "one new token for everything");
    }
    const heard = await received(tab, thread);
    assert.deepEqual(heard.toSorted(), texts.toSorted());
    const fromBob = texts.filter((text) => /^0|away|back/.test(text));
    assert.deepEqual(heard.filter((text) => fromBob.includes(text)), fromBob, "in order");
    assert.deepEqual((await listed(tab, thread)).toSorted(), texts.toSorted());
  });

  withTab("a queued message whose token was revoked is sent once", async (tab) => {
    const ann = await tab.signIn(`Queue ${browser}`, { ...kept, realtime: false });
    const thread = await tab.createThread("Lunch", []);
    await tab.breakSends([]);
    await revokeTokens(server, ann);
    await tab.queueMessage(thread, "one");
    await tab.waitForNothingPending(thread);
    const attempts = await tab.attempts();
    assert.deepEqual(attempts.map(({ status }) => status), [401, 201]);
    assert.equal(new Set(attempts.map(({ id }) => id)).size, 1, "one id");
    assert.equal(await tab.refreshes(), 1);
    assert.deepEqual(await listed(tab, thread), ["one"]);
  });

  for (const realtime of [true, false]) {
    const how = realtime ? "realtime" : "a request";
    withTab(`on a page whose clock is slow ${how} replaces a token that has expired`, async (tab) => {
      const name = `Slow ${realtime} ${browser}`;
      const first = await expiringIn(server, (await server.demoToken(name)).token, -HOUR);
      await tab.slowClock(2 * HOUR * 1_000);
      await tab.signIn(name, { ...kept, realtime, first });
      const thread = await tab.createThread("Lunch", []);
      await tab.sendMessage(thread, "sent");
      await tab.queueMessage(thread, "queued");
      await tab.waitForNothingPending(thread);
      assert.equal(await tab.refreshes(), 1);
      assert.deepEqual(await listed(tab, thread), ["sent", "queued"]);
      if (!realtime) return;
      await tab.waitForChatCount(thread, "queued", 1);
      assert.deepEqual(await received(tab, thread), ["sent", "queued"]);
    });
  }

  withTab("on a page whose clock is slow a token that expires while events arrive is replaced, too", async (tab) => {
    const name = `Live ${browser}`;
    const bob = await ChatUser.signIn(server, `Bob ${browser}`);
    const first = await expiringIn(server, (await server.demoToken(name)).token, 15);
    await tab.slowClock(2 * HOUR * 1_000);
    await tab.signIn(name, { ...kept, first });
    const thread = await tab.createThread("Lunch", [{ id: bob.id, displayName: "Bob" }]);
    await bob.send(thread, "before");
    await tab.waitForRefreshes(1);
    await bob.send(thread, "after");
    await tab.waitForChatCount(thread, "after", 1);
    await tab.sendMessage(thread, "own");
    await tab.waitForChatCount(thread, "own", 1);
    assert.deepEqual(await received(tab, thread), ["before", "after", "own"]);
    assert.equal(await tab.refreshes(), 1);
  });

  withTab("without a refresher a revoked token is a plain 401, and the end of the events", async (tab) => {
    const ann = await tab.signIn(`Fixed ${browser}`, { ...kept, refreshes: false });
    const thread = await tab.createThread("Lunch", []);
    await tab.breakSends([]);
    await revokeTokens(server, ann);
    const refused = await tab.refusedMessage(thread, "one");
    assert.match(refused.message, /Sign in again/);
    delete refused.message;
    assert.deepEqual(refused, { name: "RestError", code: "Unauthorized", statusCode: 401 });
    assert.deepEqual((await tab.attempts()).map(({ status }) => status), [401]);
    assert.equal((await tab.waitForChatConnection("disconnected")).reason, "tokenRefused");
  });
}

/** The texts of the messages that events told of, as they came. */
async function received(tab, thread) {
  const events = await tab.chat();
  return events.filter((event) => event.threadId === thread && event.name === "chatMessageReceived").map(({ message }) => message);
}

/** The texts of the messages of a thread, the oldest first. */
async function listed(tab, thread) {
  const ids = await tab.listMessages(thread);
  const messages = await Promise.all(ids.map((id) => tab.getMessage(thread, id)));
  return messages.filter(({ type }) => type === "text").reverse().map(({ content }) => content.message);
}
