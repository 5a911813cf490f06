// Whose data stays on the device, and who can wipe it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTab } from "./lib/browsers.mjs";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function people(name) {
  const [ann, ben] = await Promise.all([`${name} Ann`, `${name} Ben`].map((one) => ChatUser.signIn(world.server, one)));
  const thread = await ben.createThread(name, [ann]);
  await ben.send(thread, "A secret");
  return { ann, ben, thread };
}

async function open(page, name, thread) {
  await page.signIn(name);
  await page.click(`[data-thread-id="${thread}"]`);
  await page.waitForText("A secret", "message");
}

/** Everything that the browser keeps for this page, by name. */
const keptNames = (page) =>
  page.driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    indexedDB.databases().then((databases) => done([...databases.map(({ name }) => name), ...Object.keys(localStorage)]));`);

const isKept = async (page, { id }) => (await keptNames(page)).some((name) => name.includes(id));

async function newTab(page) {
  await openTab(page.driver);
  await page.driver.get(world.server.http);
  return page.driver.getWindowHandle();
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} signing out in one tab signs out in the others, which say why`, async () => {
    const { ann, thread } = await people(`Tabs ${browser}`);
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    const first = await page.driver.getWindowHandle();
    const second = await newTab(page);
    await open(page, ann.name, thread);
    await page.driver.switchTo().window(first);
    await page.click("account");
    await page.click("sign-out");
    await page.element("sign-in-name");
    await page.driver.switchTo().window(second);
    await page.waitForText("signed out in another tab", "sign-in-error");
    assert.equal(await page.count("message"), 0);
    await page.until(async () => !(await isKept(page, ann)), "nothing that is kept");
    // And from there on as ever.
    await open(page, ann.name, thread);
  });

  test(`in ${browser} who closed the tab goes on in another one, or has what is kept wiped there`, async () => {
    const { ann, thread } = await people(`Closed ${browser}`);
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    const first = await page.driver.getWindowHandle();
    const second = await newTab(page);
    await page.driver.switchTo().window(first);
    await page.driver.close();
    await page.driver.switchTo().window(second);
    await page.driver.navigate().refresh();
    await page.screenshot(`${browser}-kept-users`);
    await page.click(`[data-user-id="${ann.id}"]`, "continue");
    await page.element(`[data-thread-id="${thread}"]`);
    const third = await newTab(page);
    await page.click(`[data-user-id="${ann.id}"]`, "forget-user");
    await page.screenshot(`${browser}-forget-user`);
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.click("forget-user-confirm");
    await page.waitUntilGone("kept-users");
    await page.until(async () => !(await isKept(page, ann)), "nothing that is kept");
    await page.driver.switchTo().window(second);
    await page.waitForText("signed out in another tab", "sign-in-error");
    await page.driver.switchTo().window(third);
  });
}

test("what is kept of somebody who was not here for 30 days is wiped", async () => {
  const { ann, thread } = await people("Long ago");
  const page = await world.open("chromium");
  await open(page, ann.name, thread);
  const first = await page.driver.getWindowHandle();
  await newTab(page);
  const second = await page.driver.getWindowHandle();
  await page.driver.switchTo().window(first);
  await page.driver.close();
  await page.driver.switchTo().window(second);
  const age = (days) =>
    page.driver.executeScript(`
      const key = "openline.user." + arguments[0];
      const user = JSON.parse(localStorage.getItem(key));
      localStorage.setItem(key, JSON.stringify({ ...user, seen: Date.now() - arguments[1] * 24 * 3_600_000 }));`, ann.id, days);
  await age(29);
  await page.driver.navigate().refresh();
  await page.element(`[data-user-id="${ann.id}"]`);
  assert.ok(await isKept(page, ann));
  await age(31);
  await page.driver.navigate().refresh();
  await page.until(async () => !(await isKept(page, ann)), "nothing that is kept");
  await page.waitUntilGone("kept-users");
});
