// Files that one sends on the sample page while the server cannot be reached.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Key } from "selenium-webdriver";
import { openTab } from "./lib/browsers.mjs";
import { ChatUser } from "./lib/chat_user.mjs";
import { Page, testId } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";
import { Proxy } from "./lib/proxy.mjs";

const world = servePages();
let directory;
let notes;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "openline-offline-files-"));
  notes = join(directory, "notes.txt");
  await writeFile(notes, "Water the tomatoes.\n".repeat(500));
});
after(() => rm(directory, { recursive: true, force: true }));

async function people(name) {
  const [ann, ben] = await Promise.all([`${name} Ann`, `${name} Ben`].map((one) => ChatUser.signIn(world.server, one)));
  return { ann, ben, thread: await ben.createThread(name, [ann]) };
}

async function open(page, name, thread) {
  await page.signIn(name);
  await page.click(`[data-thread-id="${thread}"]`);
  await page.element("message-input");
}

async function sendWithNotes(page, text) {
  await (await page.driver.findElement({ css: testId("attach") })).sendKeys(notes);
  await page.element("upload");
  await page.type(text + Key.ENTER, "message-input");
  await page.waitForText("notes.txt", "message-pending");
}

/** What stands in the thread on the server, oldest first: the words, and the names of the files. */
async function sent(user, thread) {
  const { value } = await user.request("GET", `/${encodeURIComponent(thread)}/messages?maxPageSize=100`);
  return value
    .filter(({ type }) => type === "text")
    .map(({ content }) => [content.message, ...(content.attachments ?? []).map(({ name }) => name)])
    .reverse();
}

/** The messages that the page keeps with their files. */
const kept = (page) =>
  page.driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    indexedDB.databases().then((all) => {
      const found = all.find(({ name }) => name.startsWith("openline page "));
      if (!found) return done([]);
      const request = indexedDB.open(found.name);
      request.onsuccess = () => {
        const database = request.result;
        const all = database.transaction("messages").objectStore("messages").getAll();
        all.onsuccess = () => { database.close(); done(all.result.map(({ text, files }) => [text, ...files.map(({ name }) => name)])); };
      };
    });`);

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a file that is sent without a line waits with its message, and is sent once, before what came after it`, async () => {
    const { ann, ben, thread } = await people(`Line ${browser}`);
    const line = await Proxy.start(world.server);
    const page = await Page.open(browser, line);
    try {
      await open(page, ann.name, thread);
      await line.cut();
      await page.waitForText("files included", "connection-banner");
      await sendWithNotes(page, "My notes");
      await page.type("What do you think?" + Key.ENTER, "message-input");
      await page.until(async () => (await page.count("message-pending")) === 2, "two that wait");
      await page.waitForText("waits for the server", "message-pending");
      await page.screenshot(`${browser}-waiting-files`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      await line.restore();
      await page.until(async () => (await page.count("message")) === 2, "two that are sent");
      await page.waitUntilGone("message-pending");
      assert.deepEqual(await sent(ben, thread), [["My notes", "notes.txt"], ["What do you think?"]]);
      await page.waitForText("notes.txt", "message", "file");
      await page.until(async () => (await kept(page)).length === 0, "nothing that is kept");
    } finally {
      await page.quit();
      await line.close();
    }
  });

  test(`in ${browser} a file that waits is sent after the page was closed and opened again`, async () => {
    const { ann, ben, thread } = await people(`Closed ${browser}`);
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    await world.server.kill();
    await page.element("connection-banner");
    await sendWithNotes(page, "Still here");
    await page.until(async () => (await kept(page)).length === 1, "a message that is kept");
    assert.deepEqual(await kept(page), [["Still here", "notes.txt"]]);
    await page.driver.get("about:blank");
    await world.server.start();
    await page.driver.get(`${world.server.http}/#/thread/${encodeURIComponent(thread)}`);
    await page.waitForText("notes.txt", "message", "file");
    await page.waitUntilGone("message-pending");
    assert.deepEqual(await sent(ben, thread), [["Still here", "notes.txt"]]);
    const { value } = await ben.request("GET", `/${encodeURIComponent(thread)}/messages`);
    const [{ url }] = value[0].content.attachments;
    const file = await fetch(new URL(url, world.server.http), { headers: { authorization: `Bearer ${ben.token}` } });
    assert.match(await file.text(), /^Water the tomatoes\./);
  });

  test(`in ${browser} a second tab sends what the first one could not before it was closed, once`, async () => {
    const { ann, ben, thread } = await people(`Tabs ${browser}`);
    const line = await Proxy.start(world.server);
    const page = await Page.open(browser, line);
    try {
      await open(page, ann.name, thread);
      const first = await page.driver.getWindowHandle();
      await openTab(page.driver);
      const second = await page.driver.getWindowHandle();
      await page.driver.get(line.http);
      await open(page, ann.name, thread);
      await line.cut();
      await page.element("connection-banner");
      await page.driver.switchTo().window(first);
      await page.element("connection-banner");
      await sendWithNotes(page, "From the first");
      await page.until(async () => (await kept(page)).length === 1, "a message that is kept");
      await page.driver.switchTo().window(second);
      await page.waitForText("notes.txt", "message-pending");
      await page.driver.switchTo().window(first);
      await page.driver.close();
      await page.driver.switchTo().window(second);
      await line.restore();
      await page.waitForText("notes.txt", "message", "file");
      await page.waitUntilGone("message-pending");
      assert.deepEqual(await sent(ben, thread), [["From the first", "notes.txt"]]);
    } finally {
      await page.quit();
      await line.close();
    }
  });
}

