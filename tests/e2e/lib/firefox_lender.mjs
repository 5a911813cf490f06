// Keeps Firefox running between tests, for `lent_firefox.mjs`. Each loan is a container of its own: cookies, databases,
// service workers, caches and permissions are those of the container, and gone with it when the loan ends.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startFirefox } from "./firefox.mjs";

/** A process is replaced after so many loans: a page never sees one that is much older than a person's would be. */
const MOST_LOANS = 40;
/** How many wait for their next loan; the one that waits for longest goes. */
const MOST_IDLE = 4;

class Firefox {
  #loans = 0;
  #driver;
  #bidi;

  static async start(options) {
    const firefox = new Firefox();
    const { driver, url } = await startFirefox(options, { bidi: true });
    const session = await driver.getSession();
    const capabilities = session.getCapabilities();
    firefox.#driver = driver;
    firefox.#bidi = await driver.getBidi();
    await firefox.#bidi.waitForConnection();
    firefox.access = {
      url,
      sessionId: session.getId(),
      capabilities: Object.fromEntries([...capabilities.keys()].map((name) => [name, capabilities.get(name)])),
    };
    firefox.name = JSON.stringify(options);
    return firefox;
  }

  async #send(method, params) {
    const { type, result, message } = await this.#bidi.send({ method, params });
    if (type === "error") throw new Error(`${method}: ${message}`);
    return result;
  }

  async beginLoan() {
    this.#loans += 1;
    this.container = (await this.#send("browser.createUserContext", {})).userContext;
  }

  async openTab() {
    return (await this.#send("browsingContext.create", { type: "tab", userContext: this.container })).context;
  }

  /** Whether it is good for another loan. */
  async endLoan() {
    if (this.container) await this.#send("browser.removeUserContext", { userContext: this.container });
    this.container = undefined;
    return this.#loans < MOST_LOANS;
  }

  async quit() {
    // A test may have killed it.
    await this.#driver.quit().catch(() => undefined);
  }
}

export class FirefoxLender {
  #idle = [];
  #connections = new Set();
  #listener = createServer({ allowHalfOpen: true }, (connection) => void this.#serve(connection));

  static async start() {
    const lender = new FirefoxLender();
    lender.directory = await mkdtemp(join(tmpdir(), "openline-firefox-"));
    lender.path = join(lender.directory, "lender");
    lender.#listener.listen(lender.path);
    await once(lender.#listener, "listening");
    return lender;
  }

  /** A loan lasts as long as its connection. The first line says what it is to be like, each further one asks for a tab. */
  async #serve(connection) {
    this.#connections.add(connection);
    connection.on("error", () => undefined);
    let firefox;
    try {
      for await (const line of createInterface({ input: connection })) {
        const first = firefox === undefined;
        firefox ??= await this.#take(line);
        if (first) await firefox.beginLoan();
        connection.write(`${JSON.stringify({ ...(first && firefox.access), handle: await firefox.openTab() })}\n`);
      }
    } catch (error) {
      connection.write(`${JSON.stringify({ error: String(error) })}\n`);
    }
    if (firefox) await this.#takeBack(firefox);
    connection.end();
    this.#connections.delete(connection);
  }

  async #take(name) {
    const index = this.#idle.findLastIndex((firefox) => firefox.name === name);
    if (index >= 0) return this.#idle.splice(index, 1)[0];
    return Firefox.start(JSON.parse(name));
  }

  async #takeBack(firefox) {
    const isGood = await firefox.endLoan().catch(() => false);
    if (isGood) this.#idle.push(firefox);
    const gone = isGood ? this.#idle.splice(0, this.#idle.length - MOST_IDLE) : [firefox];
    await Promise.all(gone.map((firefox) => firefox.quit()));
  }

  async close() {
    this.#listener.close();
    await Promise.all(this.#idle.splice(0).map((firefox) => firefox.quit()));
    await rm(this.directory, { recursive: true });
  }
}
