// A call that rings while another one runs: it takes nothing away from that one, whatever is done with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

/** Ann, who is in a call with Ben, and Cleo, who may call her. */
async function inCall(label, browser = "chromium", { options, names = ["Ann", "Ben", "Cleo"], how = "audio" } = {}) {
  const all = names.map((name) => `${name} ${label}`);
  const pages = await Promise.all([world.open(browser, options), world.open("chromium"), world.open("chromium")]);
  await Promise.all(pages.map((page, index) => page.signIn(all[index])));
  const [ann, ben, cleo] = pages;
  const [name] = all;
  await ben.click(`[data-testid="person-${name}"]`, `call-${how}`);
  await ann.click(`accept-${how}`);
  await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
  return { ann, ben, cleo, name, ring: (how = "audio") => cleo.click(`[data-testid="person-${name}"]`, `call-${how}`) };
}

const focused = (page) => page.driver.executeScript("return document.activeElement?.dataset.testid ?? document.activeElement?.tagName");
const focuses = (page, wanted) => page.until(async () => (await focused(page)) === wanted, `the focus on ${wanted}`);
const keys = (page, ...typed) => page.driver.actions().sendKeys(...typed).perform();

async function tabTo(page, id) {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused(page)) === id) return;
    await keys(page, Key.TAB);
  }
  assert.fail(`Tab never reached ${id}`);
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} one goes on with the running call while another one rings, and reaches both by keyboard`, async () => {
    const { ann, ben, cleo, ring } = await inCall(`reach ${browser}`, browser);
    await ann.click("mute");
    await ben.element("remote-muted");
    await ring("video");
    await ann.waitForText("is calling with video", "second-call");
    await ann.waitForText("Cleo", "announcement");
    assert.equal(await ann.count("incoming-dialog"), 0);
    await ann.click("mute");
    await ben.waitUntilGone("remote-muted");
    await ann.driver.executeScript(`document.querySelector('[data-testid="call-screen"]').focus()`);
    await tabTo(ann, "accept-video");
    await keys(ann, Key.ENTER);
    await cleo.waitForCallState("Connected");
    await Promise.all([ann, cleo].map((page) => page.waitForPicture("remote-video")));
    await ben.waitForCallState("RemoteHold");
    await focuses(ann, "call-screen");
    assert.equal(await ann.count("error-banner"), 0);
  });

  test(`in ${browser} the focus stays in the call where the keypad goes for a second call`, async () => {
    const { ann, ben, cleo, ring } = await inCall(`keys ${browser}`, browser);
    await (await ann.element("keypad")).sendKeys(Key.ENTER);
    await keys(ann, "1");
    await ann.waitForText("1", "typed");
    await ring();
    await ann.element("second-call");
    await focuses(ann, "keypad");
    await ann.click("accept-hold");
    await cleo.waitForCallState("Connected");
    await focuses(ann, "call-screen");
    assert.equal(await ann.count("keypad-dialog"), 0);
    // The button itself, which is off as soon as the call is on hold.
    await (await ann.element("keypad")).sendKeys(Key.ENTER);
    await cleo.click("hold");
    await ann.waitForCallState("RemoteHold");
    await keys(ann, Key.ESCAPE);
    await ann.waitUntilGone("keypad-dialog");
    await focuses(ann, "call-screen");
    await ben.waitForCallState("RemoteHold");
  });

  test(`in ${browser} a second call that cannot be answered costs nobody the first, which goes on`, async () => {
    const { ann, ben, cleo, ring } = await inCall(`fails ${browser}`, browser);
    await ring();
    await ann.element("second-call");
    await cleo.click("hang-up");
    await ann.waitUntilGone("second-call");
    await ann.waitForText("no longer calling", "announcement");
    // From here on no other connection comes about.
    await ann.driver.executeScript(`
      window.RTCPeerConnection = class extends RTCPeerConnection {
        setRemoteDescription() {
          return Promise.reject(new DOMException("", "OperationError"));
        }
      };`);
    await ring();
    await ann.element("second-call");
    await ann.click("accept-end");
    await ann.waitForText(`You are back in the call with Ben fails ${browser}`, "error-banner");
    await ann.waitForAttribute("aria-label", `Call with Ben fails ${browser}`, "call-screen");
    await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
    assert.equal(await ann.count("held-calls"), 0);
    await cleo.waitUntilGone("call-timer");
  });
}

test("answering ends a call that was only being dialled, and two that ring are both told of", async () => {
  const names = ["Ann", "Ben", "Cleo", "Dan"].map((name) => `Dials ${name}`);
  const [ann, ben, cleo, dan] = await Promise.all(names.map(() => world.open("chromium")));
  await Promise.all([ann, ben, cleo, dan].map((page, index) => page.signIn(names[index])));
  await ann.click(`person-${names[1]}`, "call-audio");
  await ben.element("incoming-dialog");
  await cleo.click(`person-${names[0]}`, "call-audio");
  await ann.waitForText("Answering cancels your call", "second-call");
  await dan.click(`person-${names[0]}`, "call-audio");
  await ann.waitForText(`${names[3]} is calling too`, "also-ringing");
  await dan.click("hang-up");
  await ann.waitUntilGone("also-ringing");
  await ann.click("accept-audio");
  await ben.waitUntilGone("incoming-dialog");
  await Promise.all([ann, cleo].map((page) => page.waitForCallState("Connected")));
  await ann.waitForAttribute("aria-label", `Call with ${names[2]}`, "call-screen");
  assert.equal(await ann.count("held-calls"), 0);
});

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Maximiliane von und zu";
const SIZES = [[360, 640], [640, 360], [1280, 800]];

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  test(`a ringing call and the keypad have all their buttons within the window, ${look.name}`, async () => {
    const label = `ring-${look.name}`;
    const { ann, ben, cleo, ring } = await inCall(label, "chromium", { options: look, names: ["Ann", "Ben", LONG], how: "video" });
    const check = async (screen, ...parts) => {
      for (const [width, height] of SIZES) {
        await ann.resize(width, height);
        await ann.screenshot(`${label}-${screen}-${width}`);
        assert.deepEqual(await ann.misplaced(...parts), [], `${screen}, ${width} × ${height}`);
        assert.deepEqual(await ann.accessibilityProblems(), [], `${screen}, ${width} × ${height}`);
      }
    };
    const call = [".call-heading", "keypad", "call-shrink", "second-call", "held-call", "local-video", ".call-footer .call-button"];
    await ann.click("keypad");
    await ann.element("keypad-dialog");
    await check("keypad", ".key", "keypad-close");
    await ann.click("keypad-close");
    await ring("video");
    await ann.element("second-call");
    await check("second", ...call);
    await check("second-buttons", ".second-call .call-button", ".call-footer .call-button");
    await ann.click("call-shrink");
    await check("beside", "second-call", "call-strip", "main.shell");
    await ann.click("call-expand");
    await ann.click("accept-hold");
    await cleo.waitForCallState("Connected");
    await ann.element("held-call");
    await check("held", ...call);
    await ann.click("held-hang-up");
    await ann.click("hang-up");
    await ann.waitUntilGone("call-screen");
    await cleo.waitUntilGone("hang-up");
    await ring();
    await ann.element("incoming-dialog");
    await check("first", ".incoming .call-button", ".incoming h2", ".incoming .avatar");
    await ben.waitUntilGone("hang-up");
  });
}
