// Sends a text message, with the files that were uploaded for it. The promise resolves once the server has stored it.
import type { ChatClient } from "openline";

export async function sendMessage(
  chat: ChatClient,
  threadId: string,
  text: string,
  { senderDisplayName, attachments }: { senderDisplayName: string; attachments: { id: string }[] },
): Promise<string> {
  const thread = chat.getChatThreadClient(threadId);
  const { id } = await thread.sendMessage({ content: text }, { senderDisplayName, attachments });
  return id;
}
