// Calls on hold on the sample page, several calls at once, and calls without a microphone.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { test } from "node:test";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

/** People on pages of their own, who are signed in. */
async function signedIn(people) {
  const pages = await Promise.all(people.map(({ browser, options }) => world.open(browser, options)));
  await Promise.all(pages.map((page, index) => page.signIn(people[index].name)));
  return pages;
}

async function call(caller, callee, name, { accept = "accept-audio", how = "call-audio" } = {}) {
  await caller.click(`person-${name}`, how);
  await callee.click(accept);
  await Promise.all([caller, callee].map((page) => page.waitForCallState("Connected")));
}

const press = (page, id) => page.driver.executeScript("document.querySelector(arguments[0]).focus()", `[data-testid="${id}"]`)
  .then(() => page.driver.switchTo().activeElement().sendKeys("\uE007"));

for (const [browser, other] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`in ${browser} a call is put on hold and resumed, and both are told in words`, async () => {
    const [annName, benName] = [`Hold Ann ${browser}`, `Hold Ben ${browser}`];
    const [ann, ben] = await signedIn([{ browser, name: annName }, { browser: other, name: benName }]);
    await call(ann, ben, benName, { accept: "accept-video", how: "call-video" });
    await ann.waitForPicture("remote-video");
    await press(ann, "hold");
    await ann.waitForCallState("LocalHold");
    await ann.waitForText("You put the call on hold.", "call-state");
    await ann.waitForText("is on hold", "announcement");
    await ben.waitForCallState("RemoteHold");
    await ben.waitForText(`${annName} put the call on hold.`, "call-state");
    assert.equal(await ann.text("hold"), "Resume");
    assert.equal(await ann.driver.executeScript("return document.activeElement.dataset.testid"), "hold");
    for (const id of ["mute", "camera"]) assert.equal(await (await ann.element(id)).isEnabled(), false);
    await Promise.all([ann, ben].map((page) => page.waitUntilGone("remote-video")));
    assert.equal(await (await ann.driver.findElement({ css: `[data-testid="local-video"]` })).isDisplayed(), false);
    await ben.click("hold");
    await ann.waitForText("Both of you put the call on hold.", "call-state");
    await press(ann, "hold");
    await ann.waitForCallState("RemoteHold");
    await ben.click("hold");
    await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
    assert.equal(await ann.count("error-banner"), 0);
  });

  test(`in ${browser} a double click puts a call on hold, and it goes on as it was`, async () => {
    const [annName, benName] = [`Double Ann ${browser}`, `Double Ben ${browser}`];
    const [ann, ben] = await signedIn([{ browser, name: annName }, { browser: other, name: benName }]);
    await call(ann, ben, benName, { accept: "accept-video", how: "call-video" });
    await ann.waitForPicture("remote-video");
    const doubleClick = async () => ann.driver.actions({ async: true }).doubleClick(await ann.element("hold")).perform();
    await doubleClick();
    await ben.waitForCallState("RemoteHold");
    await ann.waitForCallState("LocalHold");
    assert.equal(await ann.text("hold"), "Resume");
    await doubleClick();
    await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
    assert.equal(await ann.text("hold"), "Hold");
    assert.equal(await ann.count("error-banner"), 0);
  });

  test(`in ${browser} a second call is answered while the first is on hold, and one switches between them`, async () => {
    const [annName, benName, cleoName] = ["Ann", "Ben", "Cleo"].map((name) => `Two ${name} ${browser}`);
    const [ann, ben, cleo] = await signedIn([
      { browser, name: annName }, { browser: other, name: benName }, { browser: "chromium", name: cleoName },
    ]);
    await call(ann, ben, benName);
    await cleo.click(`person-${annName}`, "call-audio");
    await ann.waitForText("is calling", "second-call");
    await ann.click("accept-hold");
    await ann.waitForText(cleoName, "call-screen");
    await ann.waitForCallState("Connected");
    await ben.waitForCallState("RemoteHold");
    await ann.waitForText(benName, "held-call");
    await ann.waitForAttribute("data-state", "LocalHold", "held-call");
    await ann.click("held-switch");
    await cleo.waitForCallState("RemoteHold");
    await ben.waitForCallState("Connected");
    await ann.waitForText(cleoName, "held-call");
    await ann.waitForAttribute("aria-label", `Call with ${benName}`, "call-screen");

    // Whoever is on the screen hangs up: the other one comes forward, and waits to be resumed.
    await ben.click("hang-up");
    await ann.waitForAttribute("aria-label", `Call with ${cleoName}`, "call-screen");
    await ann.waitForCallState("LocalHold");
    await ann.waitUntilGone("held-calls");
    await ann.click("hold");
    await Promise.all([ann, cleo].map((page) => page.waitForCallState("Connected")));

    // Whoever waits hangs up: the call on the screen goes on.
    await ann.click("call-shrink");
    await ann.click(`person-${benName}`, "call-audio");
    await ben.click("accept-audio");
    await cleo.waitForCallState("RemoteHold");
    await ann.waitForText("On hold", "held-call");
    await cleo.click("hang-up");
    await ann.waitUntilGone("held-calls");
    await ann.waitForAttribute("aria-label", `Call with ${benName}`, "call-screen");
    await ann.waitForCallState("Connected");
    assert.equal(await ann.count("error-banner"), 0);
  });
}

