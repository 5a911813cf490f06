// When which diagnostic is raised: the decisions of pkg/diagnostics.js.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Diagnoses, Ear, measure, relaysFound, Steady } from "../../pkg/diagnostics.js";

/** What changes while a value is seen every second, as [second, value]. */
const changes = (steady, seen) =>
  seen.flatMap((value, second) => {
    const changed = steady.step(value, second * 1000);
    return changed === undefined ? [] : [[second, changed]];
  });

describe("a steady value", () => {
  test("gets worse after a while and better after a longer one", () => {
    const seen = [1, 2, 2, 2, 2, 1, 1, 1, 1, 1];
    assert.deepEqual(changes(new Steady(1, 3000, 4000), seen), [[4, 2], [9, 1]]);
  });

  test("does not follow what comes and goes", () => {
    const seen = Array.from({ length: 60 }, (_, second) => 1 + (second % 2) * 2);
    assert.deepEqual(changes(new Steady(1, 3000, 4000), seen), []);
  });

  test("goes to the mildest that was seen meanwhile", () => {
    assert.deepEqual(changes(new Steady(1, 3000, 4000), [3, 3, 2, 3]), [[3, 2]]);
  });

  test("stays where nothing is known, and begins to wait again", () => {
    assert.deepEqual(changes(new Steady(1, 2000, 4000), [2, 2, undefined, 2, 2, 2]), [[5, 2]]);
  });

  test("without a time to wait it follows at once", () => {
    assert.deepEqual(changes(new Steady(0, 0, 0), [0, 1, 1, 0]), [[1, 1], [3, 0]]);
  });

  test("never changes twice within the shorter of its times, whatever it sees", () => {
    let state = 7;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let run = 0; run < 200; run += 1) {
      const seen = Array.from({ length: 200 }, () => [1, 2, 3, undefined][Math.floor(random() * 4)]);
      const found = changes(new Steady(1, 3000, 5000), seen).map(([second]) => second);
      for (const [index, second] of found.entries()) assert.ok(index === 0 || second - found[index - 1] >= 3);
    }
  });
});

/** A call in which all is well. */
const well = {
  signalling: true, path: "up", inCall: true, online: true, relays: undefined, muted: false, heard: false,
  microphone: "live", microphoneCut: false, camera: "live", microphones: 1, speakers: 1, cameraStopped: false,
  screenFailed: false, screenStopped: false, screenForbidden: false, cameraFailed: false, cameraTimedOut: false, cameraDenied: false, microphoneDenied: false,
  line: { receive: 1, send: 1, soundSent: true, silent: false, frozen: false },
};

/** What is raised when these facts hold for a minute, and when all is well again for another. */
function raised(facts) {
  const diagnoses = new Diagnoses();
  const told = [];
  const watch = (seen, from) => {
    for (let second = from; second < from + 60; second += 1) {
      for (const [group, name, value] of diagnoses.step(seen, second * 1000)) told.push(`${group} ${name} ${value}`);
    }
  };
  watch(well, 0);
  watch({ ...well, ...facts }, 60);
  watch(well, 120);
  return told;
}

const line = (changed) => ({ line: { ...well.line, ...changed } });

