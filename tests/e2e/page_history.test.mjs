// Long conversations on the sample page: what is in the page stays little, and what one looks at stays put.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();
const signIn = (name) => ChatUser.signIn(world.server, name);
const MANY = 10_000;

const inList = (page, script, ...args) =>
  page.driver.executeScript(`const list = document.querySelector(".messages"); ${script}`, ...args);

const rows = (page) => inList(page, "return Number(list.querySelector('ol').dataset.rows)");

/** The first message that is wholly in view, and where it stands. */
const firstInView = (page) =>
  inList(page, `
    const top = list.getBoundingClientRect().top;
    const element = [...list.querySelectorAll("[data-message-id]")].find((row) => row.getBoundingClientRect().top >= top);
    return { id: element.dataset.messageId, text: element.textContent, top: element.getBoundingClientRect().top };`);

const topOf = (page, id) =>
  inList(page, `return list.querySelector('[data-message-id="' + arguments[0] + '"]')?.getBoundingClientRect().top`, id);

/** Until what was scrolled to has been drawn. */
const frames = (page) =>
  page.driver.executeAsyncScript("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");

async function scroll(page, to) {
  await inList(page, `list.scrollTop = ${to}`);
  await frames(page);
}

/** Earlier pages come when `window.held.shift()()` is called. */
const holdEarlierPages = (page) =>
  page.driver.executeScript(`
    const real = window.fetch;
    window.held = [];
    window.fetch = (request, options) =>
      /maxPageSize=200/.test(request.url ?? request)
        ? new Promise((resolve, reject) => window.held.push(() => real(request, options).then(resolve, reject)))
        : real(request, options);`);

async function assertLittleIsDrawn(page) {
  const elements = await inList(page, "return list.querySelectorAll('*').length");
  assert.ok(elements < 3_000, `${elements} elements for ${await rows(page)} rows`);
}

async function open(browser, name, thread) {
  const page = await world.open(browser);
  await page.signIn(name);
  await page.click(`[data-thread-id="${thread}"]`);
  await page.element("message");
  return page;
}

describe("a conversation of 10,000 messages", () => {
  let ann;
  let ben;
  let thread;
  before(async () => {
    [ann, ben] = await Promise.all([signIn("Ann"), signIn("Ben")]);
    thread = await ben.createThread("Long", [ann]);
    const longer = (index) => (index % 7 === 0 ? ` ${"and so on ".repeat(index % 60)}` : "");
    await ben.sendMany(thread, MANY, (index) => `Message ${index}${longer(index)}`);
    await ben.send(thread, "The newest");
    await ann.request("POST", `/${encodeURIComponent(thread)}/readReceipts`, { chatMessageId: await ben.send(thread, "Read up to here") });
  });

  for (const browser of ["chromium", "firefox"]) {
    test(`in ${browser} it is read back to its beginning without losing the place`, async () => {
      const page = await open(browser, "Ann", thread);
      await page.waitForText("Read up to here", "message");
      await holdEarlierPages(page);
      while (await page.count("conversation-start") === 0) {
        await scroll(page, "300");
        await page.until(() => page.driver.executeScript("return window.held.length > 0"), "a request for earlier messages");
        const [known, seen] = [await rows(page), await firstInView(page)];
        await page.driver.executeScript("window.held.shift()()");
        await page.until(async () => (await rows(page)) > known, "earlier messages");
        const moved = (await topOf(page, seen.id)) - seen.top;
        assert.ok(Math.abs(moved) < 2, `${seen.text} moved by ${moved} at ${known}`);
        await assertLittleIsDrawn(page);
        await page.driver.executeScript("document.querySelector('.messages').scrollTop = 0");
        await frames(page);
      }
      assert.ok(await rows(page) > MANY);
      await page.click("jump-to-newest");
      await page.waitUntilGone("jump-to-newest");
      await page.waitForText("Read up to here", "message");
      await assertLittleIsDrawn(page);
    });
  }

  test("every message is drawn once and in order, however one scrolls", async () => {
    const page = await open("chromium", "Ann", thread);
    const seen = [];
    for (let step = 0; step < 60; step += 1) {
      const ids = await inList(page, "return [...list.querySelectorAll('[data-message-id]')].map((row) => row.dataset.messageId)");
      assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => Number(a) - Number(b)));
      seen.push(...ids);
      await scroll(page, "list.scrollTop - list.clientHeight * 0.8");
    }
    const unique = [...new Set(seen)].map(Number).sort((a, b) => a - b);
    assert.ok(unique.length > 300, `${unique.length} were seen`);
    assert.deepEqual(unique, await messageIds(ann, thread, unique.length), "none was skipped");
  });
});

