// Statistics of a call's media: what the browser counts as rows with the names and units of the public types, and
// summaries of many such samples. `sampleOf` and `Summary` are pure: reports, samples and times are handed in.

/** How often a sample is taken. */
const SAMPLE_MS = 1000;

/** Levels of sound are given from 0 to this. */
const LOUDEST = 65_536;

/**
 * Samples the call until it ends or the returned function is called. `emit` gets the events.
 * Nothing is reported before there is a path for media.
 */
export function collect(host, { aggregationInterval, dataPointsPerAggregation }, emit) {
  const { call } = host;
  const summary = new Summary(aggregationInterval * 1000, dataPointsPerAggregation);
  let before;
  let timer;
  let over = false;

  const stop = () => {
    over = true;
    clearTimeout(timer);
    call.off("stateChanged", onState);
  };
  const onState = () => {
    if (call.state === "Disconnecting" || call.state === "Disconnected") stop();
  };
  const look = async () => {
    const report = await host.peer?.getStats().catch(() => undefined);
    if (over) return;
    timer = setTimeout(look, SAMPLE_MS);
    const sample = report && sampleOf(report, before, { ...streamIds(call), screens: midsOfScreens(host.peer) });
    before = sample ? memoryOf(report, before) : undefined;
    if (!sample?.transports.length) return;
    emit("sampleReported", sample);
    const summarised = !over && summary.add(sample, performance.now(), new Date());
    if (summarised) emit("summaryReported", summarised);
  };

  call.on("stateChanged", onState);
  onState();
  if (!over) void look();
  return stop;
}

const streamIds = (call) => {
  const [camera, screen] = call.remoteParticipants[0]?.videoStreams ?? [];
  return { streamId: camera?.id, screenId: screen?.id };
};

// Microphone and camera come first, what belongs to screens after them.
const midsOfScreens = (peer) => peer?.getTransceivers().slice(2).map(({ mid }) => mid);

/** What the next sample needs of this report: its numbers, and the longest freezes so far. */
export function memoryOf(report, before) {
  const entries = new Map();
  for (const entry of report.values()) {
    if (entry.type === "inbound-rtp" || entry.type === "outbound-rtp" || entry.type === "remote-inbound-rtp") {
      entries.set(entry.id, entry);
    }
  }
  const longest = new Map();
  for (const entry of entries.values()) {
    const freeze = longestFreeze(entry, before);
    if (freeze !== undefined) longest.set(entry.id, freeze);
  }
  return { entries, longest };
}

/**
 * A report as a sample. `before` is what {@link memoryOf} made of the report before it; without it there are no rates.
 * `screens` are the places (`mid`) of what belongs to screens. Their sound comes after that of microphones.
 */
export function sampleOf(report, before, { streamId, screenId, screens = [] } = {}) {
  const entries = [...report.values()];
  const transports = transportsOf(report, entries);
  const ofScreen = ({ mid }) => screens.includes(mid);
  const rowsOf = (type, kind, row, wanted) =>
    entries
      .filter((entry) => entry.type === type && (entry.kind ?? entry.mediaType) === kind && carried(entry) && wanted(entry))
      .map((entry) => row(viewOf(report, before, transports, entry)));
  const rows = (type, kind, row) => rowsOf(type, kind, row, (entry) => !ofScreen(entry));
  const screenRows = (type, kind, row) => rowsOf(type, kind, row, ofScreen);
  const seen = (id) => (view) => present({ ...videoReceived(view), streamId: id });
  const sounds = (type, row) => [...rows(type, "audio", row), ...screenRows(type, "audio", row)];
  return {
    audio: { send: sounds("outbound-rtp", audioSent), receive: sounds("inbound-rtp", audioReceived) },
    video: { send: rows("outbound-rtp", "video", videoSent), receive: rows("inbound-rtp", "video", seen(streamId)) },
    screenShare: {
      send: screenRows("outbound-rtp", "video", videoSent),
      receive: screenRows("inbound-rtp", "video", seen(screenId)),
    },
    transports,
  };
}

// A stream that never had a packet is a place for one.
const carried = (entry) => (entry.packetsSent ?? entry.packetsReceived ?? 0) > 0;

