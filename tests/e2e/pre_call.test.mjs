// The pre-call test in real browsers: against the server's relays, and against what is wrong with a deployment.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { freePort } from "./lib/ports.mjs";
import { Server } from "./lib/server.mjs";
import { expiringIn } from "./lib/tokens.mjs";

const SECRET = "a secret for the relays of this test";
let server;

before(async () => {
  server = await Server.start({ env: { OPENLINE_TURN__SECRET: SECRET } });
});
after(() => server?.close());

/** Credentials as an operator makes them for a relay that shares the secret. */
function credentials(secret = SECRET) {
  const username = `${Math.floor(Date.now() / 1000) + 3600}:test`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}

const relay = (transport) => server.ready.turn.find((url) => url.startsWith("turn:") && url.endsWith(`transport=${transport}`));
const turn = (...iceServers) => ({ client: { networkConfiguration: { turn: { iceServers } } } });
const byName = ({ legs }) => Object.fromEntries(legs.map((leg) => [leg.name, leg]));
const states = (report) => Object.fromEntries(report.legs.map(({ name, state, code }) => [name, code ?? state]));

for (const browser of ["chromium", "firefox"]) {
  describe(browser, () => {
    let ann;
    before(async () => {
      // The relay's certificate is by an authority of its own.
      ann = await openFixture(browser, server, { anyCertificate: true });
    });
    after(() => ann?.quit());

    test("where all is well every leg passes, with what was measured, and nothing is left open", async () => {
      const found = await ann.preCall({ name: "Ann" });
      const legs = byName(found.report);
      assert.deepEqual(Object.keys(legs), ["token", "socket", "udp", "tcp", "tls", "microphone", "camera"]);
      for (const name of ["token", "socket", "udp", "tcp", "microphone", "camera"]) {
        assert.ok(["Passed", "Poor"].includes(legs[name].state), JSON.stringify(legs[name]));
        assert.ok(legs[name].durationMs >= 0);
      }
      for (const name of ["udp", "tcp"]) {
        const { url, roundTripMs, jitterMs, lossRatio } = legs[name];
        assert.equal(url, relay(name));
        assert.ok(roundTripMs > 0 && jitterMs >= 0 && lossRatio >= 0 && lossRatio < 1, JSON.stringify(legs[name]));
      }
      assert.ok(legs.socket.roundTripMs > 0 && legs.socket.jitterMs >= 0);
      assert.deepEqual(found.told.map(({ name }) => name).sort(), Object.keys(legs).sort());
      assert.deepEqual(found.deviceAccess, { audio: true, video: true });
      assert.deepEqual([found.deviceEnumeration.microphone, found.deviceEnumeration.camera], ["Available", "Available"]);
      assert.deepEqual(found.browserSupport, { browser: "Supported", os: "Supported" });
      const { connected, bandwidthBps, diagnostics } = found.inCallDiagnostics;
      assert.equal(connected, true);
      assert.ok(bandwidthBps > 0);
      for (const kind of ["audio", "video"]) {
        for (const grade of Object.values(diagnostics[kind])) assert.match(grade, /^(Good|Average|Bad)$/, kind);
      }
      assert.deepEqual([found.open, found.same, found.sent, found.hasId], [[0, 0], true, true, true]);
    });

    test("a closed port is the leg that fails, and the others pass", async () => {
      const closed = await freePort();
      const { report, inCallDiagnostics, open } = await ann.preCall({
        name: "Ann",
        ...turn(
          { urls: [`turn:127.0.0.1:${closed}?transport=tcp`], ...credentials() },
          { urls: [relay("udp")], ...credentials() },
        ),
      });
      assert.equal(states(report).tcp, "relayUnreachable");
      assert.match(byName(report).tcp.message, /firewall/);
      assert.equal(states(report).tls, "notOffered");
      assert.deepEqual([report.verdict, report.failed], ["Limited", ["tcp"]]);
      assert.deepEqual([inCallDiagnostics.connected, open], [true, [0, 0]]);
    });

    test("the second relay of a kind is tried where the first one fails", async () => {
      const closed = await freePort();
      const urls = [`turn:127.0.0.1:${closed}?transport=tcp`, relay("tcp")];
      const { report } = await ann.preCall({ name: "Ann", ...turn({ urls, ...credentials() }) });
      const { state, url } = byName(report).tcp;
      assert.deepEqual([["Passed", "Poor"].includes(state), url], [true, relay("tcp")]);
    });

    test("a relay that refuses the credentials is told from one that does not answer", async () => {
      const wrong = turn({ urls: [relay("udp")], ...credentials("another secret, not the relay's") });
      const { report } = await ann.preCall({ name: "Ann", ...wrong });
      // Firefox does not tell what a relay answers.
      assert.equal(states(report).udp, browser === "chromium" ? "relayRefused" : "relayUnreachable");
    });

    test("without relays it says so, and calls itself without", async () => {
      const found = await ann.preCall({ name: "Ann", ...turn() });
      assert.deepEqual(["udp", "tcp", "tls"].map((name) => states(found.report)[name]), ["noRelays", "noRelays", "noRelays"]);
      assert.deepEqual([found.report.verdict, found.report.failed], ["Limited", []]);
      assert.match(byName(found.report).udp.message, /docs\/turn\.md/);
      assert.deepEqual([found.inCallDiagnostics.connected, found.inCallDiagnostics.bandWidth], [true, "Unknown"]);
    });

    test("a refused token is the leg that fails, and nothing behind it is tested", async () => {
      const { token } = await server.demoToken("Ann");
      const expired = await expiringIn(server, token, -60);
      const found = await ann.preCall({ token: expired, test: { deviceAccess: false } });
      assert.deepEqual(states(found.report), {
        token: "tokenRefused", socket: "Passed", udp: "notTested", tcp: "notTested", tls: "notTested",
        microphone: "notTested", camera: "notTested",
      });
      assert.deepEqual([found.report.verdict, found.report.failed], ["NotReady", ["token"]]);
      assert.deepEqual([found.inCallDiagnostics.connected, found.inCallDiagnostics.bandWidth], [false, "Unknown"]);
      assert.deepEqual(found.deviceAccess, { audio: false, video: false });
    });

    test("a server that is not there is told from a WebSocket that is blocked", async () => {
      const closed = await freePort();
      const test = { deviceAccess: false };
      const away = await ann.preCall({ name: "Ann", client: { endpoint: `http://localhost:${closed}` }, test });
      assert.deepEqual([states(away.report).token, states(away.report).socket], ["notTested", "serverUnreachable"]);
      // The server answers there, and has no WebSocket.
      const blocked = await ann.preCall({ name: "Ann", client: { endpoint: `${server.http}/fixture` }, test });
      assert.deepEqual([states(blocked.report).socket, blocked.report.verdict], ["webSocketBlocked", "NotReady"]);
    });

    test("devices that are refused or missing fail each for itself, and the network is tested all the same", async () => {
      const refused = { audio: "NotFoundError", video: "NotAllowedError" };
      const { report, deviceAccess, inCallDiagnostics } = await ann.preCall({ name: "Ann", refused });
      assert.deepEqual([states(report).microphone, states(report).camera], ["microphoneMissing", "cameraDenied"]);
      assert.deepEqual([report.verdict, report.failed.slice(-2)], ["Limited", ["microphone", "camera"]]);
      assert.deepEqual(deviceAccess, { audio: false, video: false });
      assert.equal(inCallDiagnostics.connected, true);
    });

    test("an aborted test ends, and leaves nothing open", async () => {
      const { report, open } = await ann.preCall({ name: "Ann", abortAt: "socket" });
      assert.deepEqual([states(report).udp, report.verdict], ["aborted", "Aborted"]);
      assert.deepEqual(open, [0, 0]);
    });

    for (const dispose of ["feature", "client"]) {
      test(`disposing of the ${dispose} ends a test`, async () => {
        const { report, open } = await ann.preCall({ name: "Ann", disposeAt: "socket", dispose });
        assert.deepEqual([states(report).udp, report.verdict], ["aborted", "Aborted"]);
        assert.deepEqual(open, [0, 0]);
      });
    }

    test("one that was aborted before it began says that, and blames nothing", async () => {
      const { report, open } = await ann.preCall({ name: "Ann", abortAt: "beforehand" });
      assert.deepEqual([states(report).token, report.verdict], ["aborted", "Aborted"]);
      assert.deepEqual(open, [0, 0]);
    });

    test("with relays of which none works there are no calls", async () => {
      const closed = await freePort();
      const { report, inCallDiagnostics } = await ann.preCall({
        name: "Ann",
        test: { deviceAccess: false },
        ...turn({ urls: [`turn:127.0.0.1:${closed}?transport=tcp`], ...credentials() }),
      });
      assert.deepEqual([report.verdict, report.failed, inCallDiagnostics.connected], ["NotReady", ["tcp"], false]);
    });
  });
}

test("a server that names no relays", async () => {
  const bare = await Server.start({ site: server.site, env: { OPENLINE_TURN__URLS: '["stun:localhost:3478"]' } });
  const ann = await openFixture("chromium", bare);
  try {
    const { report } = await ann.preCall({ name: "Ann", test: { deviceAccess: false } });
    assert.equal(states(report).udp, "noRelays");
  } finally {
    await ann.quit();
    await bare.close();
  }
});
