// The sample page in as many windows as a test opens; they are gone when it ends.
import { after, afterEach, before } from "node:test";
import { Page } from "./page.mjs";
import { Server } from "./server.mjs";

/** Registers a server for the tests of a file. `open(browser, options)` opens the page in a window of its own. */
export function servePages(options) {
  const pages = [];
  const world = {
    server: undefined,
    async open(browser, ...rest) {
      const page = await Page.open(browser, world.server, ...rest);
      pages.push(page);
      return page;
    },
  };
  before(async () => {
    world.server = await Server.start(options);
  });
  afterEach(() => Promise.all(pages.splice(0).map((page) => page.quit())));
  after(() => world.server?.close());
  return world;
}