/** One stream of a report: its entries, and how its numbers change. */
function viewOf(report, before, transports, entry) {
  const former = before?.entries.get(entry.id);
  const elapsed = former ? (entry.timestamp - former.timestamp) / 1000 : 0;
  const remote = entry.remoteId ? report.get(entry.remoteId) : undefined;
  const formerRemote = remote && before?.entries.get(remote.id);
  const grown = (now, then) => (now === undefined || then === undefined ? undefined : Math.max(0, now - then));
  const rate = (growth) => (growth === undefined || elapsed <= 0 ? undefined : growth / elapsed);
  return {
    entry,
    before,
    remote,
    source: entry.mediaSourceId ? report.get(entry.mediaSourceId) : undefined,
    codec: codecName(entry.codecId ? report.get(entry.codecId) : undefined),
    // Where the browser does not say, there is only one: calls bundle everything.
    transportId: transports.some(({ id }) => id === entry.transportId) ? entry.transportId : transports[0]?.id,
    growth: (field) => (former ? grown(entry[field], former[field]) : undefined),
    perSecond: (field) => rate(former && grown(entry[field], former[field])),
    remotePerSecond: (field) => rate(formerRemote && grown(remote[field], formerRemote[field])),
  };
}

function codecName(codec) {
  const name = codec?.mimeType?.split("/")[1];
  return name?.toLowerCase() === "opus" ? "Opus" : name;
}

const bits = (bytes) => (bytes === undefined ? undefined : Math.round(bytes * 8));
const milliseconds = (seconds) => (seconds === undefined ? undefined : seconds * 1000);
const level = (loudness) => (loudness === undefined ? undefined : Math.round(loudness * LOUDEST));
const quotient = (part, whole) => (part === undefined || !whole ? undefined : part / whole);

// What a browser does not count is absent.
const present = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

function sent({ entry, remote, codec, transportId, perSecond, remotePerSecond }) {
  return {
    id: entry.id,
    codecName: codec,
    bitrate: bits(perSecond("bytesSent")),
    jitterInMs: milliseconds(remote?.jitter),
    packets: entry.packetsSent,
    packetsPerSecond: perSecond("packetsSent"),
    packetsLost: remote?.packetsLost,
    packetsLostPerSecond: remotePerSecond("packetsLost"),
    rttInMs: milliseconds(remote?.roundTripTime),
    transportId,
  };
}

function received({ entry, remote, codec, transportId, growth, perSecond }) {
  return {
    id: entry.id,
    codecName: codec,
    bitrate: bits(perSecond("bytesReceived")),
    jitterInMs: milliseconds(entry.jitter),
    packets: entry.packetsReceived,
    packetsPerSecond: perSecond("packetsReceived"),
    packetsLost: entry.packetsLost,
    packetsLostPerSecond: perSecond("packetsLost"),
    rttInMs: milliseconds(remote?.roundTripTime),
    jitterBufferDelayInMs: milliseconds(quotient(growth("jitterBufferDelay"), growth("jitterBufferEmittedCount"))),
    transportId,
  };
}

const audioSent = (view) => present({ ...sent(view), audioInputLevel: level(view.source?.audioLevel) });

function audioReceived(view) {
  const { entry, growth } = view;
  const [concealed, silent] = [growth("concealedSamples"), growth("silentConcealedSamples")];
  const heard = concealed === undefined ? undefined : Math.max(0, concealed - (silent ?? 0));
  return present({
    ...received(view),
    audioOutputLevel: level(entry.audioLevel ?? loudness(growth)),
    healedRatio: quotient(heard, growth("totalSamplesReceived")),
  });
}

// Where there is no level: what the energy of the last second makes on average.
function loudness(growth) {
  const squared = quotient(growth("totalAudioEnergy"), growth("totalSamplesDuration"));
  return squared === undefined ? undefined : Math.sqrt(squared);
}

function videoSent(view) {
  const { entry, source, perSecond } = view;
  return present({
    ...sent(view),
    frameRateInput: source?.framesPerSecond,
    frameWidthInput: source?.width,
    frameHeightInput: source?.height,
    framesEncoded: entry.framesEncoded,
    frameRateEncoded: perSecond("framesEncoded"),
    framesSent: entry.framesSent,
    frameRateSent: perSecond("framesSent"),
    frameWidthSent: entry.frameWidth,
    frameHeightSent: entry.frameHeight,
    keyFramesEncoded: entry.keyFramesEncoded,
  });
}

function videoReceived(view) {
  const { entry, before, perSecond } = view;
  return {
    ...received(view),
    frameRateDecoded: perSecond("framesDecoded"),
    frameRateReceived: perSecond("framesReceived"),
    frameWidthReceived: entry.frameWidth,
    frameHeightReceived: entry.frameHeight,
    longestFreezeDurationInMs: milliseconds(longestFreeze(entry, before)),
    totalFreezeDurationInMs: milliseconds(entry.totalFreezesDuration),
    framesReceived: entry.framesReceived,
    framesDropped: entry.framesDropped,
    framesDecoded: entry.framesDecoded,
    keyFramesDecoded: entry.keyFramesDecoded,
  };
}

