// The published npm identity client against the real server.
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { runCases } from "./support/cases.mjs";

test("the published npm identity client creates, issues, revokes and deletes", () =>
  runCases([fileURLToPath(new URL("identity.cases.mjs", import.meta.url))]));
