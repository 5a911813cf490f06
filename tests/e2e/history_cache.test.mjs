// The newest messages of threads, as the device keeps them: a real browser, and a server where others write.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;

before(async () => {
  server = await Server.start();
});
after(() => server.close());

for (const browser of ["chromium", "firefox"]) {
  describe(browser, () => {
    let tab;
    let ann;
    let bob;

    /** Ann's tab keeps so much; Bob has no browser. */
    async function meet(history) {
      const { identity } = await server.demoToken(`Ann ${browser}`);
      ann = { id: identity.id, name: "Ann" };
      bob = await ChatUser.signIn(server, `Bob ${browser}`);
      await signIn(tab, history);
    }

    const signIn = (tab, history) => tab.signIn(`Ann ${browser}`, { voice: false, chat: true, localData: { history } });

    /** A thread of both in which Bob wrote, listed by Ann. */
    async function listed(texts, people = []) {
      const thread = await bob.createThread("Lunch", [ann, ...people]);
      const ids = [];
      for (const text of texts) ids.push(await bob.send(thread, text));
      await tab.listMessages(thread);
      return { thread, ids };
    }

    const kept = async (thread) => (await tab.cachedMessages(thread)).map(({ content }) => content?.message);

    beforeEach(async () => {
      tab = await openFixture(browser, server);
    });
    afterEach(() => tab.quit());

    test("of a thread the newest are kept", async () => {
      await meet({ maxMessagesPerThread: 3 });
      const { thread } = await listed(["one", "two", "three", "four"]);
      assert.deepEqual(await kept(thread), ["four", "three", "two"]);
      await bob.send(thread, "five");
      await tab.waitForCached(thread, ["five", "four", "three"]);
    });

    test("of threads those are kept that something happened in last", async () => {
      await meet({ maxThreads: 2 });
      const { thread: first } = await listed(["first"]);
      const { thread: second } = await listed(["second"]);
      const { thread: third } = await listed(["third"]);
      assert.deepEqual(await kept(first), []);
      assert.equal((await kept(second))[0], "second");
      const before = await kept(second);
      await bob.send(second, "again");
      await tab.waitForCached(second, ["again", ...before]);
      const { thread: fourth } = await listed(["fourth"]);
      assert.deepEqual(await kept(third), []);
      assert.deepEqual([(await kept(second))[0], (await kept(fourth))[0]], ["again", "fourth"]);
    });

    test("where the bytes do not suffice, the newest of the thread are kept that do fit, and older threads go", async () => {
      await meet({ maxBytes: 6_000 });
      const long = (letter) => letter.repeat(500);
      const { thread: first } = await listed([..."abcdefgh"].map(long));
      const before = await kept(first);
      assert.ok(before.length > 1 && before.length < 8, `${before.length} fit`);
      assert.deepEqual(before, [..."hgfedcba"].map(long).slice(0, before.length));
      const { thread: second } = await listed(["i", "j"].map(long));
      assert.deepEqual(await kept(first), []);
      assert.deepEqual((await kept(second)).slice(0, 2), ["j", "i"].map(long));
    });

    test("edits and deletions change what is kept", async () => {
      await meet(true);
      const { thread, ids } = await listed(["one", "two", "three"]);
      const others = (await kept(thread)).slice(3);
      await bob.edit(thread, ids[0], "first");
      await bob.delete(thread, ids[1]);
      await tab.waitForCached(thread, ["three", null, "first", ...others]);
      const [, deleted, edited] = await tab.cachedMessages(thread);
      assert.ok(deleted.deletedOn && edited.editedOn);
      await bob.edit(thread, ids[0], "first of all");
      await tab.waitForCached(thread, ["three", null, "first of all", ...others]);
    });

    test("what happens while the list is on its way is kept, too", async () => {
      await meet(true);
      const { thread, ids } = await listed(["one", "two", "three"]);
      const others = (await kept(thread)).slice(3);
      await tab.clearLocalData();
      await tab.load(server);
      await signIn(tab, true);
      await tab.holdList(thread);
      await bob.edit(thread, ids[0], "first");
      await bob.delete(thread, ids[1]);
      for (const text of ["four", "five"]) await bob.send(thread, text);
      await tab.waitForChat("chatMessageReceived", { message: "five" });
      assert.deepEqual(await kept(thread), []);
      await tab.releaseList();
      assert.deepEqual(await kept(thread), ["five", "four", "three", undefined, "first", ...others]);
      await bob.send(thread, "six");
      await tab.waitForCached(thread, ["six", "five", "four", "three", null, "first", ...others]);
    });

    test("nothing is kept of a thread that is deleted or that one is removed from, all of one that others leave", async () => {
      await meet(true);
      const carol = await ChatUser.signIn(server, `Carol ${browser}`);
      const { thread: gone } = await listed(["gone"]);
      const { thread: left } = await listed(["left"]);
      const { thread: stays } = await listed(["stays"], [carol]);
      await bob.remove(stays, carol);
      await bob.deleteThread(gone);
      await bob.remove(left, ann);
      await tab.waitForCached(gone, []);
      await tab.waitForCached(left, []);
      assert.ok((await kept(stays)).includes("stays"));
    });

    test("what an application changes in what it was given is kept as it was", async () => {
      await meet(true);
      const { thread } = await listed(["one"]);
      const before = await tab.cachedMessages(thread);
      await tab.spoilMessages(thread);
      assert.deepEqual(await tab.cachedMessages(thread), before);
      await bob.send(thread, "two");
      await tab.waitForChat("chatMessageReceived", { message: "two" });
      const [newest, ...others] = await tab.cachedMessages(thread);
      assert.deepEqual(others, before);
      assert.equal(newest.content.message, "two");
      assert.equal(newest.sender.communicationUserId, bob.id);
      assert.deepEqual(newest.content.attachments, []);
      assert.equal(newest.type, "text");
    });

    test("clearing wipes all threads, and no tab keeps anything after it", async () => {
      await meet(true);
      const { thread: first } = await listed(["first"]);
      const { thread: second } = await listed(["second"]);
      const handle = await tab.driver.getWindowHandle();
      tab.select = () => tab.driver.switchTo().window(handle);
      const other = await tab.newTab(server);
      await signIn(other, true);
      assert.equal((await other.cachedMessages(second))[0].content.message, "second");
      await tab.select();
      assert.ok((await tab.keptDatabases()).some((name) => name.includes(ann.id)));
      await tab.clearLocalData();
      for (const [index, each] of [tab, other].entries()) {
        await each.select();
        await bob.send(first, `after it ${index}`);
        await each.waitForChat("chatMessageReceived", { message: `after it ${index}` });
        await each.listMessages(second);
        assert.equal(await each.refusedCache(first), "closed");
        assert.ok(!(await each.keptDatabases()).some((name) => name.includes(ann.id)));
      }
      await tab.select();
      await tab.load(server);
      await signIn(tab, true);
      assert.deepEqual([await kept(first), await kept(second)], [[], []]);
    });

    test("a database that is deleted stays deleted", async () => {
      await meet(true);
      const { thread } = await listed(["one"]);
      // What is listed is kept once the application has it.
      await tab.driver.wait(async () => (await kept(thread)).includes("one"), 45_000, "never kept");
      const name = (await tab.keptDatabases()).find((name) => name.includes(ann.id));
      await tab.deleteDatabase(name);
      await tab.listMessages(thread);
      assert.equal(await tab.refusedCache(thread), "closed");
      assert.ok(!(await tab.keptDatabases()).includes(name));
    });
  });
}
