// The sample page in two real browsers: ring, see, hear, chat.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { Page, testId } from "./lib/page.mjs";
import { Server } from "./lib/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

const pages = [];
const open = async (...options) => {
  const page = await Page.open(options[0], server, options[1]);
  pages.push(page);
  return page;
};
afterEach(() => Promise.all(pages.splice(0).map((page) => page.quit())));

for (const [caller, callee] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`in ${caller} one calls, in ${callee} one answers, with video, mute and a timer`, async () => {
    const [ann, ben] = await Promise.all([open(caller), open(callee)]);
    const [annName, benName] = [`Ann from ${caller}`, `Ben from ${callee}`];
    await ann.signIn(annName);
    await ben.signIn(benName);
    await ann.click(`person-${benName}`, "call-video");
    await ann.waitForCallState("Ringing");
    await ann.screenshot(`${caller}-ringing-out`);
    assert.equal(await ben.text("incoming-caller"), annName);
    await ben.screenshot(`${callee}-ringing-in`);
    await ben.click("accept-video");
    await Promise.all([ann, ben].map(async (page) => {
      await page.waitForCallState("Connected");
      await page.waitForPicture("remote-video");
      await page.waitForPicture("local-video");
      await page.waitForText(":", "call-timer");
    }));
    await ann.screenshot(`${caller}-in-call`);
    await ann.click("mute");
    await ben.element("remote-muted");
    await ann.click("camera");
    await ben.waitUntilGone("remote-video");
    await ann.click("camera");
    await ben.waitForPicture("remote-video");
    await ben.click("hang-up");
    await Promise.all([ann.waitUntilGone("remote-video"), ben.waitUntilGone("remote-video")]);
  });
}

test("a conversation: message, typing, read mark, edit, delete, in both browsers", async () => {
  const [ann, ben] = await Promise.all([open("chromium"), open("firefox")]);
  await ann.signIn("Ada");
  await ben.signIn("Bo");
  await ann.click("person-Bo", "write");
  await ann.type("Lunch at noon?" + Key.ENTER, "message-input");
  await ben.waitForText("Ada", `[data-testid^="thread-"]`);
  await ben.screenshot("firefox-unread");
  await ben.click(`[data-testid^="thread-"][data-thread-id]`);
  await ben.waitForText("Lunch at noon?", "message");
  await ann.waitForAttribute("data-read", "all", "read-mark");
  await ben.type("Yes", "message-input");
  await ann.waitForText("Bo", "typing");
  await ben.type(Key.ENTER, "message-input");
  await ann.waitForText("Yes", "message");
  await ann.screenshot("chromium-chat");
  await ann.click(`[data-own="true"]`, "message-edit");
  await ann.type(Key.chord(Key.CONTROL, "a") + "Lunch at one?" + Key.ENTER, "message-input");
  await ben.waitForText("Lunch at one?", "message");
  await ben.waitForAttribute("data-edited", "true", "message");
  await ann.click(`[data-own="true"]`, "message-delete");
  await ann.click("message-delete-confirm");
  await ben.waitForAttribute("data-deleted", "true", "message");
});

test("calling somebody who is not there ends in a sentence that says so", async () => {
  await server.demoToken("Gone");
  const ann = await open("chromium");
  await ann.signIn("Ann");
  await ann.click("person-Gone", "call-audio");
  await ann.waitForText("Gone", "call-screen");
  await ann.element("call-close");
  await ann.screenshot("chromium-not-there");
  await ann.click("call-close");
  await ann.waitUntilGone("call-screen");
});

test("while the server is away a banner says so, and goes when it is back", async () => {
  const ann = await open("chromium");
  await ann.signIn("Ann");
  await server.kill();
  await ann.waitForAttribute("data-state", "reconnecting", "connection-banner");
  await server.start();
  await ann.waitUntilGone("connection-banner");
});

describe("every screen is accessible, and fits a phone", () => {
  for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
    for (const size of [{ name: "desktop", width: 1280, height: 800 }, { name: "phone", width: 390, height: 812 }]) {
      test(`${look.name}, ${size.name}`, async () => {
        const label = `${look.name}-${size.name}`;
        const [ann, ben] = await Promise.all([open("chromium", { ...look, ...size }), open("chromium")]);
        const check = async (screen) => {
          await ann.screenshot(`${label}-${screen}`);
          assert.deepEqual(await ann.accessibilityProblems(), [], `${label} ${screen}`);
          assert.equal(await ann.overflows(), false, `${label} ${screen} is wider than the window`);
        };
        await ann.element("sign-in-name");
        await check("sign-in");
        await ben.signIn(`Ben ${label}`);
        await ann.signIn(`Ann ${label}`);
        await ann.element(`person-Ben ${label}`);
        await check("home");
        await ben.click(`person-Ann ${label}`, "call-video");
        await ann.element("incoming-dialog");
        await check("ringing");
        await ann.click("accept-video");
        await ann.waitForPicture("remote-video");
        await check("in-call");
        await ann.click("hang-up");
        await ann.waitUntilGone("remote-video");
        await ann.click(`person-Ben ${label}`, "write");
        await ann.type("Here it is." + Key.ENTER, "message-input");
        await ann.element("message");
        await check("chat");
      });
    }
  }
});

test("signing in, calling and hanging up need no mouse", async () => {
  const [ann, ben] = await Promise.all([open("chromium"), open("chromium")]);
  await ben.signIn("Keys Ben");
  await ann.signIn("Keys Ann");
  await ann.element("person-Keys Ben");
  const pressOn = async (page, css) => {
    for (let step = 0; step < 60; step += 1) {
      if (await page.driver.executeScript("return document.activeElement?.matches(arguments[0]) ?? false", css)) {
        await page.driver.actions().sendKeys(Key.ENTER).perform();
        return;
      }
      await page.driver.actions().sendKeys(Key.TAB).perform();
    }
    assert.fail(`Tab never reached ${css}`);
  };
  await pressOn(ann, `${testId("person-Keys Ben")} ${testId("call-audio")}`);
  await ben.element("incoming-dialog");
  await pressOn(ben, testId("accept-audio"));
  await ann.waitForCallState("Connected");
  await pressOn(ann, testId("hang-up"));
  await ben.waitUntilGone("remote-video");
  await ann.waitUntilGone("hang-up");
});
