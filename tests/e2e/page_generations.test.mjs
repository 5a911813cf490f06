// The page itself, while another version of it is put on the server, and while a proxy says that the server is away.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Page } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

const pageIsKept = (page) =>
  page.driver.executeAsyncScript("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())");

/** A reverse proxy, which answers by itself while its server is away. */
async function reverseProxy() {
  const target = new URL(world.server.http);
  const proxy = { status: 0 };
  const listener = createServer((incoming, outgoing) => {
    if (proxy.status) return outgoing.writeHead(proxy.status).end("The server is away.");
    const { method, url, headers } = incoming;
    const forward = request({ host: "127.0.0.1", port: target.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  proxy.http = `http://localhost:${listener.address().port}`;
  proxy.close = () => {
    listener.closeAllConnections();
    return new Promise((resolve) => listener.close(resolve));
  };
  return proxy;
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} the page opens while a proxy says that the server is away`, async () => {
    const proxy = await reverseProxy();
    const page = await Page.open(browser, proxy);
    try {
      await page.element("sign-in-name");
      await pageIsKept(page);
      for (const status of [502, 503, 504]) {
        proxy.status = status;
        await page.reload();
        await page.element("sign-in-name");
      }
    } finally {
      await page.quit();
      await proxy.close();
    }
  });

  test(`in ${browser} a tab that stays open while the page changes on the server still gets what it loads later`, async () => {
    const page = await world.open(browser);
    await page.element("sign-in-name");
    await pageIsKept(page);
    const { site } = world.server;
    const chunk = (await readdir(join(site, "assets"))).find((name) => name.startsWith("local_data-"));
    const [before] = await generations(page);
    // The next version has that under another name.
    const renamed = `local_data-${browser}.js`;
    await rename(join(site, "assets", chunk), join(site, "assets", renamed));
    const worker = await readFile(join(site, "sw.js"), "utf8");
    await writeFile(join(site, "sw.js"), worker.replace(chunk, renamed).replace(/VERSION = "\w+"/, `VERSION = "${browser}"`));
    await takesOver(page);
    assert.deepEqual((await generations(page)).sort(), [before, `openline page ${browser}`].sort());
    const status = (name) =>
      page.driver.executeAsyncScript("fetch(arguments[0]).then(({ status }) => arguments[1](status))", `/assets/${name}`);
    assert.equal(await status(chunk), 200);
    assert.equal(await status(renamed), 200);
    // Once no tab is of the version before, what was kept of it goes.
    await page.until(async () => {
      await page.reload();
      return !(await generations(page)).includes(before);
    }, "an end of the version before");
    assert.deepEqual(await generations(page), [`openline page ${browser}`]);
    await page.element("sign-in-name");
  });
}

/** Until the worker that is on the server now has taken over from the one before. */
const takesOver = (page) =>
  page.driver.executeAsyncScript(`
    const done = arguments[0];
    navigator.serviceWorker.ready.then(async (registration) => {
      const { installing, waiting, active } = await registration.update();
      const next = installing ?? waiting ?? active;
      const look = () => next.state === "activated" && done();
      next.addEventListener("statechange", look);
      look();
    });`);

const generations = (page) => page.driver.executeAsyncScript("caches.keys().then(arguments[0])");
