// Conversations on the sample page: what is written, and what must not be sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();
const signIn = (name) => ChatUser.signIn(world.server, name);

/** A window in which `name` has the conversation open. */
async function openThread(browser, name, threadId, options) {
  const page = await world.open(browser, options);
  await page.signIn(name);
  await page.click(`[data-thread-id="${threadId}"]`);
  await page.element("message-list");
  return page;
}

/** Puts text into the composer as a paste would, without a key for each letter. */
const paste = (page, text) =>
  page.driver.executeScript(
    `const input = document.querySelector('[data-testid="message-input"]');
     input.focus();
     document.execCommand("insertText", false, arguments[0]);`,
    text,
  );

const distanceFromEnd = (page) =>
  page.driver.executeScript(
    "const list = document.querySelector('.messages'); return list.scrollHeight - list.scrollTop - list.clientHeight;",
  );

test("in a thread of more than 20 people neither typing nor read marks are sent", async () => {
  const [ann, ben] = await Promise.all([signIn("Crowd Ann"), signIn("Crowd Ben")]);
  const crowd = await Promise.all(Array.from({ length: 19 }, (_, index) => signIn(`Crowd ${index}`)));
  const thread = await ben.createThread("Crowd", [ann, ...crowd]);
  await ben.send(thread, "Everybody here?");
  const page = await world.open("chromium");
  await page.driver.executeScript(`
    const real = window.fetch;
    window.sent = [];
    window.fetch = (request, options) => { window.sent.push((options?.method ?? request.method ?? "GET") + " " + (request.url ?? request)); return real(request, options); };
  `);
  await page.signIn("Crowd Ann");
  await page.click(`[data-thread-id="${thread}"]`);
  await page.waitForText("Everybody here?", "message");
  await page.type("Yes" + Key.ENTER, "message-input");
  await page.element("read-mark");
  const sent = await page.driver.executeScript("return window.sent");
  assert.ok(sent.some((request) => request.includes("/messages")), "requests are seen");
  assert.deepEqual(sent.filter((request) => /^POST .*\/(typing|readReceipts)\b/.test(request)), []);
  assert.equal(await page.count("error-banner"), 0);
  await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
  // Read is read, also where the server keeps no mark of it.
  await page.driver.navigate().refresh();
  await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
});

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a very tall message is brought into view when it comes`, async () => {
    const [ann, ben] = await Promise.all([signIn(`Tall Ann ${browser}`), signIn(`Tall Ben ${browser}`)]);
    const thread = await ben.createThread("Tall", [ann]);
    const tall = (word) => Array.from({ length: 80 }, (_, line) => `${word} ${line}`).join("\n");
    await ben.send(thread, tall("before"));
    const page = await openThread(browser, ann.name, thread);
    await page.waitForText("before 79", "message");
    await paste(page, tall("mine"));
    await page.type(Key.ENTER, "message-input");
    await page.element("read-mark");
    assert.ok(await distanceFromEnd(page) < 2, "one's own");
    await ben.send(thread, tall("theirs"));
    await page.waitForText("theirs 79", "message");
    assert.ok(await distanceFromEnd(page) < 2, "another's");
  });
}

test("a message that is too long says so before it is sent, and is not cut", async () => {
  const [ann, ben] = await Promise.all([signIn("Long Ann"), signIn("Long Ben")]);
  const thread = await ben.createThread("Long", [ann]);
  const page = await openThread("chromium", ann.name, thread);
  await paste(page, "ü".repeat(14 * 1024 + 1));
  await page.waitForText("too long", "message-too-long");
  await page.type(Key.ENTER, "message-input");
  assert.equal(await page.count("message-pending"), 0);
  await page.type(Key.BACK_SPACE, "message-input");
  await page.waitUntilGone("message-too-long");
  await page.type(Key.ENTER, "message-input");
  await page.element("message");
  assert.equal((await page.text("message-text")).length, 14 * 1024);
});

for (const status of [400, 413]) {
  test(`a server that answers ${status} to a long message is understood`, async () => {
    const [ann, ben] = await Promise.all([signIn(`Refused Ann ${status}`), signIn(`Refused Ben ${status}`)]);
    const thread = await ben.createThread("Refused", [ann]);
    const page = await openThread("chromium", ann.name, thread);
    await page.driver.executeScript(`
      const real = window.fetch;
      window.fetch = (request, options) => {
        const post = (options?.method ?? request.method) === "POST" && /\\/messages/.test(request.url ?? request);
        if (!post) return real(request, options);
        const error = { code: "ValidationError", message: "content is too long", target: "content" };
        return Promise.resolve(new Response(JSON.stringify({ error }), { status: arguments_, headers: { "content-type": "application/json" } }));
      };`.replace("arguments_", String(status)));
    await page.type("A long story" + Key.ENTER, "message-input");
    await page.waitForText("too long", "message-pending");
  });
}

test("what one was writing is still there after editing another message", async () => {
  const [ann, ben] = await Promise.all([signIn("Draft Ann"), signIn("Draft Ben")]);
  const thread = await ben.createThread("Draft", [ann]);
  await ann.send(thread, "First");
  const page = await openThread("chromium", ann.name, thread);
  const value = async () => (await page.element("message-input")).getAttribute("value");
  await page.type("Half a thou", "message-input");
  await page.click("message-edit");
  await page.waitForText("Editing", "editing");
  assert.equal(await value(), "First");
  await page.click("edit-cancel");
  await page.waitUntilGone("editing");
  assert.equal(await value(), "Half a thou");
  await page.click("message-edit");
  await page.type(Key.chord(Key.CONTROL, "a") + "Changed" + Key.ENTER, "message-input");
  await page.waitForText("Changed", "message-text");
  assert.equal(await value(), "Half a thou");
});
