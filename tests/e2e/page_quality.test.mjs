// How well a call goes, on the sample page: in words, measured, and to be copied.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function inCall(browser, names, options) {
  const [ann, ben] = await Promise.all([world.open(browser, options), world.open("chromium")]);
  await Promise.all([ann.signIn(names[0]), ben.signIn(names[1])]);
  await ben.click(`person-${names[0]}`, "call-video");
  await ann.click("accept-video");
  await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
  return [ann, ben];
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} one sees what is measured, and copies it without names or addresses`, async () => {
    const [annName, benName] = [`Quality Ann ${browser}`, `Quality Ben ${browser}`];
    const [ann, ben] = await inCall(browser, [annName, benName]);
    await ann.driver.executeScript(`
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } });`);
    await ann.waitForAttribute("data-level", "good", "quality");
    await ann.click("quality");
    await ann.waitForText("Nothing is wrong", "troubles");
    for (const words of ["direct", "kbit/s", "Opus", "frames/s"]) await ann.waitForText(words, "measured");
    await ann.click("copy-details");
    await ann.waitForText("Copied", "copy-details");
    const report = await ann.driver.executeScript("return window.copied");
    assert.match(report, /^Openline call report, .+\nCall: .+ \(Connected\)\n/);
    assert.match(report, /Sound received: .*kbit\/s/);
    assert.doesNotMatch(report, /Quality|\d+\.\d+\.\d+\.\d+ |eyJ/);
    await ann.driver.actions().sendKeys(Key.ESCAPE).perform();
    await ann.waitUntilGone("details-dialog");
    const focused = () => ann.driver.executeScript("return document.activeElement?.dataset.testid");
    await ann.until(async () => (await focused()) === "quality", "the focus back where it was");
    // It closes by itself with the call.
    await ann.click("quality");
    await ben.click("hang-up");
    await ann.waitUntilGone("details-dialog");
    assert.equal(await ann.count("error-banner"), 0);
  });
}

test("what is wrong on the other side is said by name, and the focus stays in a call that the other side ends", async () => {
  const [ann, ben] = await Promise.all([world.open("chromium"), world.open("chromium", { devices: false })]);
  await Promise.all([ann.signIn("Tells Ann"), ben.signIn("Tells Ben")]);
  await ann.click("person-Tells Ben", "call-audio");
  await ben.click("accept-audio");
  await ann.waitForCallState("Connected");
  assert.equal(await ann.text("quality"), "Good connection");
  await (await ann.element("quality")).sendKeys(Key.ENTER);
  await ann.waitForText("Tells Ben has no microphone", "troubles");
  await ben.click("hang-up");
  await ann.waitUntilGone("details-dialog");
  const focused = () => ann.driver.executeScript("return document.activeElement?.className ?? ''");
  await ann.until(async () => /call-screen|shell/.test(await focused()), "the focus on what is shown");
  await ann.waitUntilGone("call-screen");
  await ann.until(async () => (await focused()) !== "", "the focus on the page below");
});

test("while the server is away the call says so, in words and in its panel", async () => {
  const [ann] = await inCall("chromium", ["Away Ann", "Away Ben"]);
  await world.server.kill();
  await ann.waitForText("Reconnecting", "call-notice");
  await ann.waitForAttribute("data-level", "bad", "quality");
  await ann.click("quality");
  await ann.waitForText("connection to the server is lost", "troubles");
  await world.server.start();
  await ann.waitForText("Nothing is wrong", "troubles");
  await ann.click("details-close");
  await ann.waitForAttribute("data-level", "good", "quality");
  await ann.waitUntilGone("call-notice");
});

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`the panel is readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `quality-${look.name}-${size.width}`;
      const [ann] = await inCall("chromium", [label, `${label}-ben`], { ...look, ...size });
      await ann.click("quality");
      await ann.waitForText("frames/s", "measured");
      await ann.screenshot(label);
      assert.deepEqual(await ann.accessibilityProblems(), []);
      assert.equal(await ann.overflows(), false);
    });
  }
}
