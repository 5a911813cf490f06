// Runs cases that talk through a published client. Node reads NODE_EXTRA_CA_CERTS when it starts, so they run in a
// process of their own that trusts the server's authority.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { startServer } from "./server.mjs";

/** Runs files of cases, one after the other, against a server of their own with these settings. */
export async function runCases(files, settings) {
  const server = await startServer(settings);
  try {
    await run(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], {
      NODE_EXTRA_CA_CERTS: server.caCertificate,
      OPENLINE_ENDPOINT: server.endpoint,
      OPENLINE_CONNECTION_STRING: server.connectionString,
    });
  } finally {
    await server.stop();
  }
}

/** Runs a Python file of cases, which starts its own server. */
export async function runPythonCases(file) {
  const python = process.env["OPENLINE_VENV_PYTHON"];
  assert.ok(python, "set OPENLINE_VENV_PYTHON to a Python that has the packages of requirements.txt");
  await run(python, [file], {});
}

async function run(program, args, variables) {
  const env = { ...process.env, ...variables };
  // Left in place it would make the child report in a binary format to this process.
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, "a case failed; its report is above");
}
