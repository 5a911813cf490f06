// Files and images of messages: uploading them to a thread, and getting them back.
import type { ChatAttachment, ChatClient } from "openline";

export interface Attachment {
  id: string;
  /** An image can be shown, and has a preview. */
  kind: "image" | "file";
  name: string;
  sizeBytes: number;
  /** Of an image, as it is to be shown. */
  width?: number;
  height?: number;
}

export interface Transfer {
  signal: AbortSignal;
  onProgress: (loadedBytes: number) => void;
}

/** The file lies in the thread then, and is seen once a message names it. */
export async function uploadAttachment(
  chat: ChatClient,
  threadId: string,
  file: File,
  { signal, onProgress }: Transfer,
): Promise<Attachment> {
  const uploaded = await chat.getChatThreadClient(threadId).uploadAttachment(file, {
    abortSignal: signal,
    onProgress: ({ loadedBytes }) => onProgress(loadedBytes),
  });
  return toAttachment(uploaded);
}

/** The preview of an image, or the whole of a file as it was uploaded. */
export function downloadAttachment(
  chat: ChatClient,
  threadId: string,
  attachmentId: string,
  view: "small" | "original",
  onProgress?: (loadedBytes: number) => void,
): Promise<Blob> {
  return chat.getChatThreadClient(threadId).downloadAttachment(attachmentId, {
    view,
    ...(onProgress && { onProgress: ({ loadedBytes }) => onProgress(loadedBytes) }),
  });
}

export function toAttachment(attachment: ChatAttachment): Attachment {
  const { id, attachmentType, name, sizeBytes, width, height } = attachment;
  return {
    id,
    kind: attachmentType === "image" ? "image" : "file",
    name: name ?? "",
    sizeBytes: sizeBytes ?? 0,
    ...(width && { width }),
    ...(height && { height }),
  };
}
