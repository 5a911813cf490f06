// Files of messages, as far as the client has them: it reads what a message says of its files, and pages fetch them
// from the addresses there, with their token.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { all, person, threadOf } from "./world.mjs";

const endpoint = process.env["OPENLINE_ENDPOINT"].replace(/\/$/, "");
/** The version of the interface that uploads and reads images. */
const preview = "2024-06-05-preview";
/** A PNG of one red pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC",
  "base64",
);

describe("attachments", () => {
  test("an image of a message is read in both views from where the client says it is", async () => {
    const { ann, ben, bens, id } = await sentImage();
    const { content } = await bens.getMessage(id);
    assert.equal(content.message, "see");
    const [{ id: imageId, attachmentType, name, url, previewUrl }] = content.attachments;
    assert.equal(attachmentType, "image");
    assert.equal(name, "pixel.png");
    for (const [address, view] of [[url, "original"], [previewUrl, "small"]]) {
      assert.ok(address.startsWith(`${endpoint}/chat/threads/`), address);
      assert.match(new URL(address).pathname, new RegExp(`/images/${imageId}/view/${view}$`));
      for (const { token } of [ann, ben]) {
        const image = await fetched(address, token);
        assert.equal(image.status, 200);
        assert.match(image.headers.get("content-type"), /^image\/(png|jpeg)$/);
      }
    }
    const original = await fetched(url, ben.token);
    assert.deepEqual(Buffer.from(await original.arrayBuffer()), pixel);
  });

  test("lists show files, and who is not in the thread does not get them", async () => {
    const { bens, id } = await sentImage();
    const stranger = await person("2025-03-15");
    const message = (await all(bens.listMessages())).find((listed) => listed.id === id);
    const [{ url, previewUrl }] = message.content.attachments;
    for (const address of [url, previewUrl]) {
      assert.equal((await fetched(address, stranger.token)).status, 403);
      assert.equal((await fetch(address)).status, 401);
    }
  });

  test("a message without files has none, and one that is deleted takes its files along", async () => {
    const { ben, anns, bens, id } = await sentImage();
    const [{ url }] = (await bens.getMessage(id)).content.attachments;
    await anns.deleteMessage(id);
    assert.equal((await fetched(url, ben.token)).status, 404);
    const plain = await anns.sendMessage({ content: "x" });
    assert.equal((await bens.getMessage(plain.id)).content.attachments?.length ?? 0, 0);
  });

  test("an image is deleted by who uploaded it, and by nobody else", async () => {
    const { ann, ben, bens, id, imageId } = await sentImage();
    const image = `${endpoint}/chat/threads/${encodeURIComponent(bens.threadId)}/images/${imageId}?api-version=${preview}`;
    assert.equal((await fetched(image, ben.token, { method: "DELETE" })).status, 403);
    assert.equal((await fetched(image, ann.token, { method: "DELETE" })).status, 204);
    const { content, editedOn } = await bens.getMessage(id);
    assert.equal(content.attachments?.length ?? 0, 0);
    assert.ok(editedOn instanceof Date);
  });
});

/** An image that Ann uploaded as the preview interface has it, and sent in a message to Ben. */
async function sentImage() {
  const [ann, ben] = [await person("2025-03-15"), await person("2025-03-15")];
  const [anns, bens] = await threadOf("Files", [ann, ben]);
  const thread = `${endpoint}/chat/threads/${encodeURIComponent(anns.threadId)}`;
  const uploaded = await fetched(`${thread}/images?api-version=${preview}`, ann.token, {
    method: "POST",
    headers: { "content-type": "image/png", "image-filename": "pixel.png" },
    body: pixel,
  });
  assert.equal(uploaded.status, 201);
  const attachment = await uploaded.json();
  assert.deepEqual(attachment, { id: attachment.id, attachmentType: "image", name: "pixel.png" });
  const sent = await fetched(`${thread}/messages?api-version=${preview}`, ann.token, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ content: "see", attachments: [attachment] }),
  });
  assert.equal(sent.status, 201);
  return { ann, ben, anns, bens, imageId: attachment.id, id: (await sent.json()).id };
}

function fetched(address, token, { headers = {}, ...settings } = {}) {
  return fetch(address, { ...settings, headers: { ...headers, authorization: `Bearer ${token}` } });
}
