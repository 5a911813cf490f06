// How a call is sent: its codecs, its limits, and tones. Each function resolves, or rejects with what was not as it
// should be.
import { canvasStream, connected, ended, rejection, ring, same, truth, until } from "./calling.js";
import { all, hangUp, inCall } from "./devices.js";
import { eventually, onMachine } from "./machine.js";

/** The statistics of one kind of a connection. */
async function reports(connection, type, kind) {
  const found = await connection.getStats();
  const list = [...found.values()].filter((report) => report.type === type && report.kind === kind);
  return list.map((report) => ({ ...report, mimeType: found.get(report.codecId)?.mimeType }));
}

const sender = (connection, kind) => connection.getSenders().find((one) => one.track?.kind === kind);
const encoding = (connection, kind) => sender(connection, kind)?.getParameters().encodings[0];
/** That of whoever sends a picture. */
const filming = (machine) => [...machine.connections].find((connection) => sender(connection, "video"));
const section = (sdp, kind) => sdp.split(/^(?=m=)/m).find((part) => part.startsWith(`m=${kind}`));
const first = (sdp, kind) => {
  const part = section(sdp, kind);
  const payload = part.split("\r\n", 1)[0].split(" ")[3];
  return new RegExp(`^a=rtpmap:${payload} ([^/]+)/`, "m").exec(part)[1].toUpperCase();
};

/** Machines that have hardware for these codecs, one after the other: the two of whoever signs in next. */
export function hardware(...machines) {
  let asked = 0;
  for (const way of ["encodingInfo", "decodingInfo"]) {
    navigator.mediaCapabilities[way] = async ({ video }) => {
      // Four codecs, two ways.
      const names = machines[Math.floor(asked++ / 8)] ?? [];
      return { supported: true, smooth: true, powerEfficient: names.includes(video.contentType.split("/")[1]) };
    };
  }
}

export function ownHardware() {
  for (const way of ["encodingInfo", "decodingInfo"]) delete navigator.mediaCapabilities[way];
}

export async function soundIsProtected(alice, bob, bobId, Stream) {
  await onMachine(all(), async (machine) => {
    const { stream, stop } = canvasStream();
    const camera = new Stream(stream);
    const { call, answered } = await inCall(alice, bob, bobId, { videoOptions: { localVideoStreams: [camera] } });
    await until(call, "isLocalVideoStartedChanged", "video", () => call.isLocalVideoStarted);
    const both = [...machine.connections];
    same(both.length, 2, "connections");
    const hasRed = RTCRtpReceiver.getCapabilities("audio").codecs.some(({ mimeType }) => mimeType === "audio/red");
    for (const connection of both) {
      const { sdp } = connection.remoteDescription;
      const options = /^a=fmtp:\d+ (.*useinbandfec=.*)$/m.exec(section(sdp, "audio"))[1].split(";");
      truth(options.includes("useinbandfec=1") && options.includes("usedtx=1"), `Opus is ${options}`);
      same(first(sdp, "audio"), hasRed ? "RED" : "OPUS", "the codec of the sound");
      await eventually("sound is first", () => encoding(connection, "audio")?.priority === "high");
      await eventually("sound is sent", async () => {
        const [sent] = await reports(connection, "outbound-rtp", "audio");
        return sent?.packetsSent > 0 && sent.mimeType === "audio/opus";
      });
      // The second copy of what has arrived is thrown away.
      const copies = async () => (await reports(connection, "inbound-rtp", "audio"))[0]?.packetsDiscarded > 10;
      if (hasRed) await eventually("sound arrives twice", copies);
    }
    const video = filming(machine);
    await eventually("limits of the picture", () => encoding(video, "video")?.maxBitrate === 2_500_000);
    same(sender(video, "video").getParameters().degradationPreference, "maintain-framerate", "what gives way");
    same(encoding(video, "video").priority, "low", "after the sound");
    await hangUp(call, answered);
    stop();
  });
}

