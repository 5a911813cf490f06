// Deletes a message one has sent, for everybody in the thread.
import type { ChatClient } from "openline";

export function deleteMessage(
  chat: ChatClient,
  threadId: string,
  messageId: string,
): Promise<void> {
  return chat.getChatThreadClient(threadId).deleteMessage(messageId);
}
