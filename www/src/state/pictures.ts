// Images of messages as addresses that an `img` can show. The server wants a token for each, so they
// are downloaded; the latest ones are kept.
import { downloadAttachment } from "../openline/attachments";
import { session, store } from "./app-state";

export type Picture = { state: "loading" } | { state: "failed" } | { state: "shown"; url: string };

const MOST_KEPT = 200;
const pictures = new Map<string, Picture>();

/** Asks for the picture where nobody has; the page is drawn again once it is there. */
export function picture(threadId: string, attachmentId: string, view: "small" | "original"): Picture {
  const key = `${view} ${attachmentId}`;
  const known = pictures.get(key);
  if (!known) void load(key, threadId, attachmentId, view);
  return known ?? { state: "loading" };
}

export function retryPicture(attachmentId: string, view: "small" | "original"): void {
  pictures.delete(`${view} ${attachmentId}`);
  store.set({});
}

/** For signing out. */
export function forgetPictures(): void {
  for (const key of [...pictures.keys()]) forget(key);
}

async function load(
  key: string,
  threadId: string,
  attachmentId: string,
  view: "small" | "original",
): Promise<void> {
  const { chatClient } = session();
  pictures.set(key, { state: "loading" });
  const found = await downloadAttachment(chatClient, threadId, attachmentId, view).then(
    (blob): Picture => ({ state: "shown", url: URL.createObjectURL(blob) }),
    (error: unknown): Picture => {
      console.warn("Loading a picture failed", error);
      return { state: "failed" };
    },
  );
  pictures.set(key, found);
  // What is on the screen stays there: it was decoded already.
  for (const old of [...pictures.keys()].slice(0, pictures.size - MOST_KEPT)) forget(old);
  store.set({});
}

function forget(key: string): void {
  const known = pictures.get(key);
  if (known?.state === "shown") URL.revokeObjectURL(known.url);
  pictures.delete(key);
}
