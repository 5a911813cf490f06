// Devices that are chosen, refused, unplugged and plugged in again. Each function resolves, or rejects with what was
// not as it should be.
import { connected, ended, rejection, ring, same, truth, until } from "./calling.js";
import { device, eventually, onMachine } from "./machine.js";
import { start as preheat } from "../../pkg/preheat.js";

const microphones = () => [
  device("audioinput", "default", "Default - Desk"),
  device("audioinput", "desk", "Desk"),
  device("audioinput", "headset", "Headset"),
];
const speakers = () => [
  device("audiooutput", "default", "Default - Desk"),
  device("audiooutput", "headphones", "Headphones"),
];
const cameras = () => [device("videoinput", "front", "Front"), device("videoinput", "back", "Back")];
export const all = () => [...microphones(), ...speakers(), ...cameras()];

export async function inCall(alice, bob, bobId, options) {
  const { call, incoming } = await ring(alice, bob, bobId, options);
  const answered = await incoming.accept();
  await Promise.all([connected(call), connected(answered)]);
  return { call, answered };
}

export async function hangUp(call, answered) {
  await call.hangUp();
  await ended(answered);
}

export async function whatMayBeUsedIsNotAskedFor(manager) {
  await onMachine(all(), async (machine) => {
    same(await manager.askDevicePermission({ audio: true, video: true }), { audio: true, video: true }, "granted");
    same(machine.asked, [], "nothing was opened to find out");
    machine.permission = "prompt";
    machine.devices = all().map((one) => ({ ...one, label: "" }));
    same(await manager.askDevicePermission({ audio: false, video: true }), { audio: false, video: true }, "asked");
    same(machine.asked, [["video"]], "only the camera was asked for");
    same(machine.on("video"), [], "and is off again");
    machine.refused = { video: ["NotAllowedError", "Permission dismissed"] };
    machine.asked = [];
    same(await manager.askDevicePermission({ audio: true, video: true }), { audio: false, video: false }, "dismissed");
    same(machine.asked.length, 1, "nobody is asked again at once");
  });
}

export async function preheatedDevicesAreClosedWithTheirClient(client) {
  await onMachine(all(), async (machine) => {
    const manager = await client.getDeviceManager();
    const [, desk] = await manager.getMicrophones();
    const audio = { audio: { preheat: true } };
    const isOff = () => machine.on("audio").length + machine.on("video").length === 0;
    await preheat(manager, audio);
    same(machine.on("audio").length, 1, "preheated");
    let open;
    const asked = new Promise((resolve) => {
      machine.opening = () => new Promise((go) => {
        open = go;
        resolve();
      });
    });
    const late = rejection(preheat(manager, { video: { preheat: true } }));
    await asked;
    await client.dispose();
    await eventually("closed with the client", isOff);
    open();
    same((await late).code, 412, "what opened too late");
    truth(isOff(), "is off");
    machine.opening = () => {};
    for (const ask of [
      () => preheat(manager, audio),
      () => manager.askDevicePermission({ audio: true }),
      () => manager.selectMicrophone(desk),
    ]) {
      same((await rejection(ask())).code, 412, "afterwards");
    }
    truth(isOff(), "nothing is opened afterwards");
    same(localStorage.getItem("openline:microphone"), null, "nothing is remembered");
  });
}

export async function askingLeavesACallAlone(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId);
    await eventually("two microphones", () => machine.sent("audio").length === 2);
    machine.permission = "prompt";
    machine.asked = [];
    same(await manager.askDevicePermission({ audio: true, video: true }), { audio: true, video: true }, "asked in a call");
    same(machine.asked, [["video"]], "the microphone in use was not opened anew");
    await hangUp(call, answered);
    same([machine.on("audio"), machine.on("video")], [[], []], "nothing is left on");
  });
}

