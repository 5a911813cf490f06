// Saving a file of a message to the disk.
import { downloadAttachment, type Attachment } from "../openline/attachments";
import { isolate } from "../openline/isolate-name";
import { session, store } from "./app-state";
import { showError } from "./errors";

export async function saveFile(threadId: string, { id, name }: Attachment): Promise<void> {
  if (store.get().downloads[id] !== undefined) return;
  const progress = (loadedBytes: number) =>
    store.set({ downloads: { ...store.get().downloads, [id]: loadedBytes } });
  progress(0);
  try {
    const blob = await downloadAttachment(session().chatClient, threadId, id, "original", progress);
    save(blob, name);
  } catch (error) {
    showError(`Downloading ${isolate(name)}`, error);
  } finally {
    const { [id]: _, ...downloads } = store.get().downloads;
    store.set({ downloads });
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name || "file";
  link.click();
  // The browser has taken it over by the time that the next task runs.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
