// Calls between two Chromiums: how long they take to begin, directly and by a relay, how long until a line that was
// away for two seconds is back, and what a tab computes in one. A run begins with startCall, is answered automatically
// and ends with the first remote frame that is decoded.
import { BadNetwork } from "../lib/bad_network.mjs";
import { openFixture } from "../lib/fixture.mjs";
import { Proxy } from "../lib/proxy.mjs";
import { Server } from "../lib/server.mjs";
import { summary } from "../lib/statistics.mjs";

const runs = Number(process.env.OPENLINE_BENCH_RUNS ?? 20);
const cutMs = 2000;
const cpuWindowMs = 10_000;
/** A call is some 27 frames of each side's, and a socket takes 200 of them in 10 s. */
const apartMs = 1500;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ann, and Ben who answers whatever comes and reaches the server over `line`. */
async function withPair(server, line, body) {
  const [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("chromium", line)]);
  try {
    await body(ann, ben);
  } finally {
    await Promise.all([ann.quit(), ben.quit()]);
  }
}

/** `scheme` and `transport` of the relay, if there is to be one. */
async function setUp(server, label, scheme, transport) {
  await withPair(server, server, async (ann, ben) => {
    if (scheme) {
      const url = server.ready.turn.find((it) => it.startsWith(`${scheme}:`) && it.endsWith(transport));
      await Promise.all([ann.onlyRelays(url), ben.onlyRelays(url)]);
    }
    await ann.signIn("Ann");
    const callee = await ben.signIn("Ben", { answer: { video: true } });
    await ann.measureSetUp(callee); // The first run opens the camera and is not counted.
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      await wait(apartMs);
      samples.push(await ann.measureSetUp(callee));
    }
    console.log(summary(`call set-up, ${label}`, samples, [0.5, 0.95]));
  });
}

/** From the return of Ben's whole network to the next picture, on both sides. His media goes over a relay. */
async function pictures(server) {
  const network = await BadNetwork.start(server);
  try {
    await withPair(server, network, async (ann, ben) => {
      await ann.signIn("Ann");
      await ann.call(await ben.signIn("Ben", { answer: { video: true } }), { video: true });
      await ann.waitForState("Connected");
      await Promise.all([ann.renderRemote(), ben.renderRemote()]);
      const samples = [];
      for (let run = 0; run < runs; run += 1) {
        network.silence();
        await wait(cutMs);
        const next = Promise.all([ann.waitForNextFrame(), ben.waitForNextFrame()]);
        network.restore();
        const restored = performance.now();
        await next;
        samples.push(performance.now() - restored);
        await Promise.all([ann.waitForMoreMedia(), ben.waitForMoreMedia()]);
      }
      console.log(summary(`pictures back after ${cutMs / 1000} s without network`, samples, [0.5, 0.95]));
    });
  } finally {
    await network.close();
  }
}

/** From the line's return to `Connected`, in a call. */
async function reconnect(server) {
  const line = await Proxy.start(server);
  try {
    await withPair(server, line, async (ann, ben) => {
      await ann.signIn("Ann");
      await ann.call(await ben.signIn("Ben", { answer: {} }));
      await ann.waitForState("Connected");
      const samples = [];
      for (let run = 0; run < runs; run += 1) {
        await line.cut();
        await ben.waitForConnection("Disconnected");
        await wait(cutMs);
        await line.restore();
        const restored = performance.now();
        await ben.waitForConnection("Connected");
        samples.push(performance.now() - restored);
      }
      if ((await ann.waitForState("Connected")) !== "Connected") throw new Error("the call did not survive");
      console.log(summary(`signalling back after a cut of ${cutMs / 1000} s`, samples, [0.5, 0.95]));
    });
  } finally {
    await line.close();
  }
}

/** Seconds that the tab's process has computed, and the time, in seconds. */
async function processTime({ driver }) {
  const { metrics } = await driver.sendAndGetDevToolsCommand("Performance.getMetrics", {});
  const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return [of("ProcessTime"), of("Timestamp")];
}

/** How much of a core a tab takes that sends and shows 1280x720. Its picture is encoded and decoded in it. */
async function processor(server) {
  await withPair(server, server, async (ann, ben) => {
    await ann.signIn("Ann");
    const callee = await ben.signIn("Ben", { answer: { video: true } });
    await ann.call(callee, { video: true });
    await ann.waitForState("Connected");
    await Promise.all([ann.renderRemote(), ben.renderRemote()]);
    await Promise.all([ann.waitForPicture(720), ben.waitForPicture(720)]);
    await ann.driver.sendDevToolsCommand("Performance.enable", {});
    const [before, framesBefore] = [await processTime(ann), await ann.framesDecoded()];
    await wait(cpuWindowMs);
    const [after, framesAfter] = [await processTime(ann), await ann.framesDecoded()];
    const elapsed = after[1] - before[1];
    const share = (100 * (after[0] - before[0])) / elapsed;
    const frames = (framesAfter - framesBefore) / elapsed;
    console.log(`a tab in a call of 1280x720: ${share.toFixed(0)} % of a core, ${frames.toFixed(1)} frames a second decoded`);
  });
}

// Faster than people call each other.
const server = await Server.start({ env: { OPENLINE_CALLS__STARTS_PER_MINUTE: "0" } });
try {
  await setUp(server, "direct");
  await setUp(server, "relayed over UDP", "turn", "udp");
  await setUp(server, "relayed over TCP", "turn", "tcp");
  await pictures(server);
  await reconnect(server);
  await processor(server);
} finally {
  await server.close();
}
