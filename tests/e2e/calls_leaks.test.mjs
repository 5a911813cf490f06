// Calls that come and go in one tab leave nothing behind. OPENLINE_CALL_CYCLES says how many, and prints what it measured.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const cycles = Number(process.env.OPENLINE_CALL_CYCLES ?? 20);
/** Until the page has made all that it makes once. */
const WARM_UP = 6;
/** What a cycle may add to the heap: code that the browser compiles, less and less of it. A call that is kept has 25,000. */
const HEAP_BYTES_PER_CYCLE = 12_000;
/** It grows by a page of 64 KiB now and then, and never shrinks. */
const WASM_BYTES_PER_CYCLE = 65_536 / 10;

let server;
before(async () => {
  server = await Server.start({ env: { OPENLINE_CALLS__STARTS_PER_MINUTE: "600" } });
});
after(() => server.close());

async function collected(driver) {
  const command = (name, options = {}) => driver.sendAndGetDevToolsCommand(name, options);
  await command("Performance.enable");
  await command("HeapProfiler.enable");
  for (let round = 0; round < 3; round += 1) await command("HeapProfiler.collectGarbage");
  const { usedSize } = await command("Runtime.getHeapUsage");
  const { metrics } = await command("Performance.getMetrics");
  const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return { heap: usedSize, listeners: metric("JSEventListeners"), nodes: metric("Nodes") };
}

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: ${cycles} calls in a tab leave nothing behind`, async () => {
    const tab = await openFixture(browser, { http: server.http, page: "/fixture/leaks.html" });
    const inspect = async () => (browser === "chromium" ? collected(tab.driver) : {});
    // A script may take a minute.
    const call = async (times) => {
      for (let done = 0; done < times; done += 5) await tab.callEachOther(Math.min(5, times - done));
    };
    try {
      await tab.meet([await server.demoToken(`Ann in ${browser}`), await server.demoToken(`Ben in ${browser}`)]);
      await call(WARM_UP);
      const held = await tab.waitForFewestHeld();
      const first = await inspect();
      const wasm = await tab.wasmBytes();
      await call(cycles);
      await tab.waitUntilHeld(held);
      const last = await inspect();
      const outliving = await tab.outliving();
      const grown = { heap: (last.heap - first.heap) / cycles, wasm: ((await tab.wasmBytes()) - wasm) / cycles };
      if (process.env.OPENLINE_CALL_CYCLES) console.log(browser, { cycles, held, first, last, outliving, wasm, grown });
      assert.deepEqual([held.connections, held.tracks, held.contexts], [0, 0, 0]);
      assert.ok(grown.wasm <= WASM_BYTES_PER_CYCLE, `${grown.wasm} bytes of WebAssembly memory per call`);
      if (browser !== "chromium") return;
      assert.equal(outliving, 0, "calls, or pictures of them, that are still there");
      assert.ok(grown.heap < HEAP_BYTES_PER_CYCLE, `${grown.heap} bytes of heap per call`);
      assert.ok(last.listeners <= first.listeners, `${last.listeners - first.listeners} more listeners`);
      assert.ok(last.nodes <= first.nodes, `${last.nodes - first.nodes} more nodes`);
    } finally {
      await tab.quit();
    }
  });
}

for (const [browser, other] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${browser}: what is disposed in the middle of a set-up is gone, however often it is disposed`, async () => {
    const tab = await openFixture(browser, { http: server.http, page: "/fixture/leaks.html" });
    const peer = await openFixture(other, server);
    try {
      peer.identity = await peer.signIn(`Peer of ${browser}`);
      const { token } = await server.demoToken(`Brief in ${browser}`);
      assert.deepEqual(await tab.disposeWhileRegistering(token), { code: 412, subCode: 0 });
      // The devices keep one listener for the page, once they were asked for.
      const start = await tab.waitForFewestHeld();
      assert.deepEqual([start.connections, start.tracks, start.contexts], [0, 0, 0]);

      assert.equal(await tab.startAndDispose("Ann", peer.identity), 0);
      await tab.waitUntilHeld(start);

      await tab.signIn("Ann");
      await tab.call(peer.identity, { video: true });
      await peer.waitForIncoming();
      await tab.waitForState("Ringing");
      assert.equal(await tab.disposeAll(), 0);
      await peer.waitForIncomingEnd();
      await tab.waitUntilHeld(start);

      await tab.signIn("Ann");
      await tab.call(peer.identity, { video: true });
      await peer.accept({ video: true });
      assert.equal(await tab.disposeAll(), 0);
      assert.deepEqual(await peer.waitForEnd(), { code: 0, subCode: 0 });
      await tab.waitUntilHeld(start);
    } finally {
      await Promise.all([tab, peer].map((tab) => tab.quit()));
    }
  });
}
