// What waits on the device stays in sight, and is not dropped without asking.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function people(name) {
  const [ann, ben] = await Promise.all([`${name} Ann`, `${name} Ben`].map((one) => ChatUser.signIn(world.server, one)));
  return { ann, ben, thread: await ben.createThread(name, [ann]) };
}

const row = (thread) => `[data-thread-id="${thread}"]`;

/** Until the browser has all of the page. */
const pageIsKept = (page) =>
  page.driver.executeAsyncScript("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())");

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} what waits is in sight after the page was loaded again without a server, and signing out asks`, async () => {
    const { ann, ben, thread } = await people(`Waits ${browser}`);
    const other = await ben.createThread(`Other ${browser}`, [ann]);
    const page = await world.open(browser);
    await page.signIn(ann.name);
    await page.click(row(thread));
    await page.element("message-input");
    await page.element(row(other));
    await pageIsKept(page);
    await world.server.kill();
    try {
      await page.element("connection-banner");
      await page.type("Not yet sent" + Key.ENTER, "message-input");
      await page.waitForText("Not yet sent", "message-pending");
      await page.click(row(other));
      await page.type("Nor this" + Key.ENTER, "message-input");
      await page.waitForText("Nor this", "message-pending");
      await page.reload();
      await page.waitForText("Nor this", "message-pending");
      // In the list, too, of a conversation that is not open.
      await page.waitForText("Not yet sent", row(thread));
      await page.element(row(thread), "thread-waiting");
      await page.screenshot(`${browser}-waiting-in-the-list`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      await page.click(row(thread));
      await page.waitForText("Not yet sent", "message-pending");
      await page.click("account");
      await page.click("sign-out");
      await page.waitForText("2 messages are not sent yet", "sign-out-dialog");
      await page.type(Key.ESCAPE, "sign-out-dialog");
      await page.waitUntilGone("sign-out-dialog");
    } finally {
      await world.server.start();
    }
    await page.waitUntilGone("message-pending");
    await page.waitUntilGone("thread-waiting");
    const { value } = await ben.request("GET", `/${encodeURIComponent(other)}/messages`);
    assert.deepEqual(value.filter(({ type }) => type === "text").map(({ content }) => content.message), ["Nor this"]);
  });
}
