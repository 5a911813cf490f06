// The keypad of a call on the sample page: tones that really go out, by mouse and keyboard, and what is said where they do not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

async function inCall(browsers, names, options = {}, prepareBen = async () => {}) {
  const pages = await Promise.all(browsers.map((browser) => world.open(browser, options)));
  await Promise.all([recordTones(pages[0]), prepareBen(pages[1])]);
  await Promise.all(pages.map((page, index) => page.signIn(names[index])));
  const [ann, ben] = pages;
  await ann.click(`person-${names[1]}`, "call-audio");
  await ben.click("accept-audio");
  await Promise.all(pages.map((page) => page.waitForCallState("Connected")));
  return pages;
}

/** What browsers say that they play out, tone by tone. */
const recordTones = (page) => page.driver.executeScript(`
  window.tones = "";
  const senders = new WeakSet();
  const insert = RTCDTMFSender.prototype.insertDTMF;
  RTCDTMFSender.prototype.insertDTMF = function (...tones) {
    if (!senders.has(this)) this.addEventListener("tonechange", ({ tone }) => (window.tones += tone.trim()));
    senders.add(this);
    return insert.apply(this, tones);
  };`);

const tones = (page) => page.driver.executeScript("return window.tones");
const sent = (page, all) => page.until(async () => (await tones(page)) === all, `the tones ${all}`);
const keys = (page, ...typed) => page.driver.actions().sendKeys(...typed).perform();
const focused = (page) => page.driver.executeScript("return document.activeElement?.dataset.testid");

for (const [browser, other] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`in ${browser} keys are tones, pressed on the page or on the keyboard, in the order they were pressed`, async () => {
    const [ann, ben] = await inCall([browser, other], [`Keys Ann ${browser}`, `Keys Ben ${browser}`]);
    await (await ann.element("keypad")).sendKeys(Key.ENTER);
    await ann.element("keypad-dialog");
    await ann.click("key-1");
    await ann.click("key-*");
    await keys(ann, "4", "2", "#");
    await ann.waitForText("1*42#", "typed");
    await sent(ann, "1*42#");

    // Tab goes from key to key, and a key of the keyboard that is no tone sends none.
    await keys(ann, Key.TAB, "x", Key.ENTER);
    await ann.waitForAttribute("data-waiting", "0", "typed");
    const [typed, key] = await Promise.all([ann.text("typed"), focused(ann)]);
    assert.equal(typed, `1*42#${key.replace("key-", "")}`);
    await sent(ann, typed);
    await keys(ann, Key.ESCAPE);
    await ann.waitUntilGone("keypad-dialog");
    await ann.until(async () => (await focused(ann)) === "keypad", "the focus back where it was");

    // On hold nothing is sent, which is said; afterwards the keys work again.
    await ann.click("keypad");
    await ben.click("hold");
    await ann.waitForCallState("RemoteHold");
    await keys(ann, "7");
    await ann.waitForText("on hold", "keypad-problem");
    await ben.click("hold");
    await ann.waitForCallState("Connected");
    await keys(ann, "8");
    await ann.waitUntilGone("keypad-problem");
    await sent(ann, `${typed}8`);

    await ben.click("hang-up");
    await ann.waitUntilGone("keypad-dialog");
    await ann.waitUntilGone("call-screen");
    assert.equal(await ann.count("error-banner"), 0);
  });

  test(`in ${browser} it is said that the other side takes no tones`, async () => {
    const names = [`Deaf Ann ${browser}`, `Deaf Ben ${browser}`];
    const [ann] = await inCall([browser, other], names, {}, (page) => page.driver.executeScript(`
      const set = RTCPeerConnection.prototype.setRemoteDescription;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        const events = [...sdp.matchAll(/^a=rtpmap:(\\d+) telephone-event/gm)].map(([, payload]) => payload);
        const of = (line) => events.some((payload) => new RegExp("^a=(rtpmap|fmtp|rtcp-fb):" + payload + " ").test(line));
        const without = (line) => line.startsWith("m=audio") ? line.split(" ").filter((word, index) => index < 3 || !events.includes(word)).join(" ") : line;
        return set.call(this, { type, sdp: sdp.split("\\r\\n").filter((line) => !of(line)).map(without).join("\\r\\n") });
      };`));
    await ann.click("keypad");
    await keys(ann, "5");
    await ann.waitForText(`${names[1]} cannot receive tones`, "keypad-problem");
    assert.equal(await tones(ann), "");
    await ann.waitForCallState("Connected");
  });
}

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`the keypad is readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `keypad-${look.name}-${size.width}`;
      const [ann] = await inCall(["chromium", "chromium"], [label, `${label}-ben`], { ...look, ...size });
      await ann.screenshot(`${label}-call`);
      await ann.click("keypad");
      await ann.element("keypad-dialog");
      await ann.screenshot(`${label}-empty`);
      assert.deepEqual(await ann.accessibilityProblems(), []);
      for (const key of "0123456789#*") await ann.click(`key-${key}`);
      await ann.waitForText("0123456789#*", "typed");
      await ann.screenshot(label);
      assert.deepEqual(await ann.accessibilityProblems(), []);
      assert.equal(await ann.overflows(), false);
    });
  }
}
