// Searching messages, and going to one that was found.
import { searchMessages, type FoundMessage } from "../openline/search-messages";
import { announce } from "./announce";
import { session, store } from "./app-state";
import { explainError, showError } from "./errors";
import { loadBackTo } from "./history";
import { openThread } from "./route";
import { updateThread } from "./thread-list";
import { loadThread } from "./threads";

export interface SearchState {
  query: string;
  /** Only in this conversation. */
  threadId?: string | undefined;
  state: "idle" | "searching" | "found" | "failed";
  found: FoundMessage[];
  more?: string | undefined;
  error?: string | undefined;
}

const noSearch: SearchState = { query: "", state: "idle", found: [] };

// So long nobody types a further letter.
const PAUSE_MS = 250;

let waiting: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | undefined;

export function searchFor(query: string): void {
  stop();
  const { threadId } = store.get().search;
  if (!query.trim()) return set({ ...noSearch, threadId, query });
  change({ query, state: "searching", error: undefined });
  waiting = setTimeout(() => void run(), PAUSE_MS);
}

/** Searches there from now on; `undefined` is everywhere. */
export function searchIn(threadId: string | undefined): void {
  const { query } = store.get().search;
  set({ ...noSearch, query, threadId });
  searchFor(query);
}

export function endSearch(): void {
  stop();
  set(noSearch);
}

export async function run(from?: string): Promise<void> {
  stop();
  const { query, threadId, found: before } = store.get().search;
  const stopping = (running = new AbortController());
  change({ state: "searching", error: undefined });
  try {
    const { chatClient } = session();
    const { signal } = stopping;
    const page = await searchMessages(chatClient, { query: query.trim(), threadId }, { signal, from });
    if (signal.aborted) return;
    const found = from ? [...before, ...page.found] : page.found;
    change({ state: "found", found, more: page.more });
    announce(found.length === 0 ? "Nothing found." : `${found.length}${page.more ? " or more" : ""} found.`);
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error("Searching failed", error);
    change({ state: "failed", found: [], error: explainError("Searching", error) });
  }
}

/** Opens the conversation at that message, loading back to it. */
export async function goToFound({ threadId, messageId }: FoundMessage): Promise<void> {
  openThread(threadId);
  updateThread(threadId, () => ({ reveal: { key: messageId }, seeking: true }));
  try {
    await loadThread(threadId);
    if (!(await loadBackTo(threadId, messageId))) {
      store.set({ error: "This message is not there any more." });
    }
    updateThread(threadId, () => ({ reveal: { key: messageId } }));
  } catch (error) {
    showError("Going to the message", error);
  } finally {
    updateThread(threadId, () => ({ seeking: false }));
  }
}

function stop(): void {
  clearTimeout(waiting);
  running?.abort();
}

function set(search: SearchState): void {
  store.set({ search });
}

function change(changes: Partial<SearchState>): void {
  set({ ...store.get().search, ...changes });
}
