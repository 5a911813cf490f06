// Which surveys pkg/call_survey.js takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { submit } from "../../pkg/call_survey.js";

const call = { id: "call", info: { participantId: "me" } };

test("a survey comes back with its ids, as a copy", () => {
  const survey = {
    overallRating: { score: 4 },
    audioRating: { score: 0, scale: { lowerBound: 0, upperBound: 1, lowScoreThreshold: 0 }, issues: ["Echo", "Echo"] },
  };
  const { id, ...answer } = submit(call, survey);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(answer, {
    overallRating: { score: 4 },
    audioRating: { score: 0, scale: { lowerBound: 0, upperBound: 1, lowScoreThreshold: 0 }, issues: ["Echo"] },
    callId: "call",
    localParticipantId: "me",
  });
  answer.audioRating.scale.upperBound = 9;
  assert.equal(survey.audioRating.scale.upperBound, 1);
});

for (const [what, survey] of [
  ["no survey", undefined],
  ["no rating", {}],
  ["an empty rating", { overallRating: null }],
  ["no score", { overallRating: {} }],
  ["a score that is no number", { overallRating: { score: "5" } }],
  ["a score below the scale", { overallRating: { score: 0 } }],
  ["a score above the scale", { videoRating: { score: 6 } }],
  ["a scale upside down", { overallRating: { score: 1, scale: { lowerBound: 5, upperBound: 1 } } }],
  ["a scale without end", { overallRating: { score: 1, scale: { upperBound: Infinity } } }],
  ["a threshold outside the scale", { overallRating: { score: 1, scale: { lowScoreThreshold: 6 } } }],
  ["an issue of another rating", { overallRating: { score: 1, issues: ["Echo"] } }],
  ["issues that are no list", { audioRating: { score: 1, issues: "Echo" } }],
]) {
  test(`${what} is refused in a sentence`, () => {
    assert.throws(() => submit(call, survey), {
      name: "CommunicationServicesError",
      code: 400,
      message: /^CallSurvey\.submitSurvey: .+\.$/,
    });
  });
}
