// Calls between two Chromiums: how long they take to begin, directly and by a relay. A run begins with startCall, is
// answered automatically and ends with the first remote frame that is decoded.
import { openFixture } from "../lib/fixture.mjs";
import { Server } from "../lib/server.mjs";
import { summary } from "../lib/statistics.mjs";

const runs = Number(process.env.OPENLINE_BENCH_RUNS ?? 20);

async function withPair(server, body) {
  const [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("chromium", server)]);
  try {
    await body(ann, ben);
  } finally {
    await Promise.all([ann.quit(), ben.quit()]);
  }
}

/** `scheme` and `transport` of the relay, if there is to be one. */
async function setUp(server, label, scheme, transport) {
  await withPair(server, async (ann, ben) => {
    if (scheme) {
      const url = server.ready.turn.find((it) => it.startsWith(`${scheme}:`) && it.endsWith(transport));
      await Promise.all([ann.onlyRelays(url), ben.onlyRelays(url)]);
    }
    await ann.signIn("Ann");
    const callee = await ben.signIn("Ben", { answer: { video: true } });
    await ann.measureSetUp(callee); // The first run opens the camera and is not counted.
    const samples = [];
    for (let run = 0; run < runs; run += 1) samples.push(await ann.measureSetUp(callee));
    console.log(summary(`call set-up, ${label}`, samples, [0.5, 0.95]));
  });
}

// Faster than people call each other.
const server = await Server.start({ env: { OPENLINE_CALLS__STARTS_PER_MINUTE: "0" } });
try {
  await setUp(server, "direct");
  await setUp(server, "relayed over UDP", "turn", "udp");
  await setUp(server, "relayed over TCP", "turn", "tcp");
} finally {
  await server.close();
}
