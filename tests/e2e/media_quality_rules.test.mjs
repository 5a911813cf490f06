// How a call sends, decided: pure functions of what both sides can, of descriptions and of limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreed,
  codecsIn,
  encodingFor,
  limited,
  offerInOrder,
  prepare,
  ranked,
  withOpusOptions,
} from "../../pkg/media_quality.js";
import { signOf } from "../../pkg/dtmf.js";

const both = (info) => ({ encodingInfo: info, decodingInfo: info });
const hardware = { supported: true, smooth: true, powerEfficient: true };
const software = { supported: true, smooth: true, powerEfficient: false };
const slow = { supported: true, smooth: false, powerEfficient: false };
const none = { supported: false, smooth: false, powerEfficient: false };

test("a browser that tells nothing begins with the codec that is least work", () => {
  assert.deepEqual(ranked({}), ["VP8", "H264", "VP9", "AV1"]);
});

test("what is done in hardware in both directions comes first, what stutters or is missing last", () => {
  assert.deepEqual(ranked({ H264: both(hardware), VP8: both(software) }), ["H264", "VP8", "VP9", "AV1"]);
  assert.deepEqual(ranked({ AV1: both(hardware), H264: both(hardware) }), ["AV1", "H264", "VP8", "VP9"]);
  const decodesOnly = { encodingInfo: software, decodingInfo: hardware };
  assert.deepEqual(ranked({ AV1: decodesOnly, VP9: both(slow), VP8: both(none) }), ["H264", "AV1", "VP8", "VP9"]);
});

function* permutations(items) {
  if (items.length === 0) yield [];
  for (const item of items) {
    for (const rest of permutations(items.filter((other) => other !== item))) yield [item, ...rest];
  }
}

test("both sides agree on the same order whoever offers, and it begins with the last choice of neither", () => {
  const all = [...permutations(["AV1", "VP9", "H264", "VP8"])];
  assert.equal(all.length, 24);
  for (const ann of all) {
    for (const ben of all) {
      const order = agreed(ann, ben);
      assert.deepEqual(order, agreed(ben, ann));
      assert.deepEqual([...order].sort(), [...ann].sort());
      assert.ok(order[0] !== ann[3] && order[0] !== ben[3], `${ann} and ${ben}: ${order}`);
      // Another round of the same changes nothing.
      assert.deepEqual(agreed(order, order), order);
    }
  }
});

test("hardware on both sides wins, and hardware on one side against an equal choice", () => {
  const software = ["VP8", "H264", "VP9", "AV1"];
  assert.equal(agreed(["AV1", "VP9", "H264", "VP8"], ["AV1", "H264", "VP8", "VP9"])[0], "AV1");
  assert.equal(agreed(["H264", "VP8", "VP9", "AV1"], software)[0], "H264");
  assert.equal(agreed(software, software)[0], "VP8");
  assert.deepEqual(agreed(["VP8", "VP9", "RTX"], ["H264", "VP9", "VP8"]), ["VP9", "VP8"]);
});

const sdp = (lines) => lines.map((line) => `${line}\r\n`).join("");
const AUDIO = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 110",
  "a=mid:0",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=0",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "a=rtpmap:110 telephone-event/48000",
];
const video = (mid) => [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 45",
  `a=mid:${mid}`,
  "a=rtpmap:96 VP8/90000",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "a=rtpmap:98 VP9/90000",
  "a=rtpmap:99 rtx/90000",
  "a=rtpmap:45 AV1/90000",
];

test("Opus is asked for with repair and silence, once, and nothing else changes", () => {
  const given = sdp(["v=0", ...AUDIO, ...video(1)]);
  const asked = withOpusOptions(given);
  assert.equal(asked, given.replace("useinbandfec=0", "useinbandfec=1;usedtx=1"));
  assert.equal(withOpusOptions(asked), asked);
});

test("Opus without options, under several payload types, with line feeds alone", () => {
  const bare = sdp(["m=audio 9 X 8 9", "a=rtpmap:8 OPUS/48000/2", "a=rtpmap:9 opus/48000/2", "a=fmtp:9 stereo=1"]);
  const asked = withOpusOptions(bare).split("\r\n");
  assert.ok(asked.includes("a=fmtp:8 useinbandfec=1;usedtx=1") && asked.includes("a=fmtp:9 stereo=1;useinbandfec=1;usedtx=1"));
  assert.match(withOpusOptions(bare.replaceAll("\r", "")), /^a=fmtp:9 stereo=1;useinbandfec=1;usedtx=1$/m);
});

