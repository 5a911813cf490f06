// Screens between two real browsers: pictures of them arrive beside the camera's, whoever shares, also after hold and a
// restart of the server, and until whoever shares stops.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

let sequence = 0;
/** Ann in one browser is in a call with Ben in the other, both with cameras. */
async function inCall(browsers, options, body) {
  const tabs = [];
  try {
    for (const [index, browser] of browsers.entries()) {
      const tab = await openFixture(browser, server, options);
      tabs.push(tab);
      sequence += 1;
      tab.identity = await tab.signIn(`${["Ann", "Ben"][index]} ${sequence}`);
    }
    const [ann, ben] = tabs;
    await ann.call(ben.identity, { video: true });
    await ben.accept({ video: true });
    await Promise.all(tabs.map((tab) => tab.waitForState("Connected")));
    await body(ann, ben);
  } finally {
    await Promise.all(tabs.map((tab) => tab.quit()));
  }
}

for (const browsers of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${browsers.join(" and ")}: both share beside their cameras, through hold and a restart`, () =>
    inCall(browsers, {}, async (ann, ben) => {
      assert.equal(await ann.loaded("screen_share.js"), false);
      assert.equal(await ann.shareDrawing([800, 450]), true);
      assert.equal(await ann.loaded("screen_share.js"), true);
      assert.equal(await ben.loaded("screen_share.js"), false, "whoever looks on needs no file for it");
      await ben.watchScreenAndCamera([800, 450]);
      await ben.shareDrawing([400, 300]);
      await ann.watchScreenAndCamera([400, 300]);
      await ben.hold();
      await Promise.all([ann, ben].map((tab) => tab.waitForNoScreen()));
      await ben.resume();
      await Promise.all([ann, ben].map((tab) => tab.waitForState("Connected")));
      await ben.watchScreenAndCamera([800, 450]);
      await server.kill();
      await Promise.all([ann, ben].map((tab) => tab.waitForConnection("Disconnected")));
      await ann.stopSharing();
      await server.start();
      await ben.waitForNoScreen();
      await ann.watchScreenAndCamera([400, 300]);
      await ann.shareDrawing([640, 360]);
      await ben.watchScreenAndCamera([640, 360]);
      await ann.hangUp();
      assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
      await ben.waitForSharing(false);
    }));
}

test("chromium and firefox: what the browser's own picker gives is seen by the other side", () =>
  inCall(["chromium", "firefox"], {}, async (ann, ben) => {
    const [sharing, { displaySurface }] = await ann.shareScreen();
    assert.deepEqual([sharing, typeof displaySurface], [true, "string"]);
    await ben.watchScreenAndCamera();
    await ann.stopSharing();
    await ben.waitForNoScreen();
  }));

test("firefox asks nobody without a click, and says so", () =>
  inCall(["firefox", "chromium"], {}, async (ann) => {
    assert.equal(await ann.failedSharing(), 43002);
  }));
