// A Firefox that `firefox_lender.mjs` lends: the test has it for itself until it quits or its process ends.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Session, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";

class LentFirefox extends WebDriver {
  #line;
  #answers;

  static async borrow(lender, options) {
    const line = connect(lender);
    const answers = createInterface({ input: line })[Symbol.asyncIterator]();
    const { url, sessionId, capabilities, handle } = await ask(line, answers, options);
    const driver = new LentFirefox(new Session(sessionId, capabilities), new Executor(new HttpClient(url)));
    driver.#line = line;
    driver.#answers = answers;
    await driver.switchTo().window(handle);
    return driver;
  }

  async openTab() {
    await this.switchTo().window((await ask(this.#line, this.#answers, "tab")).handle);
  }

  /** Gives it back; its tabs are closed then, and what they kept is gone. */
  async quit() {
    if (this.#line.destroyed) return;
    const closed = once(this.#line, "close");
    this.#line.end();
    await closed;
  }
}

async function ask(line, answers, question) {
  line.write(`${JSON.stringify(question)}\n`);
  const { value } = await answers.next();
  if (!value) throw new Error("The lender of Firefox is gone.");
  const { error, ...answer } = JSON.parse(value);
  if (error) throw new Error(`No Firefox was lent: ${error}`);
  return answer;
}

export const borrowFirefox = (lender, options) => LentFirefox.borrow(lender, options);
