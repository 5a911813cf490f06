// Messages: send, get, list, change, delete.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { all, person, status, threadOf, versions } from "./world.mjs";

const kibibyte = 1024;

for (const version of versions) {
  describe(`messages, ${version}`, () => {
    test("a message is stored as it was sent", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Plain", [ann, ben]);
      const before = Date.now();
      const { id } = await thread.sendMessage({ content: "Grüße, 你好 👋" });
      assert.match(id, /^\d{13}$/);
      const message = await bens.getMessage(id);
      assert.equal(message.id, id);
      assert.equal(message.version, id);
      assert.equal(message.type, "text");
      // Two messages told of the thread's beginning.
      assert.equal(message.sequenceId, "3");
      assert.equal(message.content.message, "Grüße, 你好 👋");
      assert.equal(message.senderDisplayName, "");
      assert.deepEqual(message.sender, ann.asSeen);
      assert.ok(Math.abs(message.createdOn.getTime() - before) < 60_000);
      assert.equal(message.editedOn, undefined);
      assert.equal(message.deletedOn, undefined);
    });

    test("HTML, a name and metadata come back", async () => {
      const [thread] = await threadOf("Rich", [await person(version)]);
      const options = { type: "html", senderDisplayName: "Ann", metadata: { x: "y", deliveryMode: "ü" } };
      const { id } = await thread.sendMessage({ content: "<b>hi</b>" }, options);
      const message = await thread.getMessage(id);
      assert.equal(message.type, "html");
      assert.equal(message.content.message, "<b>hi</b>");
      assert.equal(message.senderDisplayName, "Ann");
      assert.deepEqual(message.metadata, options.metadata);
    });

    test("nobody sends what the service tells", async () => {
      const [thread] = await threadOf("System", [await person(version)]);
      for (const type of ["topicUpdated", "participantAdded", "participantRemoved"]) {
        await assert.rejects(thread.sendMessage({ content: "x" }, { type }), { statusCode: 400 }, type);
      }
    });

    test("the list has the newest first, page by page, in one sequence", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("List", [ann, ben]);
      const sent = [];
      for (let index = 0; index < 5; index += 1) sent.push((await thread.sendMessage({ content: `${index}` })).id);

      const pages = [];
      for await (const page of bens.listMessages({ maxPageSize: 3 }).byPage()) pages.push(page);
      assert.ok(pages.every((page) => page.length <= 3));
      const messages = pages.flat();
      assert.deepEqual(messages.map(({ sequenceId }) => sequenceId), ["7", "6", "5", "4", "3", "2", "1"]);
      assert.deepEqual(messages.slice(0, 5).map(({ id }) => id), sent.reverse());
      assert.deepEqual(messages.slice(5).map(({ type }) => type), ["topicUpdated", "participantAdded"]);
      assert.equal((await all(bens.listMessages({ maxPageSize: 1 }))).length, 7);
    });

    test("the list leaves out what was created before its start, on every page", async () => {
      const [thread] = await threadOf("Since", [await person(version)]);
      const sent = [];
      for (let index = 0; index < 4; index += 1) sent.push((await thread.sendMessage({ content: `${index}` })).id);
      const list = (startTime) => all(thread.listMessages({ startTime, maxPageSize: 1 }));
      const since = await list(new Date(Number(sent[1])));
      assert.deepEqual(since.map(({ id }) => id), sent.slice(1).reverse());
      assert.deepEqual(await list(new Date(Number(sent[3]) + 60_000)), []);
    });

    test("an edit changes content and version, and says when", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Edit", [ann, ben]);
      const { id } = await thread.sendMessage({ content: "Noon?" }, { metadata: { a: "1", b: "2" } });
      const change = { content: "One?", metadata: { b: "3", c: "4" } };
      assert.equal(await status((options) => thread.updateMessage(id, { ...change, ...options })), 204);
      const message = await bens.getMessage(id);
      assert.equal(message.content.message, "One?");
      assert.deepEqual(message.metadata, { a: "1", b: "3", c: "4" });
      assert.ok(message.editedOn >= message.createdOn);
      assert.ok(Number(message.version) > Number(id));
      assert.equal(message.sequenceId, "3");

      await thread.updateMessage(id, { metadata: { c: "5" } });
      const again = await bens.getMessage(id);
      assert.equal(again.content.message, "One?");
      assert.equal(again.metadata.c, "5");
      assert.ok(Number(again.version) > Number(message.version));
    });

    test("a deleted message keeps its place, and says nothing any more", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Delete", [ann, ben]);
      const { id } = await thread.sendMessage({ content: "Oops" });
      await thread.sendMessage({ content: "Better" });
      assert.equal(await status((options) => thread.deleteMessage(id, options)), 204);
      const deleted = (await all(bens.listMessages())).find((message) => message.id === id);
      assert.equal(deleted.sequenceId, "3");
      assert.ok(deleted.deletedOn >= deleted.createdOn);
      assert.equal(deleted.content?.message, undefined);
      assert.ok(Number(deleted.version) > Number(id));
    });

    test("only who sent a message changes or deletes it", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Mine", [ann, ben]);
      const { id } = await thread.sendMessage({ content: "Mine" });
      await assert.rejects(bens.updateMessage(id, { content: "Ours" }), { statusCode: 403, code: "Forbidden" });
      await assert.rejects(bens.deleteMessage(id), { statusCode: 403, code: "Forbidden" });
      assert.equal((await bens.getMessage(id)).content.message, "Mine");
    });

    test("who joins later sees what the others share with them", async () => {
      const [ann, ben, cem] = [await person(version), await person(version), await person(version)];
      const [thread] = await threadOf("History", [ann]);
      await thread.sendMessage({ content: "early" });
      const { id } = await thread.sendMessage({ content: "late" });
      await thread.addParticipants({
        participants: [{ id: ben.user, shareHistoryTime: new Date(Number(id)) }, { id: cem.user }],
      });
      const seenBy = async ({ chat }) =>
        (await all(chat.getChatThreadClient(thread.threadId).listMessages()))
          .filter(({ type }) => type === "text")
          .map(({ content }) => content.message);
      assert.deepEqual(await seenBy(ben), ["late"]);
      assert.deepEqual(await seenBy(cem), ["late", "early"]);
    });

    test("a message holds 28 KiB, and its metadata 1 KiB", async () => {
      const [thread] = await threadOf("Large", [await person(version)]);
      const largest = "x".repeat(28 * kibibyte);
      const { id } = await thread.sendMessage({ content: largest });
      assert.equal((await thread.getMessage(id)).content.message, largest);
      await assert.rejects(thread.sendMessage({ content: `${largest}x` }), ({ statusCode }) => [400, 413].includes(statusCode));
      const metadata = { key: "x".repeat(kibibyte) };
      await assert.rejects(thread.sendMessage({ content: "x" }, { metadata }), { statusCode: 400 });
    });
  });
}
