// Files and images on the sample page: chosen, dropped, pasted, on their way, seen by the other side.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync, crc32 } from "node:zlib";
import { Key } from "selenium-webdriver";
import { ChatUser } from "./lib/chat_user.mjs";
import { testId } from "./lib/page.mjs";
import { servePages } from "./lib/pages.mjs";

const world = servePages({ env: { OPENLINE_ATTACHMENTS__MAX_FILE_BYTES: "1000000" } });
let directory;
let picture;
let notes;
let large;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "openline-files-"));
  picture = join(directory, "garden.png");
  notes = join(directory, "notes.txt");
  await writeFile(picture, png(640, 400));
  large = join(directory, "plan.pdf");
  await writeFile(large, Buffer.alloc(1_000_001));
  await writeFile(notes, "Water the tomatoes.\n".repeat(2_000));
});
after(() => rm(directory, { recursive: true, force: true }));

/** A picture with something to see in it. */
function png(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const lines = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      lines.set([(x * 255) / width, (y * 255) / height, ((x ^ y) & 31) * 4 + 90], at);
    }
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

async function pair(name, browsers = ["chromium", "firefox"], options) {
  const users = await Promise.all([`${name} Ann`, `${name} Ben`].map((user) => ChatUser.signIn(world.server, user)));
  const thread = await users[0].createThread(name, [users[1]]);
  const pages = await Promise.all(browsers.map((browser) => world.open(browser, options)));
  await Promise.all(pages.map(async (page, index) => {
    await page.signIn(users[index].name);
    await page.click(`[data-thread-id="${thread}"]`);
    await page.element("message-input");
  }));
  return pages;
}

/** The hidden file field, filled as the file dialog would. */
const attach = async (page, ...files) => {
  const input = await page.driver.findElement({ css: testId("attach") });
  await input.sendKeys(files.join("\n"));
};

const loaded = (page, id) =>
  page.until(
    () => page.driver.executeScript(
      "const image = document.querySelector(arguments[0]); return Boolean(image?.complete && image.naturalWidth > 0)",
      `${testId(id)} img, img${testId(id)}`),
    `a picture in ${id}`);

const shownSize = (page) =>
  page.driver.executeScript(
    "const { width, height } = document.querySelector(arguments[0]).getBoundingClientRect(); return { width: Math.round(width), height: Math.round(height) }",
    testId("image"));

/** Drops or pastes one made-up file on the conversation. */
const give = (page, kind) =>
  page.driver.executeScript(`
    const data = new DataTransfer();
    data.items.add(new File(["Hello from a file"], arguments[0] + ".txt", { type: "text/plain" }));
    const target = document.querySelector('[data-testid="chat"]');
    const options = { bubbles: true, cancelable: true };
    if (arguments[0] === "paste") {
      target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
    } else {
      target.dispatchEvent(new DragEvent("dragenter", { ...options, dataTransfer: data }));
      window.hinted = getComputedStyle(document.querySelector(".drop-hint")).display !== "none";
      target.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: data }));
    }`, kind);

for (const [from, to] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`from ${from} a picture and a file reach ${to}, where they open`, async () => {
    const [ann, ben] = await pair(`Files ${from}`, [from, to]);
    await attach(ann, picture, notes);
    await ann.until(async () => (await ann.count("upload")) === 2, "two files");
    await ann.screenshot(`${from}-uploads`);
    await ann.type("The garden" + Key.ENTER, "message-input");
    await ben.waitForText("The garden", "message");
    await ben.waitForText("notes.txt", "file");
    await Promise.all([loaded(ann, "image"), loaded(ben, "image")]);
    assert.equal(await ann.count("upload"), 0);
    await ann.screenshot(`${from}-files`);
    assert.deepEqual(await shownSize(ben), { width: 320, height: 200 }, "as large as its preview, in its own shape");
    assert.deepEqual(await ben.accessibilityProblems(), []);
    await ben.click("image");
    await loaded(ben, "image-large");
    await ben.waitForAttribute("data-whole", "true", "image-large");
    assert.equal(await ben.driver.executeScript("return document.querySelector(arguments[0]).naturalWidth", testId("image-large")), 640);
    await ben.screenshot(`${to}-picture`);
    assert.deepEqual(await ben.accessibilityProblems(), []);
    await ben.driver.executeScript(`
      const { prototype } = XMLHttpRequest;
      const { open } = prototype;
      prototype.open = function (method, url, ...rest) {
        prototype.open = open;
        return open.call(this, method, url + "/gone", ...rest);
      };`);
    await ben.click("image-download");
    await ben.waitForText("Downloading", "image-dialog", "error-banner");
    await ben.screenshot(`${to}-picture-failed`);
    assert.deepEqual(await ben.accessibilityProblems(), []);
    await ben.click("image-close");
    await ben.waitUntilGone("image-dialog");
    await ben.driver.executeScript(`
      window.saved = [];
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.push(text)); return make(blob); };`);
    await ben.click("file");
    await ben.until(() => ben.driver.executeScript("return window.saved[0]?.startsWith('Water the tomatoes.') ?? false"), "the file");
    await ann.click(`[data-own="true"]`, "message-delete");
    await ann.click("message-delete-confirm");
    await ben.waitUntilGone("image");
  });
}

