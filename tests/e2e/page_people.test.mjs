// Who is in a conversation, on the sample page: adding, removing, leaving.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();
const signIn = (name) => ChatUser.signIn(world.server, name);

test("people are added, removed, and leave", async () => {
  const [ann, ben, cleo] = await Promise.all([signIn("Ann"), signIn("Ben"), signIn("Cleo")]);
  const thread = await ann.createThread("Garden", [ben, cleo]);
  const open = async (browser, name) => {
    const page = await world.open(browser);
    await page.signIn(name);
    await page.click(`[data-thread-id="${thread}"]`);
    return page;
  };
  const [annPage, benPage] = await Promise.all([open("chromium", "Ann"), open("firefox", "Ben")]);
  const dora = await world.open("chromium");
  await dora.signIn("Dora");

  await annPage.click("members");
  await annPage.click("add-Dora");
  await annPage.screenshot("chromium-members");
  assert.deepEqual(await annPage.accessibilityProblems(), []);
  await annPage.click("members-add");
  await annPage.element("member-Dora");
  await dora.element(`[data-thread-id="${thread}"]`);

  await annPage.click("member-Ben", "member-remove");
  await annPage.waitForText("Remove Ben?", "remove-member-dialog");
  await annPage.screenshot("chromium-remove");
  assert.deepEqual(await annPage.accessibilityProblems(), []);
  await annPage.driver.actions().sendKeys(Key.ESCAPE).perform();
  await annPage.element("member-Ben");
  await annPage.click("member-Ben", "member-remove");
  await annPage.click("remove-member-confirm");
  await annPage.waitUntilGone("member-Ben");
  await benPage.waitForText("no longer in the conversation “Garden”", "error-banner");
  assert.equal(await benPage.count("chat"), 0);

  const focused = () => annPage.driver.executeScript("return document.activeElement?.dataset.testid");
  await annPage.driver.actions().sendKeys(Key.ESCAPE).perform();
  await annPage.waitUntilGone("members-dialog");
  await annPage.until(async () => (await focused()) === "members", "the focus back where it was");
  await annPage.driver.actions().sendKeys(Key.ENTER).perform();
  await annPage.click("leave-thread");
  await annPage.click("leave-thread-confirm");
  await annPage.waitUntilGone("chat");
  await annPage.waitForText("You left", "announcement");
  assert.equal(await annPage.count("error-banner"), 0);
  await dora.click(`[data-thread-id="${thread}"]`);
  await dora.waitForText("Ann left", "message-list");
  await dora.waitForText("Ben was removed", "message-list");
});

test("initials are letters where a name has any, and its first sign where not", async () => {
  const names = { "@ann (she)": "AS", "🎉 Party": "P", "¡Óscar de la Hoya!": "ÓH", "👩‍🚒": "👩‍🚒", "«»": "«", "42 Nord": "4N" };
  await Promise.all(Object.keys(names).map(signIn));
  for (const browser of ["chromium", "firefox"]) {
    const page = await world.open(browser);
    await page.signIn(`Reader ${browser}`);
    for (const [name, initials] of Object.entries(names)) {
      assert.equal(await page.text(`person-${name}`, "[aria-hidden=true].avatar"), initials, `${browser}: ${name}`);
    }
    await page.screenshot(`${browser}-initials`);
  }
});

test("conversations far down the list show their last message and what is unread once they are in view", async () => {
  const [ann, ben] = await Promise.all([signIn("Many Ann"), signIn("Many Ben")]);
  const oldest = await ben.createThread("Oldest", [ann]);
  await ben.send(oldest, "From long ago");
  for (let index = 0; index < 45; index += 1) {
    await ben.send(await ben.createThread(`Newer ${index}`, [ann]), "Recent");
  }
  for (const browser of ["chromium", "firefox"]) {
    const page = await world.open(browser);
    await page.signIn("Many Ann");
    await page.waitForText("Recent", `[data-testid="thread-Newer 44"]`);
    const row = await page.driver.findElement({ css: `[data-thread-id="${oldest}"]` });
    const rows = await page.driver.executeScript("return [...document.querySelectorAll('[data-thread-id]')].map((row) => row.dataset.testid)");
    assert.equal(rows[0], "thread-Newer 44");
    assert.equal(rows.at(-1), "thread-Oldest");
    assert.equal(await row.getAttribute("data-unread"), "0");
    await page.driver.executeScript("arguments[0].scrollIntoView()", row);
    await page.waitForAttribute("data-unread", "1", `[data-thread-id="${oldest}"]`);
    await page.waitForText("From long ago", `[data-thread-id="${oldest}"]`);
  }
});
