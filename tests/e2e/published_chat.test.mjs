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

/** How the client's events travel. */
const ways = ["WebSockets", "polls"];

for (const browser of browserNames) for (const way of ways) {
  describe(`the published chat client in ${browser}, over ${way}`, () => {
    let server;
    let line;
    let page;
    let ann;
    let ben;

    before(async () => {
      // A poll is held for two thirds of it.
      server = await Server.start({ env: { OPENLINE_LIMITS__REQUEST_TIMEOUT_S: "6" } });
      if (way === "polls") line = await withoutWebSockets(server);
      page = await PublishedPage.open(browser, host.url);
      ann = await signIn("ann");
      ben = await signIn("ben");
    });
    after(async () => {
      await page?.quit();
      await line?.close();
      await server?.close();
    });

    const signIn = (who) => page.signIn(who, server, line?.endpoint);
    const createThread = (options = {}) =>
      page.run("createThread", "ann", topic, {
        participants: [{ id: ben, displayName: "Ben" }],
        ...options,
      });

    test("it connects", async () => {
      await page.waitFor("ann", "connected");
      await page.waitFor("ben", "connected");
      if (line) assert.ok(line.refused.length >= 2, "each tried a WebSocket first");
    });

    test("a thread's events arrive, with all they say", async () => {
      const created = await createThread({
        metadata: { room: "ü%22" },
        retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 },
      });
      const inIt = ({ threadId }) => threadId === created;
      for (const who of ["ann", "ben"]) {
        const { event } = await page.waitFor(who, "chatThreadCreated", inIt);
        assertDate(event.createdOn);
        assert.deepEqual(event.createdBy.id, ann);
        assert.deepEqual(event.properties, { topic, metadata: { room: "ü%22" } });
        assert.deepEqual(event.retentionPolicy, { kind: "threadCreationDate", deleteThreadAfterDays: 60 });
        assert.deepEqual(event.participants.map(({ id }) => id.communicationUserId).sort(), ids(ann, ben));
        assert.equal(event.participants.find(({ id }) => id.communicationUserId === ids(ben)[0]).displayName, "Ben");
        assert.match(event.version, /^\d+$/);
      }

      await page.inThread("ann", created, "updateProperties", { topic: `new ${topic}` });
      const { event: updated } = await page.waitFor("ben", "chatThreadPropertiesUpdated", inIt);
      assertDate(updated.updatedOn);
      assert.deepEqual(updated.updatedBy.id, ann);
      assert.equal(updated.properties.topic, `new ${topic}`);

      const cem = await signIn("cem");
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

    test("who hears nothing for a while stays connected", { skip: way === "WebSockets" && "its pings go every 40 s" }, async () => {
      const polls = line.polls + 6;
      await page.driver.wait(() => line.polls >= polls, 60_000, "it polls on");
      const names = (await page.run("log", "ben")).map(({ name }) => name);
      assert.deepEqual(names.filter((name) => /connected/.test(name)), ["connected"]);
    });

    for (const [what, end, isRepeated] of [
      ["a restart", () => server.terminate(), false],
      ["a crash", () => server.kill(), true],
    ]) {
      test(`what both send around ${what} of the server arrives after it`, async () => {
        const thread = await createThread();
        const before = (await page.run("log", "ben")).length;
        for (const who of ["ann", "ben"]) await page.run("startSending", who, thread);
        for (const who of ["ann", "ben"]) await page.waitFor("ben", "chatMessageReceived", ({ message }) => message === `${who} 5`, before);
        await end();
        await server.start();
        const acknowledged = [...(await page.run("stopSending", "ann")), ...(await page.run("stopSending", "ben"))];
        const { id: last } = await page.inThread("ann", thread, "sendMessage", { content: "last" });
        for (const who of ["ann", "ben"]) {
          await page.waitFor(who, "chatMessageReceived", ({ id }) => id === last);
          const got = await received(who, thread);
          for (const id of acknowledged) assert.ok(got.includes(id), `${id} was acknowledged`);
          const first = got.filter((id, index) => got.indexOf(id) === index);
          assert.deepEqual(first, [...first].sort((one, other) => one - other), "in order");
          // Whatever was answered right before a crash may not have reached the disk.
          if (!isRepeated) assert.deepEqual(got, first, "each once");
        }
        const names = (await page.run("log", "ben")).slice(before).map(({ name }) => name);
        assert.deepEqual(names.filter((name) => /connected/.test(name)), ["disconnected", "connected"], "it told so");
      });
    }

    test("who stops is told nothing more", async () => {
      const thread = await createThread();
      await page.waitFor("ben", "chatThreadCreated", ({ threadId }) => threadId === thread);
      await page.run("signOut", "ben");
      const { id } = await page.inThread("ann", thread, "sendMessage", { content: "gone" });
      await page.waitFor("ann", "chatMessageReceived", (event) => event.id === id);
      assert.deepEqual(await received("ben", thread), []);
    });

    async function received(who, thread) {
      const log = await page.run("log", who);
      return log.filter(({ name, event }) => name === "chatMessageReceived" && event.threadId === thread).map(({ event }) => event.id);
    }
  });
}

function assertDate(value) {
  assert.ok(Math.abs(Date.parse(value?.date) - Date.now()) < 600_000, JSON.stringify(value));
}

function ids(...people) {
  return people.map(({ communicationUserId }) => communicationUserId).sort();
}
