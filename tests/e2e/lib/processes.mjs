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

/** Stops a browser as a whole. Gives what lets it go on. */
export async function suspend(driver) {
  const processes = await processesOf(driver);
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  return () => processes.forEach((pid) => process.kill(pid, "SIGCONT"));
}

/** Ends a browser without a goodbye. */
export async function kill(driver) {
  for (const pid of await processesOf(driver)) process.kill(pid, "SIGKILL");
}
