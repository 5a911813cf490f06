// Calls between two real browsers through the real server, at the level of the package.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "./lib/server.mjs";
import { openFixture } from "./lib/fixture.mjs";
import { Proxy } from "./lib/proxy.mjs";

let server;

before(async () => {
  server = await Server.start({
    env: { OPENLINE_CALLS__RING_TIMEOUT_S: "6", OPENLINE_REALTIME__SESSION_GRACE_S: "4" },
  });
});
after(() => server.close());

let sequence = 0;
/** Opens one tab per browser name, signed in under fresh names; `body` gets the tabs with their identities. */
async function withTabs(browsers, options, body) {
  const tabs = [];
  try {
    for (const [index, browser] of browsers.entries()) {
      const tab = await openFixture(browser, server);
      tabs.push(tab);
      sequence += 1;
      tab.name = `${["Ann", "Ben", "Cleo"][index]} ${sequence}`;
      tab.identity = await tab.signIn(tab.name, options[index] ?? {});
    }
    await body(...tabs);
  } finally {
    await Promise.all(tabs.map((tab) => tab.quit()));
  }
}

for (const [caller, callee] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${caller} rings ${callee}, both see each other's video, the caller hangs up`, async () => {
    await withTabs([caller, callee], [{}, {}], async (ann, ben) => {
      await ann.call(ben.identity, { video: true });
      await ben.waitForIncoming();
      await ann.waitForState("Ringing");
      await ben.accept({ video: true });
      const [seenByAnn, seenByBen] = await Promise.all([ann.renderRemote(), ben.renderRemote()]);
      assert.ok(seenByAnn.width > 0 && seenByBen.width > 0);
      await Promise.all([ann.waitForState("Connected"), ben.waitForState("Connected")]);
      await Promise.all([ann.waitForAudio(), ben.waitForAudio()]);
      await ann.hangUp();
      assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
      assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
    });
  });
}

describe("every way a call ends without being answered", () => {
  test("the callee declines", () =>
    withTabs(["chromium", "chromium"], [], async (ann, ben) => {
      await ann.call(ben.identity);
      await ben.reject();
      assert.deepEqual(await ann.waitForEnd(), { code: 603, subCode: 0 });
    }));

  test("the caller cancels, and an answer that comes too late is refused", () =>
    withTabs(["chromium", "firefox"], [], async (ann, ben) => {
      await ann.call(ben.identity);
      await ben.waitForIncoming();
      await ann.hangUp();
      assert.deepEqual(await ann.waitForEnd(), { code: 487, subCode: 0 });
      assert.deepEqual(await ben.waitForIncomingEnd(), { code: 487, subCode: 0 });
      assert.deepEqual((await ben.accept()).refused, { code: 400, subCode: 41006, isError: true });
    }));

  test("nobody answers", () =>
    withTabs(["chromium", "chromium"], [], async (ann, ben) => {
      await ann.call(ben.identity);
      await ben.waitForIncoming();
      assert.deepEqual(await ann.waitForEnd(), { code: 487, subCode: 10004 });
      assert.deepEqual(await ben.waitForIncomingEnd(), { code: 487, subCode: 10004 });
    }));

  test("the callee is offline", () =>
    withTabs(["chromium"], [], async (ann) => {
      const offline = await server.demoToken("Nobody home");
      await ann.call(offline.identity.id);
      assert.deepEqual(await ann.waitForEnd(), { code: 480, subCode: 10037 });
    }));
});

test("both call each other at once and end up in one call", () =>
  withTabs(["chromium", "firefox"], [], async (ann, ben) => {
    await Promise.all([ann.call(ben.identity), ben.call(ann.identity)]);
    await Promise.all([ann.waitForState("Connected"), ben.waitForState("Connected")]);
    const ids = await Promise.all([ann, ben].map((tab) =>
      tab.driver.executeScript("return window.fixture.state.agent.calls.map((call) => call.id)")));
    assert.equal(ids[0].length, 1);
    assert.deepEqual(ids[0], ids[1]);
    await ben.hangUp();
    assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
  }));

test("signed in on two tabs, both ring, one answers, the other stops", () =>
  withTabs(["chromium", "firefox"], [], async (ann, ben) => {
    const first = await ben.driver.getWindowHandle();
    const other = await ben.newTab(server);
    await other.signIn(ben.name);
    await ann.call(ben.identity);
    await other.waitForIncoming();
    await ben.driver.switchTo().window(first);
    await ben.waitForIncoming();
    await ben.accept();
    await ann.waitForState("Connected");
    await other.select();
    assert.deepEqual(await other.waitForIncomingEnd(), { code: 487, subCode: 10003 });
    await ann.hangUp();
    await ben.driver.switchTo().window(first);
    assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
  }));

test("a tab closed without goodbye ends the call for the other side", () =>
  withTabs(["chromium", "firefox"], [], async (ann, ben) => {
    await ann.call(ben.identity);
    await ben.waitForIncoming();
    await ben.accept();
    await ann.waitForState("Connected");
    await ben.driver.get("about:blank");
    assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 4521 });
  }));

/** Ann and Ben in a call, Ben's signalling going through a proxy that can be cut. Media goes from peer to peer. */
const withBrokenLine = (body) =>
  withTabs(["chromium"], [], async (ann) => {
    const line = await Proxy.start(server);
    const ben = await openFixture("firefox", line);
    try {
      ben.identity = await ben.signIn(`Ben ${ann.name}`);
      await ann.call(ben.identity);
      await ben.waitForIncoming();
      await ben.accept();
      await Promise.all([ann.waitForState("Connected"), ben.waitForState("Connected")]);
      await line.cut();
      await ben.waitForConnection("Disconnected");
      await body(ann, ben, line);
    } finally {
      await ben.quit();
      await line.close();
    }
  });

test("a line that breaks and comes back within the grace period keeps the call", () =>
  withBrokenLine(async (ann, ben, line) => {
    await ann.mute();
    await line.restore();
    await ben.waitForConnection("Connected");
    await ben.waitForRemoteMuted();
    assert.equal(await ann.waitForState("Connected"), "Connected");
    await ben.hangUp();
    assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
    assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
  }));

test("a line that does not come back within the grace period ends the call on both sides", () =>
  withBrokenLine(async (ann, ben, line) => {
    assert.deepEqual(await ann.waitForEnd(), { code: 430, subCode: 4521 });
    await line.restore();
    assert.deepEqual(await ben.waitForEnd(), { code: 490, subCode: 4502 });
  }));
