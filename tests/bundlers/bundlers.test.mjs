// The packed package in each bundler, built for production, and the result in a browser on a real server.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { openBrowser } from "../e2e/lib/browsers.mjs";
import { Server } from "../e2e/lib/server.mjs";
import { builds, startHost, startViteServer } from "./lib/builds.mjs";

const { resolve } = createRequire(import.meta.url);
const wasm = await readFile(resolve("openline/core.wasm"));
const chatWasm = await readFile(resolve("openline/chat/core.wasm"));
let driver;

before(async () => {
  driver = await openBrowser("chromium", { devices: false });
});
after(() => driver?.quit());

for (const [name, build] of Object.entries(builds)) {
  test(name, async () => {
    const site = await build();
    const emitted = await wasmFilesIn(site);
    // Inside the bundle there is no file, and nobody ships one for nothing.
    assert.equal(emitted.length, name.endsWith("the file inside") ? 0 : 1, `${emitted}`);
    const shipped = name.endsWith("chat alone") ? chatWasm : wasm;
    for (const file of emitted) assert.ok(shipped.equals(await readFile(join(site, file))), `${file} is the package's`);

    const check = async (url) => {
      const { wasmFiles } = await proofOf(url);
      assert.deepEqual(wasmFiles, emitted.map((file) => url + file));
    };
    await withServer(site, async ({ http }) => {
      // Next writes scripts into its pages, and the server's content security policy refuses those.
      if (name.startsWith("Next")) await using(startHost(site, http), check);
      else await check(`${http}/`);
    });
  });
}

test("Vite's development server", async () => {
  await withServer(fileURLToPath(new URL("fixtures", import.meta.url)), async ({ http }) => {
    await using(startViteServer(http), async (url) => {
      const { wasmFiles } = await proofOf(url);
      assert.equal(wasmFiles.length, 1);
    });
  });
});

/** Loads the page, checks what it did with the package, and returns it. */
async function proofOf(url) {
  await driver.get(url);
  await driver.wait(() => driver.executeScript("return Boolean(window.proof)"), 30_000, `nothing started on ${url}`);
  const { error, ...proof } = await driver.executeAsyncScript(
    "const done = arguments[0]; window.proof.then(done, (error) => done({ error: String(error?.stack ?? error) }))",
  );
  assert.equal(error, undefined);
  assert.match(proof.refusal, /await init\(\).*ChatClient/);
  assert.equal(proof.expiry, proof.expiryInToken);
  assert.equal(proof.message, "from a bundle");
  assert.ok(proof.isOwnThread);
  assert.ok(proof.isSameClass);
  return proof;
}

async function using(starting, use) {
  const host = await starting;
  try {
    await use(host.url);
  } finally {
    await host.close();
  }
}

async function withServer(site, use) {
  const server = await Server.start({ site });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

async function wasmFilesIn(folder) {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith(".wasm"));
}
