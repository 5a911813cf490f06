// Threads: create, get, change, list, delete.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { all, foreignUser, person, status, threadOf, unknownUser, versions } from "./world.mjs";

const aMinute = 60_000;
const isNow = (date) => Math.abs(date.getTime() - Date.now()) < aMinute;

for (const version of versions) {
  describe(`threads, ${version}`, () => {
    test("a thread without participants has its creator", async () => {
      const ann = await person(version);
      const { chatThread, invalidParticipants } = await ann.chat.createChatThread({ topic: "Töpic" });
      assert.equal(invalidParticipants, undefined);
      assert.match(chatThread.id, /^19:[\w-]+@thread\.v2$/);
      assert.equal(chatThread.topic, "Töpic");
      assert.ok(isNow(chatThread.createdOn));
      assert.deepEqual(chatThread.createdBy, ann.asSeen);
      assert.equal(chatThread.deletedOn, undefined);

      const thread = ann.chat.getChatThreadClient(chatThread.id);
      assert.deepEqual(await thread.getProperties(), chatThread);
      assert.deepEqual((await all(thread.listParticipants())).map(({ id }) => id), [ann.asSeen]);
    });

    test("a thread with participants has them, and says so in its first messages", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const shareHistoryTime = new Date("2020-09-13T12:26:40Z");
      const { chatThread, invalidParticipants } = await ann.chat.createChatThread(
        { topic: "Lunch" },
        { participants: [{ id: ben.user, displayName: "Ben", shareHistoryTime }] },
      );
      assert.equal(invalidParticipants, undefined);
      const thread = ben.chat.getChatThreadClient(chatThread.id);
      const participants = await all(thread.listParticipants());
      const listed = participants.find(({ id }) => id.communicationUserId === ben.id);
      assert.equal(participants.length, 2);
      assert.equal(listed.displayName, "Ben");
      assert.deepEqual(listed.shareHistoryTime, shareHistoryTime);

      const [topicUpdated, participantAdded] = await all(thread.listMessages());
      assert.equal(participantAdded.type, "participantAdded");
      assert.equal(participantAdded.sequenceId, "1");
      assert.equal(participantAdded.sender, undefined);
      assert.deepEqual(participantAdded.content.initiator, ann.asSeen);
      assert.deepEqual(ids(participantAdded.content.participants), [ann.id, ben.id].sort());
      assert.ok(participantAdded.content.participants.every((it) => it.shareHistoryTime instanceof Date));
      assert.equal(topicUpdated.type, "topicUpdated");
      assert.equal(topicUpdated.sequenceId, "2");
      assert.equal(topicUpdated.content.topic, "Lunch");
      assert.deepEqual(topicUpdated.content.initiator, ann.asSeen);
    });

    test("who cannot be added is named, and the others are in", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const nobody = unknownUser(ann);
      const { chatThread, invalidParticipants } = await ann.chat.createChatThread(
        { topic: "Mixed" },
        { participants: [{ id: foreignUser }, { id: ben.user }, { id: nobody }] },
      );
      const told = invalidParticipants.map(({ target, code, message }) => ({ target, code, message }));
      assert.deepEqual(told.sort((a, b) => a.code.localeCompare(b.code)), [
        { target: foreignUser.communicationUserId, code: "403", message: "Permissions check failed" },
        { target: nobody.communicationUserId, code: "404", message: "Not found" },
      ]);
      const listed = await all(ann.chat.getChatThreadClient(chatThread.id).listParticipants());
      assert.deepEqual(listed.map(({ id }) => id.communicationUserId).sort(), [ann.id, ben.id].sort());
    });

    test("the same idempotency token is the same thread, for one user", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const options = { idempotencyToken: randomUUID() };
      const create = async ({ chat }) => (await chat.createChatThread({ topic: "Once" }, options)).chatThread.id;
      const first = await create(ann);
      assert.equal(await create(ann), first);
      assert.notEqual(await create(ben), first);
      assert.notEqual((await ann.chat.createChatThread({ topic: "Once" })).chatThread.id, first);
      assert.equal((await all(ann.chat.listChatThreads())).length, 2);
    });

    test("a new topic is stored, and told by a message", async () => {
      const ann = await person(version);
      const [thread] = await threadOf("Old", [ann]);
      assert.equal(await status((options) => thread.updateTopic("New", options)), 204);
      assert.equal((await thread.getProperties()).topic, "New");
      await thread.updateProperties({ topic: "Newer" });
      assert.equal((await thread.getProperties()).topic, "Newer");
      const told = (await all(thread.listMessages())).filter(({ type }) => type === "topicUpdated");
      assert.deepEqual(told.map(({ content }) => content.topic), ["Newer", "New", "Old"]);
    });

    test("the list has the newest activity first, page by page, each thread once", async () => {
      const ann = await person(version);
      const threads = [];
      for (const topic of ["one", "two", "three"]) threads.push((await threadOf(topic, [ann]))[0]);
      await threads[0].sendMessage({ content: "again" });

      const pages = [];
      for await (const page of ann.chat.listChatThreads({ maxPageSize: 2 }).byPage()) pages.push(page);
      assert.deepEqual(pages.map((page) => page.length), [2, 1]);
      const items = pages.flat();
      assert.deepEqual(items.map(({ topic }) => topic), ["one", "three", "two"]);
      assert.deepEqual(items.map(({ id }) => id), [0, 2, 1].map((index) => threads[index].threadId));
      assert.ok(items.every((item) => isNow(item.lastMessageReceivedOn) && item.deletedOn === undefined));
      assert.equal((await all(ann.chat.listChatThreads({ maxPageSize: 1 }))).length, 3);
    });

    test("the list leaves out what happened before its start", async () => {
      const ann = await person(version);
      await threadOf("now", [ann]);
      const list = (offset) => all(ann.chat.listChatThreads({ startTime: new Date(Date.now() + offset) }));
      assert.equal((await list(-aMinute)).length, 1);
      assert.equal((await list(+aMinute)).length, 0);
    });

    test("who was removed from a thread has it in the list nevertheless", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread] = await threadOf("Past", [ann, ben]);
      await thread.removeParticipant(ben.user);
      assert.deepEqual((await all(ben.chat.listChatThreads())).map(({ topic }) => topic), ["Past"]);
    });

    test("a deleted thread is gone for everybody, and in the list says so", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [, thread] = await threadOf("Over", [ann, ben]);
      assert.equal(await status((options) => ann.chat.deleteChatThread(thread.threadId, options)), 204);
      await assert.rejects(thread.getProperties(), ({ statusCode }) => [403, 404].includes(statusCode));
      await assert.rejects(thread.sendMessage({ content: "late" }), ({ statusCode }) => [403, 404].includes(statusCode));
      const [item] = await all(ben.chat.listChatThreads());
      assert.equal(item.id, thread.threadId);
      assert.ok(isNow(item.deletedOn));
    });
  });
}