export async function theMicrophoneIsUnplugged(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    const found = await manager.getMicrophones();
    same(found.map(({ id, isSystemDefault, deviceType }) => [id, isSystemDefault, deviceType]), [
      ["microphone:default", true, "Microphone"],
      ["microphone:desk", false, "Microphone"],
      ["microphone:headset", false, "Microphone"],
    ], "the list");
    await manager.selectMicrophone(found[2]);
    const { call, answered } = await inCall(alice, bob, bobId);
    await eventually("the chosen one is sent", () => machine.sent("audio").join() === "default,headset");
    const { descriptions } = machine;
    const told = [];
    manager.on("selectedMicrophoneChanged", () => told.push(manager.selectedMicrophone.id));
    manager.on("audioDevicesUpdated", ({ added, removed }) => told.push([added, removed].map((list) => list.map(({ id }) => id))));

    machine.unplug("headset");
    await eventually("the default is sent", () => machine.sent("audio").join() === "default,default");
    await machine.receivesMore("totalAudioEnergy");
    same(told.splice(0), [[[], ["microphone:headset"]], "microphone:default"], "unplugged");
    truth(!call.isMuted, "not muted");
    machine.plug(device("audioinput", "headset", "Headset"));
    await eventually("the chosen one again", () => machine.sent("audio").join() === "default,headset");
    same(told.splice(0), [[["microphone:headset"], []], "microphone:headset"], "plugged in again");

    await manager.selectMicrophone(found[1]);
    same(machine.sent("audio"), ["default", "desk"], "changed in the middle of a call");
    machine.end("desk");
    await eventually("one that stops is opened again", () => machine.sent("audio").join() === "default,desk");
    machine.busy = "headset";
    const error = await rejection(manager.selectMicrophone(found[2]));
    same([error.code, error.subCode], [400, 41016], "one that another program uses");
    same([machine.sent("audio"), call.isMuted], [["default", "desk"], false], "the former one is sent");
    await machine.receivesMore("totalAudioEnergy");
    same(manager.selectedMicrophone.id, "microphone:desk", "the former one stays");
    same(machine.descriptions, descriptions, "nothing was negotiated");
    await hangUp(call, answered);
    same(machine.on("audio"), [], "nothing is left on");
  });
}

export async function theSpeakerIsUnplugged(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    const [, headphones] = await manager.getSpeakers();
    await manager.selectSpeaker(headphones);
    const { call, answered } = await inCall(alice, bob, bobId);
    await eventually("the sound is there", () => machine.sinks.includes("headphones"));
    let told = 0;
    manager.on("selectedSpeakerChanged", () => (told += 1));
    machine.unplug("headphones");
    await eventually("the sound moved", () => machine.sinks.at(-1) === "default");
    await until(manager, "selectedSpeakerChanged", "the default", () => manager.selectedSpeaker.id === "speaker:default");
    same(told, 1, "one event");
    machine.unplug("default");
    await eventually("the system's own choice", () => machine.sinks.at(-1) === "");
    await hangUp(call, answered);
  });
}

export async function theSpeakerIsChosenInTheBrowser(manager) {
  await onMachine(microphones(), async (machine) => {
    const wanted = [];
    navigator.mediaDevices.selectAudioOutput = async ({ deviceId }) => {
      wanted.push(deviceId);
      if (deviceId === "gone") throw new DOMException("", "NotAllowedError");
      const chosen = device("audiooutput", "kitchen", "Kitchen");
      machine.devices.push(chosen);
      return chosen;
    };
    try {
      same((await rejection(manager.selectSpeaker({ id: "speaker:gone" }))).subCode, 43004, "nothing was chosen");
      await manager.selectSpeaker({ id: "speaker:", name: "" });
      same([wanted, manager.selectedSpeaker.name], [["gone", ""], "Kitchen"], "what was chosen");
    } finally {
      delete navigator.mediaDevices.selectAudioOutput;
    }
  });
}

export async function theCameraIsUnplugged(alice, bob, bobId, manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [front] = await manager.getCameras();
    const camera = new Stream(front);
    const { call, answered } = await inCall(alice, bob, bobId);
    await call.startVideo(camera);
    await eventually("the camera is sent", () => machine.sent("video").join() === "front");
    const sources = [];
    camera.on("videoSourceChanged", ({ source }) => sources.push(source.source.id));
    machine.unplug("front");
    await eventually("the other one is sent", () => machine.sent("video").join() === "back");
    await until(camera, "videoSourceChanged", "told", () => sources.length === 1);
    same(sources, ["camera:back"], "the event");
    truth(call.localVideoStreams[0] === camera, "the same stream");
    const [theirs] = [...machine.connections].filter((connection) =>
      connection.getSenders().every(({ track }) => track?.kind !== "video"));
    await machine.receivesMore("framesDecoded", [theirs]);

    machine.end("back");
    await until(call, "isLocalVideoStartedChanged", "off", () => !call.isLocalVideoStarted);
    same([call.localVideoStreams.length, machine.on("video")], [0, []], "a camera that is taken away ends the video");
    await hangUp(call, answered);
  });
}

export async function aStreamOfThePageThatEndsEndsTheVideo(alice, bob, bobId, Stream) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId);
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const [track] = stream.getVideoTracks();
    let ends = 0;
    track.addEventListener("ended", () => (ends += 1));
    await call.startVideo(new Stream(stream));
    await until(call, "isLocalVideoStartedChanged", "on", () => call.isLocalVideoStarted);
    await eventually("the page's own track is sent", () => machine.sent("video").join() === "front");
    machine.end("front");
    same([ends, track.readyState], [1, "ended"], "the track ended");
    await until(call, "isLocalVideoStartedChanged", "off", () => !call.isLocalVideoStarted);
    await hangUp(call, answered);
  });
}

