// Features of a call between two real browsers: asked for before anything is connected, loaded when they are used.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "./lib/server.mjs";
import { openFixture } from "./lib/fixture.mjs";
import { Proxy } from "./lib/proxy.mjs";

let server;

before(async () => {
  server = await Server.start();
});
after(() => server.close());

let sequence = 0;
/** Ann in one browser has called Ben in the other, and he has not answered. */
async function withCall(browsers, body) {
  const tabs = [];
  try {
    for (const [index, browser] of browsers.entries()) {
      const tab = await openFixture(browser, server);
      tabs.push(tab);
      sequence += 1;
      tab.identity = await tab.signIn(`${["Ann", "Ben"][index]} ${sequence}`);
    }
    const [ann, ben] = tabs;
    await ann.call(ben.identity, { video: true });
    await body(ann, ben);
  } finally {
    await Promise.all(tabs.map((tab) => tab.quit()));
  }
}

/** What each browser counts of a call with sound and pictures. Firefox knows less of what it sends. */
const counted = (browser) => [
  "audio.send.0.bitrate",
  "audio.send.0.packetsPerSecond",
  "audio.receive.0.bitrate",
  "audio.receive.0.audioOutputLevel",
  "audio.receive.0.jitterBufferDelayInMs",
  "video.send.0.bitrate",
  "video.send.0.frameRateEncoded",
  "video.send.0.frameWidthSent",
  "video.receive.0.bitrate",
  "video.receive.0.frameRateDecoded",
  "video.receive.0.frameHeightReceived",
  ...(browser === "chromium" ? ["audio.send.0.audioInputLevel", "video.send.0.frameWidthInput"] : []),
];

for (const browsers of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${browsers.join(" and ")}: a collector made while it rings reports both ways until the call ends`, () =>
    withCall(browsers, async (ann, ben) => {
      assert.equal(await ann.loaded("media_stats.js"), false);
      assert.equal(await ann.collectStats({ aggregationInterval: 1, dataPointsPerAggregation: 2 }), true);
      await ben.accept({ video: true });
      const sample = await ann.waitForSample(counted(browsers[0]));
      assert.equal(await ann.loaded("media_stats.js"), true);
      for (const row of [sample.audio.send, sample.audio.receive, sample.video.send, sample.video.receive].flat()) {
        assert.match(row.codecName, /^(Opus|VP8|VP9|H264|AV1)$/);
        assert.equal(row.transportId, sample.transports[0].id);
      }
      assert.equal(sample.video.receive[0].streamId, 1);
      assert.ok(sample.audio.receive[0].audioOutputLevel <= 65_536);
      const { value, ids } = await ann.waitForSummary();
      assert.deepEqual(ids, [sample.audio.receive[0].id]);
      assert.equal(value.raw.length, value.aggregation.count.length);
      assert.ok(value.raw.length <= 2);
      for (const [index, count] of value.aggregation.count.entries()) {
        const [least, most] = [value.aggregation.min[index], value.aggregation.max[index]];
        assert.ok(count >= 1 && least <= value.raw[index] && value.raw[index] <= most);
      }
      await ann.hangUp();
      assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
    }));
}

/** Whether one of these was told. */
const told = (tab, names) =>
  tab.driver.executeScript(
    "return window.fixture.state.diagnostics.filter(({ diagnostic }) => arguments[0].includes(diagnostic))",
    names,
  );

for (const browsers of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${browsers[0]}: the person is told of a camera that ends or does not start, and of talking while muted`, () =>
    withCall(browsers, async (ann, ben) => {
      assert.deepEqual(await ann.watchDiagnostics(), {});
      await ben.accept({ video: true });
      await ann.waitForState("Connected");
      await ben.renderRemote();
      assert.equal(await ben.watchRemoteDiagnostics(), 0);
      assert.equal(await ann.sendDiagnostics(), true);
      const canLose = browsers[0] === "chromium";
      if (canLose) {
        await ann.loseCamera();
        await ann.waitForDiagnostic("cameraStoppedUnexpectedly", true);
      } else {
        await ann.stopCamera();
      }
      assert.equal(await ann.startCamera("NotReadableError"), 43_000);
      const { kind, valueType, isLatest } = await ann.waitForDiagnostic("cameraStartFailed", true);
      assert.deepEqual({ kind, valueType, isLatest }, { kind: "media", valueType: "DiagnosticFlag", isLatest: true });
      const remote = await ben.waitForRemoteDiagnostic("cameraStartFailed", true);
      assert.deepEqual(remote, { rawId: ann.identity, valueType: "DiagnosticFlag", isKnown: true });
      assert.equal(await ann.startCamera("AbortError"), 43_014);
      await ann.waitForDiagnostic("cameraStartTimedOut", true);
      assert.equal(await ann.startCamera("NotAllowedError"), 43_001);
      await ann.waitForDiagnostic("cameraStartTimedOut", false);
      await ann.waitForDiagnostic("cameraStartFailed", false);
      await ann.waitForDiagnostic("cameraPermissionDenied", true);
      assert.equal(await ann.startCamera(), null);
      await ann.waitForDiagnostic("cameraPermissionDenied", false);
      if (canLose) await ann.waitForDiagnostic("cameraStoppedUnexpectedly", false);
      await ben.waitForRemoteDiagnostic("cameraPermissionDenied", true);
      // What is sent no longer is well, as far as the other side knows.
      assert.equal(await ann.sendDiagnostics(false), false);
      await ben.waitForRemoteDiagnostic("cameraPermissionDenied", false);
      await ann.mute();
      // Fake microphones never fall silent. Firefox listens only where there is a loudspeaker, and machines for tests have none.
      if (browsers[0] === "chromium") {
        await ann.waitForDiagnostic("speakingWhileMicrophoneIsMuted", true);
        await ann.unmute();
        await ann.waitForDiagnostic("speakingWhileMicrophoneIsMuted", false);
      }
      assert.deepEqual(await told(ann, ["noNetwork", "networkReconnect", "microphoneNotFunctioning", "cameraFreeze"]), []);
    }));
}

