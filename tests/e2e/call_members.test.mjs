// That the published interface is there by name, that what calls between two people do not have says so, and that
// everything may be ended twice. The types of the same names are in tests/types/cases/reference.ts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFixture } from "./lib/fixture.mjs";
import { Server } from "./lib/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.close());

const words = (text) => text.split(/\s+/).filter(Boolean);
const MEMBERS = {
  client: words("feature createCallAgent createTeamsCallAgent getDeviceManager dispose"),
  agent: words("kind connectionState calls displayName startCall join dispose on off"),
  call: words(`kind id callerInfo transferorInfo state callEndReason direction isMuted isIncomingAudioMuted
    isScreenSharingOn isLocalVideoStarted localVideoStreams localAudioStreams remoteAudioStreams remoteParticipants role
    lobby info feature hangUp mute unmute muteAllRemoteParticipants muteIncomingAudio unmuteIncomingAudio startVideo
    stopVideo hold resume addParticipant removeParticipant dispose on off`),
  participant: words(`identifier displayName hasDisplayNameChanged endpointDetails state callEndReason videoStreams
    isMuted isSpeaking role mute on off`),
  remoteVideo: words("id mediaStreamType isReceiving size isAvailable getMediaStream on off"),
  transfers: words("name transfer on off dispose"),
  lobby: words("participants admit reject admitAll on off"),
};
const INCOMING = words("kind id callerInfo transferorInfo callEndReason customContext info accept reject on off");

for (const browser of ["chromium", "firefox"]) {
  test(`${browser}: every member is there, and refuses where there is no such thing`, async () => {
    const tabs = [];
    try {
      for (const name of ["Ann", "Ben"]) {
        const tab = await openFixture(browser, server);
        tabs.push(tab);
        tab.identity = await tab.signIn(`${name} ${browser}`);
      }
      const [ann, ben] = tabs;
      assert.deepEqual(await ann.preheat(), [412, 412, 412, [], ["audio", "video"], ["audio", "video"], ["video"]]);
      await ann.call(ben.identity);
      await ben.waitForInvitation();
      assert.deepEqual(await ben.missing("incoming", INCOMING), []);
      await ben.accept();
      await ann.waitForState("Connected");
      for (const [of, names] of Object.entries(MEMBERS)) assert.deepEqual(await ann.missing(of, names), [], of);
      assert.deepEqual(await ann.refusals(), {
        createTeamsCallAgent: "rejects 405",
        join: "throws 405",
        startCall: "throws 405",
        customContext: "throws 400",
        addParticipant: "throws 405",
        removeParticipant: "rejects 405",
        muteAllRemoteParticipants: "rejects 405",
        mute: "rejects 405",
        admit: "rejects 405",
        reject: "rejects 405",
        transferToCall: "throws 405",
      });
      assert.deepEqual(await ann.admitAll(), { successCount: 0, failureCount: 0 });
      assert.deepEqual(await ann.disposeFeatures(), { without: 0, told: [], isSending: false, again: true });
      await ann.listenToNothing();
      assert.deepEqual(await ann.disposeTwice(), ["Disconnected", 0, "Disconnected"]);
      assert.deepEqual(await ben.waitForEnd(), { code: 0, subCode: 0 });
    } finally {
      await Promise.all(tabs.map((tab) => tab.quit()));
    }
  });
}
