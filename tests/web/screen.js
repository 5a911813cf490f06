// Screens that are shared in a call. Each function resolves, or rejects with what was not as it should be.
import { extend } from "../../pkg/features.js";
import { connected, ended, rejection, ring, same, truth, until } from "./calling.js";
import { all, hangUp, inCall } from "./devices.js";
import { eventually, onMachine } from "./machine.js";

const streamOf = (call, type) =>
  call.remoteParticipants[0].videoStreams.find(({ mediaStreamType }) => mediaStreamType === type);
const screenOf = (call) => streamOf(call, "ScreenSharing");
const cameraOf = (call) => streamOf(call, "Video");
const available = (stream, wanted) =>
  until(stream, "isAvailableChanged", `available: ${wanted}`, () => stream.isAvailable === wanted);
const typesOf = (streams) => streams.map(({ mediaStreamType }) => mediaStreamType);

let extended = false;
/** Does what the package does when it starts. */
function extendOnce(call, Stream) {
  if (!extended) extend(call.constructor, Stream);
  extended = true;
}

async function withScreens(alice, bob, bobId, Stream, options) {
  const pair = await inCall(alice, bob, bobId, options);
  extendOnce(pair.call, Stream);
  return pair;
}

/** A view's picture, once it moves: `[width, height]`. */
async function seen(stream, Renderer) {
  const view = await new Renderer(stream).createView();
  document.body.append(view.target);
  const video = view.target.querySelector("video");
  const context = Object.assign(document.createElement("canvas"), { width: 64, height: 48 }).getContext("2d");
  const picture = () => {
    context.drawImage(video, 0, 0, 64, 48);
    return context.getImageData(0, 0, 64, 48).data.join();
  };
  const first = picture();
  await eventually("another frame", () => picture() !== first);
  const size = [video.videoWidth, video.videoHeight];
  view.dispose();
  return size;
}

/** How many sounds arrive that are not silent, at whoever sends no picture. */
async function soundsHeard(machine) {
  const [theirs] = [...machine.connections].filter((connection) =>
    connection.getSenders().every(({ track }) => track?.kind !== "video"));
  const reports = [...(await theirs.getStats()).values()];
  return reports.filter(({ type, kind, totalAudioEnergy }) =>
    type === "inbound-rtp" && kind === "audio" && totalAudioEnergy > 0).length;
}

const settled = (machine) => eventually("settled", () =>
  [...machine.connections].every(({ signalingState }) => signalingState === "stable"));

