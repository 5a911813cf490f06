// Calls on the sample page, by people who click twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testId } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

/** Ann in one browser calls Ben in another, and he answers. */
async function inCall(browsers = ["chromium", "firefox"]) {
  const [ann, ben] = await Promise.all(browsers.map((browser) => world.open(browser)));
  await ann.signIn("Ann");
  await ben.signIn("Ben");
  await ann.click("person-Ben", "call-audio");
  await ben.click("accept-audio");
  await Promise.all([ann.waitForCallState("Connected"), ben.waitForCallState("Connected")]);
  return [ann, ben];
}

const clickTwice = (page, id) =>
  page.driver.executeScript(
    "const button = document.querySelector(arguments[0]); button.click(); button.click();",
    testId(id),
  );

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} two clicks on answer answer once`, async () => {
    const [ann, ben] = await Promise.all([world.open("chromium"), world.open(browser)]);
    await ann.signIn("Ann");
    await ben.signIn("Ben");
    await ann.click("person-Ben", "call-audio");
    await ben.element("accept-audio");
    await clickTwice(ben, "accept-audio");
    await Promise.all([ann.waitForCallState("Connected"), ben.waitForCallState("Connected")]);
    await ann.click("mute");
    await ben.element("remote-muted");
    assert.equal(await ben.count("error-banner"), 0);
  });

  test(`in ${browser} a second click while the camera opens means off`, async () => {
    const [ann, ben] = await inCall([browser, "chromium"]);
    await ann.driver.executeScript(`
      const devices = navigator.mediaDevices;
      const open = devices.getUserMedia.bind(devices);
      const held = [];
      devices.getUserMedia = (constraints) => new Promise((resolve, reject) => held.push(() => open(constraints).then(resolve, reject)));
      window.releaseCamera = () => { devices.getUserMedia = open; held.splice(0).forEach((start) => start()); };
    `);
    await ann.click("camera");
    await ann.waitForAttribute("data-active", "true", "camera");
    await ann.click("camera");
    await ann.waitForAttribute("data-active", "false", "camera");
    await ann.driver.executeScript("window.releaseCamera()");
    await ann.waitForText("Camera off", "announcement");
    assert.equal(await ben.count("remote-video"), 0);
    await ann.click("camera");
    await ann.waitForPicture("local-video");
    await ben.waitForPicture("remote-video");
    assert.equal(await ann.count("error-banner"), 0);
  });
}

test("the focus follows the call when it is made small and large again", async () => {
  const [ann] = await inCall();
  const focused = () => ann.driver.executeScript("return document.activeElement?.dataset.testid");
  await ann.click("call-shrink");
  await ann.element("call-strip");
  assert.equal(await focused(), "call-expand");
  await ann.click("call-expand");
  await ann.waitUntilGone("call-strip");
  assert.equal(await focused(), "call-screen");
});
