// How far people have read, and what only this browser knows of oneself: the server keeps no marks
// of large conversations.
import { sendRead } from "../openline/read-receipts";
import type { Session } from "../openline/sign-in";
import type { Thread } from "./app-state";

/** The read marks of a thread, with one's own that only this browser knows. */
export function withKeptRead(reads: Thread["reads"], userId: string, threadId: string): Thread["reads"] {
  const kept = keptReads(userId)[threadId];
  return kept ? { ...reads, [userId]: later(reads[userId], kept) } : reads;
}

/** Of each person the later of both: nobody goes back. */
export function ahead(known: Thread["reads"], found: Thread["reads"]): Thread["reads"] {
  const both = { ...known };
  for (const [id, messageId] of Object.entries(found)) both[id] = later(known[id], messageId);
  return both;
}

export function later(known: string | undefined, found: string): string {
  return Number(known ?? 0) > Number(found) ? (known ?? found) : found;
}

/** Read marks are a courtesy: the next one makes up for one that was lost. */
export function tellRead({ chatClient }: Session, threadId: string, messageId: string): void {
  sendRead(chatClient, threadId, messageId).catch((error: unknown) =>
    console.warn("Sending the read mark failed", error),
  );
}

export function keepRead(userId: string, threadId: string, messageId: string): void {
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
