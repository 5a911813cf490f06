// One question after a call, and seldom: who is asked each time stops reading the question.
import type { Call } from "openline";

import { rateCall } from "../openline/rate-call";
import { announce } from "./announce";
import { closeSoon, updateCall } from "./calls";
import { showError } from "./errors";

export async function rate(call: Call, score: number): Promise<void> {
  try {
    const answer = await rateCall(call, score);
    // Where an application would send it to its own server.
    console.info("What somebody thinks of the call", answer);
    updateCall(call, { survey: "thanked" });
    announce("Thank you.");
    closeSoon(call);
  } catch (error) {
    showError("Rating the call", error);
  }
}
