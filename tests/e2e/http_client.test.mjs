// What an application puts between the chat client and the network: the published HTTP client and policies of its own,
// on Node, with a real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { packageDirectory, Server } from "./lib/server.mjs";

let server, openline, token;

before(async () => {
  server = await Server.start();
  openline = await import(pathToFileURL(join(packageDirectory, "node.js")));
  await openline.init();
  ({ token } = await server.demoToken("Ann"));
});
after(() => server.close());

const chat = (options) => new openline.ChatClient(server.http, new openline.CommunicationTokenCredential(token), options);

/** Notes what passes. */
function policy(name, log, change = () => {}) {
  return {
    name,
    async sendRequest(request, next) {
      change(request);
      log.push(`${name} ${request.method}`);
      const response = await next(request);
      log.push(`${name} ${response.status}`);
      return response;
    },
  };
}

test("requests go through the application's HTTP client, and through its policies in their order", async () => {
  const log = [];
  const published = createDefaultHttpClient();
  const httpClient = {
    sendRequest(request) {
      log.push(`client ${request.headers.get("x-added")}`);
      return published.sendRequest(request);
    },
  };
  const client = chat({
    httpClient,
    additionalPolicies: [
      { policy: policy("inner", log), position: "perRetry" },
      { policy: policy("outer", log, ({ headers }) => headers.set("x-added", 1)), position: "perCall" },
    ],
  });
  const { chatThread } = await client.createChatThread({ topic: "Lunch" });
  assert.equal(chatThread.topic, "Lunch");
  assert.deepEqual(log, ["outer POST", "inner POST", "client 1", "inner 201", "outer 201"]);
  log.length = 0;
  const thread = client.getChatThreadClient(chatThread.id);
  const file = new Blob([new Uint8Array([1, 2, 3])], { type: "application/octet-stream" });
  const { id } = await thread.uploadAttachment(file, { name: "plan.bin" });
  const read = await thread.downloadAttachment(id);
  assert.deepEqual([...new Uint8Array(await read.arrayBuffer())], [1, 2, 3]);
  assert.equal(log.filter((line) => line.startsWith("client")).length, 2, "files too");
});

test("an HTTP client that fails is a server that was not reached, and one that is aborted ends the request", async () => {
  let attempts = 0;
  const httpClient = {
    async sendRequest({ abortSignal }) {
      attempts += 1;
      if (attempts <= 2) throw new Error("no line");
      return new Promise((_, reject) => abortSignal.addEventListener("abort", () => reject(new Error("aborted"))));
    },
  };
  const client = chat({ httpClient, retryOptions: { maxRetries: 1, retryDelayInMs: 1 } });
  await assert.rejects(client.createChatThread({ topic: "Lunch" }), { name: "RestError", code: "REQUEST_SEND_ERROR" });
  assert.equal(attempts, 2);
  const controller = new AbortController();
  const created = client.createChatThread({ topic: "Lunch" }, { abortSignal: controller.signal });
  setImmediate(() => controller.abort());
  await assert.rejects(created, { name: "AbortError" });
});

test("policies see the prefix of the user agent, the named id and the time limit", async () => {
  const seen = [];
  const look = policy("look", [], ({ headers, timeout, requestId }) => {
    seen.push([headers.get("x-ms-useragent"), headers.get("x-my-id") === requestId, timeout, headers.get("x-none")]);
  });
  const client = chat({
    userAgentOptions: { userAgentPrefix: "my-app/1.0" },
    telemetryOptions: { clientRequestIdHeaderName: "x-my-id" },
    additionalPolicies: [{ policy: look, position: "perCall" }],
  });
  await client.createChatThread({ topic: "Lunch" }, { requestOptions: { timeout: 5_000 } });
  assert.deepEqual(seen, [["my-app/1.0", true, 5_000, undefined]]);
});

test("onResponse and errors have the request, without its token and what it says", async () => {
  let seen;
  const abortSignal = new AbortController().signal;
  await assert.rejects(
    chat().getChatThreadClient("19:none@thread.v2").sendMessage(
      { content: "secret" },
      { onResponse: (response) => (seen = response), abortSignal, requestOptions: { customHeaders: { "x-app": "1" } } },
    ),
    ({ response }) => response === seen,
  );
  const { url, method, headers, timeout, withCredentials, requestId, body } = seen.request;
  assert.ok(url.startsWith(`${server.http}/chat/threads/`));
  assert.deepEqual([method, timeout, withCredentials, body], ["POST", 60_000, false, undefined]);
  assert.equal(seen.request.abortSignal, abortSignal);
  assert.equal(headers.get("x-ms-client-request-id"), requestId);
  assert.equal(headers.toJSON()["x-app"], "1");
  assert.equal(headers.get("authorization"), undefined);
  assert.equal(seen.headers.get("x-none"), undefined);
  assert.ok(seen.headers.get("x-request-id"));
  const shown = JSON.stringify(seen.request);
  assert.ok(!shown.includes(token) && !shown.includes("secret"));
});
