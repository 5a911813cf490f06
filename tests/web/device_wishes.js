// Devices that open late, fail or never open, and what was wished meanwhile. Each function resolves, or rejects with what
// was not as it should be.
import { connected, rejection, ring, same, truth } from "./calling.js";
import { all, hangUp, inCall } from "./devices.js";
import { eventually, onMachine } from "./machine.js";

/** A promise, and what resolves it. */
const gate = () => {
  let open;
  const passed = new Promise((resolve) => (open = resolve));
  return { passed, open };
};

/** Until `use` was called, that device does not open; resolves when it is asked for. */
const hold = (machine, held) => {
  const [{ passed, open: use }, { passed: asked, open: ask }] = [gate(), gate()];
  machine.opening = (id) => {
    if (id !== held) return undefined;
    ask();
    return passed;
  };
  return { asked, use };
};

export async function theLastMicrophoneCounts(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    const [, desk, headset] = await manager.getMicrophones();
    const { call, answered } = await inCall(alice, bob, bobId);
    await eventually("two microphones", () => machine.on("audio").length === 2);
    const truths = () => [
      machine.on("audio"),
      machine.sent("audio"),
      manager.selectedMicrophone.id,
      localStorage.getItem("openline:microphone").split(/\s/)[0],
    ];
    const isHeadset = [["default", "headset"], ["default", "headset"], "microphone:headset", "headset"];
    // The second time it is the one in use that is wished for again.
    for (const what of ["another one while the first opens", "back while another one opens"]) {
      const { asked, use } = hold(machine, "desk");
      const first = manager.selectMicrophone(desk);
      await asked;
      await manager.selectMicrophone(headset);
      use();
      await first;
      same(truths(), isHeadset, what);
    }
    await hangUp(call, answered);

    const { asked, use } = hold(machine, "headset");
    const next = await ring(alice, bob, bobId);
    await asked;
    await manager.selectMicrophone(desk);
    use();
    await eventually("a call that was opening the former one", () => machine.on("audio").join() === "desk");
    await next.call.hangUp();
  });
}

export async function callsKeepOneMicrophone(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    const [, desk, headset] = await manager.getMicrophones();
    const one = await inCall(alice, bob, bobId);
    const other = await inCall(alice, bob, bobId);
    const four = (id) => () => machine.on("audio").join() === ["default", "default", id, id].join();
    await eventually("four microphones", four("default"));
    let opened = 0;
    machine.opening = (id) => {
      if (id !== "desk") return;
      opened += 1;
      if (opened > 1) throw new DOMException("", "NotReadableError");
    };
    const error = await rejection(manager.selectMicrophone(desk));
    same([error.code, error.subCode], [400, 41016], "only one of the calls could open it");
    await eventually("both have the former one", four("default"));
    same(manager.selectedMicrophone.id, "microphone:default", "which is selected");

    const { asked, use } = hold(machine, "desk");
    const first = manager.selectMicrophone(desk);
    await asked;
    await manager.selectMicrophone(headset);
    use();
    await first;
    await eventually("both have the last one", four("headset"));
    await hangUp(one.call, one.answered);
    await hangUp(other.call, other.answered);
  });
}

export async function aCameraThatFails(alice, bob, bobId, manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [front] = await manager.getCameras();
    machine.refused = { video: "NotReadableError" };
    for (const permission of ["granted", "prompt"]) {
      machine.permission = permission;
      const withVideo = () => ({ videoOptions: { localVideoStreams: [new Stream(front)] } });
      const told = [];
      const listen = (call) => call.on("cameraTried", (error) => told.push(error?.subCode));
      machine.asked = [];
      const { call, incoming } = await ring(alice, bob, bobId, withVideo());
      listen(call);
      const answered = await incoming.accept(withVideo());
      listen(answered);
      await Promise.all([connected(call), connected(answered)]);
      await eventually(`whoever accepted is told, ${permission}`, () => told.includes(43000));
      same([call.isLocalVideoStarted, answered.isLocalVideoStarted], [false, false], "no video");
      same(machine.asked.filter(([kind]) => kind === "video").length, 2, "each camera was asked for once");
      same((await rejection(answered.startVideo(new Stream(front)))).subCode, 43000, "it may be tried again");
      await hangUp(call, answered);
    }
  });
}

