// “Test my connection” on the sample page: each part of the way in words, one that is blocked by its name, and an end to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { Page } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";
import { freePort } from "./lib/ports.mjs";
import { Server } from "./lib/server.mjs";

const world = servePages();
// The relay's certificate is by an authority of its own.
const trusting = { anyCertificate: true };

/** Every track that the page opens from here on, and every connection of the test. */
const recordOpened = (page) => page.driver.executeScript(`
  window.opened = [];
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.opened.push(...stream.getTracks().map((track) => () => track.readyState === "live" && track.kind));
    return stream;
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(settings) {
      super(settings);
      // A call that rings has one as well.
      if (settings?.iceTransportPolicy === "relay") window.opened.push(() => this.connectionState !== "closed" && "connection");
    }
  };`);

const stillOpen = (page) => page.driver.executeScript("return window.opened.map((is) => is()).filter(Boolean)");
const everOpened = (page) => page.driver.executeScript("return window.opened.length");
const focused = (page) => page.driver.executeScript("return document.activeElement?.dataset.testid");

/** The state of each part, by its name. */
const legs = (page) => page.driver.executeScript(`
  return [...document.querySelectorAll(".leg")].map((leg) => [leg.dataset.testid.slice(4), leg.dataset.state])`).then(Object.fromEntries);

async function openTest(page) {
  await page.click("account");
  await page.click("connection-test");
  await page.element("connection-dialog");
}

const ended = (page) => page.element("connection-again");
const works = (state) => state === "Passed" || state === "Poor";

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} every part of the way is tested, measured and said in words, and nothing is left open`, async () => {
    const page = await world.open(browser, trusting);
    await page.signIn(`Line ${browser}`);
    await recordOpened(page);
    await page.click("account");
    await page.click("device-settings");
    await page.click("test-connection");
    await page.waitUntilGone("device-dialog");
    // The first results come while the rest is still being tested.
    await page.waitForAttribute("data-state", "Passed", "leg-token");
    assert.equal((await legs(page)).call, "waiting");
    await ended(page);
    const states = await legs(page);
    assert.deepEqual(Object.keys(states), ["token", "socket", "udp", "tcp", "tls", "microphone", "camera", "call"]);
    for (const name of ["token", "socket", "udp", "tcp", "microphone", "camera", "call"]) assert.ok(works(states[name]), `${name}: ${states[name]}`);
    assert.match(await page.text("leg-udp"), /\d+ ms there and back · .*% lost · \d+ ms jitter/);
    assert.match(await page.text("leg-call"), /bit\/s get through/);
    assert.match(await page.text("verdict"), /^Calls will work/);
    await page.screenshot(`${browser}-connection`);
    await page.driver.actions().sendKeys(Key.ESCAPE).perform();
    await page.waitUntilGone("connection-dialog");
    await page.until(async () => (await focused(page)) === "account", "the focus back where it was");
    assert.ok((await everOpened(page)) > 2);
    assert.deepEqual(await stillOpen(page), []);
    assert.equal(await page.count("error-banner"), 0);
  });

  test(`in ${browser} the test is cancelled, and nothing goes on`, async () => {
    const page = await world.open(browser, trusting);
    await page.signIn(`Cancel ${browser}`);
    await recordOpened(page);
    await openTest(page);
    await page.waitForAttribute("data-state", "Passed", "leg-token");
    await page.until(async () => (await everOpened(page)) > 0, "something that is tested");
    await page.click("connection-cancel");
    await page.waitUntilGone("connection-dialog");
    await page.until(async () => (await stillOpen(page)).length === 0, "the end of what was opened");
    await page.until(async () => (await focused(page)) === "account", "the focus back where it was");
    await openTest(page);
    await ended(page);
  });

  test(`in ${browser} a relay that is out of reach is named, with what it means`, async () => {
    const closed = await freePort();
    const urls = [`turn:127.0.0.1:${closed}?transport=tcp`];
    const blocked = await Server.start({ site: world.server.site, env: { OPENLINE_TURN__URLS: JSON.stringify(urls) } });
    const page = await Page.open(browser, blocked, trusting);
    try {
      await page.signIn(`Blocked ${browser}`);
      await openTest(page);
      await ended(page);
      const { token, socket, tcp, udp, call } = await legs(page);
      assert.deepEqual([works(token), works(socket), tcp, udp, call], [true, true, "Failed", "Skipped", "Skipped"]);
      assert.match(await page.text("leg-tcp"), /Relay over TCP[^]*does not work[^]*firewall/);
      assert.equal(await page.text("verdict"), "Calls will hardly work here: sound does not get through.");
      await page.screenshot(`${browser}-connection-blocked`);
    } finally {
      await page.quit();
      await blocked.close();
    }
  });

  test(`in ${browser} a call that rings ends the test and gets the camera`, async () => {
    const [annName, benName] = [`Tests Ann ${browser}`, `Tests Ben ${browser}`];
    const [ann, ben] = await Promise.all([world.open(browser, trusting), world.open("chromium")]);
    await Promise.all([ann.signIn(annName), ben.signIn(benName)]);
    await recordOpened(ann);
    await openTest(ann);
    await ben.click(`person-${annName}`, "call-video");
    await ann.element("incoming-dialog");
    await ann.until(async () => (await stillOpen(ann)).length === 0, "the end of what was opened");
    await ann.click("accept-video");
    await Promise.all([ann, ben].map((page) => page.waitForPicture("remote-video")));
    assert.equal(await ann.count("connection-dialog"), 0);
    await ann.click("devices");
    await ann.element("device-dialog");
    assert.equal(await ann.count("test-connection"), 0);
  });
}

test("while the server is away it is what does not work, and the rest is said not to be tested", async () => {
  const server = await Server.start({ site: world.server.site });
  const page = await Page.open("chromium", server, trusting);
  try {
    await page.signIn("Away");
    await server.kill();
    await openTest(page);
    await ended(page);
    const { socket, udp, microphone, call } = await legs(page);
    assert.deepEqual([socket, udp, microphone, call], ["Failed", "Skipped", "Passed", "Skipped"]);
    assert.match(await page.text("leg-socket"), /does not answer/);
    assert.equal(await page.text("verdict"), "Calls cannot work here now.");
    await page.screenshot("connection-away");
    await server.start();
    await page.click("connection-again");
    await page.waitForAttribute("data-state", "Passed", "leg-socket");
  } finally {
    await page.quit();
    await server.close();
  }
});

test("without camera and microphone each is named, and the rest is tested all the same", async () => {
  const page = await world.open("chromium", { ...trusting, devices: false });
  await page.signIn("No devices");
  await openTest(page);
  await ended(page);
  const { microphone, camera, socket, call } = await legs(page);
  assert.deepEqual([microphone, camera, works(socket), works(call)], ["Failed", "Failed", true, true]);
  assert.match(await page.text("leg-microphone"), /Plug one in/);
  assert.equal(await page.text("verdict"), "Calls will work, without your microphone and camera.");
});

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`the test is readable and within the window, ${look.name}, ${size.width} wide`, async () => {
      const label = `connection-${look.name}-${size.width}`;
      const page = await world.open("chromium", { ...look, ...size });
      const check = async (screen) => {
        await page.screenshot(`${label}-${screen}`);
        assert.deepEqual(await page.accessibilityProblems(), [], screen);
        assert.equal(await page.overflows(), false, screen);
      };
      await page.signIn(label);
      await openTest(page);
      await page.waitForAttribute("data-state", "Passed", "leg-token");
      await check("testing");
      await ended(page);
      await check("tested");
    });
  }
}
