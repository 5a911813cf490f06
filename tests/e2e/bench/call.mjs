// Call set-up: from startCall, answered automatically, to the first decoded remote frame. Chromium to Chromium.
import { Server } from "../lib/server.mjs";
import { openFixture } from "../lib/fixture.mjs";
import { summary } from "../lib/statistics.mjs";

const runs = Number(process.env.OPENLINE_BENCH_RUNS ?? 20);
const server = await Server.start();
const [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("chromium", server)]);
try {
  await ann.signIn("Ann");
  const callee = await ben.signIn("Ben", { answer: { video: true } });
  await ann.measureSetUp(callee); // The first run opens the camera and is not counted.
  const samples = [];
  for (let run = 0; run < runs; run += 1) samples.push(await ann.measureSetUp(callee));
  console.log(summary("call set-up, startCall to first decoded remote frame", samples, [0.5, 0.95]));
} finally {
  await Promise.all([ann.quit(), ben.quit()]);
  await server.close();
}
