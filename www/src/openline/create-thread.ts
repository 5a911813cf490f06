// A new chat thread with one person or several. Whoever creates it is in it.
import { createIdentifierFromRawId, type ChatClient } from "openline";

import type { ThreadMember } from "./list-threads";

export async function createThread(
  chat: ChatClient,
  topic: string,
  me: ThreadMember,
  others: ThreadMember[],
): Promise<string> {
  const { chatThread } = await chat.createChatThread(
    { topic },
    {
      participants: [me, ...others].map(({ id, name }) => ({
        id: createIdentifierFromRawId(id),
        displayName: name,
      })),
    },
  );
  if (!chatThread) throw new Error("The server created no thread.");
  return chatThread.id;
}
