// Sound of the page's own in a call, and how loud it is. Each function resolves, or rejects with what was not so.
import { connected, ended, rejection, ring, same, truth, until } from "./calling.js";
import { all, hangUp, inCall } from "./devices.js";
import { eventually, onMachine } from "./machine.js";
import { extendAudio, LocalAudioStream } from "../../pkg/local_audio.js";

/** A tone, and what it needs to go on. `endNow` is what a source does that ends by itself. */
function tone() {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: 440 });
  const out = context.createMediaStreamDestination();
  oscillator.connect(out);
  oscillator.start();
  const [track] = out.stream.getAudioTracks();
  // Firefox lets no page say that a track ended: who listens for that listens here instead.
  const ends = new EventTarget();
  for (const method of ["addEventListener", "removeEventListener"]) {
    track[method] = (...args) => ends[method](...args);
  }
  const endNow = () => {
    track.stop();
    ends.dispatchEvent(new Event("ended"));
  };
  return { stream: out.stream, track, endNow, close: () => context.close() };
}

let extended = false;
/** Does what the package does when it starts. `classes` are those of objects at hand. */
function extendOnce(call, agent, incoming) {
  const RemoteAudioStream = class {};
  if (!extended) {
    extendAudio({ Call: call.constructor, CallAgent: agent.constructor, IncomingCall: incoming.constructor, RemoteAudioStream });
  }
  extended = true;
}

/** A call, once that was done. */
async function begun(alice, bob, bobId) {
  const { call, incoming } = await ring(alice, bob, bobId);
  extendOnce(call, alice, incoming);
  const answered = await incoming.accept();
  await Promise.all([connected(call), connected(answered)]);
  return { call, answered };
}

const sends = (machine, track) =>
  [...machine.connections].some((connection) => connection.getSenders().some((sender) => sender.track === track));

const thrown = (action) => {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

export async function aStreamOfThePageAsMicrophone(alice, bob, bobId) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await begun(alice, bob, bobId);
    const told = [];
    call.on("localAudioStreamsUpdated", ({ added, removed }) => told.push([added.length, removed.length]));
    await eventually("the microphone is listed", () => call.localAudioStreams.length === 1);
    const [own] = call.localAudioStreams;
    same([own.mediaStreamType, own.source.deviceType], ["Audio", "Microphone"], "what is sent without more");
    truth(call.localAudioStreams[0] === own, "the same object each time");
    told.length = 0;

    const { stream, track, close } = tone();
    const given = new LocalAudioStream(stream);
    same((await rejection(call.startAudio({}))).subCode, 43004, "something else");
    await call.startAudio(given);
    truth(sends(machine, track), "the very track is sent");
    truth(call.localAudioStreams[0] === given, "the very stream");
    await eventually("the event", () => told.length > 0);
    same(told, [[1, 1]], "one event");
    same(machine.on("audio").length, 1, "only the other side's microphone is on");

    await call.mute();
    same(track.enabled, false, "muted with the call");
    await call.startAudio(given);
    same(track.enabled, false, "once more, and still muted");
    await call.unmute();
    same(track.enabled, true, "and back");
    machine.unplug("headset");
    const other = tone();
    await call.mute();
    await given.setMediaStream(other.stream);
    await eventually("other media of the same stream", () => sends(machine, other.track));
    same(other.track.enabled, false, "muted as before");
    await eventually("the former is the page's again", () => track.enabled);
    await call.unmute();

    call.stopAudio();
    await eventually("the microphone again", () => machine.sent("audio").filter(Boolean).length === 2);
    truth(!sends(machine, other.track), "in its place");
    await eventually("listed", () => call.localAudioStreams[0]?.source.deviceType === "Microphone");
    same(other.track.readyState, "live", "the page's own stream goes on");
    await machine.receivesMore("totalAudioEnergy");

    await call.startAudio(given);
    await call.mute();
    await call.hangUp();
    await ended(answered);
    await eventually("nothing is listed", () => call.localAudioStreams.length === 0);
    await eventually("given back", () => other.track.enabled);
    same(machine.on("audio"), [], "nothing is on");
    same((await rejection(call.startAudio(given))).subCode, 41073, "the call is over");
    close();
    other.close();
  });
}

