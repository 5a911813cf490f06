// The sample page as a person uses it: by labels and test ids.
import { readFile } from "node:fs/promises";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { By, Key, until } from "selenium-webdriver";
import { openBrowser } from "./browsers.mjs";

const patience = 45_000;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** CSS for a test id. */
export const testId = (id) => `[data-testid="${id}"]`;

export class Page {
  constructor(driver, browser) {
    this.driver = driver;
    this.browser = browser;
  }

  static async open(browser, server, options) {
    const page = new Page(await openBrowser(browser, options), browser);
    await page.driver.get(`${server.http}/`);
    return page;
  }

  /** The element, once it is shown. `ids` go from outer to inner. */
  async element(...ids) {
    const css = ids.map((id) => (id.startsWith("[") ? id : testId(id))).join(" ");
    const found = await this.driver.wait(until.elementLocated(By.css(css)), patience, `${this.browser}: no ${css}`);
    await this.driver.wait(until.elementIsVisible(found), patience, `${this.browser}: ${css} is not shown`);
    return found;
  }

  /** Clicks; an element that is drawn anew meanwhile is looked up again. */
  async click(...ids) {
    await this.again(async () => (await this.element(...ids)).click());
  }

  async type(text, ...ids) {
    await this.again(async () => (await this.element(...ids)).sendKeys(text));
  }

  async text(...ids) {
    return this.again(async () => (await this.element(...ids)).getText());
  }

  async again(action) {
    return this.driver.wait(async () => {
      try {
        return { value: await action() };
      } catch (error) {
        if (["StaleElementReferenceError", "ElementClickInterceptedError", "ElementNotInteractableError"].includes(error.name)) return null;
        throw error;
      }
    }, patience).then(({ value }) => value);
  }

  /** How many elements have the id now. */
  count(id) {
    return this.driver.executeScript("return document.querySelectorAll(arguments[0]).length", testId(id));
  }

  /** Until an element with these ids has the attribute. */
  async waitForAttribute(name, value, ...ids) {
    await this.element(...ids, ).catch(() => undefined);
    const css = ids.map((id) => (id.startsWith("[") ? id : testId(id))).join(" ");
    await this.driver.wait(
      () => this.driver.executeScript(
        "return [...document.querySelectorAll(arguments[0])].some((e) => e.getAttribute(arguments[1]) === arguments[2])",
        css, name, value),
      patience,
      `${this.browser}: ${css} never had ${name}=${value}`,
    );
  }

  async waitForText(wanted, ...ids) {
    const css = ids.map((id) => (id.startsWith("[") ? id : testId(id))).join(" ");
    await this.driver.wait(
      () => this.driver.executeScript(
        "return [...document.querySelectorAll(arguments[0])].some((e) => e.textContent.includes(arguments[1]))", css, wanted),
      patience,
      `${this.browser}: ${css} never said ${wanted}`,
    );
  }

  /** Until what the function finds out is so. */
  until(condition, what) {
    return this.driver.wait(condition, patience, `${this.browser}: never came ${what}`);
  }

  async waitUntilGone(id) {
    await this.driver.wait(
      () => this.driver.executeScript("return !document.querySelector(arguments[0])", testId(id)),
      patience,
      `${this.browser}: ${id} is still there`,
    );
  }

  async signIn(name) {
    await this.type(name + Key.ENTER, "sign-in-name");
    await this.element("account");
  }

  /** As a person does it: geckodriver's own way passes by what the browser keeps of the page. */
  async reload() {
    await this.driver.executeScript("window.isOld = true; setTimeout(() => location.reload())");
    await this.until(
      () => this.driver.executeScript("return !window.isOld && document.readyState === 'complete'").catch(() => false), "the page again");
  }

  /** A picture in `id` that moves: frames were decoded. */
  async waitForPicture(id) {
    await this.driver.wait(
      () => this.driver.executeScript(
        `const video = document.querySelector(arguments[0] + " video, video" + arguments[0]);
         return Boolean(video && video.videoWidth > 0 && video.currentTime > 0 && !video.paused)`,
        testId(id)),
      patience,
      `${this.browser}: no picture in ${id}`,
    );
  }

  async waitForCallState(state) {
    await this.waitForAttribute("data-state", state, "call-state");
  }

  /** What axe-core finds wrong with the page as it is now. */
  async accessibilityProblems() {
    await this.driver.executeScript(axe);
    const results = await this.driver.executeAsyncScript(
      "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then(done, (e) => done({ violations: [{ id: String(e), nodes: [] }] }))");
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  }

  /** Whether the page is wider than its window. */
  overflows() {
    return this.driver.executeScript("return document.documentElement.scrollWidth > innerWidth + 1");
  }

  /** Which of these, by test id or CSS, are not within the window or not apart from one another. */
  async misplaced(...ids) {
    return this.driver.executeScript(
      `const boxes = [...new Set(arguments[0].flatMap((css) => [...document.querySelectorAll(css)]))]
         .map((element) => ({ name: element.dataset.testid ?? element.className, box: element.getBoundingClientRect() }))
         .filter(({ box }) => box.width > 0);
       const out = ({ left, top, right, bottom }) => left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
       const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
       const place = ({ left, top, width, height }) => [left, top, width, height].map(Math.round).join();
       return boxes.flatMap(({ name, box }, index) => [
         ...(out(box) ? [name + " is outside: " + place(box)] : []),
         ...boxes.slice(index + 1).filter((other) => meet(box, other.box)).map((other) => name + " " + place(box) + " covers " + other.name + " " + place(other.box)),
       ]);`,
      ids.map((id) => (/^[.[]|^\w+\./.test(id) ? id : testId(id))));
  }

  /** The height of an element that is shown. */
  async height(id) {
    return (await (await this.element(id)).getRect()).height;
  }

  /** Gives the window another size, also one that is narrower than the browser likes. */
  resize(width, height) {
    if (this.browser === "firefox") return this.driver.manage().window().setRect({ width, height });
    return this.driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }

  /** Keeps a picture of the window where OPENLINE_SCREENSHOTS names a directory. */
  async screenshot(name) {
    const directory = process.env.OPENLINE_SCREENSHOTS;
    if (!directory) return;
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, `${name}.png`), await this.driver.takeScreenshot(), "base64");
  }

  quit() {
    return this.driver.quit();
  }
}