for (const [what, facts, name, worse, better] of [
  ["the connection to the server is lost", { signalling: false }, "network networkReconnect", 3, 1],
  ["the path is lost", { path: "lost", inCall: false, line: undefined }, "network networkReconnect", 2, 1],
  ["what arrives is poor", line({ receive: 2 }), "network networkReceiveQuality", 2, 1],
  ["what is sent is bad", line({ send: 3 }), "network networkSendQuality", 3, 1],
  ["the device is offline", { online: false }, "network noNetwork", true, false],
  ["somebody talks while muted", { muted: true, heard: true }, "media speakingWhileMicrophoneIsMuted", true, false],
  ["there is no microphone to choose", { microphones: 0 }, "media noMicrophoneDevicesEnumerated", true, false],
  ["there is no loudspeaker", { speakers: 0 }, "media noSpeakerDevicesEnumerated", true, false],
  ["the microphone ended", { microphone: "ended" }, "media microphoneNotFunctioning", true, false],
  ["no sound is sent", line({ soundSent: false }), "media microphoneNotFunctioning", true, false],
  ["the microphone is silent", line({ silent: true }), "media microphoneNotMuteButSilent", true, false],
  ["the system cut the microphone off", { microphoneCut: true }, "media microphoneMuteUnexpectedly", true, false],
  ["the microphone is forbidden", { microphoneDenied: true }, "media microphonePermissionDenied", true, false],
  ["the camera is frozen", line({ frozen: true }), "media cameraFreeze", true, false],
  ["the camera ended", { cameraStopped: true }, "media cameraStoppedUnexpectedly", true, false],
  ["the camera did not start", { cameraFailed: true }, "media cameraStartFailed", true, false],
  ["the camera did not start in time", { cameraTimedOut: true }, "media cameraStartTimedOut", true, false],
  ["the screen could not be captured", { screenFailed: true }, "media capturerStartFailed", true, false],
  ["the shared screen ended", { screenStopped: true }, "media capturerStoppedUnexpectedly", true, false],
  ["the system forbids to record the screen", { screenForbidden: true }, "media screenshareRecordingDisabled", true, false],
  ["the camera is forbidden", { cameraDenied: true }, "media cameraPermissionDenied", true, false],
]) {
  test(`${what}: it is told once, and once when it is over`, () => {
    assert.deepEqual(raised(facts), [`${name} ${worse}`, `${name} ${better}`]);
  });
}

test("nothing is told of a call in which all is well, nor of a muted microphone that is silent", () => {
  assert.deepEqual(raised({}), []);
  assert.deepEqual(raised({ muted: true, line: { ...well.line, silent: true, soundSent: false } }), []);
});

test("nothing is told of what the browser does not tell", () => {
  const unknown = { line: undefined, microphones: undefined, speakers: undefined, microphoneDenied: undefined };
  assert.deepEqual(raised(unknown), []);
});

const relay = (found, gathering = "complete") =>
  relaysFound({
    getConfiguration: () => ({ iceServers: [{ urls: ["stun:s"] }, { urls: "turn:t?transport=udp" }] }),
    iceGatheringState: gathering,
    localDescription: { sdp: `a=candidate:1 1 udp 1 192.0.2.1 9 typ ${found}\r\n` },
  });

test("relays are missed once all candidates are there, where some are configured", () => {
  assert.deepEqual([relay("relay"), relay("host"), relay("host", "gathering")], [true, false, undefined]);
  const without = { getConfiguration: () => ({ iceServers: [{ urls: "stun:s" }] }), iceGatheringState: "complete" };
  assert.equal(relaysFound(without), undefined);
  assert.equal(relaysFound(undefined), undefined);
});

const report = (...entries) => new Map(entries.map((entry) => [entry.id, entry]));

/** One stream in, one out, with these changes after a second. */
function measured({ inbound, outbound, remote, source, pair, muted } = {}) {
  const before = report(
    { id: "in", type: "inbound-rtp", kind: "audio", timestamp: 0, packetsReceived: 100, packetsLost: 5, jitter: 0.01 },
    { id: "out", type: "outbound-rtp", kind: "audio", timestamp: 0, packetsSent: 100, remoteId: "remote" },
    { id: "remote", type: "remote-inbound-rtp", kind: "audio", timestamp: 0, fractionLost: 0, roundTripTime: 0.05 },
    { id: "source", type: "media-source", kind: "audio", timestamp: 0, totalAudioEnergy: 1 },
    { id: "other", type: "candidate-pair", availableOutgoingBitrate: 1 },
    { id: "pair", type: "candidate-pair" },
    { id: "transport", type: "transport", selectedCandidatePairId: "pair" },
  );
  const now = report(
    { ...before.get("in"), timestamp: 1000, packetsReceived: 150, ...inbound },
    { ...before.get("out"), timestamp: 1000, packetsSent: 150, ...outbound },
    { ...before.get("remote"), timestamp: 900, ...remote },
    { ...before.get("source"), timestamp: 1000, totalAudioEnergy: 1.1, ...source },
    before.get("other"),
    { ...before.get("pair"), ...pair },
    before.get("transport"),
  );
  return measure(now, before, muted);
}

