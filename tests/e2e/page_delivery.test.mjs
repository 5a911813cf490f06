// How far a message has come, as the one who wrote it sees it on the sample page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { Page } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";
import { Proxy } from "./lib/proxy.mjs";

const world = servePages();
const people = (name, ...roles) => Promise.all(roles.map((role) => ChatUser.signIn(world.server, `${name} ${role}`)));

async function signInAt(page, name, thread) {
  await page.driver.executeScript("location.hash = '#/thread/' + encodeURIComponent(arguments[0])", thread);
  await page.signIn(name);
  await page.element("message-input");
}

async function openAs(browser, name, thread, options) {
  const page = await world.open(browser, options);
  await signInAt(page, name, thread);
  return page;
}

const write = async (page, text) => {
  await page.type(text + Key.ENTER, "message-input");
  await page.waitForText(text, "message");
};

/** What the mark of the newest message is called, once it is in that state. */
async function markIn(page, state) {
  await page.waitForAttribute("data-state", state, "message-list", "read-mark");
  return page.driver.executeScript(`
    const mark = [...document.querySelectorAll('[data-testid="read-mark"]')].at(-1);
    return { state: mark.dataset.state, title: mark.title, name: mark.textContent.trim() };`);
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a message is sent, then delivered once its reader signs in, then read once it is opened`, async () => {
    const [ann, ben] = await people(`Marks ${browser}`, "Ann", "Ben");
    const thread = await ann.createThread("Ours", [ben]);
    const other = await ann.createThread("Other", [ben]);
    const page = await openAs(browser, ann.name, thread);
    await write(page, "Are you there?");
    assert.deepEqual(await markIn(page, "sent"), { state: "sent", title: "Sent", name: "Sent" });
    await page.screenshot(`${browser}-mark-sent`);

    const bens = await openAs(browser, ben.name, other);
    assert.deepEqual(await markIn(page, "delivered"), { state: "delivered", title: "Delivered", name: "Delivered" });
    await page.screenshot(`${browser}-mark-delivered`);
    await page.reload();
    assert.equal((await markIn(page, "delivered")).state, "delivered");

    await bens.click(`[data-thread-id="${thread}"]`);
    const read = `Read by ${ben.name}`;
    assert.deepEqual(await markIn(page, "read"), { state: "read", title: read, name: read });
    await page.screenshot(`${browser}-mark-read`);
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.reload();
    assert.equal((await markIn(page, "read")).state, "read");
  });
}

test("a message that arrives live in a conversation that is not open is delivered, to each of a group", async () => {
  const [ann, ben, cleo, dan] = await people("Live", "Ann", "Ben", "Cleo", "Dan");
  const thread = await ann.createThread("Group", [ben, cleo, dan]);
  const other = await ann.createThread("Elsewhere", [ben, cleo]);
  const [bens] = await Promise.all([ben, cleo].map(({ name }) => openAs("chromium", name, other)));
  const page = await world.open("chromium", { width: 360, height: 740, dark: true });
  await page.signIn(ann.name);
  await page.click(`[data-thread-id="${thread}"]`);
  await write(page, "All here?");
  await page.waitForText("Delivered to 2 of 3", "read-mark");
  assert.equal((await markIn(page, "sent")).title, "Delivered to 2 of 3");
  await bens.click(`[data-thread-id="${thread}"]`);
  await page.waitForText(`Delivered to 2 of 3, read by ${ben.name}`, "read-mark");
  await openAs("chromium", dan.name, thread);
  await page.waitForText("Delivered to 3 of 3, read by", "read-mark");
  assert.equal((await markIn(page, "delivered")).state, "delivered");
  assert.equal(await page.overflows(), false);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.screenshot("mark-group-360-dark");
});

test("what came while the line was broken is delivered when it is back", async () => {
  const [ann, ben] = await people("Broken", "Ann", "Ben");
  const thread = await ann.createThread("Ours", [ben]);
  const other = await ann.createThread("Other", [ben]);
  const line = await Proxy.start(world.server);
  const bens = await Page.open("chromium", line);
  try {
    await signInAt(bens, ben.name, other);
    const page = await openAs("chromium", ann.name, thread);
    await line.cut();
    await bens.element("connection-banner");
    await write(page, "While you were away");
    assert.equal((await markIn(page, "sent")).state, "sent");
    await line.restore();
    assert.equal((await markIn(page, "delivered")).title, "Delivered");
  } finally {
    await bens.quit();
    await line.close();
  }
});
