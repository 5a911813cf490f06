// The published PyPI identity client against the real server; its cases are in identity_test.py.
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { runPythonCases } from "./support/cases.mjs";

test("the published PyPI identity client creates, issues, revokes and deletes", () =>
  runPythonCases(fileURLToPath(new URL("identity_test.py", import.meta.url))));
