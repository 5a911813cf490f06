// What the page itself keeps in the browser, apart for each person: messages whose files are not uploaded yet, and the list
// of conversations. What was said in them the SDK keeps.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Person } from "../openline/list-people";
import type { KeptMessage } from "./kept-messages";
import type { KeptThread } from "./kept-threads";

interface Kept extends DBSchema {
  messages: { key: number; value: KeptMessage; indexes: { key: string } };
  threads: { key: string; value: KeptThread };
  /** By their ids, too. */
  people: { key: string; value: Person };
}

let current: { userId: string; opened: Promise<IDBPDatabase<Kept>> } | undefined;

/** From here on it is this person's. */
export function openDevice(userId: string): void {
  current = { userId, opened: open(userId) };
  // Who uses it is told.
  current.opened.catch(() => undefined);
}

/** Rejects where the browser keeps nothing for this page, or nobody is signed in any more. */
export async function database(): Promise<IDBPDatabase<Kept>> {
  if (!current) throw new Error("Nothing is kept here.");
  return current.opened;
}

/** Of somebody who is not signed in in this tab. */
export async function deleteDevice(userId: string): Promise<void> {
  await deleteDB(nameOf(userId));
}

export async function closeDevice({ forget }: { forget: boolean }): Promise<void> {
  if (!current) return;
  const { userId, opened } = current;
  current = undefined;
  await opened.then((known) => known.close()).catch(() => undefined);
  if (forget) await deleteDB(nameOf(userId)).catch(console.warn);
}

function open(userId: string): Promise<IDBPDatabase<Kept>> {
  return openDB<Kept>(nameOf(userId), 2, {
    upgrade(database, before) {
      if (before < 1) {
        const messages = database.createObjectStore("messages", { keyPath: "order", autoIncrement: true });
        messages.createIndex("key", "key", { unique: true });
      }
      database.createObjectStore("threads", { keyPath: "id" });
      database.createObjectStore("people", { keyPath: "id" });
    },
    // Another tab signs out, or has a newer page.
    blocking: (_version, _next, event) => (event.target as IDBDatabase).close(),
  });
}

function nameOf(userId: string): string {
  return `openline page ${userId}`;
}
