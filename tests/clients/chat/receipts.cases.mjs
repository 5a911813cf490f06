// Typing notifications and read receipts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { all, person, status, threadOf, versions } from "./world.mjs";

for (const version of versions) {
  describe(`typing and reading, ${version}`, () => {
    test("a typing notification is sent, with a name or without", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Typing", [ann, ben]);
      assert.equal(await status((options) => thread.sendTypingNotification({ senderDisplayName: "Ann", ...options })), 200);
      assert.equal(await bens.sendTypingNotification(), true);
      // The client itself sends no second one so soon.
      assert.equal(await bens.sendTypingNotification(), false);
      assert.equal((await all(thread.listMessages())).length, 2);
    });

    test("each reader has one receipt, of the message read last", async () => {
      const [ann, ben] = [await person(version), await person(version)];
      const [thread, bens] = await threadOf("Reading", [ann, ben]);
      const { id: first } = await thread.sendMessage({ content: "1" });
      const { id: second } = await thread.sendMessage({ content: "2" });
      assert.equal(await status((options) => bens.sendReadReceipt({ chatMessageId: first }, options)), 200);
      await thread.sendReadReceipt({ chatMessageId: second });
      await bens.sendReadReceipt({ chatMessageId: second });
      await bens.sendReadReceipt({ chatMessageId: second });

      const receipts = await all(thread.listReadReceipts());
      assert.deepEqual(
        receipts.map(({ sender, chatMessageId }) => [sender.communicationUserId, chatMessageId]).sort(),
        [[ann.id, second], [ben.id, second]].sort(),
      );
      assert.ok(receipts.every(({ readOn }) => Math.abs(readOn.getTime() - Date.now()) < 60_000));
      assert.deepEqual(receipts.map(({ readOn }) => readOn), receipts.map(({ readOn }) => readOn).sort((a, b) => a - b));
    });

    test("receipts come page by page, and some can be skipped", async () => {
      const people = [];
      for (let index = 0; index < 3; index += 1) people.push(await person(version));
      const threads = await threadOf("Pages", people);
      const { id } = await threads[0].sendMessage({ content: "read me" });
      for (const thread of threads) await thread.sendReadReceipt({ chatMessageId: id });
      const pages = [];
      for await (const page of threads[0].listReadReceipts({ maxPageSize: 2 }).byPage()) pages.push(page);
      assert.deepEqual(pages.map((page) => page.length), [2, 1]);
      const readers = pages.flat().map(({ sender }) => sender.communicationUserId);
      assert.deepEqual(readers.toSorted(), people.map((it) => it.id).sort());
      const skipped = await all(threads[0].listReadReceipts({ skip: 1, maxPageSize: 1 }));
      assert.deepEqual(skipped.map(({ sender }) => sender.communicationUserId), readers.slice(1));
    });

    test("only a message that is there can be read", async () => {
      const [thread] = await threadOf("Nothing", [await person(version)]);
      await assert.rejects(thread.sendReadReceipt({ chatMessageId: "1700000000000" }), ({ statusCode }) =>
        [400, 404].includes(statusCode));
      assert.deepEqual(await all(thread.listReadReceipts()), []);
    });
  });
}
