// The one place where the page keeps what it shows. Events write into it, the view reads it.

export interface Store<State> {
  get(): Readonly<State>;
  set(change: Partial<State>): void;
  subscribe(listener: (state: Readonly<State>) => void): () => void;
  /** Runs before the listeners; what it sets they see at once. */
  complete(step: () => void): () => void;
}

/** Listeners run once per turn of the event loop, however many changes came in it. */
export function createStore<State extends object>(initial: State): Store<State> {
  const listeners = new Set<(state: Readonly<State>) => void>();
  const steps = new Set<() => void>();
  let state = initial;
  let scheduled = false;

  const notify = () => {
    for (const step of [...steps]) step();
    scheduled = false;
    for (const listener of [...listeners]) listener(state);
  };

  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(notify);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    complete(step) {
      steps.add(step);
      return () => steps.delete(step);
    },
  };
}