describe("a line", () => {
  test("that loses nothing is good both ways", () => {
    assert.deepEqual(measured(), { receive: 1, send: 1, soundSent: true, silent: false, frozen: undefined });
  });

  test("is graded by what is lost on the way here, by its jitter, and is bad where nothing arrives", () => {
    const grades = [{ packetsLost: 7 }, { packetsLost: 15 }, { jitter: 0.06 }, { jitter: 0.2 }, { packetsReceived: 100 }];
    assert.deepEqual(grades.map((inbound) => measured({ inbound }).receive), [2, 3, 2, 3, 3]);
  });

  test("is graded by what the other side says of what is sent, and is bad where that says nothing any more", () => {
    const grades = [{ fractionLost: 0.05 }, { fractionLost: 0.2 }, { roundTripTime: 0.5 }, { roundTripTime: 1 }];
    assert.deepEqual(grades.map((remote) => measured({ remote }).send), [2, 3, 2, 3]);
    assert.equal(measured({ outbound: { timestamp: 30_000 } }).send, 3);
  });

  test("is not judged by a camera that the other side turned off, nor by a stream that never began", () => {
    assert.equal(measured({ inbound: { kind: "video", packetsReceived: 100 } }).receive, undefined);
    const empty = report({ id: "in", type: "inbound-rtp", kind: "audio", packetsReceived: 0, packetsLost: 0 });
    assert.equal(measure(empty, empty).receive, undefined);
  });

  test("over which a muted side sends nothing is unknown: it may have no microphone", () => {
    assert.equal(measured({ inbound: { packetsReceived: 100 }, muted: true }).receive, undefined);
    assert.equal(measured({ inbound: { packetsLost: 15 }, muted: true }).receive, 3);
  });

  test("that takes less than what is sent needs is poor or bad to send over, whatever is lost", () => {
    const over = (availableOutgoingBitrate, kind = "audio", sent = 150) =>
      measured({ outbound: { kind, packetsSent: sent }, pair: { availableOutgoingBitrate } }).send;
    assert.deepEqual([300_000, 60_000, 59_999, 34_999].map((bits) => over(bits)), [1, 1, 2, 3]);
    assert.deepEqual([300_000, 249_999, 99_999].map((bits) => over(bits, "video")), [1, 2, 3]);
    assert.deepEqual([over(undefined), over(20_000, "audio", 100)], [1, undefined]);
  });

  test("is not judged by what the other side said of a stream that paused", () => {
    assert.equal(measured({ outbound: { packetsSent: 100 }, remote: { fractionLost: 0.5 } }).send, undefined);
  });

  test("is unknown from one report, and so is what a browser does not count", () => {
    assert.equal(measure(report(), undefined), undefined);
    assert.deepEqual(measure(report(), report()), {
      receive: undefined, send: undefined, soundSent: undefined, silent: undefined, frozen: undefined,
    });
  });

  test("from whose microphone nothing comes is silent", () => {
    assert.equal(measured({ source: { totalAudioEnergy: 1 } }).silent, true);
  });
});

test("a microphone is listened to once the browser runs sound, and nothing is said of it before", (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  let resumes = 0;
  let loud = 0;
  const made = [];
  const real = { AudioContext: globalThis.AudioContext, MediaStream: globalThis.MediaStream };
  globalThis.MediaStream = class {};
  globalThis.AudioContext = class {
    state = "suspended";
    constructor() {
      made.push(this);
    }
    resume() {
      resumes += 1;
      return new Promise(() => {});
    }
    close() {
      this.state = "closed";
      return Promise.reject(new Error("closed by the browser"));
    }
    createMediaStreamSource = () => ({ connect() {} });
    createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: (samples) => samples.fill(loud) });
  };
  try {
    const track = { clone: () => ({ stop() {} }) };
    const ear = new Ear();
    ear.follow(track);
    context.mock.timers.tick(1000);
    assert.deepEqual([resumes, ear.heard()], [1, undefined], "it is asked to run, and not waited for");
    made[0].state = "running";
    loud = 0.5;
    context.mock.timers.tick(1000);
    assert.equal(ear.heard(), true);
    ear.follow(undefined);
    assert.deepEqual([made.map(({ state }) => state), ear.heard()], [["closed"], false]);
  } finally {
    Object.assign(globalThis, real);
  }
});
