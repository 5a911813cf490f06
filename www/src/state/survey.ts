// One question after a call, and seldom: who is asked each time stops reading the question.
import type { Call } from "openline";

import { rateCall } from "../openline/rate-call";
import { announce } from "./announce";
import { closeSoon, keepOpen, updateCall } from "./calls";
import { showError } from "./errors";

// Long enough to look for what an application would get.
const SHOW_THANKS_MS = 4_000;
export const THANKS = "Thank you for your answer.";

/** Whether somebody looks at the answer: it stays for as long. */
export function showAnswer(call: Call, open: boolean): void {
  if (open) keepOpen(call);
  else closeSoon(call, SHOW_THANKS_MS);
}

export async function rate(call: Call, score: number): Promise<void> {
  try {
    // Where an application would send it to its own server; here it is shown.
    updateCall(call, { survey: await rateCall(call, score) });
    announce(THANKS);
    closeSoon(call, SHOW_THANKS_MS);
  } catch (error) {
    showError("Rating the call", error);
  }
}
