// Features by their token. A token has the function that makes its feature, under the class that has it: the object is
// there at once and keeps its listeners; the file behind it is fetched when it is first needed.

import { contextText, refused } from "./members.js";

/** As an uncaught error is told. Where nobody reports those, as in Node, on the console. */
export const tell = (error) => (globalThis.reportError ?? console.error)(error);

/**
 * The listeners of one object, as the core keeps them: in order, twice if registered twice. Those of a call go when it
 * is over and all was told: they may know the call, which keeps this, out of sight of the garbage collector.
 */
export const listeners = (call) => {
  const registered = [];
  call?.on("stateChanged", () => call.state === "Disconnected" && setTimeout(() => registered.splice(0)));
  return {
    on(event, listener) {
      if (typeof listener !== "function") throw new TypeError("The listener must be a function.");
      registered.push([event, listener]);
    },
    off(event, listener) {
      const index = registered.findLastIndex(([name, known]) => name === event && known === listener);
      if (index >= 0) registered.splice(index, 1);
    },
    clear: () => registered.splice(0),
    emit(event, ...args) {
      for (const [name, listener] of [...registered]) {
        if (name !== event) continue;
        try {
          listener(...args);
        } catch (error) {
          tell(error);
        }
      }
    },
  };
};

/** What `load` gives, fetched once; a failed load is forgotten, so that the next need tries again. */
export const once = (load) => {
  let loading;
  return () =>
    (loading ??= load().catch((error) => {
      loading = undefined;
      throw error;
    }));
};

/** Of features that hold nothing. */
const release = () => {};

const mediaStatsFile = once(() => import("./media_stats.js"));

const within = (name, value, most) => {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new RangeError(`MediaStats.createCollector: ${name} must be a whole number from 1 to ${most}.`);
  }
  return value;
};

const mediaStats = (host, collectors = new Set()) => ({
  name: "MediaStats",
  dispose: () => collectors.forEach((collector) => collector.dispose()),
  createCollector(options) {
    const settings = {
      aggregationInterval: within("aggregationInterval", options?.aggregationInterval ?? 10, 3600),
      dataPointsPerAggregation: within("dataPointsPerAggregation", options?.dataPointsPerAggregation ?? 6, 100),
    };
    const { on, off, emit, clear } = listeners(host.call);
    let stop;
    let disposed = false;
    // Nobody waits for it: where the file cannot be had, the page learns it as it does of any uncaught error.
    mediaStatsFile().then(({ collect }) => {
      if (!disposed) stop = collect(host, settings, emit);
    }, tell);
    const collector = {
      on,
      off,
      dispose() {
        disposed = true;
        collectors.delete(collector);
        clear();
        stop?.();
      },
    };
    collectors.add(collector);
    return collector;
  },
});

/** What becomes of the attempts to share a screen, for the diagnostics of the same call. */
const screens = /* @__PURE__ */ listeners();

const diagnosticsFile = once(() => import("./diagnostics.js"));

/** Diagnostics of one kind, as far as they were raised. */
const group = (need, call) => {
  const latest = {};
  const { on, off, emit, clear } = listeners(call);
  return {
    clear,
    raise(diagnostic, value) {
      const valueType = typeof value === "boolean" ? "DiagnosticFlag" : "DiagnosticQuality";
      latest[diagnostic] = { value, valueType };
      emit("diagnosticChanged", { diagnostic, value, valueType });
    },
    shown: {
      on(event, listener) {
        on(event, listener);
        need();
      },
      off,
      getLatest: () => structuredClone(latest),
    },
  };
};