test("a page that was closed just after a message with files had got on does not send it again", async () => {
  const { ann, ben, thread } = await people("Twice");
  const page = await world.open("chromium");
  await open(page, ann.name, thread);
  await sendWithNotes(page, "Only once");
  await page.waitForText("notes.txt", "message", "file");
  await page.until(async () => (await kept(page)).length === 0, "nothing that is kept");
  const { value } = await ben.request("GET", `/${encodeURIComponent(thread)}/messages`);
  // However much came after it.
  await ben.sendMany(thread, 210, (index) => `Later ${index}`);
  // As if the note that it had got on were not on disk yet.
  await page.driver.executeAsyncScript(`
    const [key, threadId, done] = arguments;
    indexedDB.databases().then((all) => {
      const request = indexedDB.open(all.find(({ name }) => name.startsWith("openline page ")).name);
      request.onsuccess = () => {
        const transaction = request.result.transaction("messages", "readwrite");
        transaction.objectStore("messages").add({ key, threadId, text: "Only once", files: [new File(["x"], "notes.txt")] });
        transaction.oncomplete = () => { request.result.close(); done(); };
      };
    });`, value[0].metadata.openlinePageName, thread);
  await page.driver.navigate().refresh();
  await page.until(async () => (await kept(page)).length === 0, "nothing that is kept");
  await page.waitForText("Later", "message");
  assert.equal(await page.count("message-pending"), 0);
  // A second one would be the newest.
  assert.ok((await sent(ben, thread)).every(([text]) => text.startsWith("Later")));
});

test("signing out forgets the files that wait", async () => {
  const { ann, thread } = await people("Leaving");
  const line = await Proxy.start(world.server);
  const page = await Page.open("chromium", line);
  try {
    await open(page, ann.name, thread);
    await line.cut();
    await page.element("connection-banner");
    await sendWithNotes(page, "Not sent");
    await page.until(async () => (await kept(page)).length === 1, "a message that is kept");
    await page.click("account");
    await page.click("sign-out");
    await page.click("sign-out-confirm");
    await page.element("sign-in-name");
    await page.until(async () => (await kept(page)).length === 0, "nothing that is kept");
    await line.restore();
    await open(page, ann.name, thread);
    assert.equal(await page.count("message-pending"), 0);
  } finally {
    await page.quit();
    await line.close();
  }
});
