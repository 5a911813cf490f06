// Agents that are made while the server, which has the package's files too, is away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: an agent that cannot be made is told by its promise alone`, async () => {
    const server = await Server.start();
    const tab = await openFixture(browser, server);
    try {
      await tab.run("prepareAgent", "Ann");
      await server.kill();
      const { failed, uncaught } = await tab.run("agentFailure");
      assert.deepEqual(failed, { name: "CommunicationServicesError", code: 408 });
      assert.deepEqual(uncaught, []);
    } finally {
      await tab.quit();
      await server.close();
    }
  });
}
