// Calls that have no other way than a relay: the server's own and coturn, over UDP, TCP and TLS.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { Coturn, installed } from "./lib/coturn.mjs";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const coturn = await Coturn.prepare();
let server;
const tabs = {};

before(async () => {
  const env = { OPENLINE_TURN__EXTERNAL: coturn.setting, OPENLINE_TURN__USER_KILOBITS_PER_SECOND: "0" };
  server = await Server.start({ env });
  for (const browser of ["chromium", "firefox"]) {
    // The certificate is by the server's own authority. Both browsers refuse a relay that has it otherwise.
    tabs[browser] = await openFixture(browser, server, { anyCertificate: true });
  }
});
after(async () => {
  await Promise.all(Object.values(tabs).map((tab) => tab.quit()));
  await server?.close();
  await coturn.close();
});

/** The server's own address of that kind. */
const own = (scheme, transport) =>
  server.ready.turn.find((url) => url.startsWith(`${scheme}:`) && url.endsWith(`transport=${transport}`));

/** Datagrams that the server has relayed for clients of a transport. */
async function relayed(transport) {
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  const lines = metrics.split("\n").filter((line) => line.startsWith("openline_turn_packets_total{"));
  const counts = lines.filter((line) => line.includes(`transport="${transport}"`)).map((line) => Number(line.split(" ").at(-1)));
  return counts.reduce((sum, count) => sum + count, 0);
}

let sequence = 0;
/** A call in which each sees and hears the other, by one relay alone. */
async function callBy(url, relayProtocol, [caller, callee]) {
  const [ann, ben] = [tabs[caller], tabs[callee]];
  const identities = [];
  for (const [name, tab] of [["Ann", ann], ["Ben", ben]]) {
    await tab.load(server);
    await tab.onlyRelays(url);
    sequence += 1;
    identities.push(await tab.signIn(`${name} ${sequence}`));
  }
  await ann.call(identities[1], { video: true });
  await ben.accept({ video: true });
  await Promise.all([ann, ben].map((tab) => tab.waitForState("Connected")));
  await Promise.all([ann, ben].map((tab) => tab.renderRemote()));
  await Promise.all([ann, ben].map((tab) => tab.waitForMoreMedia()));
  for (const tab of [ann, ben]) {
    assert.deepEqual(await tab.waitForRoute(), { candidateType: "relay", relayProtocol }, tab.browser);
  }
  await ann.hangUp();
  assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
}

const ways = [["chromium", "firefox"], ["firefox", "chromium"]];
const transports = [["turn", "udp", "udp"], ["turn", "tcp", "tcp"], ["turns", "tcp", "tls"]];

for (const [scheme, transport, relayProtocol] of transports) {
  for (const way of ways) {
    test(`${way.join(" calls ")} through the server's own relay over ${relayProtocol}`, async () => {
      const before = await relayed(relayProtocol);
      await callBy(own(scheme, transport), relayProtocol, way);
      assert.ok((await relayed(relayProtocol)) - before > 100, "media passed through the server");
    });
  }
}

describe("coturn beside the server", { skip: !installed() && "coturn is not installed: cargo xtask setup" }, () => {
  before(() => {
    const [certificate, key] = ["server.pem", "server-key.pem"].map((file) => join(server.dataDirectory, file));
    return coturn.start({ certificate, key });
  });

  for (const [scheme, transport, relayProtocol] of transports) {
    for (const way of ways) {
      test(`${way.join(" calls ")} through it over ${relayProtocol}`, async () => {
        const url = coturn.urls.find((url) => url.startsWith(`${scheme}:`) && url.endsWith(transport));
        const before = await Promise.all(["udp", "tcp", "tls"].map(relayed));
        await callBy(url, relayProtocol, way);
        assert.deepEqual(await Promise.all(["udp", "tcp", "tls"].map(relayed)), before, "nothing passed through the server");
      });
    }
  }
});
