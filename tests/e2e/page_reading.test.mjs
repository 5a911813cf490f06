// What was read on the sample page stays read, also where the server was not told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

const text = (lines) => Array.from({ length: 40 }, (_, line) => `${lines} ${line}`).join("\n");

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a read mark that was lost with the page is neither unread again nor lost to the others`, async () => {
    const [ann, ben] = await Promise.all(["Ann", "Ben"].map((one) => ChatUser.signIn(world.server, `Read ${browser} ${one}`)));
    const thread = await ben.createThread("Read", [ann]);
    const other = await ben.createThread("Other", [ann]);
    const marks = async () => (await ben.request("GET", `/${encodeURIComponent(thread)}/readReceipts`)).value;
    const page = await world.open(browser);
    await page.driver.executeScript(`
      const real = window.fetch;
      window.lost = 0;
      window.fetch = (request, options) => {
        const method = options?.method ?? request.method ?? "GET";
        if (method !== "POST" || !/\\/readReceipts/.test(request.url ?? request)) return real(request, options);
        window.lost += 1;
        return new Promise(() => undefined);
      };`);
    await page.signIn(ann.name);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.element("message-list");
    for (const name of ["first", "second", "third"]) await ben.send(thread, text(name));
    const id = await ben.send(thread, text("last"));
    await page.waitForText("last 39", "message");
    await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
    await page.until(() => page.driver.executeScript("return window.lost > 0"), "a mark that is lost");
    assert.deepEqual(await marks(), []);

    // The list of conversations is where it would be unread again: nothing is read by being open.
    await page.click(`[data-thread-id="${other}"]`);
    await page.reload();
    await page.until(async () => (await marks()).some(({ chatMessageId }) => chatMessageId === id), "the mark at the server");
    await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.waitForText("last 39", "message");
    await ben.send(thread, "Something new");
    await page.waitForText("Something new", "message");
    assert.equal(await page.count("unread-line"), 0);
    await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
    assert.equal(await page.count("jump-to-newest"), 0);
  });
}
