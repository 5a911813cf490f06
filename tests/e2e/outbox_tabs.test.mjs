// Messages that wait on the device: real tabs of one user, and a real server that is killed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const kept = { voice: false, chat: true, localData: {} };
let server;

before(async () => {
  server = await Server.start();
});
after(() => server.close());

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: what was queued without a line is sent once, by a tab that is left or by the next one`, async () => {
    const first = await openFixture(browser, server);
    try {
      await first.signIn(`Ann ${browser}`, kept);
      const thread = await first.createThread("Lunch", []);
      const handle = await first.driver.getWindowHandle();
      const second = await first.newTab(server);
      await second.signIn(`Ann ${browser}`, kept);
      await server.kill();
      await second.queueMessage(thread, "one");
      await first.driver.switchTo().window(handle);
      await first.queueMessage(thread, "two");
      await first.driver.close();
      await server.start();
      await second.select();
      await second.waitForNothingPending(thread);
      await server.kill();
      await second.queueMessage(thread, "three");
      await server.start();
      await second.load(server);
      await second.signIn(`Ann ${browser}`, kept);
      await second.waitForNothingPending(thread);
      assert.equal((await second.listMessages(thread)).length, 3, "each once");
    } finally {
      await first.quit();
    }
  });
}
