// What somebody thinks of a call: checked, and given an id. Where it is kept is the application's affair.

const common = ["OtherIssues"];
const media = ["LowQuality", "Freezes", "StoppedUnexpectedly", ...common];
const ISSUES = {
  overallRating: ["CallCannotJoin", "CallCannotInvite", "HadToRejoin", "CallEndedUnexpectedly", ...common],
  audioRating: [
    "NoLocalAudio", "NoRemoteAudio", "Echo", "AudioNoise", "LowVolume", "AudioStoppedUnexpectedly", "DistortedSpeech",
    "AudioInterruption", ...common,
  ],
  videoRating: ["NoVideoReceived", "NoVideoSent", "DarkVideoReceived", "AudioVideoOutOfSync", ...media],
  screenshareRating: ["NoContentLocal", "NoContentRemote", "CannotPresent", "LargeDelay", ...media],
};

/** The survey with its ids. Throws where a rating is none. */
export function submit(call, survey) {
  const ratings = Object.keys(ISSUES).filter((name) => survey?.[name] !== undefined);
  if (ratings.length === 0) throw refused(`give at least one of ${Object.keys(ISSUES).join(", ")}.`);
  const checked = Object.fromEntries(ratings.map((name) => [name, rating(name, survey[name])]));
  return { ...checked, id: crypto.randomUUID(), callId: call.id, localParticipantId: call.info.participantId };
}

function rating(name, given) {
  const { score, issues, scale } = given ?? {};
  const { lowerBound, upperBound, lowScoreThreshold } = { lowerBound: 1, upperBound: 5, ...scale };
  const threshold = lowScoreThreshold ?? lowerBound;
  if (![lowerBound, upperBound, threshold].every(Number.isFinite) || lowerBound >= upperBound) {
    throw refused(`${name}.scale must have a lowerBound below its upperBound.`);
  }
  if (threshold < lowerBound || threshold > upperBound) {
    throw refused(`${name}.scale.lowScoreThreshold must be within the scale.`);
  }
  if (!Number.isFinite(score) || score < lowerBound || score > upperBound) {
    throw refused(`${name}.score must be a number from ${lowerBound} to ${upperBound}.`);
  }
  if (issues !== undefined && !(Array.isArray(issues) && issues.every((issue) => ISSUES[name].includes(issue)))) {
    throw refused(`${name}.issues may have ${ISSUES[name].join(", ")}.`);
  }
  return {
    score,
    ...(issues && { issues: [...new Set(issues)] }),
    ...(scale && { scale: { ...scale } }),
  };
}

const refused = (message) =>
  Object.assign(new Error(`CallSurvey.submitSurvey: ${message}`), {
    name: "CommunicationServicesError",
    code: 400,
    subCode: 0,
  });
