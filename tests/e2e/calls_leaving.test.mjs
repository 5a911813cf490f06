// Tabs that leave a call when they cannot say so on their socket: the other side's call ends as that of any closed tab does.
// Ends of another kind, which come where nobody is told, have other codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const CLOSED_TAB = { code: 0, subCode: 4521 };
const pairs = [["chromium", "firefox"], ["firefox", "chromium"]];

/** Two people in a call. */
async function inCall(pair, body) {
  const server = await Server.start();
  const tabs = [];
  try {
    for (const [index, browser] of pair.entries()) {
      const tab = await openFixture(browser, server);
      tabs.push(tab);
      tab.identity = await tab.signIn(`Person ${index}`);
    }
    const [leaver, other] = tabs;
    await leaver.call(other.identity);
    await other.accept();
    for (const tab of tabs) await tab.waitForState("Connected");
    await body(leaver, other, server);
  } finally {
    await Promise.all(tabs.map((tab) => tab.quit().catch(() => undefined)));
    await server.close();
  }
}

for (const pair of pairs) {
  const name = pair.join(" to ");

  test(`${name}: a tab that is loaded anew while the server is away leaves no ghost`, () =>
    inCall(pair, async (leaver, other, server) => {
      await server.kill();
      await leaver.driver.get("about:blank");
      await server.start();
      await leaver.load(server);
      await leaver.signIn("Person 0");
      assert.deepEqual(await other.waitForEnd(), CLOSED_TAB);
    }));

  test(`${name}: an agent that is disposed of while the server is away leaves no ghost`, () =>
    inCall(pair, async (leaver, other, server) => {
      await server.kill();
      await leaver.waitForConnection("Disconnected");
      await leaver.disposeAgent();
      await server.start();
      assert.deepEqual(await other.waitForEnd(), CLOSED_TAB);
    }));

  test(`${name}: a copy of a tab does not end what the tab is in`, () =>
    inCall(pair, async (tab, other) => {
      // It begins with the session storage of the one that opened it.
      await tab.driver.executeScript("window.copy = window.open(location.href)");
      const copied = "return Boolean(window.copy.fixture) && Object.keys(window.copy.sessionStorage).length > 0";
      await tab.driver.wait(() => tab.driver.executeScript(copied), 20_000);
      const failure = await tab.driver.executeAsyncScript(`
        const [done] = arguments;
        window.copy.fixture.signIn("Somebody else").then(() => done(null), (error) => done(String(error)));
      `);
      assert.equal(failure, null);
      assert.equal(await tab.run("waitForState", "Connected"), "Connected");
      await tab.hangUp();
      for (const one of [tab, other]) assert.deepEqual(await one.waitForEnd(), { code: 0, subCode: 0 });
    }));
}
