// The device settings of the sample page: before a call and in it, with what is allowed in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

/** Opens the settings from the account's menu, and has the browser asked where it has to be. */
async function openSettings(page) {
  await page.click("account");
  await page.click("device-settings");
  await page.element("device-dialog");
  await allow(page);
}

async function allow(page) {
  await page.until(
    () => page.driver.executeScript(`
      document.querySelector('[data-testid="allow-devices"]')?.click();
      return document.querySelector('[data-testid="camera-preview"]').dataset.state === "shown"`),
    "one's own picture in the settings");
  await page.waitForPicture("camera-preview");
}

/** Every track that the page opens from here on. */
const recordTracks = (page) => page.driver.executeScript(`
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  window.opened = [];
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.opened.push(...stream.getTracks());
    return stream;
  };`);

/** Devices open only once `openDevices` was called for them, the last one first. */
const holdDevices = (page) => page.driver.executeScript(`
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  window.held = [];
  devices.getUserMedia = (constraints) => new Promise((resolve) => window.held.push(() => resolve(open(constraints))));`);

const openDevices = (page) => page.driver.executeScript("window.held.splice(0).reverse().forEach((open) => open())");

const liveTracks = (page) => page.driver.executeScript("return window.opened.filter((track) => track.readyState === 'live').length");

const focused = (page) => page.driver.executeScript("return document.activeElement?.dataset.testid");

/** Firefox measures no sound on a machine that has nothing to play through, as those that run tests. */
const meterMoves = (page) => page.browser === "chromium" ? page.until(
  () => page.driver.executeScript(`return Number(document.querySelector('[data-testid="level-meter"]').getAttribute("aria-valuenow")) > 0`),
  "a level of the microphone") : page.element("level-meter");