/** The newest `count` of a thread, oldest first. */
async function messageIds(user, thread, count) {
  const ids = [];
  let path = `/${encodeURIComponent(thread)}/messages?maxPageSize=200`;
  while (ids.length < count) {
    const { value, nextLink } = await user.request("GET", path);
    ids.push(...value.map(({ id }) => Number(id)));
    path = nextLink?.split("/chat/threads")[1].replace(/&?api-version=[^&]*/, "");
  }
  return ids.slice(0, count).sort((a, b) => a - b);
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} what comes while one reads back waits below, counted, until one goes there`, async () => {
    const [ann, ben] = await Promise.all([signIn(`Back Ann ${browser}`), signIn(`Back Ben ${browser}`)]);
    const thread = await ben.createThread("Back", [ann]);
    for (let index = 0; index < 45; index += 1) await ben.send(thread, `Line ${index}`);
    const page = await open(browser, ann.name, thread);
    await page.click("jump-to-newest");
    await page.waitUntilGone("jump-to-newest");
    await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
    await scroll(page, "200");
    await page.element("jump-to-newest");
    const seen = await firstInView(page);
    await ben.send(thread, "News");
    await ben.send(thread, "More news");
    await page.waitForAttribute("data-unread", "2", `[data-thread-id="${thread}"]`);
    assert.ok(Math.abs(await topOf(page, seen.id) - seen.top) < 2, "what is read stays");
    await page.waitForText("2", "jump-to-newest");
    await page.screenshot(`${browser}-reading-back`);
    await page.click("jump-to-newest");
    await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
    await page.element("unread-line");
    await page.waitForText("More news", "message");
  });
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} what is in view stays where a tall message above it changes that is cut by the edge`, async () => {
    const [ann, ben] = await Promise.all([signIn(`Cut Ann ${browser}`), signIn(`Cut Ben ${browser}`)]);
    const thread = await ben.createThread("Cut", [ann]);
    // The first of the newest page is one of the tall ones; it joins the one before it once that is there.
    const text = (index) => (index >= 8 && index <= 12 ? `Tall ${index} ${"and so on ".repeat(120)}` : `Line ${index}`);
    for (let index = 0; index < 60; index += 1) await ben.send(thread, text(index));
    const page = await world.open(browser);
    await page.signIn(ann.name);
    await page.waitForAttribute("data-unread", "50", `[data-thread-id="${thread}"]`);
    await holdEarlierPages(page);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.element("jump-to-newest");
    await scroll(page, "250");
    await page.until(() => page.driver.executeScript("return window.held.length > 0"), "a request for earlier messages");
    const [known, seen] = [await rows(page), await firstInView(page)];
    await page.driver.executeScript("window.held.shift()()");
    await page.until(async () => (await rows(page)) > known, "earlier messages");
    const moved = (await topOf(page, seen.id)) - seen.top;
    assert.ok(Math.abs(moved) < 2, `${seen.text} moved by ${moved}`);
  });
}

