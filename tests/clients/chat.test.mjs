// The published npm chat client against the real server.
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { runCases } from "./support/cases.mjs";

const folder = new URL("chat/", import.meta.url);
const limits = "limits.cases.mjs";
const others = readdirSync(folder).filter((name) => name.endsWith(".cases.mjs") && name !== limits);
const run = (names, settings) => runCases(names.map((name) => fileURLToPath(new URL(name, folder))), settings);

test("the published npm chat client does all it can", () => run(others));

test("the published npm chat client keeps to the limits it is told", () =>
  run([limits], {
    OPENLINE_CHAT__RATE_LIMITS__ENABLED: "true",
    OPENLINE_CHAT__RATE_LIMITS__MESSAGES: "1",
    OPENLINE_CHAT__RATE_LIMITS__MESSAGES_LONG: "0",
    OPENLINE_CHAT__RATE_LIMITS__WINDOW_S: "1",
  }));