export async function bothSendTheSameCodec(alice, bob, bobId, expected, Stream) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId);
    const pictures = [canvasStream(), canvasStream()];
    await call.startVideo(new Stream(pictures[0].stream));
    await answered.startVideo(new Stream(pictures[1].stream));
    const both = [...machine.connections];
    const codecs = () =>
      Promise.all(both.map(async (one) => (await reports(one, "outbound-rtp", "video"))[0]?.mimeType ?? ""));
    const bothSend = async () => (await codecs()).every((name) => name === `video/${expected}`);
    await eventually(`both send ${expected}`, bothSend);
    const offers = () => both.map(({ currentLocalDescription: { sdp } }) => /^o=.*$/m.exec(sdp)[0]).join();
    // Each side offers anew, then both at once.
    for (const again of [[both[0]], [both[1]], both]) {
      const before = offers();
      for (const connection of again) connection.restartIce();
      const settled = ({ signalingState }) => signalingState === "stable";
      await eventually("another round", () => offers() !== before && both.every(settled));
      await machine.receivesMore("framesDecoded", both);
      same(await codecs(), [`video/${expected}`, `video/${expected}`], "codecs afterwards");
      for (const { remoteDescription } of both) same(first(remoteDescription.sdp, "video"), expected, "the first one");
    }
    await hangUp(call, answered);
    pictures.forEach(({ stop }) => stop());
  });
}

/** Until pictures are sent that are like that, by what the sender counts. */
const sends = (machine, what, condition) =>
  eventually(what, async () => {
    const connection = filming(machine);
    const [sent] = connection ? await reports(connection, "outbound-rtp", "video") : [];
    return sent?.framesPerSecond > 0 && condition(sent);
  });
const lines = (max) => (sent) => sent.frameHeight > 0 && sent.frameHeight <= max;
const limits = (frameHeight, frameRate, bitrate) => ({
  video: { send: { frameHeight: { max: frameHeight }, frameRate: { max: frameRate }, bitrate: { max: bitrate } } },
});

export async function picturesAreLimited(alice, bob, bobId, manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [front, back] = await manager.getCameras();
    const camera = new Stream(front);
    const { video: constraints } = limits(120, 8);
    const { call, answered } = await inCall(alice, bob, bobId, {
      videoOptions: { localVideoStreams: [camera], constraints },
    });
    // One frame more or less falls into the second that the browser looks at.
    await sends(machine, "120 lines, 8 times a second", (sent) => lines(120)(sent) && sent.framesPerSecond <= 10);
    const height = () => sender(filming(machine), "video").track.getSettings().height;
    await sends(machine, "what is as large as the limit", (sent) => sent.frameHeight <= height() / 2);

    await call.setConstraints(limits(0, 0, 200_000));
    await sends(machine, "more lines, and more often", (sent) => !lines(120)(sent) && sent.framesPerSecond > 12);
    same(encoding(filming(machine), "video").maxBitrate, 200_000, "bit rate");
    await call.setConstraints({ video: { send: { frameHeight: { max: 90 } } } });
    await sends(machine, "90 lines", lines(90));
    const kept = () => {
      const { maxBitrate, scaleResolutionDownBy } = encoding(filming(machine), "video");
      return maxBitrate === 200_000 && Math.abs(scaleResolutionDownBy - height() / 90) < 0.01;
    };
    truth(kept(), "what is not named stays");

    await camera.switchSource(back);
    await eventually("the other camera", () => machine.sent("video").join() === "back" && kept());
    await call.hold();
    await eventually("held", () => !filming(machine));
    await call.resume();
    await eventually("resumed", () => filming(machine) && kept());
    await call.stopVideo(camera);
    await call.startVideo(camera);
    await sends(machine, "90 lines again", lines(90));

    for (const max of [-1, "90", null]) {
      const error = await rejection(call.setConstraints({ video: { send: { frameHeight: { max } } } }));
      same([error.name, error.code, error.subCode], ["CommunicationServicesError", 412, 43018], `${max}`);
    }
    for (const constraints of [undefined, null, 90]) {
      same((await rejection(call.setConstraints(constraints))).subCode, 43018, `${constraints} are no constraints`);
    }
    truth(kept(), "what was refused changed nothing");
    await hangUp(call, answered);
    same((await rejection(call.setConstraints(limits(90)))).code, 412, "afterwards");
    let thrown;
    try {
      alice.startCall([{ communicationUserId: bobId }], { videoOptions: { constraints: limits(-1).video } });
    } catch (error) {
      thrown = error;
    }
    same([thrown?.subCode, alice.calls.length], [43018, 0], "a call with such constraints is not begun");
  });
}