test("files are dropped and pasted, and taken out again", async () => {
  const [ann, ben] = await pair("Drop");
  await give(ann, "drop");
  assert.equal(await ann.driver.executeScript("return window.hinted"), true, "it says that it takes files");
  await give(ann, "paste");
  await ann.until(async () => (await ann.count("upload")) === 2, "two files");
  await ann.click("upload-remove");
  await ann.until(async () => (await ann.count("upload")) === 1, "one file");
  await ann.click("message-send");
  await ben.waitForText("paste.txt", "file");
  assert.equal(await ben.count("file"), 1);
});

test("a message can be sent while its file is on its way, and shows how far it is", async () => {
  const [ann, ben] = await pair("Slow", ["chromium", "firefox"]);
  await ann.driver.setNetworkConditions({ offline: false, latency: 0, download_throughput: 1e7, upload_throughput: 4_000 });
  await attach(ann, notes);
  await ann.type("With notes" + Key.ENTER, "message-input");
  await ann.element("message-pending", "progress");
  await ann.until(
    () => ann.driver.executeScript("return (document.querySelector(arguments[0])?.value ?? 0) > 0", testId("progress")), "progress");
  await ann.screenshot("chromium-uploading");
  assert.equal(await ben.count("file"), 0);
  await ann.driver.deleteNetworkConditions();
  await ben.waitForText("notes.txt", "file");
  await ann.waitUntilGone("message-pending");
});

test("a file that the server does not take says why, and holds up only itself", async () => {
  const [ann, ben] = await pair("Refused");
  await attach(ann, large);
  await ann.waitForText("too large", "upload");
  await ann.type("See the plan", "message-input");
  assert.equal(await (await ann.element("message-send")).isEnabled(), false, "it is not sent without its file");
  await ann.screenshot("chromium-too-large");
  assert.deepEqual(await ann.accessibilityProblems(), []);
  await ann.click("upload-remove");
  await ann.waitUntilGone("upload");
  await ann.click("message-send");
  await ben.waitForText("See the plan", "message");
});

test("a message whose file did not get through is taken back or sent again", async () => {
  const [ann, ben] = await pair("Broken");
  // The upload goes astray, once it is let go.
  await ann.driver.executeScript(`
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
      return open.call(this, method, String(url).replace("/threads/", "/nowhere/"), ...rest);
    };
    XMLHttpRequest.prototype.send = function (body) {
      window.letGo = () => {
        Object.assign(XMLHttpRequest.prototype, { open, send });
        send.call(this, body);
      };
    };`);
  await attach(ann, notes);
  await ann.type("With notes" + Key.ENTER, "message-input");
  await ann.element("message-pending", "progress");
  await ann.driver.executeScript("window.letGo()");
  await ann.element("message-take-back");
  await ann.screenshot("chromium-not-uploaded");
  assert.deepEqual(await ann.accessibilityProblems(), []);
  await ann.click("message-take-back");
  await ann.waitUntilGone("message-pending");
  assert.equal(await (await ann.element("message-input")).getAttribute("value"), "With notes");
  await ann.click("upload-retry");
  await ann.until(async () => (await ann.element("message-send")).isEnabled(), "a button that sends");
  await ann.click("message-send");
  await ben.waitForText("notes.txt", "file");
});

for (const look of [{ name: "light" }, { name: "dark", dark: true }]) {
  test(`files fit a narrow window, ${look.name}`, async () => {
    const [ann] = await pair(`Narrow ${look.name}`, ["chromium", "chromium"], { ...look, width: 360, height: 740 });
    await attach(ann, picture, notes);
    await ann.until(async () => (await ann.count("progress")) === 0, "the uploads' end");
    await ann.screenshot(`${look.name}-narrow-uploads`);
    assert.equal(await ann.overflows(), false);
    assert.deepEqual(await ann.accessibilityProblems(), []);
    await ann.click("message-send");
    await loaded(ann, "image");
    await ann.screenshot(`${look.name}-narrow-files`);
    assert.equal(await ann.overflows(), false);
    assert.deepEqual(await ann.accessibilityProblems(), []);
  });
}