export async function cameraAndScreenAtOnce(alice, bob, bobId, Stream, Renderer, manager) {
  await onMachine(all(), async (machine) => {
    const camera = new Stream((await manager.getCameras())[0]);
    const withCamera = { videoOptions: { localVideoStreams: [camera] } };
    const { call, answered } = await withScreens(alice, bob, bobId, Stream, withCamera);
    await available(cameraOf(answered), true);
    const told = [];
    call.on("isScreenSharingOnChanged", () => told.push(call.isScreenSharingOn));
    call.on("localVideoStreamsUpdated", ({ added, removed }) => told.push([added, removed].map(typesOf)));

    const { stream, track, stop } = await machine.screen();
    machine.pick = () => stream;
    await call.startScreenSharing();
    same([call.isScreenSharingOn, typesOf(call.localVideoStreams)], [true, ["Video", "ScreenSharing"]], "what is sent");
    same(told.splice(0), [[["ScreenSharing"], []], true], "events");
    const [, shared] = call.localVideoStreams;
    same([track.contentHint, shared.source.deviceType], ["detail", "ScreenSharing"], "text matters");
    same((await rejection(call.startScreenSharing())).subCode, 41035, "shared twice");
    same(track.readyState, "live", "the second one takes nothing from the first");
    await available(screenOf(answered), true);
    const own = await seen(shared, Renderer);
    same([own, await seen(screenOf(answered), Renderer)], [[320, 240], [320, 240]], "the screen, here and there");
    // A machine that has much to do sends it smaller for a while.
    await eventually("the camera is another picture", async () => (await seen(cameraOf(answered), Renderer))[0] > 320);
    await until(screenOf(answered), "sizeChanged", "its size", () => screenOf(answered).size.width === 320);
    await until(screenOf(answered), "isReceivingChanged", "received", () => screenOf(answered).isReceiving);
    await until(cameraOf(answered), "sizeChanged", "sizes are kept apart", () => cameraOf(answered).size.width > 320);
    await eventually("sound of the microphone and of the screen", async () => (await soundsHeard(machine)) === 2);
    const sounds = [];
    answered.on("remoteAudioStreamsUpdated", ({ added, removed }) => sounds.push([added, removed]));
    await until(answered, "remoteAudioStreamsUpdated", "both sounds", () => answered.remoteAudioStreams.length === 2);
    const [voice, played] = answered.remoteAudioStreams;
    const [theirs] = [...machine.connections].filter((connection) =>
      connection.getSenders().every(({ track }) => track?.kind !== "video"));
    const received = theirs.getReceivers().map((receiver) => receiver.track).filter(({ kind }) => kind === "audio");
    const heard = [voice, played].map(async (sound) => (await sound.getMediaStream()).getTracks()[0]);
    truth((await Promise.all(heard)).every((one, index) => one === received[index]), "the microphone's, then the screen's");

    await call.stopScreenSharing();
    await until(answered, "remoteAudioStreamsUpdated", "one sound", () => answered.remoteAudioStreams.length === 1);
    truth(answered.remoteAudioStreams[0] === voice, "the voice goes on");
    truth(sounds.at(-1)[0].length === 0 && sounds.at(-1)[1][0] === played, "the screen's is gone");
    same(told.splice(0), [[[], ["ScreenSharing"]], false], "events of the end");
    same([track.readyState, call.isLocalVideoStarted], ["ended", true], "the screen is released, the camera goes on");
    same((await rejection(call.stopScreenSharing())).subCode, 41041, "stopped twice");
    await available(screenOf(answered), false);
    await seen(cameraOf(answered), Renderer);
    stop();

    await settled(machine);
    const { descriptions } = machine;
    const again = await machine.screen();
    machine.pick = () => again.stream;
    await call.startScreenSharing();
    await available(screenOf(answered), true);
    same(await seen(screenOf(answered), Renderer), [320, 240], "shared again");
    same(machine.descriptions, descriptions, "without negotiation");
    await until(answered, "remoteAudioStreamsUpdated", "heard again", () => answered.remoteAudioStreams[1] === played);
    again.stop();
    await hangUp(call, answered);
    same([again.track.readyState, call.isScreenSharingOn], ["ended", false], "released with the call");
    same([machine.on("audio"), machine.on("video")], [[], []], "nothing is left on");
  });
}

export async function bothShare(alice, bob, bobId, Stream, Renderer) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await withScreens(alice, bob, bobId, Stream);
    const screens = [await machine.screen(), await machine.screen()];
    const left = screens.map(({ stream }) => stream);
    machine.pick = () => left.shift();
    await Promise.all([call.startScreenSharing(), answered.startScreenSharing()]);
    for (const one of [call, answered]) {
      await available(screenOf(one), true);
      same(await seen(screenOf(one), Renderer), [320, 240], "the other's screen");
    }
    screens[0].endSharing();
    await until(call, "isScreenSharingOnChanged", "ended by the browser's button", () => !call.isScreenSharingOn);
    await available(screenOf(answered), false);
    truth(answered.isScreenSharingOn && screenOf(call).isAvailable, "the other one goes on");
    await seen(screenOf(call), Renderer);
    await hangUp(call, answered);
    const live = screens.flatMap(({ stream }) => stream.getTracks()).filter(({ readyState }) => readyState === "live");
    same(live.length, 0, "the end of the call releases the screen");
    screens.forEach(({ stop }) => stop());
  });
}

