// Chat: send to receive between two browsers. crates/bench measures the server under load.
import { openFixture } from "../lib/fixture.mjs";
import { Server } from "../lib/server.mjs";
import { summary } from "../lib/statistics.mjs";

const messages = Number(process.env.OPENLINE_BENCH_MESSAGES ?? 1000);

async function sendToReceive(server) {
  const [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("chromium", server)]);
  try {
    await ann.signIn("Ann", { voice: false, chat: true });
    const callee = await ben.signIn("Ben", { voice: false, chat: true });
    const thread = await ann.createThread("Bench", [{ id: callee, displayName: "Ben" }]);
    const sent = await ann.timeSends(thread, messages);
    await ben.waitForChatCount(thread, "timed", messages);
    const received = new Map((await ben.chat()).map((event) => [event.id, event.at]));
    console.log(summary("chat, send to receive", sent.map(({ id, sentAt }) => received.get(id) - sentAt), [0.5, 0.99]));
  } finally {
    await Promise.all([ann.quit(), ben.quit()]);
  }
}

const server = await Server.start();
try {
  await sendToReceive(server);
} finally {
  await server.close();
}
