// Files on their way into a conversation: chosen, dropped or pasted, then part of a message.
import { uploadAttachment, type Attachment } from "../openline/attachments";
import { isolate } from "../openline/isolate-name";
import { session, store, type Thread } from "./app-state";
import { announce } from "./announce";
import { explainUpload, mayPass } from "./errors";
import { whenBack } from "./line";
import { findThread, updateThread } from "./thread-list";

export interface Upload {
  key: number;
  file: File;
  /** For the eye, while the file is only here. */
  preview?: string;
  loadedBytes: number;
  /** What the server made of it; absent while it is on its way. */
  attachment?: Attachment;
  /** The server could not be reached: it begins again when it is there. */
  waiting?: boolean;
  failed?: string;
}

const MOST_FILES = 10;

interface Running {
  done: Promise<Attachment>;
  stop: AbortController;
}

const running = new Map<number, Running>();
let lastKey = 0;

/** Begins to upload at once; `submitDraft` sends what is there. */
export function addFiles(threadId: string, files: File[]): void {
  const room = MOST_FILES - (findThread(threadId)?.uploads.length ?? 0);
  if (files.length > room) {
    store.set({ error: `A message takes ${MOST_FILES} files at most. Send the others in another one.` });
  }
  for (const file of files.slice(0, Math.max(0, room))) {
    const upload = newUpload(file);
    updateThread(threadId, ({ uploads }) => ({ uploads: [...uploads, upload] }));
    start(threadId, upload);
  }
}

export function newUpload(file: File): Upload {
  const preview = file.type.startsWith("image/") ? { preview: URL.createObjectURL(file) } : {};
  return { key: ++lastKey, file, loadedBytes: 0, ...preview };
}

/** Those at a composer begin again when the server is back; those of messages do it with their message. */
export function watchUploads(): () => void {
  const stop = whenBack(() => {
    for (const { id, uploads } of store.get().threads) {
      for (const upload of uploads) if (upload.waiting) retryUpload(id, upload);
    }
  });
  return () => {
    stop();
    for (const { stop } of running.values()) stop.abort();
    running.clear();
  };
}

export function removeUpload(threadId: string, { key, preview }: Upload): void {
  running.get(key)?.stop.abort();
  running.delete(key);
  if (preview) URL.revokeObjectURL(preview);
  updateThread(threadId, ({ uploads }) => ({ uploads: uploads.filter((one) => one.key !== key) }));
}

export function retryUpload(threadId: string, upload: Upload): void {
  const { failed: _, waiting: __, attachment: ___, ...rest } = upload;
  change(threadId, upload.key, () => ({ ...rest, loadedBytes: 0 }));
  start(threadId, upload);
}

/** Resolves once all of them are on the server; starts those that are not on their way. */
export function allUploaded(threadId: string, uploads: Upload[]): Promise<Attachment[]> {
  for (const upload of uploads) if (!running.has(upload.key)) retryUpload(threadId, upload);
  return Promise.all(uploads.map(({ key }) => running.get(key)!.done));
}

/** The message has them now. */
export function forgetUploads(uploads: Upload[]): void {
  for (const { key, preview } of uploads) {
    running.delete(key);
    if (preview) URL.revokeObjectURL(preview);
  }
}

function start(threadId: string, { key, file }: Upload): void {
  const stop = new AbortController();
  const done = uploadAttachment(session().chatClient, threadId, file, {
    signal: stop.signal,
    onProgress: (loadedBytes) => change(threadId, key, (upload) => ({ ...upload, loadedBytes })),
  });
  running.set(key, { done, stop });
  done.then(
    (attachment) => {
      change(threadId, key, (upload) => ({ ...upload, attachment, loadedBytes: file.size }));
      announce(`${isolate(file.name)} is uploaded.`);
    },
    (error: unknown) => {
      running.delete(key);
      if (stop.signal.aborted) return;
      const news = mayPass(error) ? { waiting: true } : { failed: explainUpload(file.name, error) };
      change(threadId, key, (upload) => ({ ...upload, ...news }));
    },
  );
}

/** Wherever it is by now: at the composer, or in a message that is on its way. */
function change(threadId: string, key: number, to: (upload: Upload) => Upload): void {
  const changed = (uploads: Upload[]) =>
    uploads.some((upload) => upload.key === key)
      ? uploads.map((upload) => (upload.key === key ? to(upload) : upload))
      : uploads;
  updateThread(threadId, ({ uploads, pending }: Thread) => ({
    uploads: changed(uploads),
    pending: pending.some((message) => message.uploads.some((upload) => upload.key === key))
      ? pending.map((message) => ({ ...message, uploads: changed(message.uploads) }))
      : pending,
  }));
}
