// What a page does with the SDK. Each function resolves, or rejects with what was not as it should be.

export function same(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

export function truth(value, what) {
  if (!value) throw new Error(`not so: ${what}`);
}

/** Waits for something to become true at one of the events. */
export async function until(object, event, what, condition) {
  if (condition()) return;
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`never: ${what}`)), 15_000);
    const listener = () => {
      if (!condition()) return;
      clearTimeout(timer);
      object.off(event, listener);
      resolve();
    };
    object.on(event, listener);
  });
}

export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was rejected");
}

export function canvasStream() {
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 240;
  const context = canvas.getContext("2d");
  let shade = 0;
  const timer = setInterval(() => {
    context.fillStyle = `rgb(${(shade = (shade + 40) % 255)}, 80, 120)`;
    context.fillRect(0, 0, 320, 240);
  }, 40);
  return { stream: canvas.captureStream(25), stop: () => clearInterval(timer) };
}

export async function ring(caller, callee, calleeId, options) {
  const incoming = new Promise((resolve) => {
    const listener = ({ incomingCall }) => {
      callee.off("incomingCall", listener);
      resolve(incomingCall);
    };
    callee.on("incomingCall", listener);
  });
  const call = caller.startCall([{ communicationUserId: calleeId }], options);
  return { call, incoming: await incoming };
}

export const reason = (call) => [call.callEndReason?.code, call.callEndReason?.subCode];
export const connected = (call) => until(call, "stateChanged", "Connected", () => call.state === "Connected");
export const ended = (call) => until(call, "stateChanged", "Disconnected", () => call.state === "Disconnected");

export async function deviceManagerIsOneObject(client) {
  const [first, second] = await Promise.all([client.getDeviceManager(), client.getDeviceManager()]);
  truth(first === second, "getDeviceManager gives the same object");
  const access = await first.askDevicePermission({ audio: true, video: true });
  same(access, { audio: true, video: true }, "permission");
  const [cameras, microphones] = [await first.getCameras(), await first.getMicrophones()];
  truth(cameras.length > 0 && microphones.length > 0, "there are fake devices");
  truth(cameras[0].id.startsWith("camera:") && cameras[0].name !== "", "a camera has an id and a name");
  same({ ...microphones[0] }.deviceType, "Microphone", "device infos survive a spread");
  truth(first.selectedMicrophone.id !== undefined, "a microphone is selected");
  await first.selectMicrophone(microphones.at(-1));
  same(first.selectedMicrophone.id, microphones.at(-1).id, "the selected microphone");
  const error = await rejection(first.selectMicrophone({ id: "microphone:none" }));
  truth(error instanceof Error && error.code === 400, "an unknown microphone is refused");
  first.off("videoDevicesUpdated", () => {});
}

export async function cameraFollowsItsUsers(stream, renderer) {
  const { constructor: Renderer } = renderer;
  same(stream.mediaStreamType, "Video", "type");
  const view = await renderer.createView({ scalingMode: "Fit", isMirrored: true });
  truth(view.target instanceof HTMLElement && view.target === view.target, "one element");
  same([view.scalingMode, view.isMirrored], ["Fit", true], "view");
  truth(renderer.size.width > 0, "there is a picture");
  const media = view.target.querySelector("video").srcObject;
  const [track] = media.getTracks();
  const second = await new Renderer(stream).createView();
  view.dispose();
  same(track.readyState, "live", "the camera while a view is left");
  second.dispose();
  same(track.readyState, "ended", "the camera after the last view");
  renderer.dispose();
  let error;
  try {
    renderer.dispose();
  } catch (thrown) {
    error = thrown;
  }
  same([error?.name, error?.code, error?.subCode], ["CommunicationServicesError", 400, 43210], "second dispose");
  same((await rejection(renderer.createView())).subCode, 43209, "createView afterwards");
}

