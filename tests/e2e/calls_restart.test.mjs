// Calls over a server that is stopped or killed and started again, between two real browsers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const pairs = [["chromium", "firefox"], ["firefox", "chromium"]];
const stops = ["terminate", "kill"];

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

let sequence = 0;
async function withTwo([caller, callee], body) {
  const tabs = [];
  try {
    for (const browser of [caller, callee]) {
      const tab = await openFixture(browser, server);
      tabs.push(tab);
      sequence += 1;
      tab.identity = await tab.signIn(`Person ${sequence}`);
    }
    await body(...tabs);
  } finally {
    await Promise.all(tabs.map((tab) => tab.quit()));
  }
}

const both = (tabs, name, ...args) => Promise.all(tabs.map((tab) => tab[name](...args)));

/** The server goes and comes back; `meanwhile` is done while both know that it is away. */
async function restart(stop, tabs, meanwhile = async () => {}) {
  await server[stop]();
  await both(tabs, "waitForConnection", "Disconnected");
  await meanwhile();
  await server.start();
  await both(tabs, "waitForConnection", "Connected");
}

async function connectWithVideo(ann, ben) {
  await ann.call(ben.identity, { video: true });
  await ben.accept({ video: true });
  await both([ann, ben], "waitForState", "Connected");
  await both([ann, ben], "renderRemote");
}

for (const [index, pair] of pairs.entries()) {
  for (const stop of stops) {
    test(`${stop}: a video call from ${pair.join(" to ")} goes on, and so does its signalling`, () =>
      withTwo(pair, async (ann, ben) => {
        const tabs = [ann, ben];
        await connectWithVideo(ann, ben);
        const before = await both(tabs, "callStates");
        await restart(stop, tabs, () => both(tabs, "waitForMoreMedia"));
        await both(tabs, "waitForMoreMedia");
        await ann.mute();
        await ben.waitForRemoteMuted();
        assert.deepEqual(await both(tabs, "callStates"), before, "the same calls, and nothing happened to them");
        const [leaver, other] = index === 0 ? tabs : [ben, ann];
        await leaver.hangUp();
        for (const tab of [leaver, other]) assert.deepEqual(await tab.waitForEnd(), { code: 0, subCode: 0 });
      }));
  }

  test(`kill: a call from ${pair.join(" to ")} that is hung up meanwhile ends for the other side, too`, () =>
    withTwo(pair, async (ann, ben) => {
      await connectWithVideo(ann, ben);
      await restart("kill", [ann, ben], async () => {
        await ben.hangUp();
        assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
      });
      assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
    }));

  test(`kill: what rings from ${pair.join(" to ")} rings on, once, and is answered`, () =>
    withTwo(pair, async (ann, ben) => {
      await ann.call(ben.identity);
      await ben.waitForIncoming();
      await ann.waitForState("Ringing");
      await restart("kill", [ann, ben]);
      await ben.accept();
      await both([ann, ben], "waitForState", "Connected");
      await both([ann, ben], "waitForAudio");
      assert.equal((await ben.log()).filter((event) => event.incoming).length, 1, "one incoming call");
    }));

  test(`kill: a call from ${pair.join(" to ")} that is being set up is set up afterwards`, () =>
    withTwo(pair, async (ann, ben) => {
      await ann.call(ben.identity, { video: true });
      await ben.accept({ video: true });
      await restart("kill", [ann, ben]);
      await both([ann, ben], "waitForState", "Connected");
      await both([ann, ben], "renderRemote");
    }));
}
