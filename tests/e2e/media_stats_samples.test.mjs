// What becomes of the browsers' reports: the decisions of pkg/media_stats.js, and how long it goes on.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { collect, memoryOf, sampleOf, Summary } from "../../pkg/media_stats.js";

const report = (...entries) => new Map(entries.map((entry) => [entry.id, entry]));
const changed = (former, changes) =>
  new Map([...former].map(([id, entry]) => [id, { ...entry, timestamp: entry.timestamp + 1000, ...changes[id] }]));

const chromium = report(
  { id: "T", type: "transport", timestamp: 1000, selectedCandidatePairId: "P" },
  {
    id: "P", type: "candidate-pair", timestamp: 1000, currentRoundTripTime: 0.04, availableOutgoingBitrate: 300_000,
    localCandidateId: "L", remoteCandidateId: "E",
  },
  { id: "L", type: "local-candidate", timestamp: 1000, candidateType: "relay" },
  { id: "E", type: "remote-candidate", timestamp: 1000, candidateType: "host" },
  { id: "C", type: "codec", timestamp: 1000, mimeType: "audio/opus" },
  { id: "V", type: "codec", timestamp: 1000, mimeType: "video/VP8" },
  { id: "M", type: "media-source", timestamp: 1000, audioLevel: 0.5 },
  { id: "R", type: "remote-inbound-rtp", timestamp: 1000, jitter: 0.003, packetsLost: 4, roundTripTime: 0.05 },
  {
    id: "A", type: "outbound-rtp", kind: "audio", timestamp: 1000, codecId: "C", mediaSourceId: "M", remoteId: "R",
    transportId: "T", packetsSent: 100, bytesSent: 8000,
  },
  { id: "unused", type: "outbound-rtp", kind: "video", timestamp: 1000, transportId: "T", packetsSent: 0, bytesSent: 0 },
  {
    id: "I", type: "inbound-rtp", kind: "video", timestamp: 1000, codecId: "V", transportId: "T", packetsReceived: 50,
    packetsLost: 1, bytesReceived: 5000, framesDecoded: 30, freezeCount: 0, totalFreezesDuration: 0,
    jitterBufferDelay: 1, jitterBufferEmittedCount: 30, frameWidth: 640, frameHeight: 480,
  },
);

test("a first sample has what is counted, and no rates", () => {
  const sample = sampleOf(chromium, undefined, { streamId: 1 });
  assert.deepEqual(sample.audio.send, [{
    id: "A", codecName: "Opus", jitterInMs: 3, packets: 100, packetsLost: 4, rttInMs: 50, transportId: "T",
    audioInputLevel: 32_768,
  }]);
  assert.deepEqual(sample.transports, [
    { id: "T", rttInMs: 40, localCandidateType: "relay", remoteCandidateType: "host", availableOutgoingBitrate: 300_000 },
  ]);
  assert.equal(sample.video.receive[0].streamId, 1);
  assert.equal(sample.video.receive[0].bitrate, undefined);
});

test("a stream that never had a packet is no row", () => {
  assert.deepEqual(sampleOf(chromium).video.send, []);
});

test("what belongs to a screen has rows of its own, and its sound comes last", () => {
  const shared = report(
    { id: "S", type: "inbound-rtp", kind: "audio", mid: "3", timestamp: 1000, packetsReceived: 9 },
    { id: "A", type: "inbound-rtp", kind: "audio", mid: "0", timestamp: 1000, packetsReceived: 9 },
    { id: "P", type: "inbound-rtp", kind: "video", mid: "2", timestamp: 1000, packetsReceived: 9 },
    { id: "V", type: "inbound-rtp", kind: "video", mid: "1", timestamp: 1000, packetsReceived: 9 },
  );
  const { audio, video, screenShare } = sampleOf(shared, undefined, { streamId: 1, screenId: 2, screens: ["2", "3"] });
  assert.deepEqual(audio.receive.map(({ id }) => id), ["A", "S"]);
  const seen = (rows) => rows.map(({ id, streamId }) => [id, streamId]);
  assert.deepEqual([seen(video.receive), seen(screenShare.receive)], [[["V", 1]], [["P", 2]]]);
});

test("rates are of the time between two reports", () => {
  const now = changed(chromium, {
    A: { timestamp: 3000, packetsSent: 200, bytesSent: 18_000 },
    R: { packetsLost: 8 },
    I: { packetsReceived: 110, bytesReceived: 17_500, framesDecoded: 45, jitterBufferDelay: 2.2, jitterBufferEmittedCount: 60 },
  });
  const { audio, video } = sampleOf(now, memoryOf(chromium));
  const [sent] = audio.send;
  assert.deepEqual([sent.bitrate, sent.packetsPerSecond, sent.packetsLostPerSecond], [40_000, 50, 2]);
  const [received] = video.receive;
  assert.deepEqual([received.bitrate, received.packetsPerSecond, received.frameRateDecoded], [100_000, 60, 15]);
  assert.equal(Math.round(received.jitterBufferDelayInMs), 40);
});

test("a counter that starts again, and a report of the same moment, make no rate that cannot be", () => {
  const again = sampleOf(changed(chromium, { A: { packetsSent: 3, bytesSent: 90 } }), memoryOf(chromium));
  assert.equal(again.audio.send[0].bitrate, 0);
  const same = sampleOf(chromium, memoryOf(chromium));
  assert.equal(same.audio.send[0].bitrate, undefined);
});

