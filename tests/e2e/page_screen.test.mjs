// A shared screen on the sample page: large and whole, people small beside it, and always a way to stop.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function inCall(browsers, names, options = {}) {
  const pages = await Promise.all(browsers.map((browser) => world.open(browser, options)));
  await Promise.all(pages.map((page, index) => page.signIn(names[index])));
  const [ann, ben] = pages;
  await ann.click(`person-${names[1]}`, "call-video");
  await ben.click("accept-video");
  await Promise.all(pages.map((page) => page.waitForPicture("remote-video")));
  return pages;
}

/** What the browser's picker would give, or why it gives nothing. */
const picks = (page, error) => page.driver.executeScript(`
  const error = arguments[0];
  navigator.mediaDevices.getDisplayMedia = async () => {
    if (error) throw new DOMException("", error);
    const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 900 });
    const pen = canvas.getContext("2d");
    let count = 0;
    setInterval(() => {
      pen.fillStyle = "#fbfaf5";
      pen.fillRect(0, 0, 1600, 900);
      pen.fillStyle = "#223";
      pen.font = "64px sans-serif";
      pen.fillText("Quarterly plan " + (count += 1), 90, 140);
      pen.strokeRect(8, 8, 1584, 884);
    }, 50);
    window.shared = canvas.captureStream(20);
    return window.shared;
  };`, error);

const press = async (page, id) => (await page.element(id)).sendKeys(Key.ENTER);
const focused = (page) => page.driver.executeScript("return document.activeElement?.dataset.testid");

