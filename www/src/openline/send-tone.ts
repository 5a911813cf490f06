// The keys of a telephone in a call, for whoever or whatever listens to tones at the other end.
import type { Call } from "openline";

export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

export type Key = (typeof KEYS)[number];

/** Tones are sent one after the other, also while muted. Resolves when this one was. */
export function sendTone(call: Call, key: Key): Promise<void> {
  return call.sendDtmf(key);
}
