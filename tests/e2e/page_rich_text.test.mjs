// What messages of others may do to the sample page: be read, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatUser } from "./lib/chat_user.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages();

const attacks = [
  "<script>window.attacked = 1</script>",
  "<img src=x onerror='window.attacked = 2'>",
  "<img src='https://tracker.example/pixel.png'>",
  "<svg onload='window.attacked = 3'><script>window.attacked = 4</script></svg>",
  "<svg><style><img src=x onerror='window.attacked = 5'></style></svg>",
  "<math><mtext><table><mglyph><style><img src=x onerror='window.attacked = 6'></style></mglyph></table></mtext></math>",
  "<noscript><p title=\"</noscript><img src=x onerror='window.attacked = 7'>\"></noscript>",
  "<iframe srcdoc='<script>parent.attacked = 8</script>'></iframe>",
  "<iframe src='javascript:parent.attacked = 9'></iframe>",
  "<object data='javascript:window.attacked = 10'></object><embed src='javascript:window.attacked = 11'>",
  "<a href='javascript:window.attacked = 12'>one</a>",
  "<a href=' jav&#x09;ascript:window.attacked = 13'>two</a>",
  "<a href='data:text/html,<script>opener.attacked = 14</script>'>three</a>",
  "<a href='//tracker.example' onclick='window.attacked = 15'>four</a>",
  "<a href='vbscript:attack()'>five</a><a href='/demo/people'>six</a><a href='blob:https://x.example/1'>seven</a>",
  "<form action='https://phish.example'><input name=password><button>Sign in</button></form>",
  "<style>body { display: none }</style><link rel=stylesheet href='https://tracker.example/a.css'>",
  "<p style='position:fixed;inset:0' class='error-banner' id='app' data-testid='account' onmouseover='window.attacked = 16'>cover</p>",
  "<div background='https://tracker.example/b.png' is='x-y' slot='z' aria-label='Sign out' role='button' tabindex='0'>plain</div>",
  "<video src='https://tracker.example/v' autoplay></video><audio src=x onerror='window.attacked = 17'></audio>",
  "<meta http-equiv=refresh content='0;url=https://phish.example'><base href='https://phish.example/'>",
  "<details open ontoggle='window.attacked = 18'><template><script>window.attacked = 19</script></template></details>",
  "<b>end of the attacks</b>",
];

/** What stands in bubbles: every element, every attribute, and what was asked of elsewhere. */
const inspect = (page) =>
  page.driver.executeScript(`
    const elements = [...document.querySelectorAll('[data-testid="message-text"] *:not(.rich-table)')];
    return {
      attacked: window.attacked ?? null,
      tags: [...new Set(elements.map(({ localName }) => localName))].sort(),
      attributes: [...new Set(elements.flatMap((element) => element.getAttributeNames()))].sort(),
      hrefs: elements.flatMap((element) => element.getAttribute("href") ?? []).sort(),
      foreign: performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\\.example/.test(name)),
    };`);

async function open(browser, name) {
  const [ann, ben] = await Promise.all([`${name} Ann`, `${name} Ben`].map((one) => ChatUser.signIn(world.server, one)));
  const thread = await ben.createThread(name, [ann]);
  const page = await world.open(browser);
  await page.signIn(ann.name);
  await page.click(`[data-thread-id="${thread}"]`);
  await page.element("message-input");
  return { page, ben, thread };
}

