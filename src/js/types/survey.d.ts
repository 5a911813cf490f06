/** `Features.CallSurvey`: what somebody thinks of a call, during it or afterwards. */
export interface CallSurveyFeature extends BaseFeature {
  readonly name: "CallSurvey";
  /**
   * Checks the ratings and gives them back with their ids. Nothing is sent: Openline keeps no surveys, so give the
   * answer to your own server. Rejects with {@link CommunicationServicesError} 400/0 where there is no rating, a score
   * is not within its scale, or an issue is none of its rating.
   */
  submitSurvey(survey: CallSurvey): Promise<CallSurveyResponse>;
}

/** At least one rating. */
export interface CallSurvey {
  overallRating?: CallRating<OverallIssue>;
  audioRating?: CallRating<AudioIssue>;
  videoRating?: CallRating<VideoIssue>;
  screenshareRating?: CallRating<ScreenshareIssue>;
}

export interface CallSurveyResponse extends CallSurvey {
  /** Of this answer, drawn at random. */
  readonly id: string;
  readonly callId: string;
  /** `participantId` of {@link CallInfo}. */
  readonly localParticipantId: string;
}

export interface CallRating<TIssue> {
  /** A number within the scale. */
  score: number;
  /** What was wrong. */
  issues?: TIssue[];
  /** Default 1 to 5. */
  scale?: RatingScale;
}

export interface RatingScale {
  /** Default 1. */
  lowerBound: number;
  /** Default 5. */
  upperBound: number;
  /** A score above it is good. Default `lowerBound`. */
  lowScoreThreshold: number;
}

export type OverallIssue =
  "CallCannotJoin" | "CallCannotInvite" | "HadToRejoin" | "CallEndedUnexpectedly" | "OtherIssues";
export type AudioIssue =
  | "NoLocalAudio"
  | "NoRemoteAudio"
  | "Echo"
  | "AudioNoise"
  | "LowVolume"
  | "AudioStoppedUnexpectedly"
  | "DistortedSpeech"
  | "AudioInterruption"
  | "OtherIssues";
export type VideoIssue =
  | "NoVideoReceived"
  | "NoVideoSent"
  | "LowQuality"
  | "Freezes"
  | "StoppedUnexpectedly"
  | "DarkVideoReceived"
  | "AudioVideoOutOfSync"
  | "OtherIssues";
export type ScreenshareIssue =
  | "NoContentLocal"
  | "NoContentRemote"
  | "CannotPresent"
  | "LowQuality"
  | "Freezes"
  | "StoppedUnexpectedly"
  | "LargeDelay"
  | "OtherIssues";
