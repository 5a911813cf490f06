// Days in a conversation on the sample page, by a clock that is set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

/** The page believes this time, messages are from the time that they say, and the news of the beginning from long before. */
const setClock = (page, now) =>
  page.driver.executeScript(`
    window.realFetch ??= window.fetch;
    const time = new Date(arguments[0]).getTime();
    window.Date.now = () => time;
    window.fetch = async (request, options) => {
      const response = await window.realFetch(request, options);
      if (!/\\/messages\\?/.test(request.url ?? request) || !response.ok) return response;
      const list = await response.json();
      for (const message of list.value) {
        message.createdOn = new Date(message.content?.message ?? arguments_).toISOString();
      }
      return new Response(JSON.stringify(list), { status: 200, headers: response.headers });
    };`.replace("arguments_", JSON.stringify(at(-800, "12:00:00"))), now);

/** A local time so many days from today. */
function at(days, time) {
  const today = new Date();
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, 12);
  const two = (value) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${time}`;
}

const days = (page) => page.driver.executeScript("return [...document.querySelectorAll('.day')].map((day) => day.textContent)");

const inWords = (page, at, options) =>
  page.driver.executeScript("return new Intl.DateTimeFormat(undefined, arguments[1]).format(new Date(arguments[0]))", at, options);

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} each day is named once: another year, this week, yesterday, today, and over midnight`, async () => {
    const [ann, ben] = await Promise.all([`Days Ann ${browser}`, `Days Ben ${browser}`].map((name) => ChatUser.signIn(world.server, name)));
    const thread = await ben.createThread("Days", [ann]);
    const page = await world.open(browser);
    const times = [
      at(-400, "12:00:00"), at(-8, "12:00:00"), at(-3, "08:00:00"), at(-1, "23:59:59"), at(0, "00:00:01"), at(0, "09:00:00"),
    ];
    for (const time of times) await ben.send(thread, time);
    await setClock(page, at(0, "12:00:00"));
    await page.signIn(ann.name);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.waitForText(times[0], "message");
    const date = { day: "numeric", month: "long", year: "numeric" };
    const [anotherYear, lastWeek] = await Promise.all([times[0], times[1]].map((time) => inWords(page, time, date)));
    const thisWeek = await inWords(page, times[2], { weekday: "long" });
    assert.match(anotherYear, /\d{4}/);
    assert.deepEqual((await days(page)).slice(1), [anotherYear, lastWeek, thisWeek, "Yesterday", "Today"]);
    await page.screenshot(`${browser}-days`);
    // Midnight passes while the page is open.
    await setClock(page, at(1, "00:00:01"));
    await page.driver.executeScript("document.dispatchEvent(new Event('visibilitychange'))");
    await page.until(async () => (await days(page)).at(-1) === "Yesterday", "another day");
    const before = await inWords(page, times[3], { weekday: "long" });
    assert.deepEqual((await days(page)).slice(-2), [before, "Yesterday"]);
  });
}
