// Tells the others that one is typing. They show it for some seconds, so it is said again only
// after this pause while the typing goes on.
import type { ChatClient } from "openline";

const PAUSE_MS = 8_000;
const lastSent = new Map<string, number>();

export async function sendTyping(
  chat: ChatClient,
  threadId: string,
  senderDisplayName: string,
): Promise<void> {
  const now = performance.now();
  if (now - (lastSent.get(threadId) ?? -PAUSE_MS) < PAUSE_MS) return;
  lastSent.set(threadId, now);
  await chat.getChatThreadClient(threadId).sendTypingNotification({ senderDisplayName });
}

/** After a message is sent the next keystroke is news again. */
export function typingEnded(threadId: string): void {
  lastSent.delete(threadId);
}