export async function canvasIsShown(Stream, Renderer) {
  const { stream, stop } = canvasStream();
  const local = new Stream(stream);
  same(local.mediaStreamType, "RawMedia", "type");
  const renderer = new Renderer(local);
  const view = await renderer.createView();
  document.body.append(view.target);
  same(renderer.size, { width: 320, height: 240 }, "size");
  renderer.dispose();
  truth(!view.target.isConnected, "the element is taken out");
  same(stream.getTracks()[0].readyState, "live", "the page's own stream");
  let sources = [];
  local.on("videoSourceChanged", ({ source }) => sources.push(source));
  const other = canvasStream();
  await local.setMediaStream(other.stream);
  truth(sources.length === 1 && sources[0] === local, "the event carries the stream itself");
  stop();
  other.stop();
}

export async function aCallConnectsAndEnds(alice, bob, bobId, Stream, Renderer, isIdle) {
  const picture = canvasStream();
  const sent = new Stream(picture.stream);
  const updates = [];
  alice.on("callsUpdated", ({ added, removed }) => {
    updates.push(["added", ...added.map((call) => call.state)], ["removed", ...removed.map(reason)]);
  });
  const { call, incoming } = await ring(alice, bob, bobId, {
    audioOptions: { muted: false },
    videoOptions: { localVideoStreams: [sent] },
  });
  truth(alice.calls.length === 1 && alice.calls[0] === call, "calls holds the very object");
  same([incoming.kind, incoming.callerInfo.displayName], ["IncomingCall", "Alice"], "incoming call");
  same({ ...incoming.callerInfo.identifier }.kind, "communicationUser", "identifiers survive a spread");
  let over;
  incoming.on("callEnded", ({ callEndReason }) => (over = callEndReason));
  const answered = await incoming.accept({ videoOptions: { localVideoStreams: undefined } });
  same((await rejection(incoming.accept())).subCode, 41006, "the second accept");
  truth(bob.calls[0] === answered, "accept gives the object of calls");
  await Promise.all([connected(call), connected(answered)]);
  same(over, { code: 0, subCode: 0 }, "the incoming call ended");
  same([call.direction, answered.direction], ["Outgoing", "Incoming"], "directions");
  truth({ ...call.info }.participantId !== "" && (await call.info.getServerCallId()) === call.id, "info");

  await theOtherSideIsSeen(answered, Renderer);
  await stateTravels(call, answered, sent);
  await theCallIsProxied(call);

  await call.hangUp();
  await ended(answered);
  same([reason(call), reason(answered)], [[0, 0], [0, 0]], "reasons");
  truth(call.localVideoStreams.length === 0 || call.localVideoStreams[0] === sent, "ended calls can be read");
  await until(bob, "callsUpdated", "bob has no calls", () => bob.calls.length === 0);
  same([alice.calls.length, updates.at(-1)], [0, ["removed", [0, 0]]], "callsUpdated");
  truth(document.querySelector("audio") === null, "the sound's element is gone");
  truth(isIdle(), "the server has no calls");
  picture.stop();
}

async function theOtherSideIsSeen(call, Renderer) {
  const [person] = call.remoteParticipants;
  truth(person === call.remoteParticipants[0], "participants are the same objects");
  same([person.displayName, person.state, person.identifier.kind], ["Alice", "Connected", "communicationUser"], "who");
  const [stream] = person.videoStreams;
  truth(stream === person.videoStreams[0] && Number.isInteger(stream.id), "streams are the same objects");
  await until(stream, "isAvailableChanged", "available", () => stream.isAvailable);
  const renderer = new Renderer(stream);
  const view = await renderer.createView();
  const { videoWidth, videoHeight } = view.target.querySelector("video");
  truth(videoWidth > 0, "a remote picture is decoded");
  same([stream.size, renderer.size], Array(2).fill({ width: videoWidth, height: videoHeight }), "its size");
  await until(stream, "isReceivingChanged", "receiving", () => stream.isReceiving);
  renderer.dispose();
}

