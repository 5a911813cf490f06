// Messages with files: the files are uploaded, then the SDK's outbox has the message. Until then the page keeps both on the
// device, so that neither a broken line nor a closed tab loses them; one tab at a time works on those of a conversation.
import {
  changeKept,
  dropKept,
  keepMessage,
  keptMessage,
  keptMessages,
  type KeptMessage,
} from "../device/kept-messages";
import { Tabs } from "../device/tabs";
import type { Attachment } from "../openline/attachments";
import { findNamed, keepsNothing, queueMessage } from "../openline/outbox";
import { sendMessage } from "../openline/send-message";
import type { Session } from "../openline/sign-in";
import { session } from "./app-state";
import { explainError, mayPass } from "./errors";
import { lineIsBack } from "./line";
import { dropPending, findPending, ownMessage, pendingSent, setPending } from "./pending";
import { allUploaded, forgetUploads, newUpload, type Upload } from "./uploads";

/** A message of this tab, or one that it may have to take over. */
interface Carried extends Omit<KeptMessage, "order" | "files"> {
  uploads: Upload[];
  /** Whether it is on the device, which then knows best what became of it. */
  kept: boolean;
  /** It is from before this page, or another tab's: nobody here knows how far it got. */
  found: boolean;
}

// For what was kept before its time was.
const LONGEST_KEPT_MS = 30 * 24 * 3_600_000;

/** By their keys. */
const carried = new Map<string, Carried>();
let tabs: Tabs<{ key: string }> | undefined;

export function watchWithFiles({ userId }: Session): () => void {
  const mine = new Tabs<{ key: string }>(`openline page ${userId}`, ({ key }) => void heard(key));
  tabs = mine;
  keptMessages()
    .then((found) => found.forEach(take))
    .catch((error: unknown) => console.warn("Reading what waits with its files failed", error));
  return () => {
    mine.close();
    for (const { uploads } of carried.values()) forgetUploads(uploads);
    carried.clear();
  };
}

export async function sendWithFiles(threadId: string, text: string, uploads: Upload[]): Promise<void> {
  const key = newKey();
  const message: Carried = { key, threadId, text, uploads, kept: false, found: false };
  carried.set(key, message);
  setPending(threadId, { key, text, uploads });
  try {
    await keepMessage({ key, threadId, text, files: uploads.map(({ file }) => file) });
    message.kept = true;
    tabs?.tell({ key });
  } catch (error) {
    console.warn("This message is lost if the page is closed now", error);
  }
  await deliver(message);
}

/** If the server refused it, from the beginning: what was uploaded may be gone by now. */
export async function sendWithFilesAgain(threadId: string, key: string): Promise<void> {
  const message = carried.get(key);
  if (!message) return;
  const { failed: _, attachments: __, queued, ...rest } = message;
  const before = findPending(threadId, key)?.uploads ?? rest.uploads;
  if (queued) forgetUploads(before);
  const uploads = before.map(({ failed: _, ...upload }) => (queued ? newUpload(upload.file) : upload));
  const again: Carried = { ...rest, uploads };
  carried.set(key, again);
  setPending(threadId, { key, text: again.text, uploads: again.uploads });
  if (again.kept) await changeKept(key, { failed: undefined, queued: false });
  tabs?.tell({ key });
  await deliver(again);
}

/** Whether some of them are not handed on yet. */
export function hasWithFiles(threadId: string): boolean {
  return [...carried.values()].some((one) => one.threadId === threadId && !one.queued && !one.failed);
}

export function showWithFiles(threadId: string): void {
  for (const message of carried.values()) if (message.threadId === threadId) show(message);
}

export function uploadsOf(key: string): Upload[] {
  return carried.get(key)?.uploads ?? [];
}

/** What is known of the files of a message: nothing, if another tab has not said yet. */
export async function attachmentsOf(key: string): Promise<Attachment[] | undefined> {
  const message = carried.get(key);
  if (!message || message.uploads.length === 0) return [];
  return message.attachments ?? (await keptMessage(key).catch(() => undefined))?.attachments;
}

/** It is sent, which every tab hears from the SDK, or taken back. */
export async function dropWithFiles(key: string, { tell = false } = {}): Promise<void> {
  if (!carried.delete(key)) return;
  await dropKept(key).catch((error: unknown) => console.warn("Forgetting what was sent failed", error));
  if (tell) tabs?.tell({ key });
}

