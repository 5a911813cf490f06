// What the sample page says about its line to the server.
import { test } from "node:test";
import { Page } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";
import { Proxy } from "./lib/proxy.mjs";

const world = servePages();

test("a line that breaks is told with its reason, and that it is back", async () => {
  const line = await Proxy.start(world.server);
  const page = await Page.open("chromium", line);
  try {
    await page.signIn("Ann");
    await line.cut();
    await page.waitForAttribute("data-state", "reconnecting", "connection-banner");
    await page.waitForText("The connection was lost.", "connection-banner");
    await page.driver.setNetworkConditions({ offline: true, latency: 0, download_throughput: 0, upload_throughput: 0 });
    await page.waitForAttribute("data-state", "offline", "connection-banner");
    await page.screenshot("chromium-offline");
    await page.driver.deleteNetworkConditions();
    await line.restore();
    await page.waitUntilGone("connection-banner");
  } finally {
    await page.quit();
    await line.close();
  }
});