test("an offer is put in the order that is asked for, with the payload types that it has", () => {
  const offer = sdp(["v=0", ...AUDIO, ...video(1), ...video(2)]);
  const asked = [];
  const orders = { 1: ["VP9", "AV1", "VP8"], 0: ["RED", "OPUS"] };
  const heard = offerInOrder(offer, (...section) => {
    asked.push(section);
    return orders[section[0]];
  });
  assert.deepEqual(codecsIn(heard, "1"), ["VP9", "AV1", "VP8", "RTX"]);
  assert.deepEqual(codecsIn(heard, "2"), codecsIn(offer, "2"));
  assert.deepEqual(codecsIn(heard, "0"), ["RED", "OPUS", "TELEPHONE-EVENT"]);
  assert.deepEqual([...heard].sort(), [...offer].sort());
  assert.ok(heard.includes("m=video 9 UDP/TLS/RTP/SAVPF 98 45 96 97 99\r\n"));
  const offered = ["VP8", "RTX", "VP9", "AV1"];
  const sound = ["OPUS", "RED", "TELEPHONE-EVENT"];
  assert.deepEqual(asked, [["0", "audio", sound], ["1", "video", offered], ["2", "video", offered]]);
});

test("descriptions that are none pass as they are", () => {
  for (const text of ["", "x", "m=video", "m=video 9 X 1 2\na=mid:1", "m=audio\r\na=rtpmap:1 opus/48000/2"]) {
    assert.equal(offerInOrder(text, () => ["VP8"]), text);
    assert.ok(withOpusOptions(text).startsWith(text.slice(0, 7)));
    assert.deepEqual(codecsIn(text, "none"), []);
  }
});

test("limits: 0 lifts one, what is not named stays, what is none is refused", () => {
  const first = limited({}, { send: { frameHeight: { max: 240 }, bitrate: { max: 500_000 } } });
  assert.deepEqual(first, { frameHeight: 240, bitrate: 500_000 });
  const second = limited(first, { send: { frameHeight: { max: 0 }, bitrate: {}, frameRate: { max: 15 } } });
  assert.deepEqual(second, { frameHeight: 0, bitrate: 500_000, frameRate: 15 });
  for (const nothing of [undefined, null, {}, { send: undefined }, { send: { frameRate: undefined } }]) {
    assert.deepEqual(limited(first, nothing), first);
  }
  for (const max of [-1, "240", Number.NaN, Infinity, null]) {
    assert.throws(() => limited(first, { send: { frameRate: { max } } }), { code: 412, subCode: 43_018 });
  }
  for (const none of ["x", 5, true, () => {}, { send: 5 }, { send: "x" }, { send: { bitrate: 5 } }, { send: { frameRate: "15" } }]) {
    assert.throws(() => limited(first, none), { code: 412, subCode: 43_018 });
  }
});

test("what is no constraints of a call is refused", async () => {
  const quality = (await prepare())();
  for (const none of [undefined, null, "x", 5, { video: 5 }, { video: { send: { bitrate: 5 } } }]) {
    await assert.rejects(quality("constrain", none), { code: 412, subCode: 43_018, message: /^Call.setConstraints|constraints/ });
  }
  for (const nothing of [{}, { video: undefined }]) await quality("constrain", nothing);
});

test("a picture takes what its size is worth, and never more than the limits", () => {
  const camera = (height, limits = {}) => encodingFor({ height, isScreen: false, limits });
  assert.deepEqual(camera(720), { maxBitrate: 2_500_000, maxFramerate: undefined, scaleResolutionDownBy: 1 });
  assert.equal(camera(1080).maxBitrate, 4_000_000);
  assert.equal(camera(undefined).maxBitrate, 2_500_000);
  const limits = { frameHeight: 240, frameRate: 15, bitrate: 300_000 };
  assert.deepEqual(camera(720, limits), { maxBitrate: 300_000, maxFramerate: 15, scaleResolutionDownBy: 3 });
  assert.equal(camera(180, limits).scaleResolutionDownBy, 1);
  assert.equal(camera(undefined, limits).scaleResolutionDownBy, 1);
  assert.equal(camera(720, { bitrate: 9_000_000 }).maxBitrate, 2_500_000);
  const screen = encodingFor({ height: 1440, isScreen: true, limits });
  assert.deepEqual(screen, { maxBitrate: 300_000, maxFramerate: undefined, scaleResolutionDownBy: 1 });
});

test("tones have the names of the published interface, or the signs on the keys", () => {
  const names = ["Num0", "Num9", "A", "D", "Star", "Pound", "5", "*", "#"];
  assert.deepEqual(names.map(signOf), ["0", "9", "A", "D", "*", "#", "5", "*", "#"]);
  for (const none of ["Flash", "", "12", "a", "E", "Num", "Num10", "toString", undefined, null, 5.5]) {
    assert.throws(() => signOf(none), { name: "CommunicationServicesError", code: 400 });
  }
});