const userFacingDiagnostics = (host) => {
  /** What ends the watch that was begun last. */
  let over;
  const need = () => {
    if (over) return;
    const begun = (over = new AbortController());
    diagnosticsFile().then(
      ({ watch }) =>
        watch(host, (kind, diagnostic, value) => groups[kind].raise(diagnostic, value), exchanged, begun),
      (error) => {
        over = undefined;
        tell(error);
      },
    );
  };
  const groups = { network: group(need, host.call), media: group(need, host.call) };
  const { on, off, emit, clear } = listeners(host.call);
  const [network, media] = [groups.network.shown, groups.media.shown];
  // The file takes notice of what is set.
  const send = (wanted) => () => {
    remote.isSendingDiagnosticsEnabled = wanted;
  };
  const remote = {
    isSendingDiagnosticsEnabled: false,
    startSendingDiagnostics: send(true),
    stopSendingDiagnostics: send(false),
    getLatest: () => ({ diagnostics: [] }),
    on,
    off,
  };
  const exchanged = { screens, remote, emit, own: () => ({ ...network.getLatest(), ...media.getLatest() }) };
  // A camera may fail before the file is there.
  host.call.on("cameraTried", (error) => {
    exchanged.camera = error;
  });
  need();
  return {
    name: "UserFacingDiagnostics",
    network,
    media,
    remote,
    dispose() {
      over?.abort();
      over = undefined;
      if (remote.isSendingDiagnosticsEnabled) host.setDiagnostics(0);
      remote.isSendingDiagnosticsEnabled = false;
      [groups.network, groups.media, { clear }].forEach((one) => one.clear());
    },
  };
};

/** The other side, from when it was first heard to when it leaves. */
const dominantSpeakers = ({ call }) => {
  const { on, off, emit, clear } = listeners(call);
  let speakers = [];
  let timestamp = new Date();
  const become = (identifiers) => {
    if (identifiers.length === speakers.length) return;
    speakers = identifiers;
    timestamp = new Date();
    emit("dominantSpeakersChanged");
  };
  // Whoever listens for ever keeps the call for ever.
  let forget = () => {};
  const follow = (participant) => {
    const onSpeaking = () => participant.isSpeaking && become([participant.identifier]);
    participant.on("isSpeakingChanged", onSpeaking);
    forget = () => participant.off("isSpeakingChanged", onSpeaking);
    onSpeaking();
  };
  const onUpdated = ({ added, removed }) => {
    if (removed.length > 0) {
      forget();
      become([]);
    }
    added.forEach(follow);
  };
  const onState = () => {
    if (call.state !== "Disconnected") return;
    call.off("remoteParticipantsUpdated", onUpdated);
    call.off("stateChanged", onState);
  };
  call.on("remoteParticipantsUpdated", onUpdated);
  call.on("stateChanged", onState);
  onState();
  call.remoteParticipants.forEach(follow);
  return {
    name: "DominantSpeakers",
    get dominantSpeakers() {
      return { speakersList: [...speakers], timestamp };
    },
    on,
    off,
    dispose: clear,
  };
};

/** There is one other side, and it has one camera. */
const optimalVideoCount = () => {
  const { on, off, clear } = listeners();
  return { name: "OptimalVideoCount", optimalVideoCount: 1, lastOvcChangeReason: "unknown", on, off, dispose: clear };
};

const surveyFile = once(() => import("./call_survey.js"));

const callSurvey = ({ call }) => ({
  name: "CallSurvey",
  dispose: release,
  submitSurvey: async (survey) => (await surveyFile()).submit(call, survey),
});

/** Its file writes what it comes to know into the object. */
const debugInfo = (host) => {
  const { on, off, emit, clear } = listeners();
  const watched = once(async () => {
    const file = await import("./debug_info.js");
    file.watch(host, shown, emit);
    return file;
  });
  const shown = {
    name: "DebugInfo",
    isCallClientActiveInAnotherTab: false,
    on,
    off,
    dispose: clear,
    getEnvironmentInfo: async () => (await watched()).environment(),
    dumpDebugInfo() {
      throw new Error("DebugInfo.dumpDebugInfo: the feature is being loaded. Await getEnvironmentInfo() first.");
    },
  };
  watched().catch(tell);
  return shown;
};

const preCallFile = once(() => import("./pre_call.js"));

const preCallDiagnostics = (host) => {
  let over = new AbortController();
  return {
    name: "PreCallDiagnostics",
    dispose() {
      over.abort();
      over = new AbortController();
    },
    async startTest(credential, options) {
      const { signal } = over;
      return (await preCallFile()).start(host, credential, options, mediaStats, signal);
    },
  };
};

