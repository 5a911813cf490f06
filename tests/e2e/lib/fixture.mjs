// One browser window on the fixture page: `await tab.signIn("Ann", {...})` runs window.fixture.signIn in it.
import { openBrowser, openTab } from "./browsers.mjs";

const inPage = `
  const [name, args, done] = arguments;
  Promise.resolve()
    .then(() => window.fixture[name](...args))
    .then((value) => done({ value: value === undefined ? null : value }),
      (error) => done({ error: String(error) + "\\n" + (error && error.stack), message: error && error.message }));
`;

/** Opens `browser` on the fixture page of `server`, or on the page that it names. */
export async function openFixture(browser, server, options) {
  const driver = await openBrowser(browser, options);
  const tab = fixtureOf(driver, browser);
  await tab.load(server);
  return tab;
}

function fixtureOf(driver, browser) {
  const own = {
    driver,
    browser,
    async load(server) {
      await driver.get(`${server.http}${server.page ?? "/fixture/index.html"}`);
      await driver.wait(() => driver.executeScript("return Boolean(window.fixture)"), 20_000);
    },
    /** A second tab in the same browser; `select()` switches back to this one. */
    async newTab(server) {
      await openTab(driver);
      const tab = fixtureOf(driver, browser);
      await tab.load(server);
      const handle = await driver.getWindowHandle();
      tab.select = () => driver.switchTo().window(handle);
      return tab;
    },
    async run(name, ...args) {
      const { value, error } = await driver.executeAsyncScript(inPage, name, args);
      if (error) throw new Error(`${browser} ${name}: ${error}`);
      return value;
    },
    log: () => driver.executeScript("return window.fixture.state.log"),
    chat: () => driver.executeScript("return window.fixture.state.chat"),
    quit: () => driver.quit(),
  };
  return new Proxy(own, {
    get: (target, name) =>
      name in target || typeof name === "symbol" || name === "then" ? target[name] : (...args) => target.run(name, ...args),
    set: (target, name, value) => Reflect.set(target, name, value),
  });
}
