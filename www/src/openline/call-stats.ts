// What is shown of a sample of statistics.
import type { MediaStatsReportSample } from "openline";

/** What one direction carries. What the browser does not count is absent. */
export interface StreamStats {
  codec?: string | undefined;
  bitsPerSecond?: number | undefined;
  lossPercent?: number | undefined;
  jitterMs?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  framesPerSecond?: number | undefined;
}

export interface CallStats {
  roundTripMs?: number | undefined;
  path?: "direct" | "relayed" | undefined;
  audioSent?: StreamStats | undefined;
  audioReceived?: StreamStats | undefined;
  videoSent?: StreamStats | undefined;
  videoReceived?: StreamStats | undefined;
  screenSent?: StreamStats | undefined;
  screenReceived?: StreamStats | undefined;
}

/** What a sample says of each direction. */
export function toStats({ audio, video, screenShare, transports }: MediaStatsReportSample): CallStats {
  const [transport] = transports;
  const ends = [transport?.localCandidateType, transport?.remoteCandidateType];
  const known = ends.every((type) => type !== undefined);
  return {
    // Firefox has no report of its sound from Chromium, whose reports of pictures tell as much.
    roundTripMs: audio.send[0]?.rttInMs ?? video.send[0]?.rttInMs ?? transport?.rttInMs,
    path: ends.includes("relay") ? "relayed" : known ? "direct" : undefined,
    audioSent: toStream(audio.send[0]),
    audioReceived: toStream(audio.receive[0]),
    videoSent: toStream(video.send[0]),
    videoReceived: toStream(video.receive[0]),
    screenSent: toStream(screenShare.send[0]),
    screenReceived: toStream(screenShare.receive[0]),
  };
}

type Video = MediaStatsReportSample["video"];
type Row = Partial<Video["send"][number] & Video["receive"][number]>;

function toStream(row: Row | undefined): StreamStats | undefined {
  if (!row) return undefined;
  const [lost, arrived] = [row.packetsLostPerSecond, row.packetsPerSecond];
  return {
    codec: row.codecName,
    bitsPerSecond: row.bitrate,
    lossPercent: lost !== undefined && arrived ? (100 * lost) / (lost + arrived) : undefined,
    jitterMs: row.jitterInMs,
    width: row.frameWidthSent ?? row.frameWidthReceived,
    height: row.frameHeightSent ?? row.frameHeightReceived,
    framesPerSecond: row.frameRateSent ?? row.frameRateReceived ?? row.frameRateDecoded,
  };
}
