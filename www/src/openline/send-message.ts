// Sends a text message. The promise resolves once the server has stored it.
import type { ChatClient } from "openline";

export async function sendMessage(
  chat: ChatClient,
  threadId: string,
  text: string,
  senderDisplayName: string,
): Promise<string> {
  const thread = chat.getChatThreadClient(threadId);
  const { id } = await thread.sendMessage({ content: text }, { senderDisplayName });
  return id;
}
