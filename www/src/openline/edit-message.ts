// Replaces the text of a message one has sent.
import type { ChatClient } from "openline";

export function editMessage(
  chat: ChatClient,
  threadId: string,
  messageId: string,
  text: string,
): Promise<void> {
  return chat.getChatThreadClient(threadId).updateMessage(messageId, { content: text });
}