for (const browsers of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`${browsers[0]}: the person is told of a screen that is not to be had, or ends`, () =>
    withCall(browsers, async (ann, ben) => {
      await ann.watchDiagnostics();
      await ben.accept();
      await ann.waitForState("Connected");
      assert.equal(await ann.refusedSharing("NotReadableError"), 43_000);
      await ann.waitForDiagnostic("capturerStartFailed", true);
      assert.equal(await ann.refusedSharing("NotAllowedError", "Permission denied by system"), 43_016);
      await ann.waitForDiagnostic("screenshareRecordingDisabled", true);
      await ann.waitForDiagnostic("capturerStartFailed", false);
      assert.equal(await ann.shareDrawing([320, 240]), true);
      await ann.waitForDiagnostic("screenshareRecordingDisabled", false);
      if (browsers[0] === "firefox") return;
      await ann.loseScreen();
      await ann.waitForDiagnostic("capturerStoppedUnexpectedly", true);
      await ann.waitForSharing(false);
      // A person who picks nothing did not fail.
      assert.equal(await ann.refusedSharing("NotAllowedError"), 43_001);
      assert.deepEqual(await told(ann, ["capturerStartFailed"]).then((all) => all.length), 2);
    }));
}

test("the other side is the dominant speaker from when it is heard until it leaves", () =>
  withCall(["chromium", "firefox"], async (ann, ben) => {
    assert.deepEqual(await ann.watchSpeakers(), []);
    await ben.accept();
    assert.deepEqual(await ann.waitForSpeakers(1), [[ben.identity]]);
    await ben.hangUp();
    assert.deepEqual(await ann.waitForEnd(), { code: 0, subCode: 0 });
    assert.deepEqual(await ann.waitForSpeakers(2), [[ben.identity], []]);
  }));

test("a call is rated once it is over", () =>
  withCall(["chromium", "firefox"], async (ann, ben) => {
    await ben.accept();
    await ann.waitForState("Connected");
    await ben.hangUp();
    await ann.waitForEnd();
    const [answer, ids] = await ann.rate({ overallRating: { score: 5 } });
    assert.deepEqual(answer, { overallRating: { score: 5 }, id: answer.id, ...ids });
    assert.ok(answer.id && ids.callId && ids.localParticipantId);
    await assert.rejects(ann.rate({ overallRating: { score: 6 } }), /from 1 to 5/);
  }));

