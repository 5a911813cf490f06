// Changes to the list of conversations in the store.
import type { Message } from "../openline/read-messages";
import { store, type Thread } from "./app-state";
import { openHome } from "./route";

export const emptyThread: Thread = {
  id: "",
  topic: "",
  lastActivity: 0,
  members: [],
  messages: [],
  pending: [],
  history: "unread",
  earlier: false,
  reads: {},
  typing: [],
  draft: "",
};

export function findThread(threadId: string): Thread | undefined {
  return store.get().threads.find(({ id }) => id === threadId);
}

export function addThread(thread: Thread): void {
  if (!findThread(thread.id)) store.set({ threads: newestFirst([thread, ...store.get().threads]) });
}

export function removeThread(threadId: string): void {
  const { threads, route } = store.get();
  store.set({ threads: threads.filter(({ id }) => id !== threadId) });
  if (route.page === "thread" && route.threadId === threadId) openHome();
}

export function updateThread(threadId: string, change: (thread: Thread) => Partial<Thread>): void {
  const threads = store
    .get()
    .threads.map((thread) => (thread.id === threadId ? { ...thread, ...change(thread) } : thread));
  store.set({ threads: newestFirst(threads) });
}

/** Adds messages or replaces those that are known, and keeps them in order. */
export function mergeMessages(known: Message[], found: Message[]): Message[] {
  const byId = new Map([...known, ...found].map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => Number(a.id) - Number(b.id));
}

/** Messages of others that lie behind one's own read mark. */
export function unreadCount(thread: Thread, myId: string): number {
  const read = Number(thread.reads[myId] ?? 0);
  return thread.messages.filter(
    (message) =>
      message.kind === "text" &&
      !message.deleted &&
      message.senderId !== myId &&
      Number(message.id) > read,
  ).length;
}

function newestFirst(threads: Thread[]): Thread[] {
  return [...threads].sort((a, b) => b.lastActivity - a.lastActivity);
}
