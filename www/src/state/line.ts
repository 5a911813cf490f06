// When the way to the server is open again.
import { store } from "./app-state";

/** Calls whenever it comes back. */
export function whenBack(isBack: () => void): () => void {
  let connected = store.get().connection.state === "connected";
  return store.subscribe(({ connection }) => {
    const before = connected;
    connected = connection.state === "connected";
    if (connected && !before) isBack();
  });
}

const LONGEST_MS = 60_000;

/** Resolves when something may work again that did not: the line is back, or some time has passed. */
export function lineIsBack(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(LONGEST_MS, 2_000 * 2 ** attempt));
    const stop = whenBack(done);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
