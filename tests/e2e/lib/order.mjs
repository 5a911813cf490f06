// In which order test files are run. Only how long all of them take depends on it.
import { basename } from "node:path";

/** Those with calls, the longest first. */
const CALLS = [
  "calls_bad_network", "page_second_call", "page_screen", "page_hold", "calls_leaks", "page_pre_call", "call_features",
  "page_devices", "page_keypad", "page", "calls_restart", "page_survey", "page_quality", "calls", "calls_leaving", "calls_server_away",
  "calls_screen", "pre_call", "page_calls", "calls_relay", "calls_hold", "calls_transfer", "call_members",
];

/** Those without calls come last, the longest at the very end. */
const OTHERS = ["page_offline_files", "page_kept", "published_chat", "page_rich_text", "token_refused", "page_files", "page_looks", "history_cache", "page_history"];

export function callsFirst(files) {
  const place = (file) => {
    const name = basename(file, ".test.mjs");
    const index = CALLS.indexOf(name);
    return index >= 0 ? index - CALLS.length : OTHERS.indexOf(name) + 1;
  };
  return files.toSorted((one, other) => place(one) - place(other));
}
