// Hold between two real browsers: what both sides see of it, and that nothing is sent or heard meanwhile.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

const both = (tabs, name, ...args) => Promise.all(tabs.map((tab) => tab[name](...args)));

for (const [holder, other] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${holder} holds a call with ${other}, also over a restart of the server, and resumes it`, async () => {
    const tabs = [];
    try {
      for (const browser of [holder, other]) tabs.push(await openFixture(browser, server));
      const [ann, ben] = tabs;
      await ann.signIn(`Ann ${holder}`);
      ben.identity = await ben.signIn(`Ben ${holder}`);
      await ann.call(ben.identity, { video: true });
      await ben.accept({ video: true });
      await both(tabs, "waitForState", "Connected");
      await both(tabs, "renderRemote");
      await ann.hold();
      await ann.waitForState("LocalHold");
      await ben.waitForState("RemoteHold");
      await both(tabs, "waitForSilence");
      await server.kill();
      await both(tabs, "waitForConnection", "Disconnected");
      await server.start();
      await both(tabs, "waitForConnection", "Connected");
      await ben.hold();
      await ben.waitForState("LocalHold");
      await ann.resume();
      await ann.waitForState("RemoteHold");
      await ben.resume();
      await both(tabs, "waitForState", "Connected");
      await both(tabs, "waitForMoreMedia");
      await ann.hangUp();
      assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
    } finally {
      await Promise.all(tabs.map((tab) => tab.quit()));
    }
  });
}