export async function streamsWithoutPictures(alice, bob, bobId, Stream) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await inCall(alice, bob, bobId);
    const [seen] = answered.remoteParticipants[0].videoStreams;
    const over = await navigator.mediaDevices.getUserMedia({ video: true });
    machine.end("front");
    for (const media of [new MediaStream(), over]) {
      const error = await rejection(call.startVideo(new Stream(media)));
      same([error.name, error.code, error.subCode], ["CommunicationServicesError", 412, 43019], "nothing to send");
    }
    truth(!call.isLocalVideoStarted && !seen.isAvailable, "nothing is announced");
    await hangUp(call, answered);
    const error = await rejection(call.startVideo(new Stream(new MediaStream())));
    same([error.code, error.subCode], [500, 43002], "afterwards");
  });
}

export async function acceptedTwice(alice, bob, bobId) {
  await onMachine(all(), async (machine) => {
    machine.permission = "prompt";
    const { asked, use } = hold(machine, "default");
    const { call, incoming } = await ring(alice, bob, bobId);
    await asked;
    const answering = incoming.accept();
    const error = await rejection(incoming.accept());
    same([error.code, error.subCode], [400, 41006], "while it is accepted");
    truth(/is being accepted/.test(error.message), error.message);
    use();
    const answered = await answering;
    await connected(answered);
    truth(/does not ring any more/.test((await rejection(incoming.accept())).message), "afterwards");
    await hangUp(call, answered);
  });
}

/** Runs `body` while waiting for so long takes no time. */
async function skipping(waitMs, body) {
  const { setTimeout: real } = globalThis;
  globalThis.setTimeout = (callback, delayMs, ...rest) => real(callback, delayMs === waitMs ? 0 : delayMs, ...rest);
  try {
    await body();
  } finally {
    globalThis.setTimeout = real;
  }
}

export async function aCameraThatNeverOpens(alice, bob, bobId, manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [front] = await manager.getCameras();
    const { call, answered } = await inCall(alice, bob, bobId);
    const { use } = hold(machine, "front");
    await skipping(60_000, async () => {
      const error = await rejection(call.startVideo(new Stream(front)));
      same([error.code, error.subCode], [412, 43015], "nobody answers");
    });
    truth(!call.isLocalVideoStarted, "no video");
    use();
    machine.opening = () => {};
    const stream = new Stream(front);
    await call.startVideo(stream);
    await eventually("the one that came late is off", () => machine.on("video").join() === "front");
    await hangUp(call, answered);
    await eventually("nothing is left on", () => machine.on("video").length === 0);
  });
}

/** Runs `body`. A minute passes for it when it says so, once somebody waits for that and it did something meanwhile. */
async function withMinutes(body) {
  const { setTimeout: real } = globalThis;
  const minutes = [];
  globalThis.setTimeout = (callback, delayMs, ...rest) => {
    if (delayMs !== 60_000) return real(callback, delayMs, ...rest);
    return -minutes.push(callback);
  };
  try {
    await body(async (meanwhile = () => {}) => {
      await eventually("somebody waits for a minute", () => minutes.length > 0);
      meanwhile();
      minutes.shift()();
    });
  } finally {
    globalThis.setTimeout = real;
  }
}

export async function anAnswerThatTakesItsTime(alice, bob, bobId, manager, Stream) {
  await onMachine(all(), async (machine) => {
    const [front] = await manager.getCameras();
    const { call, answered } = await inCall(alice, bob, bobId);
    await eventually("both microphones", () => machine.sent("audio").length === 2);
    machine.permission = "prompt";
    const { asked, use } = hold(machine, "front");
    await withMinutes(async (pass) => {
      const started = call.startVideo(new Stream(front));
      await asked;
      for (let minute = 0; minute < 3; minute += 1) await pass();
      // Nor does the minute in which the person answers count.
      await pass(() => (machine.permission = "granted"));
      use();
      await started;
    });
    await eventually("the camera is sent", () => machine.sent("video").join() === "front");
    await hangUp(call, answered);
  });
}
