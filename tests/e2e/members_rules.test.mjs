// What a page may pass as the custom context of a call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contextText } from "../../pkg/members.js";

test("a custom context is an object, or none", () => {
  for (const none of [undefined, null]) assert.equal(contextText("startCall", none), undefined);
  assert.equal(contextText("startCall", { userToUser: "order 4711" }), '{"userToUser":"order 4711"}');
  for (const context of ["x", "", [], 5, true, false]) {
    assert.throws(() => contextText("startCall", context), { name: "CommunicationServicesError", code: 400 }, JSON.stringify(context));
  }
});
