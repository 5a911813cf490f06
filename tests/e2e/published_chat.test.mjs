// The published chat client, unmodified, in real browsers on the real server: all that it tells an application.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browserNames } from "./lib/browsers.mjs";
import { hostPublishedPage, PublishedPage } from "./lib/published_page.mjs";
import { Server } from "./lib/server.mjs";
import { withoutWebSockets } from "./lib/without_web_sockets.mjs";

/** What was unescaped on the way would come out as something else. */
const topic = '100 % "Grüße" a%20b a%22b 👋';
let host;

before(async () => {
  host = await hostPublishedPage();
});
after(() => host?.close());

for (const browser of browserNames) {
  describe(`the published chat client in ${browser}`, () => {
    let server;
    let page;
    let ann;
    let ben;

    before(async () => {
      server = await Server.start();
      page = await PublishedPage.open(browser, host.url);
      ann = await page.signIn("ann", server);
      ben = await page.signIn("ben", server);
    });
    after(async () => {
      await page?.quit();
      await server?.close();
    });

    const createThread = (options = {}) =>
      page.run("createThread", "ann", topic, {
        participants: [{ id: ben, displayName: "Ben" }],
        ...options,
      });

    test("it connects", async () => {
      await page.waitFor("ann", "connected");
      await page.waitFor("ben", "connected");
    });

    test("a thread's events arrive, with all they say", async () => {
      const created = await createThread({
        metadata: { room: "ü%22" },
      });
      const inIt = ({ threadId }) => threadId === created;
      for (const who of ["ann", "ben"]) {
        const { event } = await page.waitFor(who, "chatThreadCreated", inIt);
        assertDate(event.createdOn);
        assert.deepEqual(event.createdBy.id, ann);
        assert.deepEqual(event.properties, { topic, metadata: { room: "ü%22" } });
        assert.deepEqual(event.participants.map(({ id }) => id.communicationUserId).sort(), ids(ann, ben));
        assert.equal(event.participants.find(({ id }) => id.communicationUserId === ids(ben)[0]).displayName, "Ben");
        assert.match(event.version, /^\d+$/);
      }

      await page.inThread("ann", created, "updateProperties", { topic: `new ${topic}` });
      const { event: updated } = await page.waitFor("ben", "chatThreadPropertiesUpdated", inIt);
      assertDate(updated.updatedOn);
      assert.deepEqual(updated.updatedBy.id, ann);
      assert.equal(updated.properties.topic, `new ${topic}`);

      const cem = await page.signIn("cem", server);
      await page.inThread("ann", created, "addParticipants", { participants: [{ id: cem, displayName: "Cem %41" }] });
      const { event: added } = await page.waitFor("ben", "participantsAdded", inIt);
      assertDate(added.addedOn);
      assert.deepEqual(added.addedBy.id, ann);
      assert.deepEqual(added.participantsAdded.map(({ id, displayName }) => [id, displayName]), [[cem, "Cem %41"]]);
      await page.waitFor("cem", "participantsAdded", inIt);

      await page.inThread("ann", created, "removeParticipant", cem);
      const { event: removed } = await page.waitFor("ben", "participantsRemoved", inIt);
      assertDate(removed.removedOn);
      assert.deepEqual(removed.removedBy.id, ann);
      assert.deepEqual(removed.participantsRemoved.map(({ id }) => id), [cem]);
      await page.waitFor("cem", "participantsRemoved", inIt);

      await page.run("deleteThread", "ann", created);
      const { event: deleted } = await page.waitFor("ben", "chatThreadDeleted", inIt);
      assertDate(deleted.deletedOn);
      assert.deepEqual(deleted.deletedBy.id, ann);
      assert.equal(deleted.reason, "deletedByUser");
    });

    test("a message's events arrive, with all they say", async () => {
      const thread = await createThread();
      const send = { senderDisplayName: "Ann", metadata: { x: "y%22" } };
      const { id } = await page.inThread("ann", thread, "sendMessage", { content: topic }, send);
      const ofIt = (event) => event.id === id;
      for (const [who, recipient] of [["ann", ann], ["ben", ben]]) {
        const { event } = await page.waitFor(who, "chatMessageReceived", ofIt);
        assertDate(event.createdOn);
        const { createdOn: _, attachments, ...rest } = event;
        assert.deepEqual(attachments ?? [], []);
        assert.deepEqual(rest, {
          threadId: thread,
          sender: ann,
          senderDisplayName: "Ann",
          recipient,
          id,
          version: id,
          type: "Text",
          message: topic,
          metadata: { x: "y%22" },
        });
      }

      await page.inThread("ann", thread, "updateMessage", id, { content: "<new>" });
      const { event: edited } = await page.waitFor("ben", "chatMessageEdited", ofIt);
      assertDate(edited.editedOn);
      assert.equal(edited.message, "<new>");
      assert.ok(Number(edited.version) > Number(id));

      await page.inThread("ben", thread, "sendTypingNotification", { senderDisplayName: "Ben" });
      const { event: typing } = await page.waitFor("ann", "typingIndicatorReceived", ({ threadId }) => threadId === thread);
      assertDate(typing.receivedOn);
      assert.deepEqual([typing.sender, typing.recipient, typing.senderDisplayName], [ben, ann, "Ben"]);

      await page.inThread("ben", thread, "sendReadReceipt", { chatMessageId: id });
      const { event: read } = await page.waitFor("ann", "readReceiptReceived", ({ chatMessageId }) => chatMessageId === id);
      assertDate(read.readOn);
      assert.deepEqual([read.threadId, read.sender, read.recipient], [thread, ben, ann]);

      await page.inThread("ann", thread, "deleteMessage", id);
      const { event: deleted } = await page.waitFor("ben", "chatMessageDeleted", ofIt);
      assertDate(deleted.deletedOn);
      assert.ok(Number(deleted.version) > Number(edited.version));
    });

    test("each event arrives once", async () => {
      const thread = await createThread();
      const sent = [];
      for (let index = 0; index < 20; index += 1) {
        sent.push((await page.inThread("ann", thread, "sendMessage", { content: `${index}` })).id);
      }
      await page.waitFor("ben", "chatMessageReceived", ({ id }) => id === sent.at(-1));
      assert.deepEqual(await received("ben", thread), sent);
    });

    test("what is sent around a crash of the server arrives after it", async () => {
      const thread = await createThread();
      await page.run("startSending", "ann", thread);
      await page.waitFor("ben", "chatMessageReceived", ({ message }) => message === "burst 5");
      await server.kill();
      await server.start();
      const acknowledged = await page.run("stopSending");
      const { id: last } = await page.inThread("ann", thread, "sendMessage", { content: "last" });
      await page.waitFor("ben", "chatMessageReceived", ({ id }) => id === last);
      const got = await received("ben", thread);
      for (const id of acknowledged) assert.ok(got.includes(id), `${id} was acknowledged`);
      const names = (await page.run("log", "ben")).map(({ name }) => name);
      assert.ok(names.filter((name) => name === "connected").length >= 2, "it told that it is connected again");
      assert.ok(names.includes("disconnected"), "and that it was not");
    });

    async function received(who, thread) {
      const log = await page.run("log", who);
      return log.filter(({ name, event }) => name === "chatMessageReceived" && event.threadId === thread).map(({ event }) => event.id);
    }
  });

  test(`where WebSockets are refused, the published chat client in ${browser} polls`, async () => {
    const server = await Server.start();
    const line = await withoutWebSockets(server);
    const page = await PublishedPage.open(browser, host.url);
    try {
      await page.signIn("ann", server, line.endpoint);
      const ben = await page.signIn("ben", server, line.endpoint);
      await page.waitFor("ben", "connected");
      const thread = await page.run("createThread", "ann", topic, { participants: [{ id: ben }] });
      const sent = [];
      for (const content of ["one", "two", topic]) sent.push((await page.inThread("ann", thread, "sendMessage", { content })).id);
      const { event } = await page.waitFor("ben", "chatMessageReceived", ({ id }) => id === sent.at(-1));
      assert.equal(event.message, topic);
      const log = await page.run("log", "ben");
      assert.deepEqual(log.filter(({ name }) => name === "chatMessageReceived").map(({ event: { id } }) => id), sent);
      assert.ok(line.refused.length > 0, "it tried a WebSocket first");
    } finally {
      await page.quit();
      await line.close();
      await server.close();
    }
  });
}

function assertDate(value) {
  assert.ok(Math.abs(Date.parse(value?.date) - Date.now()) < 600_000, JSON.stringify(value));
}

function ids(...people) {
  return people.map(({ communicationUserId }) => communicationUserId).sort();
}