for (const [browser, other] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`in ${browser} a screen is shared beside the cameras, and stopped by each of its buttons`, async () => {
    const names = [`Screen Ann ${browser}`, `Screen Ben ${browser}`];
    const [ann, ben] = await inCall([browser, other], names);
    await picks(ann, "NotAllowedError");
    await ann.click("share");
    await ann.waitForText("Nothing is shared", "announcement");
    assert.equal(await ann.count("sharing"), 0);
    assert.equal(await ann.count("error-banner"), 0);

    await picks(ann, "NotReadableError");
    await ann.click("share");
    await ann.waitForText("Choose another one", "error-banner");
    await ann.click("error-dismiss");

    await picks(ann);
    await ann.driver.executeScript(`
      const share = document.querySelector('[data-testid="share"]');
      share.focus();
      share.click();
      share.click();`);
    await ann.element("sharing");
    assert.equal(await ann.count("error-banner"), 0, "who clicks twice is asked once");
    await ben.waitForPicture("remote-screen");
    await ben.waitForPicture("remote-video");
    await ann.waitForPicture("local-video");
    const fit = await ben.driver.executeScript(`return getComputedStyle(document.querySelector('[data-testid="remote-screen"] video')).objectFit`);
    assert.equal(fit, "contain");
    await ann.screenshot(`${browser}-sharing`);
    await ben.screenshot(`${browser}-shared`);
    const fills = () => ben.driver.executeScript("return document.fullscreenElement?.dataset.testid");
    await press(ben, "full-screen");
    await ben.until(async () => (await fills()) === "remote-screen", "the shared screen on the whole display");
    await ben.waitForText("Escape leads back", "announcement");
    await ben.screenshot(`${browser}-full`);
    await press(ben, "full-screen");
    await ben.until(async () => !(await fills()), "the call around the shared screen");
    assert.equal(await focused(ben), "full-screen");
    await press(ann, "stop-sharing");
    await ben.waitUntilGone("remote-screen");
    await ann.waitUntilGone("sharing");
    await ann.until(async () => (await focused(ann)) === "share", "the focus on the button that shares");
    await ben.waitForPicture("remote-video");

    // The browser's own button ends the track; Firefox takes no such event from a page.
    await ann.click("share");
    await ben.waitForPicture("remote-screen");
    if (browser === "firefox") await ann.click("share");
    else {
      await ann.driver.executeScript(`
        const [track] = window.shared.getVideoTracks();
        track.stop();
        track.dispatchEvent(new Event("ended"));`);
    }
    await ann.waitUntilGone("sharing");
    await ben.waitUntilGone("remote-screen");

    // Both at once, and the camera off and on meanwhile is still the camera.
    await picks(ben);
    await Promise.all([ann.click("share"), ben.click("share")]);
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-screen")));
    await ann.click("camera");
    await ben.waitUntilGone("remote-video");
    await ben.waitForPicture("remote-screen");
    await ann.click("camera");
    await ben.waitForPicture("remote-video");
    await ann.click("call-shrink");
    await press(ann, "strip-stop-sharing");
    await ben.waitUntilGone("remote-screen");
    await ann.until(async () => (await focused(ann)) === "call-expand", "the focus beside where it was");
    await ben.click("hang-up");
    await ann.waitUntilGone("call-strip");
    assert.equal(await ann.count("error-banner"), 0);
  });
}

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`a shared screen and what is shared are readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `screen-${look.name}-${size.width}`;
      const [ann, ben] = await inCall(["chromium", "chromium"], [label, `${label}-ben`], { ...look, ...size });
      await Promise.all([ann, ben].map((page) => picks(page)));
      await ben.click("share");
      await ann.waitForPicture("remote-screen");
      const check = async (page, screen) => {
        await page.screenshot(`${label}-${screen}`);
        assert.deepEqual(await page.accessibilityProblems(), [], screen);
        assert.equal(await page.overflows(), false, screen);
      };
      await check(ann, "other");
      await check(ben, "own");
      await ann.click("share");
      await ben.waitForPicture("remote-screen");
      await check(ben, "both");
      await ben.click("share");
      await Promise.all([ann, ben].map((page) => page.click("camera")));
      await Promise.all(["local-video", "remote-video"].map((id) => ben.waitUntilGone(id)));
      await ben.waitForPicture("remote-screen");
      await check(ben, "alone");
    });
  }
}

const PARTS = ["remote-screen", "remote-video", "local-video", ".call-heading", "keypad", "call-shrink", "sharing", "call-notice", "held-call", ".call-footer .call-buttons"];

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  test(`a shared screen has its room and covers nobody, in windows of every shape, beside a call on hold, ${look.name}`, async () => {
    const label = `shapes-${look.name}`;
    const [ann, ben] = await inCall(["chromium", "chromium"], [label, `${label}-ben`], look);
    const cleo = await world.open("chromium");
    await cleo.signIn(`${label}-cleo`);
    await Promise.all([ann, ben].map((page) => picks(page)));
    await ben.click("share");
    await ann.waitForPicture("remote-screen");
    const check = async (screen, least) => {
      for (const [width, height] of [[360, 640], [640, 360], [800, 480], [1280, 800]]) {
        await ann.resize(width, height);
        await ann.screenshot(`${label}-${screen}-${width}`);
        assert.deepEqual(await ann.misplaced(...PARTS), [], `${screen}, ${width} × ${height}`);
        const share = (await ann.height("remote-screen")) / height;
        assert.ok(share > least, `${screen}, ${width} × ${height}: the screen has ${share} of the height`);
        assert.equal(await ann.overflows(), false);
      }
    };
    await check("cameras", 0.4);
    await ann.click("camera");
    await ann.waitUntilGone("local-video");
    await check("other", 0.4);
    await ben.click("camera");
    await ann.waitUntilGone("remote-video");
    await check("none", 0.5);
    await ann.click("camera");
    await ann.waitForPicture("local-video");
    await check("own", 0.4);
    await ben.click("camera");
    await cleo.click(`person-${label}`, "call-audio");
    await ann.click("accept-hold");
    await cleo.waitForCallState("Connected");
    await ann.click("held-switch");
    await cleo.waitForCallState("RemoteHold");
    await ann.waitForPicture("remote-screen");
    await ann.element("held-call");
    await ann.click("share");
    await ann.element("sharing");
    await check("held", 0.25);
  });
}
