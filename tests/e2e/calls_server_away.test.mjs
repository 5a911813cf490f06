// Agents that are made while the server, which has the package's files too, is away.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

// Beside each other: all they do is wait until the attempts to reach the server end.
describe("an agent that cannot be made is told by its promise alone", { concurrency: true }, () => {
  for (const browser of ["chromium", "firefox"]) {
    test(`in ${browser}`, async () => {
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
});