describe("threads, 2025-03-15 alone", () => {
  const [version] = versions.slice(-1);

  test("metadata is kept, and merged key by key", async () => {
    const ann = await person(version);
    const { chatThread } = await ann.chat.createChatThread({ topic: "Tagged" }, { metadata: { room: "2", kept: "ü" } });
    assert.deepEqual(chatThread.metadata, { room: "2", kept: "ü" });
    const thread = ann.chat.getChatThreadClient(chatThread.id);
    await thread.updateProperties({ metadata: { room: "3", added: "yes" } });
    const { metadata, topic } = await thread.getProperties();
    assert.deepEqual(metadata, { room: "3", kept: "ü", added: "yes" });
    assert.equal(topic, "Tagged");
  });

  test("a retention policy is kept, and replaced", async () => {
    const ann = await person(version);
    const retentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays: 90 };
    const { chatThread } = await ann.chat.createChatThread({ topic: "Brief" }, { retentionPolicy });
    assert.deepEqual(chatThread.retentionPolicy, retentionPolicy);
    const thread = ann.chat.getChatThreadClient(chatThread.id);
    await thread.updateProperties({ retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 30 } });
    assert.equal((await thread.getProperties()).retentionPolicy.deleteThreadAfterDays, 30);
    await thread.updateProperties({ retentionPolicy: { kind: "none" } });
    // Absent is none.
    assert.equal((await thread.getProperties()).retentionPolicy?.kind ?? "none", "none");
  });

  test("a thread lives for 30 to 90 days", async () => {
    const ann = await person(version);
    for (const deleteThreadAfterDays of [29, 91]) {
      const retentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays };
      await assert.rejects(ann.chat.createChatThread({ topic: "x" }, { retentionPolicy }), { statusCode: 400 });
    }
  });
});

function ids(participants) {
  return participants.map(({ id }) => id.communicationUserId).sort();
}
