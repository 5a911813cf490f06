// The cases of identity.test.mjs, which starts the server and sets the environment.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseConnectionString } from "./support/connection_string.mjs";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { CommunicationIdentityClient } from "@azure/communication-identity";

const connectionString = process.env["OPENLINE_CONNECTION_STRING"];
const endpoint = process.env["OPENLINE_ENDPOINT"];
const client = new CommunicationIdentityClient(connectionString);

/** The status of a data-plane request with this token. */
async function statusWith(token) {
  const response = await fetch(new URL("chat/threads?api-version=2025-03-15", endpoint), {
    headers: { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return response.status;
}

const aMinute = 60_000;

function assertNear(date, minutesFromNow) {
  const minutes = (date.getTime() - Date.now()) / aMinute;
  assert.ok(Math.abs(minutes - minutesFromNow) < minutesFromNow * 0.05, `expires in ${minutes} minutes`);
}

test("creates an identity", async () => {
  const user = await client.createUser();
  assert.match(user.communicationUserId, /^8:acs:[0-9a-f-]{36}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  const other = await client.createUser();
  assert.notEqual(other.communicationUserId, user.communicationUserId);
});

test("creates an identity with a token that is good", async () => {
  const { user, token, expiresOn } = await client.createUserAndToken(["chat", "voip"]);
  assert.ok(user.communicationUserId);
  assertNear(expiresOn, 24 * 60);
  assert.equal(await statusWith(token), 200);
});

test("issues a token with a validity of its own, which the common client can read", async () => {
  const { user } = await client.createUserAndToken(["chat"], { tokenExpiresInMinutes: 60 });
  const { token, expiresOn } = await client.getToken(user, ["chat", "voip"], { tokenExpiresInMinutes: 90 });
  assertNear(expiresOn, 90);
  const read = await new AzureCommunicationTokenCredential(token).getToken();
  assert.equal(read.expiresOnTimestamp, expiresOn.getTime());
  assert.equal(await statusWith(token), 200);
});

test("every scope can be issued, and only chat scopes open the chat", async () => {
  const user = await client.createUser();
  for (const scope of ["chat", "chat.join", "chat.join.limited", "voip", "voip.join"]) {
    const { token } = await client.getToken(user, [scope]);
    assert.equal(await statusWith(token), scope.startsWith("chat") ? 200 : 403, scope);
  }
});

test("a revoked token is refused, and the next one is good", async () => {
  const { user, token } = await client.createUserAndToken(["chat"]);
  const other = await client.getToken(user, ["chat"]);
  assert.equal(await statusWith(token), 200);
  await client.revokeTokens(user);
  assert.equal(await statusWith(token), 401);
  assert.equal(await statusWith(other.token), 401);
  const next = await client.getToken(user, ["chat"]);
  assert.equal(await statusWith(next.token), 200);
});

test("the tokens of a deleted identity are refused, and it gets no more", async () => {
  const { user, token } = await client.createUserAndToken(["chat"]);
  await client.deleteUser(user);
  assert.equal(await statusWith(token), 401);
  await assert.rejects(client.getToken(user, ["chat"]), { statusCode: 404, code: "NotFound" });
  await assert.rejects(client.revokeTokens(user), { statusCode: 404 });
  await assert.rejects(client.deleteUser(user), { statusCode: 404 });
});

test("a validity out of range and an unknown scope are refused", async () => {
  const user = await client.createUser();
  for (const minutes of [59, 1441]) {
    await assert.rejects(client.getToken(user, ["chat"], { tokenExpiresInMinutes: minutes }), {
      statusCode: 400,
    });
  }
  await assert.rejects(client.getToken(user, ["no.such.scope"]), { statusCode: 400 });
  await assert.rejects(client.getToken(user, []), { statusCode: 400 });
});

test("another access key is refused", async () => {
  const { accessKey } = parseConnectionString(connectionString);
  const wrong = Buffer.from(accessKey, "base64").reverse().toString("base64");
  const stranger = new CommunicationIdentityClient(`endpoint=${endpoint};accesskey=${wrong}`);
  await assert.rejects(stranger.createUser(), { statusCode: 401, code: "Denied" });
});
