// The package in Node: as a server renders with it, and as an application's tests use it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Server } from "../e2e/lib/server.mjs";

const require = createRequire(import.meta.url);
let server;

before(async () => {
  server = await Server.start({ site: fileURLToPath(new URL("fixtures", import.meta.url)) });
});
after(() => server?.close());

test("importing does nothing, and what is used before init says so", async () => {
  const { CallClient, ChatClient, createIdentifierFromRawId } = await import("openline");
  assert.throws(() => new CallClient(), /await init\(\).*CallClient/);
  assert.throws(() => new ChatClient(), /await init\(\).*ChatClient/);
  assert.throws(() => createIdentifierFromRawId("4:1"), /await init\(\).*createIdentifierFromRawId/);
});

test("every entry and `require` are one package, started once", async () => {
  const imported = await import("openline");
  const inline = await import("openline/inline");
  const required = require("openline");
  await Promise.all([imported.init(), imported.init(), inline.init(), required.init()]);
  for (const other of [inline, required]) {
    for (const name of Object.keys(imported)) {
      if (name !== "init") assert.equal(other[name], imported[name], name);
    }
  }
});

test("chat alone works, beside the whole and without its calls", async () => {
  const chat = await import("openline/chat");
  const inline = await import("openline/chat/inline");
  const whole = await import("openline");
  assert.throws(() => new chat.ChatClient(), /await init\(\).*ChatClient/);
  await Promise.all([chat.init(), whole.init()]);
  const missing = Object.keys(whole).filter((name) => !(name in chat));
  assert.ok(missing.includes("CallClient") && missing.includes("Features"), `${missing}`);
  assert.deepEqual(Object.keys(inline), Object.keys(chat));

  const { token } = await server.demoToken("Ann");
  // A credential of one is good for the other.
  const client = new chat.ChatClient(server.http, new whole.CommunicationTokenCredential(token));
  const { chatThread } = await client.createChatThread({ topic: "Chat alone" });
  assert.equal(chatThread.topic, "Chat alone");
});

test("tokens are parsed, and chat requests reach the server", async () => {
  const { ChatClient, CommunicationTokenCredential, getIdentifierRawId, init } = await import("openline");
  await init();
  const { token, identity } = await server.demoToken("Ann");
  const credential = new CommunicationTokenCredential(token);
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal((await credential.getToken()).expiresOnTimestamp, exp * 1000);

  const { chatThread } = await new ChatClient(server.http, credential).createChatThread({ topic: "On a server" });
  assert.equal(chatThread.topic, "On a server");
  assert.equal(getIdentifierRawId(chatThread.createdBy), identity.id);
});

test("what needs a browser is refused with a code", async () => {
  const { CallClient, Features, init } = await import("openline");
  await init();
  const client = new CallClient({ endpoint: server.http });
  const { isSupportedEnvironment } = await client.feature(Features.DebugInfo).getEnvironmentInfo();
  assert.equal(isSupportedEnvironment, false);
  const devices = await client.getDeviceManager();
  const refused = { name: "CommunicationServicesError", code: 500, subCode: 40614 };
  await assert.rejects(devices.askDevicePermission({ audio: true, video: true }), refused);
  await client.dispose();
});

test("where there is no WebSocket, as on Node 20, realtime notifications say so and what to do", async () => {
  const { ChatClient, CommunicationTokenCredential, init } = await import("openline");
  await init();
  const { token } = await server.demoToken("Ann");
  const chat = new ChatClient(server.http, new CommunicationTokenCredential(token));
  const { WebSocket } = globalThis;
  globalThis.WebSocket = undefined;
  try {
    const refused = { name: "RealtimeError", code: "noWebSocket", message: /Node 22.*globalThis\.WebSocket/ };
    await assert.rejects(chat.startRealtimeNotifications(), refused);
  } finally {
    globalThis.WebSocket = WebSocket;
  }
});