/** Ann in a call with Ben, who has gone back to it while she calls Cleo. */
async function callsBehind(label, browser = "chromium") {
  const names = ["Ann", "Ben", "Cleo"].map((name) => `${label} ${name} ${browser}`);
  const [ann, ben, cleo] = await signedIn(names.map((name, index) => ({ browser: index ? "chromium" : browser, name })));
  const stateOf = (page, id) => page.driver.executeScript(
    "return document.querySelector(arguments[0])?.dataset.state ?? null", `[data-testid="${id}"]`);
  /** Until all of it is so at once: what Ann's screen shows, what is behind it, and what the two others see. */
  const untilAre = (...wanted) => ann.until(
    async () => isDeepStrictEqual(
      await Promise.all([stateOf(ann, "call-state"), stateOf(ann, "held-call"), ...[ben, cleo].map((page) => stateOf(page, "call-state"))]), wanted),
    wanted.join(", "));
  await call(ann, ben, names[1]);
  await ann.click("call-shrink");
  await ann.click(`person-${names[2]}`, "call-audio");
  await cleo.element("accept-audio");
  await untilAre("Ringing", "LocalHold", "RemoteHold", null);
  await ann.click("held-switch");
  await untilAre("Connected", "Ringing", "Connected", null);
  const shows = (name) => ann.waitForAttribute("aria-label", `Call with ${name}`, "call-screen");
  await shows(names[1]);
  return { ann, ben, cleo, benName: names[1], cleoName: names[2], untilAre, shows };
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a call that is answered behind another one waits, and of the two one is heard`, async () => {
    const { ann, cleo, benName, cleoName, untilAre, shows } = await callsBehind("Behind", browser);
    await cleo.click("accept-audio");
    await untilAre("Connected", "LocalHold", "Connected", "RemoteHold");
    await ann.waitForText("Answered, on hold", "held-call");
    await ann.waitForText(`The call with ${cleoName} was answered and is on hold.`, "announcement");
    await shows(benName);
    await ann.screenshot(`${browser}-answered-behind`);
    await ann.click("held-switch");
    await untilAre("Connected", "LocalHold", "RemoteHold", "Connected");
    await shows(cleoName);
    await ann.click("held-switch");
    await untilAre("Connected", "LocalHold", "Connected", "RemoteHold");
    await shows(benName);
    await ann.waitForText("On hold", "held-call");
    assert.equal(await ann.count("error-banner"), 0);
    await ann.reload();
    await ann.waitForText(`ended your calls with ${benName} and ${cleoName}.`, "error-banner");
  });

  test(`in ${browser} one goes back to the first call while the answered one still connects`, async () => {
    const [annName, benName, cleoName] = ["Ann", "Ben", "Cleo"].map((name) => `Back ${name} ${browser}`);
    const [ann, ben, cleo] = await signedIn([
      { browser, name: annName }, { browser: "chromium", name: benName }, { browser: "chromium", name: cleoName },
    ]);
    await call(ann, ben, benName);
    await ann.driver.executeScript(`
      const released = new Promise((resolve) => { window.release = resolve; });
      window.RTCPeerConnection = class extends RTCPeerConnection {
        async setRemoteDescription(...description) {
          await released;
          return super.setRemoteDescription(...description);
        }
      };`);
    await cleo.click(`person-${annName}`, "call-audio");
    await ann.click("accept-hold");
    await ben.waitForCallState("RemoteHold");
    await ann.waitForAttribute("aria-label", `Call with ${cleoName}`, "call-screen");
    await ann.click("held-switch");
    await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
    await ann.driver.executeScript("window.release()");
    await cleo.waitForCallState("RemoteHold");
    await ann.waitForAttribute("data-state", "LocalHold", "held-call");
    await ann.waitForAttribute("aria-label", `Call with ${benName}`, "call-screen");
    await Promise.all([ann, ben].map((page) => page.waitForCallState("Connected")));
    await ann.click("held-switch");
    await ben.waitForCallState("RemoteHold");
    await Promise.all([ann, cleo].map((page) => page.waitForCallState("Connected")));
    assert.equal(await ann.count("error-banner"), 0);
  });
}

test("who goes to a call that still rings puts the other one on hold, and talks once it is answered", async () => {
  const { ann, cleo, cleoName, untilAre, shows } = await callsBehind("Rings");
  await ann.click("held-switch");
  await untilAre("Ringing", "LocalHold", "RemoteHold", null);
  await cleo.click("accept-audio");
  await untilAre("Connected", "LocalHold", "RemoteHold", "Connected");
  await shows(cleoName);
});

test("a call that is answered behind one on hold comes onto the screen, where it is heard", async () => {
  const { ann, cleo, cleoName, untilAre, shows } = await callsBehind("Rests");
  await ann.click("hold");
  await untilAre("LocalHold", "Ringing", "RemoteHold", null);
  await cleo.click("accept-audio");
  await untilAre("Connected", "LocalHold", "RemoteHold", "Connected");
  await shows(cleoName);
});

test("a second call is declined, or answered instead of the first", async () => {
  const [ann, ben, cleo] = await signedIn(["Ann", "Ben", "Cleo"].map((name) => ({ browser: "chromium", name: `Other ${name}` })));
  await call(ann, ben, "Other Ben");
  await cleo.click("person-Other Ann", "call-audio");
  await ann.click("reject");
  await cleo.waitForText("declined", "call-state");
  assert.equal(await ann.count("held-calls"), 0);
  await ann.waitForCallState("Connected");
  await cleo.click("call-close");
  await cleo.click("person-Other Ann", "call-audio");
  await ann.click("accept-end");
  await ben.waitUntilGone("call-screen");
  await cleo.waitForCallState("Connected");
  await ann.waitForAttribute("aria-label", "Call with Other Cleo", "call-screen");
  assert.equal(await ann.count("held-calls"), 0);
});

test("a call can be held, switched and ended beside the conversations", async () => {
  const [ann, ben, cleo] = await signedIn(["Ann", "Ben", "Cleo"].map((name) => ({ browser: "chromium", name: `Strip ${name}` })));
  await call(ann, ben, "Strip Ben");
  await ann.click("call-shrink");
  await ann.click("person-Strip Cleo", "call-audio");
  await cleo.click("accept-audio");
  await cleo.waitForCallState("Connected");
  await ann.click("call-shrink");
  await ann.waitForText("On hold", "held-strip");
  await ann.screenshot("strips");
  assert.deepEqual(await ann.accessibilityProblems(), []);
  await ann.click("held-strip", "held-switch");
  await ben.waitForCallState("Connected");
  await ann.waitForText("Strip Cleo", "held-strip");
  await ann.click("held-strip", "held-hang-up");
  await cleo.waitUntilGone("call-screen");
  await ann.waitUntilGone("held-strip");
  await ann.click("strip-hang-up");
  await ben.waitUntilGone("call-screen");
});

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} a call without a microphone goes on, and says that one is not heard`, async () => {
    const [annName, benName] = [`Mute Ann ${browser}`, `Mute Ben ${browser}`];
    const [ann, ben] = await signedIn([{ browser, name: annName, options: { devices: false } }, { browser: "chromium", name: benName }]);
    await call(ben, ann, annName);
    await ann.waitForText(`${benName} cannot hear you`, "call-notice");
    // What was not opened is told at once, and once it is diagnosed that there is none.
    await ann.waitForText("No mic", "mute");
    await ben.element("remote-muted");
    await ann.screenshot(`${browser}-no-microphone`);
    await ann.click("mute");
    await ann.waitForText("microphone", "error-banner");
    await ann.waitForCallState("Connected");
    await ann.click("error-dismiss");
    await ben.click("hang-up");
    await ann.waitUntilGone("call-screen");
  });
}

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`calls on hold are readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `hold-${look.name}-${size.width}`;
      const name = (one) => `${one} of the house of ${label}`;
      const [ann, ben, cleo] = await signedIn([
        { browser: "chromium", name: name("Ann"), options: { ...look, ...size } },
        { browser: "chromium", name: name("Ben") }, { browser: "chromium", name: name("Cleo") },
      ]);
      const check = async (screen) => {
        await ann.screenshot(`${label}-${screen}`);
        assert.deepEqual(await ann.accessibilityProblems(), [], screen);
        assert.equal(await ann.overflows(), false, `${screen} is wider than the window`);
      };
      await call(ben, ann, name("Ann"), { accept: "accept-video", how: "call-video" });
      await cleo.click(`person-${name("Ann")}`, "call-video");
      await ann.waitForText("with video", "second-call");
      await check("second");
      await ann.click("accept-hold");
      await ann.waitForPicture("remote-video");
      await ann.element("held-call");
      await check("two");
      await ann.click("hold");
      await ann.waitForCallState("LocalHold");
      await check("held");
    });
  }
}