async function stateTravels(call, answered, sent) {
  const [person] = answered.remoteParticipants;
  const seen = [];
  call.on("isMutedChanged", () => seen.push(call.isMuted));
  await call.mute();
  await until(person, "isMutedChanged", "muted there", () => person.isMuted);
  await call.unmute();
  await until(person, "isMutedChanged", "unmuted there", () => !person.isMuted);
  same(seen, [true, false], "isMuted inside its own event");

  truth(call.localVideoStreams[0] === sent && call.isLocalVideoStarted, "the very stream is sent");
  same((await rejection(call.startVideo(sent))).subCode, 41027, "start twice");
  same((await rejection(call.startVideo({}))).subCode, 41025, "start nothing");
  const [stream] = person.videoStreams;
  await call.stopVideo(sent);
  await until(stream, "isAvailableChanged", "unavailable", () => !stream.isAvailable);
  same((await rejection(stream.getMediaStream())).subCode, 43202, "no stream while it is off");
  same((await rejection(call.stopVideo(sent))).subCode, 41030, "stop twice");
  await call.startVideo(sent);
  await until(stream, "isAvailableChanged", "available again", () => stream.isAvailable);
}

async function theCallIsProxied(call) {
  const proxied = new Proxy(call, {});
  const seen = [];
  const listener = () => seen.push(proxied.isMuted);
  proxied.on("isMutedChanged", listener);
  proxied.off("isMutedChanged", () => {});
  await proxied.mute();
  await Promise.resolve();
  proxied.off("isMutedChanged", listener);
  await proxied.unmute();
  same(seen, [true], "listeners through a proxy");
  let error;
  try {
    proxied.feature({ name: "Captions" });
  } catch (thrown) {
    error = thrown;
  }
  truth(error instanceof Error && error.message.includes("Captions"), "unknown features are refused in a sentence");
  try {
    proxied.feature(undefined);
  } catch (thrown) {
    error = thrown;
  }
  same(error.message, "Call.feature: pass one of Features. This is none, or it does not exist.", "no feature at all");
  Object.defineProperty(call, "unsubscribe", { value: () => {}, configurable: false });
}

export async function declinedAndCancelled(alice, bob, bobId) {
  const declined = await ring(alice, bob, bobId);
  await declined.incoming.reject();
  await ended(declined.call);
  same(reason(declined.call), [603, 0], "declined");
  same((await rejection(declined.incoming.accept())).subCode, 41006, "accept afterwards");
  same((await rejection(declined.incoming.reject())).subCode, 41007, "reject afterwards");

  const cancelled = await ring(alice, bob, bobId);
  await cancelled.call.hangUp();
  await until(cancelled.incoming, "callEnded", "ended", () => cancelled.incoming.callEndReason);
  same(reason(cancelled.incoming), [487, 0], "cancelled");
}

export async function nobodyAnswers(alice, bob, bobId, pass) {
  const { call, incoming } = await ring(alice, bob, bobId);
  await until(call, "stateChanged", "Ringing", () => call.state === "Ringing");
  pass();
  await ended(call);
  same([reason(call), reason(incoming)], [[487, 10004], [487, 10004]], "not answered");
}

export async function calleeOffline(alice) {
  const call = alice.startCall([{ id: "8:acs:resource_nobody" }]);
  same(call.state, "None", "the state before the first event");
  await ended(call);
  same(reason(call), [480, 10037], "offline");
}

export async function bothCallEachOther(alice, aliceId, bob, bobId) {
  const ids = [];
  const first = alice.startCall([{ communicationUserId: bobId }]);
  const second = bob.startCall([{ communicationUserId: aliceId }]);
  for (const call of [first, second]) call.on("idChanged", () => ids.push(call.id));
  await Promise.all([connected(first), connected(second)]);
  same(first.id === second.id, true, "one call");
  same(ids.length, 1, "one of the two ids changed");
  await second.hangUp();
  await ended(first);
  same(reason(first), [0, 0], "hung up");
}

export async function oneAgentPerIdentity(client, otherClient, credential) {
  const agent = await client.createCallAgent(credential, { displayName: "Alice" });
  same([agent.kind, agent.connectionState, agent.displayName], ["CallAgent", "Connected", "Alice"], "agent");
  for (const other of [client, otherClient]) {
    const error = await rejection(other.createCallAgent(credential));
    same([error.code, error.subCode], [409, 40228], "a second agent");
  }
  await agent.dispose();
  same(agent.connectionState, "Disconnected", "afterwards");
  const again = await otherClient.createCallAgent(credential);
  await otherClient.dispose();
  same(again.connectionState, "Disconnected", "after the client was disposed");
}

