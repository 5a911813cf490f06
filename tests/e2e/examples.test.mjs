// The examples, as somebody uses them who copied them: in two real browsers, on a development server.
import assert from "node:assert/strict";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { By, until } from "selenium-webdriver";
import { openBrowser } from "./lib/browsers.mjs";
import { Server } from "./lib/server.mjs";

/** A PNG of one red pixel. */
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";

let server;
let directory;
const browsers = [];

before(async () => {
  server = await Server.start();
  directory = await mkdtemp(join(tmpdir(), "openline-files-"));
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser.quit()));
  await server.close();
  await rm(directory, { recursive: true });
});

test("two people chat with files in one page", async () => {
  const image = join(directory, "soup.png");
  await writeFile(image, Buffer.from(pixel, "base64"));
  const notes = join(directory, "notes.txt");
  await writeFile(notes, "at noon");
  const ann = await opened("chromium", "Ann-Ben");
  const ben = await opened("firefox", "Ben-Ann");

  await send(ann, "Soup?");
  await listed(ben, "Ann: Soup?");
  await send(ben, "Look", image, notes);
  for (const browser of [ann, ben]) {
    await listed(browser, "Ben: Look");
    const shown = await browser.wait(until.elementLocated(By.css('li img[alt="soup.png"]')), 20_000);
    await browser.wait(() => browser.executeScript("return arguments[0].naturalWidth === 1", shown), 20_000);
    const link = await browser.wait(until.elementLocated(By.css('li a[download="notes.txt"]')), 20_000);
    assert.match(await link.getAttribute("href"), /^blob:/);
  }
});

/** The page, once it can send. */
async function opened(name, people) {
  const browser = await openBrowser(name);
  browsers.push(browser);
  await browser.get(`${server.http}/fixture/chat/#${people}`);
  await browser.wait(() => browser.executeScript("return form.onsubmit !== null"), 20_000);
  return browser;
}

async function send(browser, text, ...files) {
  await browser.findElement(By.name("text")).sendKeys(text);
  if (files.length > 0) await browser.findElement(By.name("files")).sendKeys(files.join("\n"));
  await browser.findElement(By.css("button")).click();
}

async function listed(browser, text) {
  const items = () => browser.executeScript("return [...list.children].map((item) => item.textContent.trim())");
  await browser.wait(async () => (await items()).some((item) => item.startsWith(text)), 20_000, `${text} in the list`);
}
