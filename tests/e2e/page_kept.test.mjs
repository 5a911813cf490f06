// The sample page without its server: it opens, shows what it had, and takes what one writes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function people(name) {
  const [ann, ben] = await Promise.all([`${name} Ann`, `${name} Ben`].map((one) => ChatUser.signIn(world.server, one)));
  return { ann, ben, thread: await ben.createThread(name, [ann]) };
}

async function open(page, name, thread) {
  await page.signIn(name);
  await page.click(`[data-thread-id="${thread}"]`);
  await page.element("message-input");
}

async function withoutServer(action) {
  await world.server.kill();
  try {
    await action();
  } finally {
    await world.server.start();
  }
}

/** Until the browser has all of the page. */
const pageIsKept = (page) =>
  page.driver.executeAsyncScript("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())");

/** Everything that the browser keeps for this page, by name. */
const keptNames = (page) =>
  page.driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, kept]) =>
      done([...databases.map(({ name }) => name), ...kept, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]));`);

const texts = (page) =>
  page.driver.executeScript(`return [...document.querySelectorAll('[data-testid="message-text"]')].map((e) => e.textContent)`);

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a page that is loaded again without a server shows its conversations, takes messages, and goes on when it is back`, async () => {
    const { ann, ben, thread } = await people(`Kept ${browser}`);
    const other = await ben.createThread(`Other ${browser}`, [ann]);
    await ben.send(other, "In the other one");
    for (const text of ["One", "Two", "<b>Three</b>"]) await ben.send(thread, text);
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    await page.waitForText("<b>Three</b>", "message");
    await page.type("Four" + Key.ENTER, "message-input");
    await page.element("read-mark");
    await pageIsKept(page);
    await page.waitForText("In the other one", `[data-thread-id="${other}"]`);

    await withoutServer(async () => {
      await page.reload();
      await page.waitForText("Four", "message");
      await page.waitForAttribute("data-state", "reconnecting", "connection-banner");
      assert.deepEqual(await texts(page), ["One", "Two", "<b>Three</b>", "Four"]);
      await page.waitForText("In the other one", `[data-thread-id="${other}"]`);
      await page.element(`person-${ben.name}`);
      await page.type("Five" + Key.ENTER, "message-input");
      await page.waitForText("Five", "message-pending");
      assert.equal(await page.count("error-banner"), 0);
      await page.screenshot(`${browser}-without-server`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      await page.click(`[data-thread-id="${other}"]`);
      await page.waitForText("In the other one", "message");
      await page.click(`[data-thread-id="${thread}"]`);
    });
    await page.waitUntilGone("connection-banner");
    await page.waitUntilGone("message-pending");
    await ben.send(thread, "Six");
    await page.waitForText("Six", "message");
    assert.deepEqual(await texts(page), ["One", "Two", "<b>Three</b>", "Four", "Five", "Six"]);
    // Calls, too.
    await page.click(`person-${ben.name}`, "call-audio");
    await page.waitForText("not online", "call-screen");
  });

  test(`in ${browser} signing out wipes what was kept`, async () => {
    const { ann, ben, thread } = await people(`Wiped ${browser}`);
    await ben.send(thread, "A secret");
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    await page.waitForText("A secret", "message");
    await pageIsKept(page);
    await page.until(async () => (await keptNames(page)).some((name) => name.includes(ann.id)), "something that is kept");
    await page.click("account");
    await page.click("sign-out");
    await page.element("sign-in-name");
    await page.until(async () => !(await keptNames(page)).some((name) => name.includes(ann.id) || name.includes("signed-in")), "nothing that is kept");
    await withoutServer(async () => {
      await page.reload();
      await page.type(ann.name + Key.ENTER, "sign-in-name");
      await page.waitForText("does not answer", "sign-in-error");
      assert.equal(await page.count("message"), 0);
    });
  });
}

test("a conversation that was deleted while the page was closed is gone once the server says so", async () => {
  const { ann, ben, thread } = await people("Deleted");
  await ben.send(thread, "Soon gone");
  const stays = await ben.createThread("Stays", [ann]);
  const page = await world.open("chromium");
  await open(page, ann.name, thread);
  await page.waitForText("Soon gone", "message");
  await page.element(`[data-thread-id="${stays}"]`);
  await page.driver.get("about:blank");
  await ben.deleteThread(thread);
  await page.driver.get(`${world.server.http}/`);
  await page.element(`[data-thread-id="${stays}"]`);
  await page.until(
    () => page.driver.executeScript("return !document.querySelector(arguments[0])", `[data-thread-id="${thread}"]`),
    "the conversation's end");
});

test("a server whose data is new knows somebody else by that name: the page begins anew", async () => {
  const { ann, ben, thread } = await people("Anew");
  await ben.send(thread, "From before");
  const page = await world.open("chromium");
  await open(page, ann.name, thread);
  await page.waitForText("From before", "message");
  await world.server.kill();
  const before = world.server.dataDirectory;
  const anew = await mkdtemp(join(tmpdir(), "openline-data-anew-"));
  try {
    world.server.dataDirectory = anew;
    await world.server.start();
    await page.reload();
    await page.until(async () => (await page.count("message")) === 0, "an empty page");
    await page.waitForText("Nothing yet", "[aria-labelledby=conversations] .nothing-yet");
    assert.ok(!(await keptNames(page)).some((name) => name.includes(ann.id)));
  } finally {
    await world.server.kill();
    world.server.dataDirectory = before;
    await world.server.start();
    await rm(anew, { recursive: true, force: true });
  }
});
