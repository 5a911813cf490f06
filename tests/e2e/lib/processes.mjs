// The processes of a browser: stopped and continued as by a machine that sleeps, or killed.
import { readdir, readFile } from "node:fs/promises";

/** Each process and its parent. */
async function parents() {
  const found = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // It may end while this looks.
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
    if (stat) found.push({ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) });
  }
  return found;
}

async function mainProcess(driver) {
  const capabilities = await driver.getCapabilities();
  const known = capabilities.get("moz:processID") ?? capabilities.get("goog:processID");
  if (known) return known;
  const profile = capabilities.get("chrome").userDataDir;
  for (const { pid } of await parents()) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes(`--user-data-dir=${profile}`) && !command.includes("--type=")) return pid;
  }
  throw new Error("the browser's process was not found");
}

/** All processes of a browser; Linux. */
async function processesOf(driver) {
  const all = await parents();
  const own = [await mainProcess(driver)];
  for (const pid of own) own.push(...all.filter(({ parent }) => parent === pid).map((child) => child.pid));
  return own;
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It may have ended by itself.
    if (error.code !== "ESRCH") throw error;
  }
}

const suspended = new WeakMap();

/** Stops a browser as a whole, until `wake`. */
export async function suspend(driver) {
  const processes = await processesOf(driver);
  for (const pid of processes) signal(pid, "SIGSTOP");
  suspended.set(driver, processes);
}

/** Has a browser go on that was stopped. One that is not is left alone. */
export function wake(driver) {
  for (const pid of suspended.get(driver) ?? []) signal(pid, "SIGCONT");
  suspended.delete(driver);
}

/** Ends a browser without a goodbye. */
export async function kill(driver) {
  for (const pid of await processesOf(driver)) signal(pid, "SIGKILL");
}

/** Ends every process whose environment names `mark`, but this one. Gives their command lines. */
export async function killMarked(mark) {
  const killed = [];
  for (const { pid } of await parents()) {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (pid === process.pid || !environment.includes(mark)) continue;
    killed.push((await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ").trim());
    signal(pid, "SIGKILL");
  }
  return killed;
}
