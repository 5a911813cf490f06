// The keypad of a call while it is open: what was typed on it, and whether that arrives.
import { sendTone, type Key } from "../openline/send-tone";
import { store, type Keypad, type OngoingCall } from "./app-state";
import { findCall } from "./calls";
import { explainTone } from "./errors";

// A tone takes a good tenth of a second. Who types faster than that for long is asked to wait.
const MOST_WAITING = 20;
const MOST_SHOWN = 40;

let stopWatching = () => {};

export function openKeypad({ call }: OngoingCall): void {
  stopWatching();
  store.set({ dialog: { kind: "keypad", call, typed: "", waiting: 0 }, error: undefined });
  stopWatching = store.subscribe(({ dialog, call: shown }) => {
    if (dialog?.kind !== "keypad" || shown?.call !== call || shown.ended) closeKeypad();
  });
}

export function closeKeypad(): void {
  stopWatching();
  stopWatching = () => {};
  if (store.get().dialog?.kind === "keypad") store.set({ dialog: undefined });
}

export async function pressKey(key: Key): Promise<void> {
  const { dialog } = store.get();
  if (dialog?.kind !== "keypad") return;
  const { call, waiting, typed } = dialog;
  if (waiting >= MOST_WAITING) {
    return update(call, () => ({ problem: "Tones are sent one after the other. Wait a moment." }));
  }
  update(call, () => ({ typed: (typed + key).slice(-MOST_SHOWN), waiting: waiting + 1 }));
  let problem: string | undefined;
  try {
    await sendTone(call, key);
  } catch (error) {
    problem = explainTone(error, findCall(call)?.peer.name ?? "The other side");
  }
  update(call, (now) => ({ waiting: now.waiting - 1, problem }));
}

function update(call: Keypad["call"], change: (now: Keypad) => Partial<Keypad>): void {
  const { dialog } = store.get();
  if (dialog?.kind === "keypad" && dialog.call === call) store.set({ dialog: { ...dialog, ...change(dialog) } });
}
