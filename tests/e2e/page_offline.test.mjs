// What one writes on the sample page while the server cannot be reached.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { Page } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";
import { Proxy } from "./lib/proxy.mjs";

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

/** What stands in the thread on the server, oldest first. */
async function texts(user, thread) {
  const { value } = await user.request("GET", `/${encodeURIComponent(thread)}/messages?maxPageSize=100`);
  return value.filter(({ type }) => type === "text").map(({ content }) => content.message).reverse();
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} what is written without a line waits, and is sent once and in order when it is back`, async () => {
    const { ann, ben, thread } = await people(`Line ${browser}`);
    const line = await Proxy.start(world.server);
    const page = await Page.open(browser, line);
    try {
      await open(page, ann.name, thread);
      await line.cut();
      await page.element("connection-banner");
      for (const text of ["One", "Two", "Three"]) await page.type(text + Key.ENTER, "message-input");
      await page.until(async () => (await page.count("message-pending")) === 3, "three that wait");
      await page.screenshot(`${browser}-waiting`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      await line.restore();
      await page.until(async () => (await page.count("message")) === 3, "three that are sent");
      await page.waitUntilGone("message-pending");
      assert.deepEqual(await texts(ben, thread), ["One", "Two", "Three"]);
    } finally {
      await page.quit();
      await line.close();
    }
  });

  test(`in ${browser} what waits is sent after the page was closed and opened again`, async () => {
    const { ann, ben, thread } = await people(`Closed ${browser}`);
    const page = await world.open(browser);
    await open(page, ann.name, thread);
    await world.server.kill();
    await page.element("connection-banner");
    await page.type("Still here" + Key.ENTER, "message-input");
    await page.element("message-pending");
    await page.driver.get("about:blank");
    await world.server.start();
    await page.driver.get(`${world.server.http}/#/thread/${encodeURIComponent(thread)}`);
    await page.waitForText("Still here", "message");
    await page.waitUntilGone("message-pending");
    assert.deepEqual(await texts(ben, thread), ["Still here"]);
  });
}

test("a message that is refused says why, and is taken back", async () => {
  const { ann, ben, thread } = await people("Refused");
  const page = await world.open("chromium");
  await open(page, ann.name, thread);
  await page.driver.executeScript(`
    const real = window.fetch;
    window.fetch = (request, options) => {
      const send = (options?.method ?? request.method) === "POST" && /\\/messages/.test(request.url ?? request);
      if (!send) return real(request, options);
      const error = { code: "Forbidden", message: "no" };
      return Promise.resolve(new Response(JSON.stringify({ error }), { status: 403, headers: { "content-type": "application/json" } }));
    };`);
  await page.type("May I?" + Key.ENTER, "message-input");
  await page.waitForText("not allowed", "message-pending");
  await page.screenshot("chromium-refused");
  await page.click("message-take-back");
  await page.waitUntilGone("message-pending");
  assert.equal(await (await page.element("message-input")).getAttribute("value"), "May I?");
  assert.deepEqual(await texts(ben, thread), []);
});

test("signing out asks before it drops what waits", async () => {
  const { ann, thread } = await people("Leaving");
  const line = await Proxy.start(world.server);
  const page = await Page.open("chromium", line);
  try {
    await open(page, ann.name, thread);
    await line.cut();
    await page.element("connection-banner");
    await page.type("Not sent" + Key.ENTER, "message-input");
    await page.element("message-pending");
    await page.click("account");
    await page.click("sign-out");
    await page.waitForText("One message is not sent yet", "sign-out-dialog");
    await page.click("sign-out-confirm");
    await page.element("sign-in-name");
    await line.restore();
    await open(page, ann.name, thread);
    assert.equal(await page.count("message-pending"), 0);
  } finally {
    await page.quit();
    await line.close();
  }
});
