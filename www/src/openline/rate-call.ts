// What somebody thinks of a call, from 1 to 5.
import { Features, type Call, type CallSurveyResponse } from "openline";

/** Checked, and with its ids. Openline keeps no answers: send it to your own server. */
export function rateCall(call: Call, score: number): Promise<CallSurveyResponse> {
  return call.feature(Features.CallSurvey).submitSurvey({ overallRating: { score } });
}
