// Who is in a conversation, on the sample page: adding, removing, leaving.
import assert from "node:assert/strict";
import { test } from "node:test";
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
  await annPage.waitUntilGone("member-Ben");
  await benPage.waitForText("no longer in the conversation “Garden”", "error-banner");
  assert.equal(await benPage.count("chat"), 0);

  await annPage.click("leave-thread");
  await annPage.click("leave-thread-confirm");
  await annPage.waitUntilGone("chat");
  await annPage.waitForText("You left", "announcement");
  assert.equal(await annPage.count("error-banner"), 0);
  await dora.click(`[data-thread-id="${thread}"]`);
  await dora.waitForText("Ann left", "message-list");
  await dora.waitForText("Ben was removed", "message-list");
});
