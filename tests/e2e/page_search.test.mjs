// Searching messages on the sample page, and going to what was found.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();
let garden;
let kitchen;
let wanted;

describe("searching", () => {
  before(async () => {
    const [ann, ben] = await Promise.all(["Ann", "Ben"].map((name) => ChatUser.signIn(world.server, name)));
    garden = await ben.createThread("Garden", [ann]);
    kitchen = await ben.createThread("Kitchen", [ann]);
    wanted = await ben.send(garden, "Remember to harvest the <b>pumpkins</b> before the frost, and the last tomatoes too.");
    await ben.sendMany(garden, 900, (index) => `Note ${index} about nothing in particular`);
    await ben.send(kitchen, "Pumpkin soup tonight?");
    await ann.send(kitchen, "Yes, with bread");
  });

  for (const browser of ["chromium", "firefox"]) {
    test(`in ${browser} a message far back is found and gone to`, async () => {
      const page = await world.open(browser);
      await page.signIn("Ann");
      await page.type("pumpk", "search");
      await page.until(async () => (await page.count("found")) === 2, "two found");
      assert.match(await page.text("search-results"), /Pumpkin soup/);
      assert.match(await page.text("search-results"), /<b>pumpkins<\/b>/, "what looks like markup is shown as it was written");
      await page.screenshot(`${browser}-search`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      await page.driver.executeScript("[...document.querySelectorAll('[data-testid=found]')].find((found) => found.textContent.includes('frost')).click()");
      await page.element(`[data-message-id="${wanted}"]`);
      await page.until(
        () => page.driver.executeScript(`
          const row = document.querySelector(arguments[0])?.getBoundingClientRect();
          const list = document.querySelector(".messages").getBoundingClientRect();
          return Boolean(row && row.top >= list.top && row.bottom <= list.bottom)`, `[data-message-id="${wanted}"]`),
        "the message in view");
      await page.screenshot(`${browser}-found`);
      await page.element("jump-to-newest");
      await page.click("search-end");
      await page.element("new-thread");
    });
  }

  test("in one conversation only what it says is found, and the keyboard is enough", async () => {
    const page = await world.open("chromium");
    await page.signIn("Ann");
    await page.click(`[data-thread-id="${kitchen}"]`);
    await page.click("search-here");
    const search = await page.element("search");
    assert.ok(await page.driver.executeScript("return document.activeElement === arguments[0]", search));
    await search.sendKeys("pumpkin");
    await page.until(async () => (await page.count("found")) === 1, "one found");
    await page.click("search-everywhere");
    await page.until(async () => (await page.count("found")) === 2, "two found");
    await search.sendKeys(" nowhere");
    await page.waitForText("No message says", "search-results");
    await search.sendKeys(Key.ESCAPE);
    await page.waitUntilGone("search-results");
  });

  test("more is shown page by page, and fits a narrow window", async () => {
    const page = await world.open("chromium", { width: 360, height: 740, dark: true });
    await page.signIn("Ann");
    await page.click(`[data-thread-id="${garden}"]`);
    await page.element("message-input");
    await page.screenshot("dark-narrow-conversation");
    await page.click("search-here");
    await page.type("nothing particular", "search");
    await page.until(async () => (await page.count("found")) === 25, "a page");
    await page.screenshot("dark-narrow-search");
    assert.equal(await page.overflows(), false);
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.click("search-more");
    await page.until(async () => (await page.count("found")) === 50, "two pages");
  });
});
