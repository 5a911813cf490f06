// What the mark of a message says, and what is told of messages that arrive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/state/delivery.ts", import.meta.url));
const { module } = await runnerImport(source, { configFile: false, logLevel: "silent" });
const { markLabel, messageMark, Telling, undelivered } = module;

const message = { id: "100", senderId: "ann" };
const mark = (memberIds, { deliveries = {}, reads = {} } = {}) => messageMark(message, { memberIds, deliveries, reads });
const pair = ["ann", "ben"];
const group = ["ann", "ben", "cleo", "dan"];

test("a stored message is sent until all the others have it, then delivered until all have read it", () => {
  assert.equal(mark(pair).state, "sent");
  assert.equal(mark(pair, { deliveries: { ben: "99" } }).state, "sent");
  assert.equal(mark(pair, { deliveries: { ben: "100" } }).state, "delivered");
  assert.equal(mark(pair, { deliveries: { ben: "101" }, reads: { ben: "100" } }).state, "read");
  assert.equal(mark(group, { deliveries: { ben: "100", cleo: "100" } }).state, "sent");
  assert.equal(mark(group, { deliveries: { ben: "100", cleo: "100", dan: "100" } }).state, "delivered");
});

test("who has read a message has it, also where no delivery was told", () => {
  assert.deepEqual(mark(group, { deliveries: { cleo: "100" }, reads: { ben: "100" } }).deliveredTo, ["ben", "cleo"]);
  assert.equal(mark(group, { deliveries: { cleo: "100", dan: "100" }, reads: { ben: "100" } }).state, "delivered");
  assert.equal(mark(group, { reads: { ben: "100", cleo: "100", dan: "100" } }).state, "read");
});

test("one's own positions and those of people who left count for nothing", () => {
  assert.equal(mark(pair, { deliveries: { ann: "100", gone: "100" }, reads: { ann: "100", gone: "100" } }).state, "sent");
  assert.equal(mark(["ann"]).state, "sent");
  assert.equal(mark([]).state, "sent");
});

test("the words say to how many of a group it was delivered and by whom it was read", () => {
  const words = (members, positions, readers = "") => markLabel(mark(members, positions), readers);
  assert.equal(words(pair), "Sent");
  assert.equal(words(pair, { deliveries: { ben: "100" } }), "Delivered");
  assert.equal(words(pair, { reads: { ben: "100" } }, "Ben"), "Read by Ben");
  assert.equal(words(group), "Sent");
  assert.equal(words(group, { deliveries: { ben: "100", dan: "100" } }), "Delivered to 2 of 3");
  assert.equal(words(group, { deliveries: { ben: "100", cleo: "100", dan: "100" } }), "Delivered to 3 of 3");
  assert.equal(words(group, { deliveries: { dan: "100" }, reads: { ben: "100" } }, "Ben"), "Delivered to 2 of 3, read by Ben");
  assert.equal(words(group, { reads: { ben: "100", cleo: "100", dan: "100" } }, "Ben, Cleo, and Dan"), "Read by Ben, Cleo, and Dan");
});

test("told of is the newest message of others, unless the server knows already", () => {
  const text = (id, senderId, kind = "text") => ({ id, senderId, kind });
  const messages = [text("1", "ann"), text("2", "ben"), text("3", "ann", "note"), text("4", "me")];
  const known = (deliveries = {}, reads = {}) => undelivered(messages, "me", { deliveries, reads });
  assert.equal(known(), "2");
  assert.equal(known({ me: "1" }), "2");
  assert.equal(known({ me: "2" }), undefined);
  assert.equal(known({}, { me: "2" }), undefined);
  assert.equal(known({ ann: "4" }), "2");
  assert.equal(undelivered([text("4", "me")], "me", { deliveries: {}, reads: {} }), undefined);
});

test("one message of a conversation is told of at a time, and of those that wait only the newest", () => {
  const telling = new Telling();
  assert.equal(telling.arrived("1"), "1");
  assert.equal(telling.arrived("1"), undefined);
  assert.equal(telling.arrived("2"), undefined);
  assert.equal(telling.arrived("5"), undefined);
  assert.equal(telling.arrived("3"), undefined);
  assert.equal(telling.ended("told"), "5");
  assert.equal(telling.arrived("5"), undefined);
  assert.equal(telling.ended("told"), undefined);
  assert.equal(telling.arrived("6"), "6");
});

test("what was lost can be told of again, what is gone cannot, and a refusal ends it", () => {
  const telling = new Telling();
  assert.equal(telling.arrived("1"), "1");
  assert.equal(telling.ended("lost"), undefined);
  assert.equal(telling.arrived("1"), "1");
  assert.equal(telling.ended("gone"), undefined);
  assert.equal(telling.arrived("1"), undefined);
  assert.equal(telling.arrived("2"), "2");
  assert.equal(telling.arrived("3"), undefined);
  assert.equal(telling.ended("refused"), undefined);
  assert.equal(telling.arrived("4"), undefined);
});
