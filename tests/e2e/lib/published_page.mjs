// The page of tests/e2e/published in a browser: `await page.signIn("ann", …)` runs window.published.signIn in it.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openBrowser } from "./browsers.mjs";

const patience = 45_000;
const html = '<!doctype html><html lang="en"><title>Published chat client</title><script type="module" src="page.js"></script>';

const inPage = `
  const [name, args, done] = arguments;
  Promise.resolve()
    .then(() => window.published[name](...args))
    .then((value) => done({ value: value === undefined ? null : value }),
      (error) => done({ error: String(error && error.stack || error) }))`;

/** Bundles the page with the clients as they are published, and serves it from an origin of its own. */
export async function hostPublishedPage() {
  const { outputFiles, warnings } = await build({
    entryPoints: [fileURLToPath(new URL("../published/page.js", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
  const host = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? outputFiles[0].contents : html);
  });
  await new Promise((resolve) => host.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${host.address().port}/`,
    close: () => {
      host.closeAllConnections();
      return new Promise((resolve) => host.close(resolve));
    },
  };
}

export class PublishedPage {
  constructor(driver, browser) {
    this.driver = driver;
    this.browser = browser;
  }

  /** Opens `url` in a browser that takes certificates of the development authority. */
  static async open(browser, url) {
    const driver = await openBrowser(browser, { devices: false, anyCertificate: true });
    const page = new PublishedPage(driver, browser);
    await driver.get(url);
    await driver.wait(() => driver.executeScript("return Boolean(window.published)"), 20_000, `${browser}: no page`);
    return page;
  }

  async run(name, ...args) {
    const { value, error } = await this.driver.executeAsyncScript(inPage, name, args);
    if (error) throw new Error(`${this.browser} ${name}: ${error}`);
    return value;
  }

  /** Signs somebody in, under the name of a new identity of the server. */
  async signIn(who, server, endpoint = server.ready.endpoint) {
    const { identity, token } = await server.demoToken(who);
    await this.run("signIn", who, endpoint, token);
    return { kind: "communicationUser", communicationUserId: identity.id };
  }

  inThread(who, threadId, method, ...args) {
    return this.run("inThread", who, threadId, method, ...args);
  }

  /** The first event of that name that is as wanted, once it came. */
  async waitFor(who, name, wanted = () => true, after = 0) {
    let log;
    return this.driver.wait(
      async () => {
        log = await this.run("log", who);
        return log.slice(after).find((entry) => entry.name === name && wanted(entry.event));
      },
      patience,
      () => `${this.browser}: ${who} never got ${name}; got ${JSON.stringify(log)}`,
    );
  }

  quit() {
    return this.driver.quit();
  }
}