export async function theChoiceIsRemembered(first, second, third) {
  await onMachine(all(), async (machine) => {
    await first.selectMicrophone((await first.getMicrophones())[2]);
    await first.selectSpeaker((await first.getSpeakers())[1]);
    const selected = async (manager) => {
      await manager.getMicrophones();
      return [manager.selectedMicrophone.id, manager.selectedSpeaker.id];
    };
    same(await selected(await second()), ["microphone:headset", "speaker:headphones"], "by id");
    machine.devices = all().map((device) => ({ ...device, deviceId: `${device.deviceId}-2` }));
    same(await selected(await third()), ["microphone:headset-2", "speaker:headphones-2"], "by name");
  });
}

export async function aCameraIsFoundByItsName(manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [, back] = await manager.getCameras();
    machine.devices = cameras().map((camera) => ({ ...camera, deviceId: `${camera.deviceId}-2` }));
    const stream = new Stream(back);
    await stream.getMediaStream();
    same([machine.on("video"), stream.source.id], [["back-2"], "camera:back-2"], "the same camera under another id");
    stream.dispose();
    const { code, subCode } = await rejection(stream.getMediaStream());
    same([code, subCode, machine.on("video")], [412, 43019, []], "a stream that was disposed");
    machine.devices = [device("videoinput", "front-2", "Front")];
    same((await rejection(new Stream(back).getMediaStream())).subCode, 43018, "no camera of that name");
  });
}

export async function everyFailureOfACamera(manager, Stream) {
  await onMachine(all(), async (machine) => {
    const stream = new Stream((await manager.getCameras())[0]);
    for (const [failure, code, subCode] of [
      ["NotReadableError", 412, 43000],
      ["NotAllowedError", 403, 43001],
      ["UnknownError", 500, 43002],
      ["NotFoundError", 412, 43013],
      ["AbortError", 412, 43014],
      [["NotAllowedError", "Permission dismissed"], 412, 43015],
      [["NotAllowedError", "Permission denied by system"], 412, 43016],
      ["NotSupportedError", 412, 43017],
    ]) {
      machine.refused = { video: failure };
      const error = await rejection(stream.getMediaStream());
      same([error.name, error.code, error.subCode], ["CommunicationServicesError", code, subCode], `${failure}`);
    }
  });
}

export async function aRefusedMicrophone(alice, bob, bobId) {
  await onMachine(all(), async (machine) => {
    machine.permission = "prompt";
    machine.refused = { audio: "NotAllowedError" };
    const { call, incoming } = await ring(alice, bob, bobId);
    const answered = await incoming.accept();
    same(machine.asked.length, 2, "each was asked once");
    await Promise.all([connected(call), connected(answered)]);
    await until(call, "isMutedChanged", "muted", () => call.isMuted);
    truth(answered.isMuted, "whoever answered without one is muted");
    for (const one of [call, answered]) {
      const [person] = one.remoteParticipants;
      await until(person, "isMutedChanged", "seen muted", () => person.isMuted);
      const error = await rejection(one.unmute());
      same([error.code, error.subCode], [400, 40613], "still refused");
    }
    machine.plug(device("audioinput", "other", "Other"));
    machine.refused = {};
    await call.unmute();
    truth(!call.isMuted, "unmuted");
    same(machine.on("audio"), ["default"], "allowed meanwhile; nothing opens by itself after a refusal");
    const [person] = answered.remoteParticipants;
    await until(person, "isMutedChanged", "seen unmuted", () => !person.isMuted);
    await hangUp(call, answered);
  });
}

export async function noMicrophone(alice, bob, bobId) {
  await onMachine(cameras(), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId, { audioOptions: { muted: true } });
    await until(answered, "isMutedChanged", "muted", () => answered.isMuted);
    const error = await rejection(call.unmute());
    same([error.code, error.subCode], [400, 41016], "there is nothing to unmute");
    machine.plug(device("audioinput", "usb", "USB"));
    await until(answered, "isMutedChanged", "unmuted", () => !answered.isMuted);
    await eventually("heard with the first microphone who had not muted", () => machine.sent("audio").join() === "usb");
    truth(call.isMuted, "who had muted stays so");
    machine.unplug("usb");
    await until(answered, "isMutedChanged", "muted again", () => answered.isMuted);
    machine.plug(device("audioinput", "usb", "USB"));
    await until(answered, "isMutedChanged", "unmuted again", () => !answered.isMuted);
    await answered.mute();
    machine.unplug("usb");
    await eventually("off", () => machine.on("audio").length === 0);
    machine.plug(device("audioinput", "usb", "USB"));
    await answered.unmute();
    truth(!answered.isMuted, "who had muted unmutes");
    await eventually("and is heard", () => machine.sent("audio").join() === "usb");
    await hangUp(call, answered);
  });
}