/** Runs `body` while every request for devices fails with that name, and permission was not given before. */
async function refusing(name, kinds, body) {
  const devices = navigator.mediaDevices;
  const [open, query] = [devices.getUserMedia, navigator.permissions.query];
  devices.getUserMedia = (wanted) =>
    kinds.some((kind) => wanted[kind]) ? Promise.reject(new DOMException("", name)) : open.call(devices, wanted);
  navigator.permissions.query = async () => ({ state: "prompt" });
  try {
    await body();
  } finally {
    devices.getUserMedia = open;
    navigator.permissions.query = query;
  }
}

export async function aBusyCamera(alice, bob, bobId, camera) {
  await refusing("NotReadableError", ["video"], async () => {
    const { call, incoming } = await ring(alice, bob, bobId);
    const answered = await incoming.accept();
    await connected(call);
    const error = await rejection(call.startVideo(camera));
    same([error.code, error.subCode], [412, 43000], "a busy camera");
    truth(error.message.startsWith("Call.startVideo: Video operation failure SourceUnavailableError"), "its message");
    truth(!call.isLocalVideoStarted && call.localVideoStreams.length === 0, "no video");
    await answered.hangUp();
    await ended(call);
  });
}

export async function theCameraIsOffAfterwards(alice, bob, bobId, camera) {
  const { call, incoming } = await ring(alice, bob, bobId, { videoOptions: { localVideoStreams: [camera] } });
  const answered = await incoming.accept();
  await connected(call);
  await until(call, "isLocalVideoStartedChanged", "video on", () => call.isLocalVideoStarted);
  const [track] = (await camera.getMediaStream()).getTracks();
  await call.stopVideo(camera);
  same(track.readyState, "ended", "the camera after stopVideo");
  await call.startVideo(camera);
  const [again] = (await camera.getMediaStream()).getTracks();
  same(again.readyState, "live", "the camera after startVideo");
  await call.hangUp();
  same(again.readyState, "ended", "the camera after the call");
  await ended(answered);
}

/** Calls while the browser's own descriptions come out like that, and then as usual. */
export async function anOverlongDescription(alice, bob, bobId, sdp) {
  const states = [];
  const note = ({ newValue }) => states.push(newValue);
  alice.on("connectionStateChanged", note);
  const { prototype } = RTCPeerConnection;
  const real = Object.getOwnPropertyDescriptor(prototype, "localDescription");
  const other = await ring(alice, bob, bobId);
  const overlong = { get: () => ({ type: "offer", sdp }), configurable: true };
  Object.defineProperty(prototype, "localDescription", overlong);
  try {
    const { call, incoming } = await ring(alice, bob, bobId);
    const answered = await incoming.accept();
    await Promise.all([ended(call), ended(answered)]);
    same([reason(call), reason(answered)], [[410, 3111], [410, 3111]], "the call with the long description");
  } finally {
    Object.defineProperty(prototype, "localDescription", real);
  }
  same([states, alice.connectionState], [[], "Connected"], "the connection");
  const answered = await other.incoming.accept();
  await Promise.all([connected(other.call), connected(answered)]);
  await other.call.hangUp();
  await ended(answered);
  alice.off("connectionStateChanged", note);
}

/** Runs `body` while no camera opens before `open` was called. */
async function holdingCameras(body) {
  const devices = navigator.mediaDevices;
  const { getUserMedia } = devices;
  const held = [];
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  devices.getUserMedia = async (wanted) => {
    const stream = await getUserMedia.call(devices, wanted);
    if (wanted.video) {
      held.push(stream.getVideoTracks()[0]);
      await opened;
    }
    return stream;
  };
  try {
    await body(open, held);
  } finally {
    devices.getUserMedia = getUserMedia;
    open();
  }
}

