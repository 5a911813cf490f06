// Chat: send to receive between two browsers, then throughput with many connected clients.
import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";
import { openFixture } from "../lib/fixture.mjs";
import { Server } from "../lib/server.mjs";
import { summary } from "../lib/statistics.mjs";

const messages = Number(process.env.OPENLINE_BENCH_MESSAGES ?? 1000);
const clients = Number(process.env.OPENLINE_BENCH_CLIENTS ?? 50);
const perClient = Number(process.env.OPENLINE_BENCH_PER_CLIENT ?? 100);
const apiVersion = "2025-03-15";

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

function listen(server, token) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.http.replace("http", "ws")}/realtime`);
    const client = { socket, received: 0 };
    socket.on("open", () => {
      socket.send(JSON.stringify({ type: "hello", versions: [1], token }));
      socket.send(JSON.stringify({ type: "subscribe", topic: "chat" }));
    });
    socket.on("message", (data) => {
      const text = data.toString();
      if (text.startsWith('{"type":"subscribed"')) resolve(client);
      if (text.includes('"chatMessageReceived"')) client.received += 1;
    });
    socket.on("error", reject);
    const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('{"type":"ping","id":1}'), 8000);
    socket.on("close", () => clearInterval(beat));
  });
}

async function rest(server, token, method, path, body) {
  const response = await fetch(`${server.http}${path}?api-version=${apiVersion}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Pairs of clients, each sending to its own thread as fast as it is answered, everybody connected. */
async function throughput(server) {
  const people = await Promise.all(Array.from({ length: clients }, (_, index) => server.demoToken(`Client ${index}`)));
  const listeners = await Promise.all(people.map(({ token }) => listen(server, token)));
  const threads = [];
  for (let index = 0; index < clients; index += 2) {
    const { chatThread } = await rest(server, people[index].token, "POST", "/chat/threads", {
      topic: `Pair ${index}`,
      participants: [{ communicationIdentifier: { rawId: people[index + 1].identity.id } }],
    });
    threads.push(chatThread.id, chatThread.id);
  }
  const started = performance.now();
  await Promise.all(people.map(async ({ token }, index) => {
    const path = `/chat/threads/${encodeURIComponent(threads[index])}/messages`;
    for (let sent = 0; sent < perClient; sent += 1) await rest(server, token, "POST", path, { content: `m ${sent}` });
  }));
  const sent = clients * perClient;
  const sending = (performance.now() - started) / 1000;
  while (listeners.some(({ received }) => received < 2 * perClient)) await delay(1);
  const delivering = (performance.now() - started) / 1000;
  console.log(`chat, ${clients} connected clients, each sending in turn: ${(sent / sending).toFixed(0)} messages/s acknowledged,`
    + ` ${((2 * sent) / delivering).toFixed(0)} deliveries/s`);
  listeners.forEach(({ socket }) => socket.close(1000));
}

const server = await Server.start();
try {
  await sendToReceive(server);
  await throughput(server);
} finally {
  await server.close();
}