const choose = (page, id, index) => page.driver.executeScript(`
  const select = document.querySelector(arguments[0]);
  select.selectedIndex = arguments[1] % select.options.length;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return select.value;`, `[data-testid="${id}"]`, index);

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} camera, microphone and sound are tried before a call, and are off again afterwards`, async () => {
    const page = await world.open(browser);
    await page.signIn(`Devices ${browser}`);
    await recordTracks(page);
    await openSettings(page);
    await meterMoves(page);
    await page.click("test-sound");
    await page.waitForText("Playing…", "test-sound");
    await page.waitForText("Play a test sound", "test-sound");
    assert.ok((await liveTracks(page)) >= 2);
    if (browser === "chromium") assert.equal(await page.count("error-banner"), 0);
    await page.click("sounds");
    await page.driver.actions().sendKeys(Key.ESCAPE).perform();
    await page.waitUntilGone("device-dialog");
    await page.until(async () => (await liveTracks(page)) === 0, "camera and microphone off");
    await page.until(async () => (await focused(page)) === "account", "the focus back where it was");
    await page.reload();
    await page.click("account");
    await page.click("device-settings");
    assert.equal(await (await page.element("sounds")).isSelected(), false);
  });

  test(`in ${browser} devices that are chosen faster than they open are off again afterwards`, async () => {
    const page = await world.open(browser);
    await page.signIn(`Fast ${browser}`);
    await recordTracks(page);
    await openSettings(page);
    await page.until(async () => (await liveTracks(page)) === 2, "camera and microphone on");
    await holdDevices(page);
    const asked = async (count) => page.until(async () => (await page.driver.executeScript("return window.held.length")) === count, `${count} devices asked for`);
    // The same ones anew by turns: what is chosen at the end is what opened at first.
    for (let count = 1; count <= 3; count++) {
      for (const id of ["microphone-choice", "camera-choice"]) await choose(page, id, count % 2);
      await asked(2 * count);
    }
    await openDevices(page);
    await page.waitForPicture("camera-preview");
    await page.until(async () => (await liveTracks(page)) === 2, "one camera and one microphone on");
    await page.click("devices-close");
    await page.waitUntilGone("device-dialog");
    await page.until(async () => (await liveTracks(page)) === 0, "camera and microphone off");
    assert.equal(await page.count("error-banner"), 0);
  });

  test(`in ${browser} devices are tried and changed in a call, which goes on`, async () => {
    const [annName, benName] = [`In call Ann ${browser}`, `In call Ben ${browser}`];
    const [ann, ben] = await Promise.all([world.open(browser), world.open("chromium")]);
    await Promise.all([ann.signIn(annName), ben.signIn(benName)]);
    await ann.click(`person-${benName}`, "call-video");
    await ben.click("accept-video");
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
    await recordTracks(ann);
    await ann.click("devices");
    await ann.waitForPicture("camera-preview");
    await meterMoves(ann);
    assert.equal(await ann.driver.executeScript("return window.opened.length"), 0, "what the call has open is shown and measured");
    const microphones = await ann.driver.executeScript(`return document.querySelectorAll('[data-testid="microphone-choice"] option').length`);
    if (microphones > 1) {
      const chosen = await choose(ann, "microphone-choice", 1);
      await ann.until(
        () => ann.driver.executeScript("return document.querySelector('[data-testid=\"microphone-choice\"]').value === arguments[0]", chosen),
        "the chosen microphone");
      await meterMoves(ann);
    }
    assert.equal(await ann.count("only-you"), 0);
    await ann.click("devices-close");
    await ann.waitUntilGone("device-dialog");
    await ann.click("camera");
    await ben.waitUntilGone("remote-video");
    await ann.click("devices");
    await ann.waitForText("Only you see this", "only-you");
    await ann.click("devices-close");
    await ann.click("camera");
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
    await ann.waitForPicture("local-video");
    assert.equal(await ben.count("remote-muted"), 0);
    assert.equal(await ann.count("error-banner"), 0);
    await ann.reload();
    await ann.waitForText(`ended your call with ${benName}`, "error-banner");
    await ann.reload();
    await ann.element("account");
    assert.equal(await ann.count("error-banner"), 0);
  });

  test(`in ${browser} a call that rings closes the settings and takes the camera`, async () => {
    const [annName, benName] = [`Ring Ann ${browser}`, `Ring Ben ${browser}`];
    const [ann, ben] = await Promise.all([world.open(browser), world.open("chromium")]);
    await Promise.all([ann.signIn(annName), ben.signIn(benName)]);
    await recordTracks(ann);
    await openSettings(ann);
    await ben.click(`person-${annName}`, "call-audio");
    await ann.element("incoming-dialog");
    await ann.until(async () => (await liveTracks(ann)) === 0, "camera and microphone off");
    await ann.click("reject");
    await ann.waitUntilGone("incoming-dialog");
    assert.equal(await ann.count("device-dialog"), 0);
  });

  test(`in ${browser} it is said in words that there is no camera and no microphone`, async () => {
    const page = await world.open(browser, { devices: false });
    await page.signIn(`No devices ${browser}`);
    await page.click("account");
    await page.click("device-settings");
    await page.waitForText("No camera was found", "camera-preview");
    await page.waitForText("None found", "microphone-choice");
    await page.screenshot(`${browser}-no-devices`);
    assert.equal(await page.count("error-banner"), 0);
  });
}

test("the browser's question is announced, and what was refused is said in words", async () => {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740, dark: true }]) {
    const page = await world.open("chromium", size);
    await page.driver.executeScript(`
      const devices = navigator.mediaDevices;
      const list = devices.enumerateDevices.bind(devices);
      devices.enumerateDevices = async () => (await list()).map(({ kind, deviceId, groupId }) => ({ kind, deviceId, groupId, label: "" }));
      devices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };
      navigator.permissions.query = async () => Object.assign(new EventTarget(), { state: "prompt" });`);
    await page.signIn(`Asked ${size.width}`);
    await page.click("account");
    await page.click("device-settings");
    await page.waitForAttribute("data-state", "ask", "permission");
    await page.screenshot(`devices-ask-${size.width}`);
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.click("allow-devices");
    await page.waitForAttribute("data-state", "denied", "permission");
    await page.waitForText("cannot use your camera and microphone", "permission");
    await page.screenshot(`devices-denied-${size.width}`);
    assert.deepEqual(await page.accessibilityProblems(), []);
    assert.equal(await page.overflows(), false);
    assert.equal(await page.count("error-banner"), 0);
  }
});

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`the settings are readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `devices-${look.name}-${size.width}`;
      const page = await world.open("chromium", { ...look, ...size });
      await page.signIn(label);
      await openSettings(page);
      await meterMoves(page);
      await page.screenshot(label);
      assert.deepEqual(await page.accessibilityProblems(), []);
      assert.equal(await page.overflows(), false);
    });
  }
}
