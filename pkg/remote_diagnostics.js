// Diagnostics that the two sides of a call tell each other: a number in the state that each has of the other, two bits
// for each diagnostic (docs/protocol.md). `pack` and `unpack` are pure; `follow` is the edge.

/** In the order of their bits, which stays. */
const NAMES = [
  "networkReconnect", "networkReceiveQuality", "networkSendQuality", "noNetwork", "networkRelaysNotReachable",
  "speakingWhileMicrophoneIsMuted", "noSpeakerDevicesEnumerated", "noMicrophoneDevicesEnumerated", "cameraFreeze",
  "cameraStartFailed", "cameraStartTimedOut", "capturerStartFailed", "microphoneNotFunctioning",
  "microphoneMuteUnexpectedly", "cameraStoppedUnexpectedly", "capturerStoppedUnexpectedly",
  "screenshareRecordingDisabled", "microphonePermissionDenied", "cameraPermissionDenied", "microphoneNotMuteButSilent",
];

/** Those that are told in three steps. */
const QUALITIES = 3;

/** How often is told what changes, at most. */
const TELL_MS = 1000;

/** What was raised, by name, as a number: 0 where it never was, then good, poor and bad; for flags false and true. */
export function pack(latest) {
  return NAMES.reduce((sum, name, index) => {
    const value = latest[name]?.value;
    const bits = typeof value === "boolean" ? 1 + Number(value) : (value ?? 0);
    return sum + bits * 4 ** index;
  }, 0);
}

/** The opposite. What is beyond the names that are known is skipped. */
export function unpack(number) {
  const latest = {};
  for (const [index, name] of NAMES.entries()) {
    const bits = Math.floor(number / 4 ** index) % 4;
    if (bits === 0) continue;
    latest[name] =
      index < QUALITIES
        ? { value: bits, valueType: "DiagnosticQuality" }
        : { value: bits > 1, valueType: "DiagnosticFlag" };
  }
  return latest;
}

/** What changes from one to the other. What is no longer told is well. */
export function changesOf(before, after) {
  const well = (latest) => ({ ...latest, value: latest.valueType === "DiagnosticQuality" ? 1 : false });
  return Object.fromEntries(
    Object.keys({ ...before, ...after })
      .map((name) => [name, after[name] ?? well(before[name])])
      .filter(([name, { value }]) => before[name]?.value !== value && (before[name] || after[name])),
  );
}

/** What is known of the other side: what it tells, and whether the server reaches it. */
function known({ diagnostics, isReachable }, wasLost) {
  const server = isReachable ? 1 : 3;
  return {
    ...unpack(diagnostics),
    ...((wasLost || !isReachable) && { serverConnection: { value: server, valueType: "DiagnosticQuality" } }),
  };
}

/**
 * Exchanges diagnostics until `signal`: fills what the page has as `remote`, and gives a function to be called when those
 * of this side changed. `own` gives them, `emit` gets the events.
 */
export function follow({ host, remote, own, emit, signal }) {
  const { call } = host;
  let isSending = remote.isSendingDiagnosticsEnabled;
  let timer;
  let isChanged = false;
  let theirs = {};
  let participant;

  const tell = () => {
    isChanged = true;
    if (timer !== undefined || signal.aborted) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (isChanged) tell();
    }, TELL_MS);
    isChanged = false;
    host.setDiagnostics(isSending ? pack(own()) : 0);
  };
  const rows = (latest) => {
    const { rawId, participantId = "" } = host.remote;
    const [remoteParticipant] = call.remoteParticipants;
    return Object.entries(latest).map(([diagnostic, { value, valueType }]) => ({
      participantId, rawId, ...(remoteParticipant && { remoteParticipant }), diagnostic, value, valueType,
    }));
  };
  const onDiagnosed = () => {
    const before = theirs;
    theirs = known(host.remote, before.serverConnection);
    const diagnostics = rows(changesOf(before, theirs));
    if (diagnostics.length > 0) emit("diagnosticChanged", { diagnostics });
  };
  // Whoever listens for ever keeps the call for ever.
  const listen = () => {
    participant?.off("diagnosed", onDiagnosed);
    [participant] = signal.aborted ? [] : call.remoteParticipants;
    participant?.on("diagnosed", onDiagnosed);
    if (participant) onDiagnosed();
  };

  Object.defineProperty(remote, "isSendingDiagnosticsEnabled", {
    configurable: true,
    enumerable: true,
    get: () => isSending,
    set(wanted) {
      if (wanted === isSending) return;
      isSending = wanted;
      tell();
    },
  });
  remote.getLatest = () => ({ diagnostics: rows(theirs) });
  call.on("remoteParticipantsUpdated", listen);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    call.off("remoteParticipantsUpdated", listen);
    listen();
  });
  listen();
  if (isSending) tell();
  return () => isSending && tell();
}