// Browsers count freezes and add up their durations. Of several within a sample the mean stands for each.
function longestFreeze(entry, before) {
  if (entry.totalFreezesDuration === undefined) return undefined;
  const former = before?.entries.get(entry.id);
  const count = entry.freezeCount - (former?.freezeCount ?? 0);
  const duration = entry.totalFreezesDuration - (former?.totalFreezesDuration ?? 0);
  return Math.max(before?.longest.get(entry.id) ?? 0, count > 0 ? duration / count : 0);
}

// Chromium has an entry for each transport that names its pair. Firefox only marks the pair.
function transportsOf(report, entries) {
  const known = entries.filter(({ type }) => type === "transport");
  const named = known.map((transport) => [transport.id, report.get(transport.selectedCandidatePairId)]);
  const marked = entries
    .filter((entry) => entry.type === "candidate-pair" && entry.selected)
    .map((pair) => [pair.transportId ?? pair.id, pair]);
  return (named.some(([, pair]) => pair) ? named : marked)
    .filter(([, pair]) => pair)
    .map(([id, pair]) =>
      present({
        id,
        rttInMs: milliseconds(pair.currentRoundTripTime),
        localCandidateType: report.get(pair.localCandidateId)?.candidateType,
        remoteCandidateType: report.get(pair.remoteCandidateId)?.candidateType,
        availableIncomingBitrate: pair.availableIncomingBitrate,
        availableOutgoingBitrate: pair.availableOutgoingBitrate,
      }),
    );
}

const KINDS = ["audio", "video", "screenShare"];

/**
 * Summaries of samples. Of each interval it keeps the last value of a field and, of numbers, how many there were, their
 * sum, their least and their greatest: what it holds does not grow with the number of samples.
 */
export class Summary {
  #intervalMs;
  #points;
  #begun;
  #index = 0;
  /** By group and row id. A row has its values by field. */
  #groups = new Map();

  constructor(intervalMs, points) {
    this.#intervalMs = intervalMs;
    this.#points = points;
  }

  /** Takes a sample in; the summary when one is complete. `now` is in milliseconds, `date` the same moment for people. */
  add(sample, now, date) {
    this.#begun ??= now;
    const index = Math.floor((now - this.#begun) / this.#intervalMs);
    let complete;
    if (index >= this.#points) {
      complete = this.#take();
      this.#begun = now;
      this.#index = 0;
    } else {
      this.#index = index;
    }
    for (const [group, rows] of groupsOf(sample)) {
      for (const row of rows) this.#addRow(`${group} ${row.id}`, row, date);
    }
    return complete;
  }

  #addRow(key, row, date) {
    let fields = this.#groups.get(key);
    if (!fields) this.#groups.set(key, (fields = { id: row.id, values: new Map() }));
    for (const [name, value] of Object.entries(row)) {
      if (name === "id") continue;
      let held = fields.values.get(name);
      if (!held) fields.values.set(name, (held = { points: [] }));
      held.timestamp = date;
      addTo(held.points, this.#index, value);
    }
  }

  #take() {
    const summary = { transports: [] };
    for (const kind of KINDS) summary[kind] = { send: [], receive: [] };
    for (const [key, { id, values }] of this.#groups) {
      const [kind, direction] = key.split(" ", 1)[0].split("/");
      const rows = direction ? summary[kind][direction] : summary[kind];
      rows.push({ id, ...Object.fromEntries([...values].map(([name, held]) => [name, valueOf(held)])) });
    }
    this.#groups.clear();
    return summary;
  }
}

function groupsOf(sample) {
  const streams = KINDS.flatMap((kind) =>
    ["send", "receive"].map((direction) => [`${kind}/${direction}`, sample[kind][direction]]),
  );
  return [...streams, ["transports", sample.transports]];
}

function addTo(points, index, value) {
  const point = points.at(-1);
  const number = typeof value === "number";
  if (point?.index !== index) {
    points.push({ index, last: value, ...(number && { count: 1, sum: value, min: value, max: value }) });
    return;
  }
  point.last = value;
  if (number) {
    point.count += 1;
    point.sum += value;
    point.min = Math.min(point.min, value);
    point.max = Math.max(point.max, value);
  }
}

function valueOf({ points, timestamp }) {
  const value = { raw: points.map(({ last }) => last), timestamp };
  if (typeof points[0].last === "number") {
    const all = (name) => points.map((point) => point[name]);
    value.aggregation = { count: all("count"), sum: all("sum"), min: all("min"), max: all("max") };
  }
  return value;
}