test("a conversation opens where what is unread begins, and counts it", async () => {
  const [ann, ben] = await Promise.all([signIn("New Ann"), signIn("New Ben")]);
  const thread = await ben.createThread("New", [ann]);
  for (let index = 0; index < 30; index += 1) await ben.send(thread, `Old ${index}`);
  await ann.request("POST", `/${encodeURIComponent(thread)}/readReceipts`, { chatMessageId: await ben.send(thread, "The last one read") });
  for (let index = 0; index < 30; index += 1) await ben.send(thread, `New ${index}`);
  const page = await world.open("chromium");
  await page.signIn("New Ann");
  await page.waitForAttribute("data-unread", "30", `[data-thread-id="${thread}"]`);
  assert.equal(await page.driver.getTitle(), "(30) Openline");
  await page.click(`[data-thread-id="${thread}"]`);
  await page.element("unread-line");
  await page.screenshot("chromium-unread-line");
  await page.waitForText("30", "jump-to-newest");
  await page.click("jump-to-newest");
  await page.waitForAttribute("data-unread", "0", `[data-thread-id="${thread}"]`);
});

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} what comes while a conversation is loaded is in it afterwards, too`, async () => {
    const [ann, ben] = await Promise.all([signIn(`Early Ann ${browser}`), signIn(`Early Ben ${browser}`)]);
    const thread = await ben.createThread("Early", [ann]);
    const before = await ben.send(thread, "Before");
    const page = await world.open(browser);
    // What the server answered is on its way until `window.arrive()`.
    await page.driver.executeScript(`
      const real = window.fetch;
      window.onTheirWay = [];
      window.fetch = async (request, options) => {
        const answer = await real(request, options);
        if (/messages\\?maxPageSize/.test(request.url ?? request)) await new Promise((arrive) => window.onTheirWay.push(arrive));
        return answer;
      };
      window.arrive = () => {
        window.fetch = real;
        window.onTheirWay.forEach((arrive) => arrive());
      };`);
    await page.signIn(ann.name);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.until(() => page.driver.executeScript("return window.onTheirWay.length > 0"), "the server's answer");
    await ben.edit(thread, before, "Before, edited");
    await ben.send(thread, "Meanwhile");
    await page.waitForText("Meanwhile", "message");
    await page.driver.executeScript("window.arrive()");
    await page.waitForText("Before", "message");
    const texts = "return [...document.querySelectorAll('[data-testid=message-text]')].map((e) => e.textContent)";
    assert.deepEqual(await page.driver.executeScript(texts), ["Before, edited", "Meanwhile"]);
  });
}

test("the beginning of a page that could not be loaded can be asked for again", async () => {
  const [ann, ben] = await Promise.all([signIn("Retry Ann"), signIn("Retry Ben")]);
  const thread = await ben.createThread("Retry", [ann]);
  await ben.sendMany(thread, 70, (index) => `Line ${index}`);
  const page = await world.open("chromium");
  await page.signIn("Retry Ann");
  await page.waitForAttribute("data-unread", "50", `[data-thread-id="${thread}"]`);
  await page.driver.executeScript(`
    const real = window.fetch;
    window.fetch = (request, options) =>
      String(request.url ?? request).includes("maxPageSize=200")
        ? Promise.resolve(new Response("{}", { status: 500, headers: { "content-type": "application/json" } }))
        : real(request, options);
    window.mend = () => { window.fetch = real; };`);
  await page.click(`[data-thread-id="${thread}"]`);
  await scroll(page, "0");
  await page.element("load-earlier");
  await page.driver.executeScript("window.mend()");
  await page.click("load-earlier");
  await page.until(async () => (await rows(page)) > 70, "earlier messages");
});

test("a conversation far down the list is loaded when it is opened", async () => {
  const [ann, ben] = await Promise.all([signIn("Many Ann"), signIn("Many Ben")]);
  const oldest = await ben.createThread("Oldest", [ann]);
  await ben.send(oldest, "From long ago");
  for (let index = 0; index < 25; index += 1) {
    await ben.send(await ben.createThread(`Newer ${index}`, [ann]), "Recent");
  }
  const page = await open("chromium", "Many Ann", oldest);
  await page.waitForText("From long ago", "message");
});
