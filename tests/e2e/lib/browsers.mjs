// Headless Chromium and Firefox with fake cameras and microphones, driven by WebDriver.
import { after } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startFirefox } from "./firefox.mjs";
import { borrowFirefox } from "./lent_firefox.mjs";
import { wake } from "./processes.mjs";

const isTested = Boolean(process.env.NODE_TEST_CONTEXT);

// Node 20 may spin for ever on its way out, in the clean-up of handles (seen once, with all tests passed). What the runner
// does at the end it has done by then: its listener is there before this one. Elsewhere, errors are printed after this.
if (isTested) setImmediate(() => process.on("exit", (code) => process.reallyExit(process.exitCode ?? code)));

/** A test that fails may leave its browsers open: they would keep its process, and the run, for ever. */
const open = new Set();
if (isTested) after(() => Promise.allSettled([...open].map((driver) => driver.quit())));

/** Which browser names `openBrowser` takes. */
export const browserNames = ["chromium", "firefox"];

/** How often a condition is looked at: selenium's own 200 ms would be most of what a test takes. */
const POLL_MS = 40;

/**
 * Opens a browser of that name, with nothing kept from before. `dark` asks for the dark colour scheme, `anyCertificate`
 * trusts every server.
 */
export async function openBrowser(
  name,
  { width = 1280, height = 800, dark = false, devices = true, anyCertificate = false } = {},
) {
  const driver = await start(name, { dark, devices, anyCertificate });
  const wait = driver.wait.bind(driver);
  driver.wait = (condition, timeout, message, poll = POLL_MS) => wait(condition, timeout, message, poll);
  const quit = driver.quit.bind(driver);
  let ended;
  driver.quit = () => {
    open.delete(driver);
    wake(driver);
    return (ended ??= quit());
  };
  open.add(driver);
  await driver.manage().setTimeouts({ script: 60_000, pageLoad: 30_000 });
  await driver.manage().window().setRect({ width, height });
  return driver;
}

async function start(name, options) {
  if (name !== "firefox") return startChromium(options);
  // `run.mjs` lends them out: a start takes more of the processors than most tests.
  const lender = process.env.OPENLINE_FIREFOX_LENDER;
  return lender ? borrowFirefox(lender, options) : (await startFirefox(options)).driver;
}

/** Goes to a new tab that shares what is kept with the one before. */
export async function openTab(driver) {
  if (driver.openTab) return driver.openTab();
  await driver.switchTo().newWindow("tab");
}