export async function ownPicturesAreLimited(alice, bob, bobId, Stream) {
  await onMachine(all(), async (machine) => {
    const { call, incoming } = await ring(alice, bob, bobId);
    const { stream, stop } = canvasStream();
    const { subCode } = await rejection(incoming.accept({ videoOptions: { constraints: limits(-1).video } }));
    same(subCode, 43018, "such constraints leave it ringing");
    const options = { localVideoStreams: [new Stream(stream)], constraints: limits(60).video };
    const answered = await incoming.accept({ videoOptions: options });
    await Promise.all([connected(call), connected(answered)]);
    await sends(machine, "60 lines of a canvas", lines(60));
    await hangUp(answered, call);
    stop();
  });
}

/** Runs `body` while senders take no track in. `settled` lets them, and says whether all is in. */
async function slowSenders(body) {
  const { prototype } = RTCRtpSender;
  const real = prototype.replaceTrack;
  const waiting = [];
  let pending = 0;
  prototype.replaceTrack = async function (track) {
    pending += 1;
    await new Promise((resolve) => waiting.push(resolve));
    await real.call(this, track).finally(() => (pending -= 1));
  };
  const settled = () => {
    waiting.splice(0).forEach((go) => go());
    return pending === 0;
  };
  try {
    await body({ waiting, settled });
  } finally {
    prototype.replaceTrack = real;
    waiting.forEach((go) => go());
  }
}

export async function whatWasWantedLastIsSent(alice, bob, bobId, Stream) {
  await onMachine(all(), async (machine) => {
    const { stream, stop } = canvasStream();
    const camera = new Stream(stream);
    const { call, answered } = await inCall(alice, bob, bobId, { videoOptions: { localVideoStreams: [camera] } });
    await until(call, "isLocalVideoStartedChanged", "video", () => call.isLocalVideoStarted);
    const own = filming(machine);
    const tracks = () => [...machine.connections].map((one) => one.getSenders().map(({ track }) => track?.kind ?? "none"));
    await eventually("both send", () => machine.sent("audio").length === 2);
    const before = JSON.stringify(tracks());
    const isAsBefore = () => JSON.stringify(tracks()) === before;
    await slowSenders(async ({ waiting, settled }) => {
      const cut = [call.sendDtmf("Num1"), call.sendDtmf("Num2")].map(rejection);
      await call.hold();
      await until(call, "stateChanged", "held", () => call.state === "LocalHold");
      await until(answered, "stateChanged", "held", () => answered.state === "RemoteHold");
      for (const { code } of await Promise.all(cut)) same(code, 412, "a tone that a hold cut off");
      await call.resume();
      await Promise.all([connected(call), connected(answered)]);
      await eventually("each of them on its way out", () => waiting.length >= 3);
      await eventually("what was taken out is sent again", () => settled() && isAsBefore());
    });
    await machine.receivesMore("totalAudioEnergy");
    await slowSenders(async ({ waiting, settled }) => {
      await call.stopVideo(camera);
      await eventually("it is on its way out", () => waiting.length === 1);
      await call.startVideo(camera);
      await eventually("the camera is sent again", () => settled() && isAsBefore());
    });
    truth(filming(machine) === own, "the picture is sent");
    await hangUp(call, answered);
    stop();
  });
}

