// The published npm identity client against the real server. Node reads NODE_EXTRA_CA_CERTS when it starts, so the
// cases run in a process of their own that trusts the server's authority.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { startServer } from "./support/server.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(async () => {
  await server?.stop();
});

test("the published npm identity client creates, issues, revokes and deletes", async () => {
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: server.caCertificate,
    OPENLINE_ENDPOINT: server.endpoint,
    OPENLINE_CONNECTION_STRING: server.connectionString,
  };
  // Left in place it would make the child report in a binary format to this process.
  delete env.NODE_TEST_CONTEXT;
  const cases = fileURLToPath(new URL("./identity.cases.mjs", import.meta.url));
  const child = spawn(process.execPath, ["--test-reporter=spec", cases], { env, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, "a case failed; its report is above");
});
