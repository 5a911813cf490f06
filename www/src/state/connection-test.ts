// The test of the connection while it is open: what is known so far, and what it comes to.
import { testConnection } from "../openline/test-connection";
import { session, store, type ConnectionTest } from "./app-state";
import { explainError } from "./errors";

let running: AbortController | undefined;
let stopWatching = () => {};

/** Camera and microphone are opened by it, so it waits until a call is over. */
export function canTestConnection(): boolean {
  const { session, call, otherCalls, ringing } = store.get();
  return session !== undefined && ringing.length === 0 && [call, ...otherCalls].every((one) => !one || one.ended);
}

export async function openConnectionTest(): Promise<void> {
  running?.abort();
  stopWatching();
  if (!canTestConnection()) {
    return store.set({ error: "The connection cannot be tested during a call. Test it afterwards." });
  }
  running = new AbortController();
  const { signal } = running;
  store.set({ dialog: { kind: "connection-test", legs: [] }, error: undefined });
  stopWatching = store.subscribe(({ dialog }) => {
    // A call that rings or runs wants camera, microphone and line for itself.
    if (dialog?.kind !== "connection-test" || !canTestConnection()) closeConnectionTest();
  });
  const update = (change: (now: ConnectionTest) => Partial<ConnectionTest>) => {
    const { dialog } = store.get();
    if (signal.aborted || dialog?.kind !== "connection-test") return;
    store.set({ dialog: { ...dialog, ...change(dialog) } });
  };
  try {
    const { callClient, credential } = session();
    const report = await testConnection(callClient, credential, {
      onLeg: (leg) => update(({ legs }) => ({ legs: [...legs, leg] })),
      signal,
    });
    update(() => ({ report, legs: report.legs }));
  } catch (error) {
    console.error("Testing the connection failed", error);
    update(() => ({ problem: explainError("Testing the connection", error) }));
  }
}

export function closeConnectionTest(): void {
  running?.abort();
  running = undefined;
  stopWatching();
  stopWatching = () => {};
  if (store.get().dialog?.kind === "connection-test") store.set({ dialog: undefined });
}