/** What the person is asked for. The sound as it is, without that of the call: the other side would hear itself. */
const SCREEN = {
  video: { frameRate: { max: 30 } },
  audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true },
  systemAudio: "exclude",
  surfaceSwitching: "include",
};

/** The screen that a call sends. */
const screenSharing = (host, LocalVideoStream) => {
  const screen = once(async () => (await import("./screen_share.js")).screenOf(host, LocalVideoStream));
  let asking = false;
  return {
    async start(stream) {
      const { call } = host;
      const asks = !stream && !asking && !call.isScreenSharingOn && call.state === "Connected";
      asking ||= asks;
      // At once: browsers ask only for a moment after a click, and the file may take longer.
      const picking = asks ? navigator.mediaDevices?.getDisplayMedia?.(SCREEN) : undefined;
      const picked = picking?.catch(() => {});
      try {
        await (await screen()).start(stream, picking);
        screens.emit("tried", call.id);
      } catch (error) {
        screens.emit("tried", call.id, error);
        picked?.then((media) => media?.getTracks().forEach((track) => track.stop()));
        throw error;
      } finally {
        if (asks) asking = false;
      }
    },
    stop: async () => (await screen()).stop(),
  };
};

/** Gives calls what not every call does. Through a Proxy, `call.feature` may be the page's own. */
export const extend = ({ prototype }, LocalVideoStream) => {
  const { feature } = prototype;
  const screen = { Call: (host) => screenSharing(host, LocalVideoStream) };
  Object.assign(prototype, {
    startScreenSharing(stream) {
      return feature.call(this, screen).start(stream);
    },
    stopScreenSharing() {
      return feature.call(this, screen).stop();
    },
  });
};

const TRANSFERRED = 7015;

/** One attempt: the core says when it failed, and the end of the call that it did not. */
const transferOf = (call) => {
  const { on, off, emit } = listeners(call);
  let state = "Transferring";
  let error;
  const settle = (settled, reason) => {
    call.off("transferFailed", onFailed);
    call.off("stateChanged", onState);
    state = settled;
    error = reason;
    emit("stateChanged");
  };
  const onFailed = (reason) => settle("Failed", reason);
  const onState = () => {
    if (call.state !== "Disconnected") return;
    if (call.callEndReason.subCode === TRANSFERRED) settle("Transferred");
    else onFailed(call.callEndReason);
  };
  call.on("transferFailed", onFailed);
  call.on("stateChanged", onState);
  return {
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    on,
    off,
  };
};

const transfer = (host) => {
  const { call } = host;
  const { on, off, emit, clear } = listeners(call);
  call.on("transferAccepted", (accepted) => emit("transferAccepted", accepted));
  return {
    name: "Transfer",
    transfer(target, options) {
      if (!target?.targetParticipant) refused("Transfer.transfer");
      host.transfer(target.targetParticipant, contextText("Transfer.transfer", options?.customContext));
      return transferOf(call);
    },
    on,
    off,
    dispose: clear,
  };
};

const feature = (name, makers) => Object.freeze({ name, ...makers });

export const Features = /* @__PURE__ */ Object.freeze({
  CallSurvey: /* @__PURE__ */ feature("CallSurvey", { Call: callSurvey }),
  DebugInfo: /* @__PURE__ */ feature("DebugInfo", { CallClient: debugInfo }),
  DominantSpeakers: /* @__PURE__ */ feature("DominantSpeakers", { Call: dominantSpeakers }),
  MediaStats: /* @__PURE__ */ feature("MediaStats", { Call: mediaStats }),
  OptimalVideoCount: /* @__PURE__ */ feature("OptimalVideoCount", { Call: optimalVideoCount }),
  PreCallDiagnostics: /* @__PURE__ */ feature("PreCallDiagnostics", { CallClient: preCallDiagnostics }),
  Transfer: /* @__PURE__ */ feature("Transfer", { Call: transfer }),
  UserFacingDiagnostics: /* @__PURE__ */ feature("UserFacingDiagnostics", { Call: userFacingDiagnostics }),
});

export const DiagnosticQuality = /* @__PURE__ */ Object.freeze({ Good: 1, Poor: 2, Bad: 3 });
