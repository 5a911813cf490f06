// What is refused, and how the client sees it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { all, clientWith, foreignUser, identities, person, threadOf, versions } from "./world.mjs";

/** Every request about one thread. */
const requests = {
  getProperties: (thread) => thread.getProperties(),
  updateTopic: (thread) => thread.updateTopic("Taken over"),
  updateProperties: (thread) => thread.updateProperties({ topic: "Taken over" }),
  sendMessage: (thread) => thread.sendMessage({ content: "hello?" }),
  getMessage: (thread, { id }) => thread.getMessage(id),
  listMessages: (thread) => all(thread.listMessages()),
  updateMessage: (thread, { id }) => thread.updateMessage(id, { content: "changed" }),
  deleteMessage: (thread, { id }) => thread.deleteMessage(id),
  addParticipants: (thread) => thread.addParticipants({ participants: [{ id: foreignUser }] }),
  listParticipants: (thread) => all(thread.listParticipants()),
  removeParticipant: (thread, { member }) => thread.removeParticipant(member),
  sendTypingNotification: (thread) => thread.sendTypingNotification(),
  sendReadReceipt: (thread, { id }) => thread.sendReadReceipt({ chatMessageId: id }),
  listReadReceipts: (thread) => all(thread.listReadReceipts()),
};

/** An error of the service, as the client hands it on. */
function refused(statusCode, code) {
  return (error) => {
    assert.equal(error.name, "RestError");
    assert.equal(error.statusCode, statusCode);
    assert.equal(error.code, code);
    const body = JSON.parse(error.response.bodyAsText);
    assert.equal(body.error.code, code);
    assert.ok(body.error.message.length > 0);
    assert.ok(error.response.headers.get("x-ms-client-request-id"), "the client's own id comes back");
    return true;
  };
}

for (const version of versions) {
  describe(`refusals, ${version}`, () => {
    test("who is not in a thread can do nothing with it", async () => {
      const [ann, eve] = [await person(version), await person(version)];
      const [thread] = await threadOf("Private", [ann]);
      const { id } = await thread.sendMessage({ content: "secret" });
      const strange = eve.chat.getChatThreadClient(thread.threadId);
      for (const [name, request] of Object.entries(requests)) {
        await assert.rejects(request(strange, { id, member: ann.user }), refused(403, "Forbidden"), name);
      }
      await assert.rejects(eve.chat.deleteChatThread(thread.threadId), refused(403, "Forbidden"));
      assert.equal((await thread.getProperties()).topic, "Private");
      assert.equal((await all(thread.listMessages())).length, 3);
    });

    test("a thread that does not exist looks like somebody else's", async () => {
      const ann = await person(version);
      const nowhere = ann.chat.getChatThreadClient("19:0123456789abcdef0123456789abcdef@thread.v2");
      for (const [name, request] of Object.entries(requests)) {
        const call = request(nowhere, { id: "1700000000000", member: ann.user });
        await assert.rejects(call, ({ statusCode }) => [403, 404].includes(statusCode), name);
      }
    });

    test("a message that does not exist is not found", async () => {
      const [thread] = await threadOf("Empty", [await person(version)]);
      const id = "1700000000000";
      await assert.rejects(thread.getMessage(id), refused(404, "NotFound"));
      await assert.rejects(thread.updateMessage(id, { content: "x" }), refused(404, "NotFound"));
      await assert.rejects(thread.deleteMessage(id), refused(404, "NotFound"));
    });

    test("a forged token and a revoked one are refused", async () => {
      const ann = await person(version);
      const [head, payload, signature] = ann.token.split(".");
      const claims = JSON.parse(Buffer.from(payload, "base64url"));
      const longer = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 3600 })).toString("base64url");
      for (const token of [`${head}.${longer}.${signature}`, `${head}.${payload}.`]) {
        await assert.rejects(all(clientWith(token, version).listChatThreads()), refused(401, "Unauthorized"));
      }
      await identities.revokeTokens(ann.user);
      await assert.rejects(all(ann.chat.listChatThreads()), refused(401, "Unauthorized"));
      await assert.rejects(ann.chat.createChatThread({ topic: "x" }), refused(401, "Unauthorized"));
    });

    test("a token without the scope opens nothing, one that joins creates and deletes nothing", async () => {
      const voice = await person(version, ["voip"]);
      await assert.rejects(voice.chat.createChatThread({ topic: "x" }), refused(403, "Forbidden"));
      await assert.rejects(all(voice.chat.listChatThreads()), refused(403, "Forbidden"));

      const [ann, guest] = [await person(version), await person(version, ["chat.join"])];
      const [thread, guests] = await threadOf("Guests", [ann, guest]);
      await guests.sendMessage({ content: "thanks for having me" });
      await assert.rejects(guest.chat.createChatThread({ topic: "x" }), refused(403, "Forbidden"));
      await assert.rejects(guest.chat.deleteChatThread(thread.threadId), refused(403, "Forbidden"));
    });

    test("pages hold 1 to 200 items", async () => {
      const ann = await person(version);
      const [thread] = await threadOf("Pages", [ann]);
      for (const maxPageSize of [0, 201]) {
        const lists = [
          ann.chat.listChatThreads({ maxPageSize }),
          thread.listMessages({ maxPageSize }),
          thread.listParticipants({ maxPageSize }),
          thread.listReadReceipts({ maxPageSize }),
        ];
        for (const list of lists) await assert.rejects(all(list), { statusCode: 400 });
      }
      assert.equal((await all(thread.listMessages({ maxPageSize: 200 }))).length, 2);
    });
  });
}

test("a version that nobody published is refused", async () => {
  const { token } = await person(versions[0]);
  await assert.rejects(all(clientWith(token, "1999-12-31").listChatThreads()), { statusCode: 400 });
});
