// What can be said of all public types at once.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { eventNames, looseTypes, openDeclarations, openModule, problemsOf, valueNames } from "./lib/public_types.mjs";

const openline = openModule("openline");
const casesDir = new URL("cases/", import.meta.url);
const ambient = fileURLToPath(new URL("lib/readme_globals.d.ts", import.meta.url));
const cases = readdirSync(casesDir).map((name) => readFileSync(new URL(name, casesDir), "utf8")).join("\n");

test("no `any` can be got at through a public type", () => {
  assert.deepEqual(looseTypes(openline), []);
});

test("an `any` is found wherever it hides", () => {
  const found = looseTypes(openDeclarations(fileURLToPath(new URL("lib/loose.d.ts", import.meta.url))));
  assert.deepEqual(found.sort(), [
    "Aliased.inner<><>",
    "Built.made()",
    "Hidden",
    "Indexed[]",
    "Members.method(parameter)",
    "Members.property",
    "byAlias(value)",
    "constant",
    "disguised(callback)",
    "inBound<T> extends<>",
    "inCallback(callback)(value)",
    "inList(list)<>",
    "inPromise()<>",
    "inUnion(value).deep<>",
    "new Built(parameter)",
    "unresolved(value)",
  ]);
});

test("the types declare what the package exports, and nothing else", async () => {
  assert.deepEqual(valueNames(openline).sort(), Object.keys(await import("openline")).sort());
});

test("chat alone declares the values that it exports, and the others as types", async () => {
  const uses = valueNames(openline).map((name) => `void chat.${name};`);
  const problems = problemsOf(`import * as chat from "openline/chat";\n${uses.join("\n")}`, ambient);
  const exported = Object.keys(await import("openline/chat"));
  const others = valueNames(openline).filter((name) => !exported.includes(name));
  assert.deepEqual(problems.map((problem) => problem.match(/'(\w+)'/)?.[1]).sort(), others.sort());
  assert.ok(others.includes("CallClient"));
});

test("every exported value and every event has a case", () => {
  const named = (name) => new RegExp(`\\b${name.split(".").at(-1)}\\b`).test(cases);
  const missing = [...valueNames(openline), ...eventNames(openline)].filter((name) => !named(name));
  assert.deepEqual(missing, [], "add what these are to cases/");
});