export async function theLastWishWins(alice, bob, bobId, camera, other) {
  const { call, incoming } = await ring(alice, bob, bobId);
  const answered = await incoming.accept();
  await Promise.all([connected(call), connected(answered)]);
  const [seen] = answered.remoteParticipants[0].videoStreams;
  const heard = [];
  seen.on("isAvailableChanged", () => heard.push(seen.isAvailable));

  await holdingCameras(async (open, held) => {
    const started = call.startVideo(camera);
    same((await rejection(call.startVideo(other))).subCode, 41027, "another one while it opens");
    same((await rejection(call.stopVideo(other))).subCode, 41032, "stopping another one while it opens");
    await call.stopVideo(camera);
    same((await rejection(call.stopVideo(camera))).subCode, 41030, "stopping twice");
    open();
    await started;
    same(held.map((track) => track.readyState), ["ended"], "the camera that opened too late");
  });
  same([call.isLocalVideoStarted, call.localVideoStreams.length], [false, 0], "stopped while it opened");

  await holdingCameras(async (open) => {
    const all = [call.startVideo(camera), call.stopVideo(camera), call.startVideo(camera)];
    same([call.isLocalVideoStarted, seen.isAvailable], [false, false], "while it opens");
    open();
    await Promise.all(all);
  });
  await until(call, "isLocalVideoStartedChanged", "started in the end", () => call.isLocalVideoStarted);
  truth(call.localVideoStreams[0] === camera, "the stream that was asked for");
  await until(seen, "isAvailableChanged", "available", () => seen.isAvailable);
  await Promise.all([call.stopVideo(camera), call.startVideo(camera), call.stopVideo(camera), call.startVideo(other)]);
  await until(call, "localVideoStreamsUpdated", "the other one", () => call.localVideoStreams[0] === other);
  truth(call.isLocalVideoStarted && call.localVideoStreams.length === 1, "one stream is sent");
  same(heard[0], true, "the other side heard of pictures only");
  await call.hangUp();
  await ended(answered);
}

export async function aCameraThatOpensLate(alice, bob, bobId, camera) {
  const withVideo = { videoOptions: { localVideoStreams: [camera] } };
  await holdingCameras(async (open) => {
    const { call, incoming } = await ring(alice, bob, bobId, withVideo);
    const answered = await incoming.accept();
    await Promise.all([connected(call), connected(answered)]);
    const [seen] = answered.remoteParticipants[0].videoStreams;
    truth(!seen.isAvailable && !call.isLocalVideoStarted, "no picture is announced before there is one");
    open();
    await until(seen, "isAvailableChanged", "available", () => seen.isAvailable);
    await call.hangUp();
    await ended(answered);
  });
  const devices = navigator.mediaDevices;
  const { getUserMedia } = devices;
  let fail;
  const failing = new Promise((_, reject) => (fail = reject));
  devices.getUserMedia = (wanted) => (wanted.video ? failing : getUserMedia.call(devices, wanted));
  try {
    const { call, incoming } = await ring(alice, bob, bobId, withVideo);
    await call.stopVideo(camera);
    fail(new DOMException("", "NotReadableError"));
    const answered = await incoming.accept();
    await Promise.all([connected(call), connected(answered)]);
    await call.hangUp();
    await ended(answered);
    same(reason(call), [0, 0], "a camera that nobody wants any more ends nothing");
  } finally {
    devices.getUserMedia = getUserMedia;
  }
}

export async function aDisposedAgentSaysNothing(alice, bob, bobId) {
  const { call, incoming } = await ring(alice, bob, bobId);
  const answered = await incoming.accept();
  await Promise.all([connected(call), connected(answered)]);
  const told = [];
  call.on("stateChanged", () => told.push(call.state));
  alice.on("callsUpdated", ({ removed }) => told.push(removed[0] === call));
  alice.on("connectionStateChanged", ({ newValue }) => told.push(newValue));
  await alice.dispose();
  same(told.splice(0), ["Disconnecting", "Disconnected", "Disconnected", true], "told before it resolves");
  await ended(answered);
  await alice.dispose();
  same([told, alice.calls], [[], []], "nothing afterwards");
}
