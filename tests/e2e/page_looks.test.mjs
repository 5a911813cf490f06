// A conversation with all that can stand in one, in each browser and theme, wide and narrow: readable, within the window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();
const long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

const style = (page, css, property) =>
  page.driver.executeScript("return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", css, property);

for (const browser of ["chromium", "firefox"]) {
  for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
    for (const size of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
      test(`in ${browser}, ${look.name}, ${size.width} wide`, async () => {
        const label = `look-${browser}-${look.name}-${size.width}`;
        const [ann, ben, cleo] = await Promise.all([`Ann ${label}`, `Ben ${label}`, `Cleo of the ${label}`].map((name) => ChatUser.signIn(world.server, name)));
        const thread = await ben.createThread(`Summer ${long}`, [ann, cleo]);
        for (let index = 0; index < 12; index += 1) await (index % 3 ? ben : cleo).send(thread, `Line ${index}`);
        await ben.send(thread, `${long} https://example.org/${"a/very/long/path/".repeat(8)}`);
        await cleo.send(thread, `<h3>Plan</h3><ul><li>bread</li><li>${long}</li></ul><pre>${"wide ".repeat(40)}</pre><table><tr>${"<td>cell</td>".repeat(14)}</tr></table><p><a href="https://example.org">menu</a></p>`, "html");
        await ann.delete(thread, await ann.send(thread, "Gone"));
        const page = await world.open(browser, { ...look, ...size });
        const check = async (screen) => {
          await page.screenshot(`${label}-${screen}`);
          assert.deepEqual(await page.accessibilityProblems(), [], screen);
          assert.equal(await page.overflows(), false, `${screen} is wider than the window`);
        };
        await page.signIn(ann.name);
        await page.waitForText("Message deleted", `[data-thread-id="${thread}"]`);
        await check("list");
        assert.equal(await style(page, ".sidebar-body", "colorScheme"), "light dark");
        assert.match(await style(page, ".sidebar-body", "scrollbarColor"), /(rgb|color)/);
        await page.click(`[data-thread-id="${thread}"]`);
        await page.type("A short one" + Key.ENTER, "message-input");
        await page.element("read-mark");
        await check("conversation");
        await page.click("members");
        await page.click("member-remove");
        await page.element("remove-member-dialog");
        await check("question");
      });
    }
  }
}