test("the person is told when the connection is lost and when it is back", async () => {
  const line = await Proxy.start(server);
  const ann = await openFixture("chromium", line);
  const ben = await openFixture("firefox", server);
  try {
    await ann.signIn("Ann on a bad line");
    await ann.call(await ben.signIn("Ben on a good line"));
    // Before the line breaks: the file comes over it.
    await ann.watchDiagnostics();
    await ben.accept();
    await Promise.all([ann.waitForState("Connected"), ben.waitForState("Connected")]);
    assert.equal(await ben.watchRemoteDiagnostics(), 0);
    await line.cut();
    const { kind, valueType } = await ann.waitForDiagnostic("networkReconnect", 3);
    assert.deepEqual({ kind, valueType }, { kind: "network", valueType: "DiagnosticQuality" });
    await ben.waitForRemoteDiagnostic("serverConnection", 3);
    await line.restore();
    await ben.waitForRemoteDiagnostic("serverConnection", 1);
    await ann.waitForDiagnostic("networkReconnect", 1);
    await ann.hangUp();
    assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
  } finally {
    await Promise.all([ann.quit(), ben.quit()]);
    await line.close();
  }
});

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: a tab knows of the other one in which the same user has an agent, until that is gone`, async () => {
    const first = await openFixture(browser, server);
    try {
      await first.signIn("Ann in two tabs");
      const { environment, isSupportedEnvironment } = await first.watchTabs();
      assert.deepEqual([environment.browser, isSupportedEnvironment], [browser === "firefox" ? "firefox" : "chrome", true]);
      const handle = await first.driver.getWindowHandle();
      const second = await first.newTab(server);
      await second.signIn("Ann in two tabs");
      await second.watchTabs();
      await second.waitForOtherTab(true);
      await first.driver.switchTo().window(handle);
      await first.waitForOtherTab(true);
      // Somebody else's calls are their own.
      const third = await first.newTab(server);
      await third.signIn("Ben in the third tab");
      await third.watchTabs();
      await second.select();
      await second.disposeAgent();
      await first.driver.switchTo().window(handle);
      await first.waitForOtherTab(false);
      await third.select();
      assert.equal(await third.driver.executeScript("return window.fixture.state.debugInfo.isCallClientActiveInAnotherTab"), false);
      // Gone without a goodbye.
      await third.load(server);
      await third.signIn("Ann in two tabs");
      await third.watchTabs();
      await third.waitForOtherTab(true);
      await first.driver.switchTo().window(handle);
      await first.waitForOtherTab(true);
      await third.select();
      await third.driver.close();
      await first.driver.switchTo().window(handle);
      await first.waitForOtherTab(false);
      const told = (await first.log()).filter((event) => "inAnotherTab" in event).map(({ inAnotherTab }) => inAnotherTab);
      assert.deepEqual(told, [true, false, true, false]);
    } finally {
      await first.quit();
    }
  });
}

test("what happened to agent and calls is dumped, and says nothing of who they are", () =>
  withCall(["chromium", "firefox"], async (ann, ben) => {
    await ann.watchTabs();
    await ben.accept();
    await ann.waitForState("Connected");
    await ben.hangUp();
    await ann.waitForEnd();
    const report = await ann.dump();
    const states = report.records.filter(({ callId }) => callId === report.lastCallId).map(({ state }) => state);
    assert.deepEqual(states.slice(-2), ["Connected", "Disconnected"]);
    assert.deepEqual([report.records.at(-1).code, report.records.at(-1).subCode], [0, 0]);
    assert.ok(report.lastLocalParticipantId);
    for (const secret of [ann.identity, ben.identity, "Ann", "Ben"]) assert.ok(!JSON.stringify(report).includes(secret), secret);
  }));

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: the person is told of relays that do not answer`, async () => {
    const ann = await openFixture(browser, server);
    try {
      // A port that browsers may use, and nobody listens on.
      const iceServers = [{ urls: ["turn:127.0.0.1:9999?transport=tcp"], username: "u", credential: "c" }];
      await ann.signIn("Ann without relays", { client: { networkConfiguration: { turn: { iceServers } } } });
      const first = await ann.driver.getWindowHandle();
      const ben = await ann.newTab(server);
      const identity = await ben.signIn("Ben beside her", { answer: { video: false } });
      await ann.driver.switchTo().window(first);
      await ann.call(identity);
      await ann.watchDiagnostics();
      await ann.waitForState("Connected");
      const { kind, valueType } = await ann.waitForDiagnostic("networkRelaysNotReachable", true);
      assert.deepEqual({ kind, valueType }, { kind: "network", valueType: "DiagnosticFlag" });
    } finally {
      await ann.quit();
    }
  });
}

test("options out of range, and features that are not of a call, are refused at once", () =>
  withCall(["chromium", "chromium"], async (ann) => {
    const refusal = (expression) =>
      ann.driver.executeScript(
        `const { state, openline: { Features } } = window.fixture;
         try { ${expression}; } catch ({ name, code, subCode }) { return { name, code, subCode }; }`,
      );
    for (const option of ["aggregationInterval: 0", "aggregationInterval: 1.5", "dataPointsPerAggregation: 101"]) {
      const { name } = await refusal(`state.call.feature(Features.MediaStats).createCollector({ ${option} })`);
      assert.equal(name, "RangeError");
    }
    const { name } = await refusal("state.call.feature(Features.MediaStats).createCollector().on('sampleReported', 1)");
    assert.equal(name, "TypeError");
    for (const expression of ["state.call.feature(Features.DebugInfo)", "state.client.feature(Features.MediaStats)"]) {
      assert.deepEqual(await refusal(expression), { name: "CommunicationServicesError", code: 405, subCode: 40_000 });
    }
  }));
