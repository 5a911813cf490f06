// Queued messages whose token ends, whose answer gets lost, or that bring files: a real browser, and a server that knows repeats.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;

before(async () => {
  server = await Server.start();
});
after(() => server.close());

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: a queued message brings the files that were uploaded, also where its answer gets lost`, async () => {
    const tab = await openFixture(browser, server);
    try {
      await tab.signIn(`Ann ${browser}`, { voice: false, chat: true, localData: {} });
      const thread = await tab.createThread("Lunch", []);
      const { attachment } = await tab.uploadFile(thread, { name: "plan.bin", type: "application/octet-stream", size: 999 });
      await tab.breakSends(["lost"]);
      const pending = await tab.queueFiles(thread, "The plan", [attachment]);
      assert.deepEqual(pending.attachments, [{ id: attachment.id }]);
      await tab.waitForNothingPending(thread);
      const attempts = await tab.attempts();
      assert.deepEqual(attempts.map(({ status }) => status), [201, 201]);
      const [id, ...others] = await tab.listMessages(thread);
      assert.deepEqual(others, []);
      const { content, metadata } = await tab.getMessage(thread, id);
      assert.equal(content.message, "The plan");
      assert.deepEqual(content.attachments.map((file) => [file.id, file.name]), [[attachment.id, "plan.bin"]]);
      assert.deepEqual(metadata, { from: "outbox" });
      assert.equal((await tab.downloadFile(thread, attachment.id)).size, 999);
    } finally {
      await tab.quit();
    }
  });

  for (const [what, troubles, answers] of [
    ["whose token ends in between", ["refused"], [401, 201]],
    ["whose answer gets lost before its token ends", ["lost", "refused"], [201, 401, 201]],
  ]) {
    test(`${browser}: a message ${what} is there once`, async () => {
      const tab = await openFixture(browser, server);
      try {
        await tab.signIn(`Ann ${browser}`, { voice: false, chat: true, localData: {} });
        const thread = await tab.createThread("Lunch", []);
        await tab.breakSends(troubles);
        await tab.queueMessage(thread, "one");
        await tab.waitForNothingPending(thread);
        const attempts = await tab.attempts();
        assert.deepEqual(attempts.map(({ status }) => status), answers);
        assert.equal(new Set(attempts.map(({ id }) => id)).size, 1, "one id");
        assert.match(attempts[0].id, /^[0-9a-f-]{36}$/);
        assert.equal((await tab.listMessages(thread)).length, 1);
      } finally {
        await tab.quit();
      }
    });
  }

  test(`${browser}: where the device cannot be read for a moment everything is sent all the same, in order`, async () => {
    const tab = await openFixture(browser, server);
    try {
      const options = { voice: false, chat: true, localData: {} };
      await tab.signIn(`Ben ${browser}`, options);
      const thread = await tab.createThread("Lunch", []);
      await tab.breakStore("get");
      await tab.queueMessage(thread, "one");
      await tab.queueMessage(thread, "two");
      await tab.waitForNothingPending(thread);
      await tab.breakSends(Array(50).fill("refused"));
      await tab.queueMessage(thread, "three");

      await tab.load(server);
      await tab.breakStore("getAll");
      await tab.signIn(`Ben ${browser}`, options);
      await tab.queueMessage(thread, "four");
      await tab.waitForBrokenStore();
      await tab.waitForNothingPending(thread);
      assert.deepEqual(await texts(tab, thread), ["one", "two", "three", "four"]);
    } finally {
      await tab.quit();
    }
  });
}

async function texts(tab, thread) {
  const ids = await tab.listMessages(thread);
  const messages = await Promise.all(ids.map((id) => tab.getMessage(thread, id)));
  return messages.reverse().map(({ content }) => content.message);
}
