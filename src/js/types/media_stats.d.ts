/** `Features.MediaStats`: what the browser counts of a call's media. Its file is loaded with the first collector. */
export interface MediaStatsCallFeature extends BaseFeature {
  readonly name: "MediaStats";
  /**
   * Begins to collect, once there is a path for media, until the call ends or `dispose`. There may be several.
   * Throws `RangeError` for an option out of range.
   */
  createCollector(options?: MediaStatsCollectorOptions): MediaStatsCollector;
}

/** Options of {@link MediaStatsCallFeature.createCollector}. */
export interface MediaStatsCollectorOptions {
  /** Length of an interval in seconds, 1 to 3600. Default 10. */
  aggregationInterval?: number;
  /** Intervals in a summary, 1 to 100. Default 6. */
  dataPointsPerAggregation?: number;
}

/** Collects statistics of one call. */
export interface MediaStatsCollector {
  on<K extends keyof MediaStatsCollectorEvents>(event: K, listener: MediaStatsCollectorEvents[K]): void;
  off<K extends keyof MediaStatsCollectorEvents>(event: K, listener: MediaStatsCollectorEvents[K]): void;
  /** Ends it. Nothing is reported afterwards. */
  dispose(): void;
}

/** The events of {@link MediaStatsCollector}. */
export interface MediaStatsCollectorEvents {
  /** Every second while there is a path for media. A browser may be slower about a page that is not in view. */
  sampleReported: MediaStatsReportSampleEvent;
  /** Every `aggregationInterval` times `dataPointsPerAggregation` seconds. What an ended call leaves is not summed up. */
  summaryReported: MediaStatsReportSummaryEvent;
}

export type MediaStatsReportSampleEvent = (args: MediaStatsReportSample) => void;
export type MediaStatsReportSummaryEvent = (args: MediaStatsReportSummary) => void;

/** What was counted at one moment. */
export interface MediaStatsReportSample {
  audio: {
    send: OutgoingAudioMediaStats<number, string>[];
    receive: IncomingAudioMediaStats<number, string>[];
  };
  video: {
    send: OutgoingVideoMediaStats<number, string>[];
    receive: IncomingVideoMediaStats<number, string>[];
  };
  /** The picture of a screen. Its sound is a row of `audio`, after that of the microphone. */
  screenShare: {
    send: OutgoingScreenShareMediaStats<number, string>[];
    receive: IncomingScreenShareMediaStats<number, string>[];
  };
  transports: TransportMediaStats<number, string>[];
}

/** What was counted in several intervals. */
export interface MediaStatsReportSummary {
  audio: {
    send: OutgoingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  video: {
    send: OutgoingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  /** The picture of a screen. Its sound is a row of `audio`, after that of the microphone. */
  screenShare: {
    send: OutgoingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    receive: IncomingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
  };
  transports: TransportMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
}

/** A value over the intervals of a summary. An interval in which it was not known is left out. */
export interface MediaStatValue<T> {
  /** Of numbers only. */
  aggregation?: MediaStatsAggregation;
  /** The last value of each interval. */
  raw: T[];
  /** When the last value was taken. */
  timestamp: Date;
}

/** Of each interval, how many values there were, their sum, the least and the greatest. */
export interface MediaStatsAggregation {
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
}

/**
 * What all streams have. A value that the browser does not count is absent, as are all per-second values of a stream's
 * first sample. Firefox knows neither the levels of a microphone nor estimates of the available bit rate.
 */
export interface CommonMediaStats<NumberType, StringType> {
  /** Of the stream, the same in all samples. */
  id: string;
  /** Such as `Opus`, `VP8` or `H264`. */
  codecName?: StringType;
  /** Bits per second, without the headers of packets. */
  bitrate?: NumberType;
  /** Milliseconds. Of what is sent: as the other side measures it. */
  jitterInMs?: NumberType;
  /** Since the stream began. */
  packets?: NumberType;
  packetsPerSecond?: NumberType;
  /** Since the stream began. Of what is sent: as the other side counts them. */
  packetsLost?: NumberType;
  packetsLostPerSecond?: NumberType;
  /** Milliseconds there and back, from RTCP. Browsers rarely know it of what is received. */
  rttInMs?: NumberType;
  /** The row in `transports`. */
  transportId?: StringType;
}

export interface OutgoingAudioMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
  /** 0, silence, to 65536. */
  audioInputLevel?: NumberType;
}

export interface IncomingAudioMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
  /** Milliseconds that sound waited in the jitter buffer, on average since the last sample. */
  jitterBufferDelayInMs?: NumberType;
  /** 0, silence, to 65536. */
  audioOutputLevel?: NumberType;
  /** The part of what was played since the last sample that had to be made up, 0 to 1. */
  healedRatio?: NumberType;
}

export interface OutgoingVideoMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
  /** Frames per second of the camera. */
  frameRateInput?: NumberType;
  frameWidthInput?: NumberType;
  frameHeightInput?: NumberType;
  /** Since the stream began. */
  framesEncoded?: NumberType;
  frameRateEncoded?: NumberType;
  /** Since the stream began. */
  framesSent?: NumberType;
  frameRateSent?: NumberType;
  frameWidthSent?: NumberType;
  frameHeightSent?: NumberType;
  /** Since the stream began. */
  keyFramesEncoded?: NumberType;
  /** Absent: a picture is sent in one size. */
  altLayouts?: OutgoingVideoMediaStats<NumberType, StringType>[];
}

export interface IncomingVideoMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
  /** `id` of the {@link RemoteVideoStream}. */
  streamId?: NumberType;
  /** Milliseconds that frames waited in the jitter buffer, on average since the last sample. */
  jitterBufferDelayInMs?: NumberType;
  frameRateDecoded?: NumberType;
  frameRateReceived?: NumberType;
  frameWidthReceived?: NumberType;
  frameHeightReceived?: NumberType;
  /** Milliseconds, since the stream began; of several freezes within a second, their mean. */
  longestFreezeDurationInMs?: NumberType;
  /** Milliseconds since the stream began. */
  totalFreezeDurationInMs?: NumberType;
  /** Since the stream began. */
  framesReceived?: NumberType;
  framesDropped?: NumberType;
  framesDecoded?: NumberType;
  keyFramesDecoded?: NumberType;
}

export type OutgoingScreenShareMediaStats<NumberType, StringType> = OutgoingVideoMediaStats<NumberType, StringType>;
export type IncomingScreenShareMediaStats<NumberType, StringType> = IncomingVideoMediaStats<NumberType, StringType>;

/** The path of media. */
export interface TransportMediaStats<NumberType, StringType> {
  /** The same in all samples while the path is. */
  id: string;
  /** Milliseconds there and back. */
  rttInMs?: NumberType;
  /** The end of the path on this side: `host`, `srflx` or `prflx`, or `relay` where media goes over a relay. Openline's own. */
  localCandidateType?: StringType;
  /** The end on the other side. */
  remoteCandidateType?: StringType;
  /** Bits per second, as estimated. */
  availableIncomingBitrate?: NumberType;
  /** Bits per second, as estimated. */
  availableOutgoingBitrate?: NumberType;
}
