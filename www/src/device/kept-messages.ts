// Messages with files that are not sent yet, so that they outlast the page. The SDK keeps only what is uploaded.
import type { Attachment } from "../openline/attachments";
import { database } from "./database";

export interface KeptMessage {
  /** Its place among those that wait. */
  order?: number;
  key: string;
  threadId: string;
  /** When it was written, by the clock of this device. */
  keptOn?: number;
  text: string;
  files: File[];
  /** The files are uploaded and the SDK has the message: it sends it. */
  queued?: boolean;
  /** What the server made of the files, once it is queued. */
  attachments?: Attachment[];
  /** Why a file could not be uploaded. */
  failed?: string | undefined;
}

export async function keepMessage(message: KeptMessage): Promise<void> {
  await (await database()).add("messages", { ...message, keptOn: Date.now() });
}

/** The oldest first. */
export async function keptMessages(): Promise<KeptMessage[]> {
  return (await database()).getAll("messages");
}

export async function keptMessage(key: string): Promise<KeptMessage | undefined> {
  return (await database()).getFromIndex("messages", "key", key);
}

/** Says whether it was still there. */
export async function changeKept(key: string, change: Partial<KeptMessage>): Promise<boolean> {
  const { store, done } = (await database()).transaction("messages", "readwrite");
  const known = await store.index("key").get(key);
  if (known) await store.put({ ...known, ...change });
  await done;
  return known !== undefined;
}

export async function dropKept(key: string): Promise<void> {
  const { store, done } = (await database()).transaction("messages", "readwrite");
  const order = await store.index("key").getKey(key);
  if (order !== undefined) await store.delete(order);
  await done;
}