export async function whatBecomesOfAStreamOfThePage(alice, bob, bobId) {
  await onMachine(all(), async (machine) => {
    const { call, answered } = await begun(alice, bob, bobId);
    const updates = [];
    call.on("localAudioStreamsUpdated", ({ added, removed }) => updates.push([added, removed]));
    const first = tone();
    const given = new LocalAudioStream(first.stream);
    await call.startAudio(given);

    machine.refused = { audio: "NotAllowedError" };
    call.stopAudio();
    await eventually("muted, for want of a microphone", () => call.isMuted);
    truth(!sends(machine, first.track), "what was taken back is not sent");
    await eventually("nothing is listed", () => updates.at(-1)?.[1][0] === given);
    same([call.localAudioStreams, updates.at(-1)[0]], [[], []], "nothing is listed");
    same((await rejection(call.unmute())).subCode, 40613, "refused");

    const second = tone();
    await call.startAudio(new LocalAudioStream(second.stream));
    truth(sends(machine, second.track), "it needs no microphone");
    truth(call.isMuted, "who was muted for a refusal stays so");
    updates.length = 0;
    second.endNow();
    await eventually("one that ends while muted is told, too", () => updates.length > 0);
    same([updates[0][0].length, updates[0][1].length, call.localAudioStreams], [0, 1, []], "gone");
    machine.refused = {};
    await call.unmute();
    await eventually("the microphone", () => call.localAudioStreams[0]?.source.deviceType === "Microphone");
    const third = tone();
    const last = new LocalAudioStream(third.stream);
    await call.startAudio(last);
    third.endNow();
    await eventually("muted", () => call.isMuted);
    same(machine.on("audio").length, 1, "nobody is heard through a microphone unasked");

    const late = call.startAudio(last);
    call.stopAudio();
    await late;
    await eventually("the later word counts", () => machine.on("audio").length === 2);
    await hangUp(call, answered);
    [first, second, third].forEach(({ close }) => close());
  });
}

export async function aCallBeginsWithAStreamOfThePage(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    await hangUp(...Object.values(await begun(alice, bob, bobId)));
    const { stream, track, close } = tone();
    const given = new LocalAudioStream(stream);
    machine.asked = [];
    const wrong = { audioOptions: { localAudioStreams: [{}] } };
    same(thrown(() => alice.startCall([], wrong)).subCode, 43004, "something else");
    const { call, incoming } = await ring(alice, bob, bobId, { audioOptions: { localAudioStreams: [given] } });
    same((await rejection(incoming.accept(wrong))).subCode, 43004, "something else");
    const [, , third] = await manager.getMicrophones();
    const chosen = new LocalAudioStream(third);
    const answered = await incoming.accept({ audioOptions: { localAudioStreams: [chosen], muted: true } });
    await Promise.all([connected(call), connected(answered)]);
    await eventually("both are sent", () => sends(machine, track) && machine.sent("audio").includes("headset"));
    truth(call.localAudioStreams[0] === given, "the page's");
    await eventually("the chosen one", () => answered.localAudioStreams[0] === chosen);
    same([machine.asked, machine.on("audio"), answered.isMuted], [[["audio"]], ["headset"], true], "no other microphone");
    await hangUp(call, answered);
    same(track.readyState, "live", "the page's own");
    await eventually("the other's is off", () => machine.on("audio").length === 0);
    close();
  });
}

export async function aCallBeginsWithAMicrophoneThatIsRefused(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    await hangUp(...Object.values(await begun(alice, bob, bobId)));
    const [, desk] = await manager.getMicrophones();
    machine.busy = "desk";
    const options = { audioOptions: { localAudioStreams: [new LocalAudioStream(desk)] } };
    const { call, answered } = await inCall(alice, bob, bobId, options);
    await eventually("the selected one instead", () => machine.sent("audio").join() === "default,default");
    await hangUp(call, answered);
  });
}

/** A microphone that opens once `open` is called; `asked` resolves when somebody wants it. */
function slowly(machine) {
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  const asked = new Promise((resolve) => {
    machine.opening = async (id) => {
      if (id !== "headset") return;
      resolve();
      await gate;
    };
  });
  return { asked, open };
}

export async function aMicrophoneThatOpensTooLate(alice, bob, bobId, manager) {
  await onMachine(all(), async (machine) => {
    await hangUp(...Object.values(await begun(alice, bob, bobId)));
    const [, , headset] = await manager.getMicrophones();
    const isOff = () => machine.on("audio").length === 0;
    const withStream = (stream) => ({ audioOptions: { localAudioStreams: [stream] } });
    // Each ends the call between asking for the microphone and having it.
    const ways = {
      async startAudio(stream) {
        const { call, answered } = await inCall(alice, bob, bobId);
        return { late: rejection(call.startAudio(stream)), end: () => hangUp(call, answered) };
      },
      async startCall(stream) {
        const { call } = await ring(alice, bob, bobId, withStream(stream));
        return { end: () => call.hangUp() };
      },
      async accept(stream) {
        const { call, incoming } = await ring(alice, bob, bobId);
        const late = rejection(incoming.accept(withStream(stream)));
        return { late, end: () => Promise.all([until(incoming, "callEnded", "cancelled", () => incoming.callEndReason), call.hangUp()]) };
      },
    };
    for (const [name, way] of Object.entries(ways)) {
      const { asked, open } = slowly(machine);
      machine.opened = [];
      const stream = new LocalAudioStream(headset);
      const { late, end } = await way(stream);
      await asked;
      await end();
      open();
      if (late) truth([41073, 41006].includes((await late).subCode), `${name} says that the call is over`);
      await eventually(`${name} opened it`, () => machine.opened.includes("headset"));
      await eventually(`${name} leaves no microphone on`, isOff);
    }
  });
}

