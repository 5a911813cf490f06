// The published PyPI identity client against the real server; its cases are in identity_test.py.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the published PyPI identity client creates, issues, revokes and deletes", async () => {
  const python = process.env["OPENLINE_VENV_PYTHON"];
  assert.ok(python, "set OPENLINE_VENV_PYTHON to a Python that has the packages of requirements.txt");
  const cases = fileURLToPath(new URL("./identity_test.py", import.meta.url));
  const child = spawn(python, [cases], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, "a case failed; its report is above");
});
