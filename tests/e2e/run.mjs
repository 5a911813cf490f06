// Runs test files, or all there are: `node run.mjs page.test.mjs calls.test.mjs`.
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { FirefoxLender } from "./lib/firefox_lender.mjs";
import { callsFirst } from "./lib/order.mjs";
import { killMarked } from "./lib/processes.mjs";

/** A file that takes longer hangs: it is ended, and failed. The longest takes 5 minutes, or 12 with OPENLINE_EVERY_PAIR. */
const FILE_LIMIT_MS = 20 * 60_000;

const here = import.meta.dirname;
const named = process.argv.slice(2).map((name) => resolve(name));
const all = async () => (await readdir(here)).filter((name) => name.endsWith(".test.mjs")).map((name) => join(here, name));
const files = callsFirst(named.length > 0 ? named : await all());
const sums = new Map();

/** What a file reports, at once: two of them run at a time. What is counted at its end is added up. */
async function reportOf(file) {
  const events = [];
  for await (const event of run({ files: [file], concurrency: 1, timeout: FILE_LIMIT_MS })) {
    const [, name, count] = /^(\w+) ([\d.]+)$/.exec(event.data.message ?? "") ?? [];
    if (event.type === "test:diagnostic" && name) sums.set(name, (sums.get(name) ?? 0) + Number(count));
    else events.push(event);
    if (event.type === "test:fail") process.exitCode = 1;
  }
  return [note(basename(file)), ...events];
}

const note = (message) => ({ type: "test:diagnostic", data: { message, nesting: 0 } });

/** Takes files from one end of what is left, until the other one took the last. */
async function work(take, report) {
  for (let file = take(); file !== undefined; file = take()) (await reportOf(file)).forEach(report);
}

const lender = await FirefoxLender.start();
process.env.OPENLINE_FIREFOX_LENDER = lender.path;
const started = performance.now();
const events = new Readable({ objectMode: true, read() {} });
events.compose(new spec()).pipe(process.stdout);
const report = (event) => events.push(event);
// Calls are encoded and decoded by the machine's processors: beside one that has them goes one that has none, while there are.
await Promise.all([work(() => files.shift(), report), work(() => files.pop(), report)]);
sums.set("duration_ms", Math.round(performance.now() - started));
for (const [name, count] of sums) report(note(`${name} ${count}`));
events.push(null);
await lender.close();
// A file that was ended leaves its servers and browsers behind.
for (const command of await killMarked(lender.path)) console.error(`Left behind, and killed: ${command}`);
