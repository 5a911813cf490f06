// Runs test files, or all there are: `node run.mjs page.test.mjs calls.test.mjs`.
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { FirefoxLender } from "./lib/firefox_lender.mjs";

const here = import.meta.dirname;
const isTest = (name) => name.endsWith(".test.mjs");
const named = process.argv.slice(2);
const names = named.length > 0 ? named : (await readdir(here)).filter(isTest).sort();

const lender = await FirefoxLender.start();
process.env.OPENLINE_FIREFOX_LENDER = lender.path;
const events = run({ files: names.map((name) => resolve(named.length > 0 ? "." : here, name)), concurrency: 1 });
events.on("test:fail", () => {
  process.exitCode = 1;
});
events.compose(new spec()).pipe(process.stdout);
await new Promise((done) => events.once("end", done));
await lender.close();
