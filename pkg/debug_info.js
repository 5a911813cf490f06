// `Features.DebugInfo`: which browser this is, whether the user's calls are in another tab too, and a record of what
// happened, for whoever supports the page. `environmentOf` is pure.

const BROWSERS = [["Edg/", "edge"], ["Firefox/", "firefox"], ["Chrome/", "chrome"], ["CriOS/", "chrome"], ["Version/", "safari"]];
const PLATFORMS = [
  ["Android", "android"], ["iPhone", "ios"], ["iPad", "ios"], ["Windows", "windows"], ["Mac OS", "mac"],
  ["CrOS", "chromeos"], ["Linux", "linux"],
];

/** Records that a dump has at most: those of the last hours of most days, and little memory. */
const MAX_RECORDS = 500;

/** What a user agent names. The first mark counts: Edge and Chromium also name Chrome and Safari. */
export function environmentOf(userAgent) {
  const found = (marks) => marks.find(([mark]) => userAgent.includes(mark));
  const [mark, browser = "unknown"] = found(BROWSERS) ?? [];
  const [, platform = "unknown"] = found(PLATFORMS) ?? [];
  const browserVersion = mark ? userAgent.split(mark)[1].split(/[ ;]/)[0] : "";
  return { platform, browser, browserVersion };
}

/** The answer to `getEnvironmentInfo`. */
export function environment() {
  const isSupported = "RTCPeerConnection" in globalThis && "WebSocket" in globalThis;
  return {
    environment: environmentOf(globalThis.navigator?.userAgent ?? ""),
    isSupportedPlatform: true,
    isSupportedBrowser: isSupported,
    isSupportedBrowserVersion: isSupported,
    isSupportedEnvironment: isSupported,
  };
}

/** Keeps the feature's properties up to date for as long as there is a client. `emit` gets its event. */
export function watch(host, feature, emit) {
  const records = [];
  const record = (what, details) => {
    records.push({ time: new Date().toISOString(), what, ...details });
    if (records.length > MAX_RECORDS) records.shift();
  };
  const onOthers = (active) => {
    feature.isCallClientActiveInAnotherTab = active;
    emit("isCallClientActiveInAnotherTabChanged");
  };
  const onAgent = () => {
    const { agent, identity } = host;
    if (agent) followAgent(agent, identity, { feature, record, onOthers });
  };
  feature.dumpDebugInfo = () => {
    const { lastCallId, lastLocalParticipantId } = feature;
    const report = {
      dumpId: crypto.randomUUID(),
      time: new Date().toISOString(),
      environment: environment(),
      lastCallId,
      lastLocalParticipantId,
      records: structuredClone(records),
    };
    return { dumpId: report.dumpId, dump: zlib(new TextEncoder().encode(JSON.stringify(report))), report };
  };
  host.onAgent = onAgent;
  onAgent();
}

// Whatever listens to an agent or a call keeps it, and is kept by it: all of it is let go of at the end.
function followAgent(agent, identity, { feature, record, onOthers }) {
  const others = otherTabs(identity, onOthers);
  const onConnection = ({ newValue, reason }) => record("connection", { state: newValue, reason });
  const onCalls = ({ added }) => added.forEach((call) => followCall(call, feature, record));
  const onDisposed = () => {
    others.close();
    agent.off("connectionStateChanged", onConnection);
    agent.off("callsUpdated", onCalls);
    agent.off("disposed", onDisposed);
    record("agentDisposed");
  };
  record("agent", { state: agent.connectionState });
  agent.on("connectionStateChanged", onConnection);
  agent.on("callsUpdated", onCalls);
  agent.on("disposed", onDisposed);
  onCalls({ added: agent.calls });
}

function followCall(call, feature, record) {
  const { direction } = call;
  const onId = () => {
    feature.lastCallId = call.id;
    feature.lastLocalParticipantId = call.info.participantId;
  };
  const onState = () => {
    const { id: callId, state, callEndReason } = call;
    record("call", { callId, direction, state, code: callEndReason?.code, subCode: callEndReason?.subCode });
    if (state !== "Disconnected") return;
    call.off("idChanged", onId);
    call.off("stateChanged", onState);
  };
  call.on("idChanged", onId);
  call.on("stateChanged", onState);
  onId();
  onState();
}

/**
 * Whether the user has an agent in another tab. Each tab holds a lock of its own and says its name; whoever hears it
 * waits for that lock, which the browser hands on when the tab is gone, however it went.
 */
function otherTabs(identity, onChange) {
  const { locks } = navigator;
  // Pages over plain http have none.
  if (!locks) return { close() {} };
  const room = `openline-calls:${identity}`;
  const own = `${room}:${crypto.randomUUID()}`;
  const channel = new BroadcastChannel(room);
  const over = new AbortController();
  const { signal } = over;
  const others = new Set();
  const remove = (name) => {
    if (others.delete(name) && others.size === 0) onChange(false);
  };
  const add = (name) => {
    if (signal.aborted || name === own || others.has(name)) return;
    others.add(name);
    if (others.size === 1) onChange(true);
    locks.request(name, { signal }, () => remove(name)).catch(() => undefined);
  };
  channel.onmessage = ({ data }) => add(data);
  void locks.request(own, () => {
    if (!signal.aborted) channel.postMessage(own);
    return new Promise((release) => {
      signal.addEventListener("abort", release);
      if (signal.aborted) release();
    });
  });
  void locks.query().then(({ held }) => {
    for (const { name } of held) if (name.startsWith(`${room}:`)) add(name);
  });
  return {
    close() {
      const active = others.size > 0;
      others.clear();
      over.abort();
      channel.close();
      if (active) onChange(false);
    },
  };
}

const ADLER = 65_521;
const MOST_IN_BLOCK = 65_535;

/** As a zlib stream (RFC 1950), not compressed: browsers compress only while one waits, and a dump is there at once. */
function zlib(bytes) {
  const blocks = Math.max(1, Math.ceil(bytes.length / MOST_IN_BLOCK));
  const stream = new Uint8Array(2 + blocks * 5 + bytes.length + 4);
  const view = new DataView(stream.buffer);
  stream.set([0x78, 0x01]);
  let at = 2;
  for (let index = 0; index < blocks; index += 1) {
    const block = bytes.subarray(index * MOST_IN_BLOCK, (index + 1) * MOST_IN_BLOCK);
    view.setUint8(at, Number(index === blocks - 1));
    view.setUint16(at + 1, block.length, true);
    view.setUint16(at + 3, block.length ^ 0xffff, true);
    stream.set(block, at + 5);
    at += 5 + block.length;
  }
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % ADLER;
    high = (high + low) % ADLER;
  }
  view.setUint16(at, high);
  view.setUint16(at + 2, low);
  return stream;
}
