// The published PyPI chat client against the real server; its cases are in chat_test.py and chat_async_test.py.
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { runPythonCases } from "./support/cases.mjs";

for (const name of ["chat_test.py", "chat_async_test.py"]) {
  test(`the published PyPI chat client does all it can: ${name}`, () =>
    runPythonCases(fileURLToPath(new URL(name, import.meta.url))));
}
