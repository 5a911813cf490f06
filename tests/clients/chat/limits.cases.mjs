// A server that takes one message a second in each thread.
import assert from "node:assert/strict";
import { test } from "node:test";

import { clientWith, person, threadOf, versions } from "./world.mjs";

const [version] = versions.slice(-1);

test("who sends too often is told so, and when to try again", async () => {
  const [thread] = await threadOf("Busy", [await person(version)]);
  const refusal = await firstRefusal(() => thread.sendMessage({ content: "again" }));
  assert.equal(refusal.statusCode, 429);
  assert.equal(refusal.code, "TooManyRequests");
  assert.equal(refusal.response.headers.get("retry-after"), "1");
});

test("a client that retries waits, and gets through", async () => {
  const ann = await person(version);
  const [{ threadId }] = await threadOf("Patient", [ann]);
  const thread = clientWith(ann.token, version, { maxRetries: 3 }).getChatThreadClient(threadId);
  const impatient = ann.chat.getChatThreadClient(threadId);
  await firstRefusal(() => impatient.sendMessage({ content: "again" }));
  const { id } = await thread.sendMessage({ content: "at last" });
  assert.equal((await thread.getMessage(id)).content.message, "at last");
});

/** Repeats a call until it is refused. */
async function firstRefusal(call) {
  for (;;) {
    try {
      await call();
    } catch (error) {
      return error;
    }
  }
}