/** What the microphone's sender of either side plays. */
function tonesOf(machine) {
  const played = [];
  for (const connection of machine.connections) {
    connection.getSenders()[0].dtmf.addEventListener("tonechange", ({ tone }) => played.push(tone));
  }
  return played;
}

export async function tonesAreSent(alice, bob, bobId) {
  await onMachine(all(), async (machine) => {
    const { call, incoming } = await ring(alice, bob, bobId);
    same((await rejection(call.sendDtmf("Num1"))).code, 412, "while it rings");
    const answered = await incoming.accept();
    await Promise.all([connected(call), connected(answered)]);
    for (const { localDescription, remoteDescription } of machine.connections) {
      for (const { sdp } of [localDescription, remoteDescription]) truth(sdp.includes("telephone-event"), "negotiated");
    }
    const played = tonesOf(machine);
    await Promise.all(["Num1", "Num2", "Star", "A", "5"].map((tone) => call.sendDtmf(tone)));
    same(played.splice(0), ["1", "", "2", "", "*", "", "A", "", "5", ""], "one after the other");
    await answered.mute();
    await answered.sendDtmf("Pound");
    same(played.splice(0), ["#", ""], "while muted, by the other side");
    for (const tone of ["Flash", "12", undefined]) {
      const error = await rejection(call.sendDtmf(tone));
      same([error.name, error.code], ["CommunicationServicesError", 400], `${tone}`);
    }
    await call.hold();
    await until(call, "stateChanged", "held", () => call.state === "LocalHold");
    same((await rejection(call.sendDtmf("Num1"))).code, 412, "on hold");
    await call.resume();
    await connected(call);
    same(played, [], "nothing else was played");
    const cut = rejection(call.sendDtmf("Num0"));
    await hangUp(call, answered);
    same((await cut).code, 412, "cut off by the end");
    same((await rejection(call.sendDtmf("Num1"))).code, 412, "afterwards");
  });
}

export async function tonesWithoutAMicrophone(alice, bob, bobId) {
  await onMachine(all().filter(({ kind }) => kind !== "audioinput"), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId);
    await until(call, "isMutedChanged", "muted", () => call.isMuted);
    const played = tonesOf(machine);
    const [connection, other] = machine.connections;
    const arrived = async () => (await reports(other, "inbound-rtp", "audio"))[0]?.packetsReceived ?? 0;
    const before = await arrived();
    await call.sendDtmf("Num7");
    same(played, ["7", ""], "played");
    await eventually("something arrived", async () => (await arrived()) > before);
    same(connection.getSenders()[0].track, null, "and nothing more is");
    await hangUp(call, answered);
  });
}

/** A description of a side that takes no tones. */
function withoutTones(sdp) {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) telephone-event\/.*$/gm)].map(([, payload]) => payload);
  const about = new RegExp(`^a=(rtpmap|fmtp|rtcp-fb):(${payloads.join("|")}) .*\r\n`, "gm");
  const line = (all) => all.split(" ").filter((part) => !payloads.includes(part)).join(" ");
  return sdp.replace(about, "").replace(/^m=audio .*$/m, line);
}

export async function tonesThatNobodyTakes(alice, bob, bobId) {
  const { prototype } = RTCPeerConnection;
  const real = prototype.setRemoteDescription;
  prototype.setRemoteDescription = function ({ type, sdp }) {
    return real.call(this, { type, sdp: withoutTones(sdp) });
  };
  try {
    const { call, answered } = await inCall(alice, bob, bobId);
    for (const one of [call, answered]) {
      const error = await rejection(one.sendDtmf("Num1"));
      same([error.name, error.code], ["CommunicationServicesError", 405], "nobody would hear it");
    }
    await call.hangUp();
    await ended(answered);
  } finally {
    prototype.setRemoteDescription = real;
  }
}
