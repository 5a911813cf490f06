// What a screen reader says when something changes on its own.
import { store } from "./app-state";

export function announce(text: string): void {
  // The same words twice are said twice only if the text differs.
  const repeated = store.get().announcement === text;
  store.set({ announcement: repeated ? `${text}\u00a0` : text });
}