for (const browser of ["chromium", "firefox"]) {
  test(`in ${browser} an HTML message runs nothing and loads nothing, live and from the history`, async () => {
    const { page, ben, thread } = await open(browser, `Attack ${browser}`);
    const expectHarmless = async () => {
      await page.waitForText("end of the attacks", "message-text");
      const seen = await inspect(page);
      assert.equal(seen.attacked, null);
      assert.deepEqual(seen.foreign, []);
      assert.deepEqual(seen.hrefs, []);
      assert.deepEqual(seen.attributes, []);
      for (const tag of seen.tags) assert.ok(["a", "b", "div", "em", "p", "table"].includes(tag), tag);
      assert.equal(await page.count("account"), 1);
    };
    for (const markup of attacks) await ben.send(thread, markup, "html");
    await expectHarmless();
    assert.deepEqual(await page.accessibilityProblems(), []);
    await page.driver.navigate().refresh();
    await expectHarmless();
    // Nor does what is only text become anything else.
    await ben.send(thread, "<b onclick=alert(1)>not bold</b> & <script>");
    await page.waitForText("<b onclick=alert(1)>not bold</b> & <script>", `[data-thread-id="${thread}"]`);
    await page.until(async () => {
      if (await page.count("jump-to-newest")) await page.click("jump-to-newest");
      return (await page.driver.executeScript("return document.querySelector('.messages').textContent")).includes("<b onclick=alert(1)>not bold</b> & <script>");
    }, "the words as they were written");
  });

  test(`in ${browser} an HTML message keeps its formatting, and its preview is words`, async () => {
    const { page, ben, thread } = await open(browser, `Rich ${browser}`);
    await ben.send(thread, "<h2>Plan</h2><p>We <strong>meet</strong> at <em>noon</em>:</p><ul><li>bread</li><li>cheese</li></ul>" +
      "<blockquote>and wine?</blockquote><pre>x = 1</pre><table><tr><th>Who</th><td>Ben</td></tr></table>" +
      "<p>See <a href='https://example.org/menu?a=1&amp;b=2' target='_self'>the menu</a>, <a href='mailto:ben@example.org'>write</a>.</p>", "html");
    await page.waitForText("the menu", "message-text");
    const links = await page.driver.executeScript(`
      return [...document.querySelectorAll('[data-testid="message-text"] a')].map(({ href, rel, target }) => ({ href, rel, target }))`);
    assert.deepEqual(links, ["https://example.org/menu?a=1&b=2", "mailto:ben@example.org"].map((href) => ({ href, rel: "noopener noreferrer", target: "_blank" })));
    assert.deepEqual((await inspect(page)).tags, ["a", "blockquote", "em", "li", "p", "pre", "strong", "table", "tbody", "td", "th", "tr", "ul"]);
    await page.waitForText("Plan We meet at noon: bread cheese", `[data-thread-id="${thread}"]`);
    await page.screenshot(`${browser}-rich-text`);
    assert.deepEqual(await page.accessibilityProblems(), []);
  });

  test(`in ${browser} addresses in a text can be followed, and only those`, async () => {
    const { page, ben, thread } = await open(browser, `Links ${browser}`);
    const text = "See https://example.org/a_(b)?c=d#e, (http://localhost:8080/x). Or mailto:ben@example.org! " +
      "Not javascript:alert(1) ftp://example.org file:///etc/passwd https:// data:text/html,x xhttps://no.example 'https://example.org/\"onclick=\"x";
    await ben.send(thread, text);
    await page.waitForText("Not javascript", "message-text");
    const seen = await page.driver.executeScript(`
      const message = document.querySelector('[data-testid="message-text"]');
      return { text: message.textContent, links: [...message.querySelectorAll("a")].map((a) => [a.getAttribute("href"), a.rel, a.target, a.textContent]) }`);
    assert.equal(seen.text, text);
    const follows = ["https://example.org/a_(b)?c=d#e", "http://localhost:8080/x", "mailto:ben@example.org", "https://example.org/"];
    assert.deepEqual(seen.links, follows.map((href) => [href, "noopener noreferrer", "_blank", href]));
    await page.screenshot(`${browser}-links`);
    assert.deepEqual(await page.accessibilityProblems(), []);
  });

  test(`in ${browser} no message is too much for the page, and it still says what it says`, async () => {
    const { page, ben, thread } = await open(browser, `Much ${browser}`);
    const most = 28_000;
    const deep = (markup) => markup.repeat(most / markup.length);
    await ben.send(thread, `http://a.example/${")".repeat(most)}`);
    await page.waitForText("http://a.example/", "message-text");
    for (const markup of ["<table><td>", "<ol><li>", "<x>", "<b>", "<template>", "<svg><g>"]) {
      await ben.send(thread, `${deep(markup)}within ${markup.replace(/\W/g, "")}`, "html");
    }
    await ben.send(thread, "<img src=x>", "html");
    await ben.send(thread, "after all of them");
    const says = () => page.driver.executeScript(`
      return [...document.querySelectorAll('[data-testid="message-text"]')].map(({ textContent }) => textContent)`);
    for (const open of ["live", "from the history"]) {
      await page.waitForText("after all of them", "message-text");
      const texts = await says();
      for (const word of ["within tabletd", "within olli", "within x", "within b", "A message without words"]) {
        assert.ok(texts.includes(word), `${word}, ${open}`);
      }
      if (open === "live") await page.reload();
    }
  });
}
