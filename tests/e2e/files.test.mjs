// Files of messages between two real browsers through the real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

const mebibyte = 1024 * 1024;

let server;
let ann;
let ben;
let thread;

before(async () => {
  server = await Server.start();
  [ann, ben] = await Promise.all([openFixture("chromium", server), openFixture("firefox", server)]);
  ann.identity = await ann.signIn("Ann", { voice: false, chat: true });
  ben.identity = await ben.signIn("Ben", { voice: false, chat: true });
  thread = await ann.createThread("Lunch", [{ id: ben.identity, displayName: "Ben" }]);
});
after(async () => {
  await Promise.all([ann?.quit(), ben?.quit()]);
  await server.close();
});

const pairs = [["Chromium to Firefox", () => [ann, ben]], ["Firefox to Chromium", () => [ben, ann]]];

for (const [name, pair] of pairs) {
  test(`an image with its preview goes from ${name}`, async () => {
    const [from, to] = pair();
    const { attachment } = await from.uploadFile(thread, { name: "soup.png", type: "image/png", picture: [640, 320] });
    assert.equal(attachment.attachmentType, "image");
    assert.deepEqual([attachment.width, attachment.height, attachment.name], [640, 320, "soup.png"]);
    const id = await from.sendFiles(thread, [attachment]);
    const { attachments } = await to.waitForChat("chatMessageReceived", { id });
    const { content } = await to.getMessage(thread, id);
    assert.deepEqual(attachments.map(({ id: file }) => file), [attachment.id]);
    assert.deepEqual(content.attachments.map(({ id: file }) => file), [attachment.id]);
    for (const { url, previewUrl } of [...attachments, ...content.attachments]) {
      assert.deepEqual(await to.fetchFile(url, true), { status: 200, type: "image/png" });
      assert.deepEqual(await to.fetchFile(previewUrl, true), { status: 200, type: "image/jpeg" });
      assert.equal((await to.fetchFile(url, false)).status, 401);
    }
    const preview = await to.downloadFile(thread, attachment.id, { view: "small" });
    assert.deepEqual([preview.type, preview.width], ["image/jpeg", 320]);
    const original = await to.downloadFile(thread, attachment.id);
    assert.deepEqual([original.type, original.width], ["image/png", 640]);
  });

  test(`a file of several megabytes goes from ${name}, and both see how far it is`, async () => {
    const [from, to] = pair();
    const size = 8 * mebibyte;
    const { attachment, progress } = await from.uploadFile(thread, { name: "log.bin", type: "application/x-log", size });
    assert.equal(attachment.attachmentType, "file");
    assert.equal(attachment.sizeBytes, size);
    assert.deepEqual(progress.at(-1), { loadedBytes: size, totalBytes: size });
    await from.sendFiles(thread, [attachment]);
    const file = await to.downloadFile(thread, attachment.id);
    assert.deepEqual([file.type, file.size, file.sevens], ["application/x-log", size, true]);
    assert.deepEqual(file.progress.at(-1), { loadedBytes: size, totalBytes: size });
  });
}

for (const [name, browser] of [["Chromium", () => ann], ["Firefox", () => ben]]) {
  test(`an upload from ${name} can be given up`, async () => {
    const { refused } = await browser().uploadFile(thread, { name: "a", type: "", size: 8 * mebibyte, abort: true });
    assert.equal(refused.error, "AbortError");
    const { attachment } = await browser().uploadFile(thread, { name: "b", type: "", size: 1 });
    assert.equal(attachment.contentType, "application/octet-stream");
  });

  test(`a file that is too large is refused in so many words in ${name}`, async () => {
    const { refused } = await browser().uploadFile(thread, { name: "a", type: "", size: 21 * mebibyte });
    assert.deepEqual(refused, { error: "RestError", code: "RequestEntityTooLarge", statusCode: 413 });
  });
}

test("a page that is uploaded never comes back as one", async () => {
  const { attachment } = await ann.uploadFile(thread, { name: "x.html", type: "text/html", size: 3 });
  assert.equal(attachment.attachmentType, "file");
  assert.equal((await ann.downloadFile(thread, attachment.id)).type, "application/octet-stream");
});

test("a deleted file is gone for everybody, and its message goes on", async () => {
  const { attachment } = await ann.uploadFile(thread, { name: "x.txt", type: "text/plain", size: 3 });
  const id = await ann.sendFiles(thread, [attachment]);
  await ben.waitForChat("chatMessageReceived", { id });
  await ann.deleteFile(thread, attachment.id);
  const { attachments } = await ben.waitForChat("chatMessageEdited", { id });
  assert.deepEqual(attachments, []);
  const gone = await ben.downloadFile(thread, attachment.id);
  assert.equal(gone.refused.statusCode, 404);
});