/** Another tab did something with it. */
async function heard(key: string): Promise<void> {
  const kept = await keptMessage(key).catch(() => undefined);
  const known = carried.get(key);
  if (kept && !known) return take(kept);
  if (kept && known) {
    const { failed, queued = false } = kept;
    Object.assign(known, { failed, queued });
    show(known);
    if (!failed && !queued) void deliver(known);
  } else if (known?.kept) {
    carried.delete(key);
    dropPending(known.threadId, key);
  }
}

function take({ files, attachments, ...kept }: KeptMessage): void {
  if (carried.has(kept.key)) return;
  const uploads = files.map((file, index) => {
    const attachment = attachments?.[index];
    return { ...newUpload(file), ...(attachment ? { attachment } : { waiting: true }) };
  });
  const message = { ...kept, ...(attachments && { attachments }), uploads, kept: true, found: true };
  carried.set(kept.key, message);
  show(message);
  if (!kept.failed && !kept.queued) void deliver(message);
}

function show({ key, threadId, text, uploads, failed }: Carried): void {
  const { failed: _, ...known } = findPending(threadId, key) ?? { key, text, uploads };
  setPending(threadId, { ...known, ...(failed && { failed }) });
}

async function deliver(message: Carried): Promise<void> {
  const turn = tabs;
  await turn?.inTurn(message.threadId, async () => {
    for (let attempt = 0; !turn.stopped.aborted && (await isWaiting(message)); attempt += 1) {
      try {
        return await handOn(message);
      } catch (error) {
        if (turn.stopped.aborted) return;
        if (!mayPass(error)) return fail(message, error);
        await lineIsBack(attempt, turn.stopped);
      }
    }
  });
}

async function isWaiting(message: Carried): Promise<boolean> {
  if (carried.get(message.key) !== message) return false;
  const known = message.kept ? await keptMessage(message.key) : message;
  return known !== undefined && !known.queued && !known.failed;
}

async function handOn(message: Carried): Promise<void> {
  const { key, threadId, text, uploads } = message;
  const me = session();
  if (message.found && (await hadGotOn(message))) return;
  const attachments = await allUploaded(threadId, uploads);
  message.attachments = attachments;
  message.uploads = uploads.map(({ waiting: _, ...upload }, index) => ({ ...upload, attachment: attachments[index]! }));
  try {
    const options = { senderDisplayName: me.displayName, attachments, name: key };
    await queueMessage(me.chatClient, threadId, text, options);
    message.queued = true;
    if (message.kept) await changeKept(key, { queued: true, attachments });
  } catch (error) {
    if (!keepsNothing(error)) throw error;
    await sendDirectly(message, attachments);
  }
}

/** Whether it was handed on before the page that did so was closed. */
async function hadGotOn(message: Carried): Promise<boolean> {
  const { key, threadId, keptOn } = message;
  const since = keptOn ?? Date.now() - LONGEST_KEPT_MS;
  const where = await findNamed(session().chatClient, threadId, { name: key, since });
  if (where === "queued") {
    message.queued = true;
    await changeKept(key, { queued: true });
  } else if (where === "sent") {
    dropPending(threadId, key);
    await dropWithFiles(key);
  }
  return where !== undefined;
}

/** For a browser that keeps nothing. It is tried once: without an answer nobody knows whether it is there. */
async function sendDirectly(message: Carried, attachments: Attachment[]): Promise<void> {
  const { key, threadId, text, uploads } = message;
  const me = session();
  try {
    const id = await sendMessage(me.chatClient, threadId, text, { senderDisplayName: me.displayName, attachments });
    pendingSent(threadId, key, ownMessage(me, id, text, attachments));
    forgetUploads(uploads);
    await dropWithFiles(key);
  } catch (error) {
    await fail(message, error);
  }
}

async function fail(message: Carried, error: unknown): Promise<void> {
  const { key, threadId, uploads } = message;
  console.error("Sending failed", error);
  const notUploaded = findPending(threadId, key)?.uploads.some(({ failed }) => failed) ?? uploads.length > 0;
  message.failed = notUploaded
    ? "A file could not be uploaded, so this was not sent."
    : explainError("Sending", error);
  show(message);
  if (message.kept) await changeKept(key, { failed: message.failed });
  tabs?.tell({ key });
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
