// The panel that says what is wrong with the call, while it is open: it measures as long.
import { browserName } from "../openline/browser-name";
import { followStats } from "../openline/follow-stats";
import { announce } from "./announce";
import { store, type OngoingCall } from "./app-state";
import { findCall } from "./calls";
import { showError } from "./errors";
import { reportText } from "./quality";

let stop = () => {};

export function openDetails({ call }: OngoingCall): void {
  stop();
  store.set({ dialog: { kind: "call-details", call, stats: {}, copied: false }, error: undefined });
  const stopStats = followStats(call, (stats) => {
    const { dialog } = store.get();
    if (dialog?.kind === "call-details") store.set({ dialog: { ...dialog, stats } });
  });
  const stopWatching = store.subscribe(({ dialog }) => {
    // What rings stands in its place; what is over is measured no more.
    const known = findCall(call);
    if (dialog?.kind !== "call-details" || !known || known.ended) closeDetails();
  });
  stop = () => {
    stop = () => {};
    stopStats();
    stopWatching();
  };
}

export function closeDetails(): void {
  stop();
  if (store.get().dialog?.kind === "call-details") store.set({ dialog: undefined, error: undefined });
}

/** Puts the report where it can be pasted from. */
export async function copyReport(): Promise<void> {
  const { dialog } = store.get();
  if (dialog?.kind !== "call-details") return;
  const { call, stats } = dialog;
  const diagnostics = findCall(call)?.diagnostics ?? {};
  try {
    const report = { at: new Date(), callId: call.id, callState: call.state, browser: browserName(), diagnostics, stats };
    await navigator.clipboard.writeText(reportText(report));
    const { dialog: now } = store.get();
    if (now?.kind === "call-details") store.set({ dialog: { ...now, copied: true } });
    announce("Copied.");
  } catch (error) {
    showError("Copying", error);
  }
}
