// How far oneself has read: told to the others, or where the server keeps no marks, kept here.
import { tellsPresence } from "../openline/chat-limits";
import { sendRead } from "../openline/read-receipts";
import type { Session } from "../openline/sign-in";
import { store, type Thread } from "./app-state";
import { findThread, unreadCount, updateThread } from "./thread-list";

/** What is on the screen of somebody who looks at it counts as read. */
export function markReadWhileOpen({ chatClient, userId }: Session): () => void {
  const mark = () => {
    const { route } = store.get();
    if (route.page !== "thread" || document.hidden) return;
    const thread = findThread(route.threadId);
    const newest = thread?.messages.findLast((m) => m.kind === "text" && m.senderId !== userId);
    // How many people are in it decides what is done, so they have to be known.
    if (!thread || !newest || thread.members.length === 0) return;
    if (unreadCount(thread, userId) === 0) return;
    updateThread(thread.id, ({ reads }) => ({ reads: { ...reads, [userId]: newest.id } }));
    if (!tellsPresence(thread.members.length)) return keepRead(userId, thread.id, newest.id);
    // Read marks are a courtesy: the next one makes up for one that was lost.
    sendRead(chatClient, thread.id, newest.id).catch((error: unknown) =>
      console.warn("Sending the read mark failed", error),
    );
  };
  const stop = store.subscribe(mark);
  document.addEventListener("visibilitychange", mark);
  return () => {
    stop();
    document.removeEventListener("visibilitychange", mark);
  };
}

/** The read marks of a thread, with one's own that only this browser knows. */
export function withKeptRead(reads: Thread["reads"], userId: string, threadId: string): Thread["reads"] {
  const kept = keptReads(userId)[threadId];
  return kept ? { ...reads, [userId]: later(reads[userId], kept) } : reads;
}

export function later(known: string | undefined, found: string): string {
  return Number(known ?? 0) > Number(found) ? (known ?? found) : found;
}

function keepRead(userId: string, threadId: string, messageId: string): void {
  try {
    const reads = { ...keptReads(userId), [threadId]: messageId };
    localStorage.setItem(storageKey(userId), JSON.stringify(reads));
  } catch {
    // Storage is blocked or full: the mark lasts until the page is closed.
  }
}

function keptReads(userId: string): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(storageKey(userId)) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

function storageKey(userId: string): string {
  return `openline.read.${userId}`;
}