export async function microphonesAsStreams(manager) {
  await onMachine(all(), async (machine) => {
    const [first, second] = await manager.getMicrophones();
    const stream = new LocalAudioStream(first);
    const sources = [];
    stream.on("audioSourceChanged", ({ source }) => sources.push(source === stream && source.source.id));
    same(machine.on("audio"), [], "nothing is opened yet");
    const [one, two] = await Promise.all([stream.getMediaStream(), stream.getMediaStream()]);
    truth(one === two, "opened once");
    same((await rejection(stream.switchSource(first))).subCode, 43005, "the same one");
    same((await rejection(stream.switchSource({ id: "camera:1" }))).subCode, 43004, "no microphone");
    same((await rejection(stream.setMediaStream({}))).subCode, 43004, "no stream");
    await stream.switchSource(second);
    same([sources, machine.on("audio")], [[second.id], [second.id.split(":")[1]]], "another one, and only that");
    stream.dispose();
    await eventually("off", () => machine.on("audio").length === 0);
    machine.refused = { audio: "NotAllowedError" };
    same((await rejection(stream.getMediaStream())).subCode, 40613, "refused");
    machine.refused = { audio: "NotReadableError" };
    same((await rejection(stream.getMediaStream())).subCode, 41016, "in use");
    const { code, subCode } = thrown(() => new LocalAudioStream({ id: "speaker:1" }));
    same([code, subCode], [400, 43004], "no source");
    same(thrown(() => stream.feature({ name: "AudioEffects" })).code, 405, "no feature");
  });
}

/** Firefox runs no audio context where there is no loudspeaker: there this takes its place, loud while a track is on. */
class Quiet {
  state = "running";
  resume = async () => {};
  close = async () => void (this.state = "closed");
  createMediaStreamSource = (media) => ({ connect: (analyser) => (analyser.media = media), disconnect() {} });
}
class QuietAnalyser {
  fftSize = 2048;
  getFloatTimeDomainData(samples) {
    const [track] = this.media.getAudioTracks();
    samples.forEach((_, index) => (samples[index] = track.enabled ? Math.sin(index / 17) : 0));
  }
}

async function runs(context) {
  const tooLate = new Promise((resolve) => setTimeout(resolve, 3000));
  await Promise.race([context.resume(), tooLate]);
  const { state } = context;
  await context.close();
  return state === "running";
}

export async function howLoudItIs(alice, bob, bobId) {
  const real = { AudioContext, AnalyserNode };
  const contexts = [];
  let refuses;
  await onMachine(all(), async () => {
    const { call, answered } = await begun(alice, bob, bobId);
    const { stream, track, close } = tone();
    const Context = (await runs(new AudioContext())) ? AudioContext : Quiet;
    if (Context === Quiet) globalThis.AnalyserNode = QuietAnalyser;
    globalThis.AudioContext = class extends Context {
      constructor(...options) {
        super(...options);
        contexts.push(this);
        if (refuses) this.createMediaStreamSource = refuses;
      }
    };
    try {
      const given = new LocalAudioStream(stream);
      const volume = await given.getVolume();
      refuses = () => {
        throw new DOMException("", "NotSupportedError");
      };
      same(thrown(() => volume.level).name, "NotSupportedError", "a stream that cannot be listened to");
      refuses = undefined;
      await eventually("no meter is left", () => contexts.pop()?.state === "closed");
      const listener = () => {};
      volume.on("levelChanged", listener);
      await eventually("loud", () => volume.level > 90);
      track.enabled = false;
      await eventually("silent", () => volume.level === 0);
      track.enabled = true;

      await call.startAudio(given);
      await eventually("heard", () => answered.remoteAudioStreams.length === 1);
      const [heard] = answered.remoteAudioStreams;
      extendAudio({ Call: class {}, CallAgent: class {}, IncomingCall: class {}, RemoteAudioStream: heard.constructor });
      const remote = await heard.getVolume();
      let changes = 0;
      const count = () => (changes += 1);
      remote.on("levelChanged", count);
      await eventually("loud over there", () => remote.level > 50 && changes > 0);
      same(contexts.map(({ state }) => state), ["running"], "one context for both");
      volume.off("levelChanged", listener);
      remote.off("levelChanged", count);
      await eventually("closed when nobody listens", () => contexts[0].state === "closed");
      same(remote.level, 0, "nobody has listened since");
      await eventually("it begins with reading", () => remote.level > 50);
      await eventually("and ends by itself", () => contexts.at(-1).state === "closed");
      await hangUp(call, answered);
    } finally {
      Object.assign(globalThis, real);
      close();
    }
  });
}
