// Where the focus is after something went that had it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} the focus is on the message beside the one that was deleted by keyboard`, async () => {
    const [ann, ben] = await Promise.all(["Ann", "Ben"].map((one) => ChatUser.signIn(world.server, `Focus ${browser} ${one}`)));
    const thread = await ben.createThread("Focus", [ann]);
    const ids = [];
    for (const text of ["One", "Two", "Three"]) ids.push(await ann.send(thread, text));
    const page = await world.open(browser);
    await page.signIn(ann.name);
    await page.click(`[data-thread-id="${thread}"]`);
    const focused = (id) =>
      page.driver.executeScript("return document.activeElement?.closest('li')?.dataset.messageId === arguments[0]", id);
    const remove = async (id) => {
      const css = `[data-message-id="${id}"]`;
      await page.element(css);
      await page.driver.executeScript("document.querySelector(arguments[0]).focus()", `${css} [data-testid="message-delete"]`);
      await page.driver.switchTo().activeElement().sendKeys(Key.ENTER);
      await page.type(Key.ENTER, "message-delete-confirm");
      await page.waitForAttribute("data-deleted", "true", css);
    };
    await remove(ids[1]);
    await page.until(() => focused(ids[2]), "the focus on the one after it");
    await remove(ids[2]);
    await page.until(() => focused(ids[0]), "the focus on the one before it");
    await remove(ids[0]);
    await page.until(() => focused(ids[0]), "the focus on the only one, which is deleted");
    assert.equal(await page.count("error-banner"), 0);
  });
}