export async function aSharedScreenOnHold(alice, bob, bobId, Stream, Renderer) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await withScreens(alice, bob, bobId, Stream);
    const { stream, stop } = await machine.screen();
    machine.pick = () => stream;
    await call.startScreenSharing();
    await available(screenOf(answered), true);
    await seen(screenOf(answered), Renderer);
    const sent = () => [...machine.connections].flatMap((connection) => connection.getSenders())
      .filter(({ track }) => track && stream.getTracks().includes(track)).length;
    same(sent(), 2, "its picture and its sound are sent");
    for (const holder of [call, answered]) {
      await holder.hold();
      await available(screenOf(answered), false);
      await eventually("nothing is sent", () => sent() === 0);
      truth(call.isScreenSharingOn, "it is still shared");
      await holder.resume();
      await available(screenOf(answered), true);
      same(await seen(screenOf(answered), Renderer), [320, 240], "seen again");
    }
    await answered.hold();
    await until(call, "stateChanged", "RemoteHold", () => call.state === "RemoteHold");
    await call.stopScreenSharing();
    await answered.resume();
    await connected(call);
    await eventually("stopped while on hold", () => sent() === 0);
    truth(!screenOf(answered).isAvailable, "it does not come back");
    await hangUp(call, answered);
    stop();
  });
}

export async function aStreamOfThePageAsScreen(alice, bob, bobId, Stream, Renderer) {
  await onMachine(all(), async (machine) => {
    const { stream, track, stop } = await machine.screen();
    const shared = new Stream(stream);
    const { call, incoming } = await ring(alice, bob, bobId);
    extendOnce(call, Stream);
    const early = await rejection(call.startScreenSharing(shared));
    same([early.name, early.code, early.subCode], ["CommunicationServicesError", 412, 41071], "before it is connected");
    same((await rejection(call.startScreenSharing())).subCode, 41071, "nobody is asked");
    const answered = await incoming.accept();
    await Promise.all([connected(call), connected(answered)]);
    same((await rejection(call.startScreenSharing({}))).subCode, 41025, "something else");
    for (const [name, message, subCode] of [
      ["NotAllowedError", "Permission denied", 43001],
      ["NotAllowedError", "Permission denied by system", 43016],
      ["NotReadableError", "", 43000],
      ["InvalidStateError", "", 43002],
      ["NotSupportedError", "", 43017],
    ]) {
      machine.pick = () => {
        throw new DOMException(message, name);
      };
      same((await rejection(call.startScreenSharing())).subCode, subCode, `${name} ${message}`);
    }
    truth(!call.isScreenSharingOn, "nothing is shared");

    const wrapped = new Proxy(call, {});
    await wrapped.startScreenSharing(shared);
    truth(call.localVideoStreams[0] === shared, "the very stream");
    same(shared.mediaStreamType, "ScreenSharing", "its type while it is shared");
    await available(screenOf(answered), true);
    same(await seen(screenOf(answered), Renderer), [320, 240], "the page's picture");
    const other = await machine.screen();
    await shared.setMediaStream(other.stream);
    stop();
    track.stop();
    same(await seen(screenOf(answered), Renderer), [320, 240], "other media of the same stream");
    await call.stopScreenSharing();
    same([shared.mediaStreamType, other.track.readyState], ["RawMedia", "live"], "the page's own stream goes on");
    await call.startScreenSharing(shared);
    other.endSharing();
    await until(call, "isScreenSharingOnChanged", "ended by the page", () => !call.isScreenSharingOn);

    let picked;
    machine.pick = () => new Promise((resolve) => (picked = resolve));
    const unwanted = call.startScreenSharing();
    await call.stopScreenSharing();
    same((await rejection(call.stopScreenSharing())).subCode, 41041, "stopped already");
    const refused = await machine.screen();
    picked(refused.stream);
    await unwanted;
    same([call.isScreenSharingOn, refused.track.readyState], [false, "ended"], "stopped while the person picked");
    refused.stop();

    const late = rejection(call.startScreenSharing());
    same((await rejection(call.startScreenSharing())).subCode, 41035, "while the person picks");
    await call.hangUp();
    await ended(answered);
    const last = await machine.screen();
    picked(last.stream);
    same((await late).subCode, 41071, "the call ended while the person picked");
    await eventually("what was picked is released", () => last.track.readyState === "ended");
    for (const one of [other, last]) one.stop();
  });
}