test("the longest freeze is remembered when shorter ones follow", () => {
  const frozen = changed(chromium, { I: { freezeCount: 1, totalFreezesDuration: 0.8 } });
  const shorter = changed(frozen, { I: { freezeCount: 3, totalFreezesDuration: 1.2 } });
  const memory = memoryOf(frozen, memoryOf(chromium));
  const [row] = sampleOf(shorter, memory).video.receive;
  assert.deepEqual([row.longestFreezeDurationInMs, row.totalFreezeDurationInMs], [800, 1200]);
});

// Firefox has no transports, no levels, and names of its own.
const firefox = report(
  { id: "pair", type: "candidate-pair", timestamp: 1000, transportId: "t0", selected: true, state: "succeeded" },
  { id: "other", type: "candidate-pair", timestamp: 1000, transportId: "t0", selected: false, state: "succeeded" },
  { id: "c", type: "codec", timestamp: 1000, mimeType: "audio/opus" },
  {
    id: "in", type: "inbound-rtp", mediaType: "audio", timestamp: 1000, codecId: "c", packetsReceived: 10, bytesReceived: 500,
    packetsLost: 0, jitter: 0, totalAudioEnergy: 1, totalSamplesDuration: 10, totalSamplesReceived: 1000,
    concealedSamples: 100, silentConcealedSamples: 100,
  },
);

test("what Firefox does not tell is taken from what it does", () => {
  const now = changed(firefox, {
    in: {
      totalAudioEnergy: 1.25, totalSamplesDuration: 11, totalSamplesReceived: 49_000, concealedSamples: 5000,
      silentConcealedSamples: 200,
    },
  });
  const { audio, transports } = sampleOf(now, memoryOf(firefox));
  assert.deepEqual(transports, [{ id: "t0" }]);
  const [row] = audio.receive;
  assert.deepEqual([row.transportId, row.audioOutputLevel, row.healedRatio], ["t0", 32_768, 0.1]);
});

/** A sample with that bit rate of the sound that is sent. */
const of = (bitrate, transportId = "T") => ({
  audio: { send: [{ id: "A", bitrate, transportId }], receive: [] },
  video: { send: [], receive: [] },
  screenShare: { send: [], receive: [] },
  transports: [],
});

test("a summary has a value for each interval, and what numbers came to", () => {
  const summary = new Summary(2000, 2);
  const [first, last] = [new Date(1), new Date(2)];
  assert.equal(summary.add(of(10), 500, first), undefined);
  assert.equal(summary.add(of(30), 1500, first), undefined);
  assert.equal(summary.add(of(20), 2500, last), undefined);
  const complete = summary.add(of(7), 4500, new Date(3));
  assert.deepEqual(complete.audio.send, [{
    id: "A",
    bitrate: {
      raw: [30, 20],
      timestamp: last,
      aggregation: { count: [2, 1], sum: [40, 20], min: [10, 20], max: [30, 20] },
    },
    transportId: { raw: ["T", "T"], timestamp: last },
  }]);
  // The sample that completed it belongs to the next one.
  const next = summary.add(of(1), 8500, new Date(4));
  assert.deepEqual(next.audio.send[0].bitrate.raw, [7]);
});

test("a summary holds as much after a thousand samples as after one", () => {
  const summary = new Summary(60_000, 1);
  for (let now = 0; now < 60_000; now += 60) assert.equal(summary.add(of(now), now, new Date(now)), undefined);
  const [row] = summary.add(of(0), 60_000, new Date()).audio.send;
  assert.deepEqual(row.bitrate.raw, [59_940]);
  assert.deepEqual(row.bitrate.aggregation.count, [1000]);
});

/** A call as the core hands it over. */
function hosted(state) {
  const listeners = [];
  const call = {
    state,
    remoteParticipants: [],
    on: (_event, listener) => listeners.push(listener),
    off: (_event, listener) => listeners.splice(listeners.indexOf(listener), 1),
    become(next) {
      call.state = next;
      for (const listener of [...listeners]) listener();
    },
  };
  const host = { call, peer: undefined, looks: 0 };
  host.connect = () => {
    host.peer = {
      getTransceivers: () => [],
      getStats: async () => {
        host.looks += 1;
        return chromium;
      },
    };
  };
  return { call, host, listeners };
}

/** Lets what is under way come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a collector waits for a path, reports, and ends with the call", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { call, host, listeners } = hosted("Ringing");
  const emit = mock.fn();
  collect(host, { aggregationInterval: 10, dataPointsPerAggregation: 6 }, emit);
  await settle();
  assert.equal(emit.mock.callCount(), 0);
  host.connect();
  context.mock.timers.tick(1000);
  await settle();
  assert.deepEqual(emit.mock.calls.map(({ arguments: [event] }) => event), ["sampleReported"]);
  call.become("Disconnecting");
  context.mock.timers.tick(10_000);
  await settle();
  assert.deepEqual([emit.mock.callCount(), host.looks, listeners.length], [1, 1, 0]);
});

test("a collector of a call that is over looks at nothing", async () => {
  const { host, listeners } = hosted("Disconnected");
  host.connect();
  collect(host, { aggregationInterval: 10, dataPointsPerAggregation: 6 }, () => {});
  await settle();
  assert.deepEqual([host.looks, listeners.length], [0, 0]);
});

test("a collector that a listener disposes of reports nothing more", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { host } = hosted("Connected");
  host.connect();
  const emit = mock.fn(() => stop());
  const stop = collect(host, { aggregationInterval: 1, dataPointsPerAggregation: 1 }, emit);
  await settle();
  context.mock.timers.tick(10_000);
  await settle();
  assert.equal(emit.mock.callCount(), 1);
});
