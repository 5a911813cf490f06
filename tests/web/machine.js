// A machine whose devices come and go: what the browser's fake devices deliver, under names of the test's own.
import { canvasStream } from "./calling.js";

const kinds = { audio: "audioinput", video: "videoinput" };

export const device = (kind, deviceId, label = deviceId) => ({ kind, deviceId, label, groupId: "" });

/** Asks again until it is so. */
export async function eventually(what, condition) {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Firefox lets no page say that a track ended: who listens for that listens here instead.
function endable(track) {
  track.ends = new EventTarget();
  for (const method of ["addEventListener", "removeEventListener"]) {
    const real = track[method].bind(track);
    track[method] = (name, ...rest) => (name === "ended" ? track.ends[method](name, ...rest) : real(name, ...rest));
  }
  return track;
}

class Machine {
  /** What `getUserMedia` was asked for, one list of kinds after the other. */
  asked = [];
  /** `audio` and `video`: the name, or the name and message, with which they are refused. */
  refused = {};
  /** What the person picks where a screen is asked for. */
  pick = () => {
    throw new DOMException("", "NotAllowedError");
  };
  /** The device that another program uses. */
  busy;
  /** Is awaited before a device opens, with its id; what it throws refuses. */
  opening = () => {};
  /** The devices that did open, one after the other. */
  opened = [];
  /** What the browser says about permissions. */
  permission = "granted";
  /** Where sound was sent to. */
  sinks = [];
  /** How many descriptions were made. */
  descriptions = 0;
  connections = new Set();
  #tracks = new Map();
  #open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);

  constructor(devices) {
    this.devices = devices;
  }

  /** A screen with a moving picture of 320 by 240, with sound, and what the browser's own button to stop it does. */
  async screen() {
    const { stream, stop } = canvasStream();
    const [track] = stream.getVideoTracks();
    endable(track);
    stream.addTrack((await this.#open({ audio: true })).getTracks()[0]);
    const endSharing = () => {
      stream.getTracks().forEach((one) => one.stop());
      track.ends.dispatchEvent(new Event("ended"));
    };
    return { stream, track, stop, endSharing };
  }

  plug(device) {
    this.devices.push(device);
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }

  unplug(id) {
    this.devices = this.devices.filter(({ deviceId }) => deviceId !== id);
    this.end(id);
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }

  /** The device stops delivering. */
  end(id) {
    for (const [track, deviceId] of this.#tracks) {
      if (deviceId !== id || track.readyState === "ended") continue;
      track.stop();
      track.ends.dispatchEvent(new Event("ended"));
    }
  }

  async getUserMedia(wanted) {
    const asked = ["audio", "video"].filter((kind) => wanted[kind]);
    this.asked.push(asked);
    const stream = new MediaStream();
    for (const kind of asked) {
      if (this.refused[kind]) {
        const [name, message = ""] = [this.refused[kind]].flat();
        throw new DOMException(message, name);
      }
      const all = this.devices.filter((device) => device.kind === kinds[kind]);
      if (all.length === 0) throw new DOMException("", "NotFoundError");
      const id = wanted[kind].deviceId?.exact ?? all[0].deviceId;
      if (!all.some(({ deviceId }) => deviceId === id)) throw new DOMException("", "OverconstrainedError");
      if (id === this.busy) throw new DOMException("", "NotReadableError");
      await this.opening(id);
      const [track] = (await this.#open({ [kind]: true })).getTracks();
      this.#tracks.set(endable(track), id);
      this.opened.push(id);
      stream.addTrack(track);
    }
    return stream;
  }

  /** The devices whose tracks are sent. */
  sent(kind) {
    const tracks = [...this.connections].flatMap((connection) => connection.getSenders().map(({ track }) => track));
    const live = tracks.filter((track) => track?.kind === kind && track.readyState === "live");
    return live.map((track) => this.#tracks.get(track)).sort();
  }

  /** The devices that are on. */
  on(kind) {
    const live = [...this.#tracks].filter(([track]) => track.kind === kind && track.readyState === "live");
    return live.map(([, id]) => id).sort();
  }

  /** Until more than before of something is received by every connection: `totalAudioEnergy`, `framesDecoded`. */
  async receivesMore(field, connections = [...this.connections].filter(({ connectionState }) => connectionState === "connected")) {
    const received = async (connection) => {
      let sum = 0;
      for (const report of (await connection.getStats()).values()) {
        if (report.type === "inbound-rtp") sum += report[field] ?? 0;
      }
      return sum;
    };
    const before = await Promise.all(connections.map(received));
    await eventually(`more ${field}`, async () => {
      const after = await Promise.all(connections.map(received));
      return after.every((sum, index) => sum > before[index]);
    });
  }
}

/** Forgets which devices were chosen. */
export function forgetDevices() {
  localStorage.removeItem("openline:microphone");
  localStorage.removeItem("openline:speaker");
}

/** Runs `body` on a machine with these devices. */
export async function onMachine(devices, body) {
  const machine = new Machine(devices);
  const undo = [];
  const replace = (object, name, value) => {
    const own = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
    undo.push(() => (own ? Object.defineProperty(object, name, own) : delete object[name]));
  };
  replace(navigator.mediaDevices, "getUserMedia", (wanted) => machine.getUserMedia(wanted));
  replace(navigator.mediaDevices, "getDisplayMedia", async () => machine.pick());
  replace(navigator.mediaDevices, "enumerateDevices", async () => machine.devices);
  replace(navigator.permissions, "query", async () => ({ state: machine.permission }));
  replace(HTMLMediaElement.prototype, "setSinkId", async (id) => void machine.sinks.push(id));
  const { prototype } = RTCPeerConnection;
  const describe = prototype.setLocalDescription;
  replace(prototype, "setLocalDescription", function (...description) {
    machine.descriptions += 1;
    return describe.apply(this, description);
  });
  replace(globalThis, "RTCPeerConnection", class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      machine.connections.add(this);
    }
  });
  try {
    await body(machine);
  } finally {
    undo.reverse().forEach((put) => put());
    forgetDevices();
  }
}
