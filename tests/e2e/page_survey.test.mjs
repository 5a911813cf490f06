// The question after a call on the sample page: asked once, answered or passed over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function call(caller, callee, name) {
  await caller.click(`person-${name}`, "call-audio");
  await callee.click("accept-audio");
  await Promise.all([caller, callee].map((page) => page.waitForCallState("Connected")));
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} both are asked how a call was, and not again the same day`, async () => {
    const [annName, benName] = [`Survey Ann ${browser}`, `Survey Ben ${browser}`];
    const [ann, ben] = await Promise.all([world.open(browser, { width: 390, height: 812 }), world.open("chromium", { dark: true })]);
    await Promise.all([ann.signIn(annName), ben.signIn(benName)]);
    await call(ann, ben, benName);
    // Long enough to be worth the question.
    await Promise.all([ann, ben].map((page) => page.waitForText("0:11", "call-timer")));
    await (await ann.element("hang-up")).sendKeys(Key.ENTER);
    await Promise.all([ann, ben].map((page) => page.element("survey")));
    const focused = () => ann.driver.executeScript("return document.activeElement?.dataset.testid");
    await ann.until(async () => (await focused()) === "survey", "the focus on the question");
    await Promise.all([ann, ben].map((page) => page.waitForText("How was the call?", "announcement")));
    for (const page of [ann, ben]) {
      // Who is at it is not hurried.
      await page.driver.executeScript(`document.querySelector('[data-testid="survey-4"]').focus()`);
      await page.screenshot(`${browser}-survey-${page === ann ? "own" : "other"}`);
      assert.deepEqual(await page.accessibilityProblems(), []);
      assert.equal(await page.overflows(), false);
    }
    await ann.click("survey-5");
    await ann.waitForText("Thank you", "announcement");
    await ann.click("survey-answer");
    await ann.waitForText('"score": 5', "survey-thanks");
    await ann.screenshot(`${browser}-survey-answer`);
    assert.deepEqual(await ann.accessibilityProblems(), []);
    assert.equal(await ann.overflows(), false);
    await ann.click("survey-answer");
    await ann.waitUntilGone("call-screen");
    await ben.click("call-close");
    await ben.waitUntilGone("call-screen");
    await call(ben, ann, annName);
    await Promise.all([ann, ben].map((page) => page.waitForText("0:11", "call-timer")));
    await ben.click("hang-up");
    await Promise.all([ann, ben].map((page) => page.waitUntilGone("call-screen")));
    for (const page of [ann, ben]) assert.equal(await page.count("error-banner"), 0);
  });
}
