// Chat clients: methods, options, results, paging.
import { expectTypeOf } from "expect-type";
import {
  ChatClient,
  ChatThreadClient,
  type AbortSignalLike,
  type AddChatParticipantsResult,
  type ChatAttachment,
  type ChatMessage,
  type ChatMessageContent,
  type ChatMessageReadReceipt,
  type ChatMessageSearchItem,
  type ChatMessageType,
  type ChatParticipant,
  type ChatRetentionPolicy,
  type ChatThreadItem,
  type ChatThreadProperties,
  type CommunicationIdentifierKind,
  type ContinuablePage,
  type CreateChatThreadResult,
  type ListMessagesOptions,
  type OperationOptions,
  type PageIterator,
  type PagedAsyncIterableIterator,
  type PendingChatMessage,
  type SendChatMessageResult,
  type TokenCredential,
  type TransferProgress,
} from "openline";

declare const credential: TokenCredential;
const { signal: abortSignal } = new AbortController();
const client = new ChatClient("https://calls.example.com", credential);
const ben: ChatParticipant = { id: { communicationUserId: "8:acs:a_b" }, displayName: "Ben" };

// @ts-expect-error whose threads?
new ChatClient("https://calls.example.com");
// @ts-expect-error a token is no credential
new ChatClient("https://calls.example.com", "eyJ0eXAi");
new ChatClient("https://calls.example.com", credential, { userAgentOptions: { userAgentPrefix: "shop" } });

// Threads.
expectTypeOf(client.createChatThread({ topic: "Lunch" })).resolves.toEqualTypeOf<CreateChatThreadResult>();
void client.createChatThread(
  { topic: "Lunch" },
  {
    participants: [ben],
    idempotencyToken: "lunch-1",
    metadata: { room: "2" },
    retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 30 },
    abortSignal,
  },
);
// @ts-expect-error a thread has a topic
void client.createChatThread({});
// @ts-expect-error participants are given by identifier
void client.createChatThread({ topic: "Lunch" }, { participants: [{ id: "8:acs:a_b" }] });
// @ts-expect-error after how many days?
void client.createChatThread({ topic: "Lunch" }, { retentionPolicy: { kind: "threadCreationDate" } });
expectTypeOf(client.deleteChatThread("19:x@thread.v2", { abortSignal })).resolves.toBeVoid();
expectTypeOf(client.listChatThreads({ maxPageSize: 10, startTime: new Date() })).toEqualTypeOf<
  PagedAsyncIterableIterator<ChatThreadItem>
>();
// @ts-expect-error times are dates
client.listChatThreads({ startTime: "2026-01-01" });
expectTypeOf(client.startRealtimeNotifications()).resolves.toBeVoid();
expectTypeOf(client.stopRealtimeNotifications()).resolves.toBeVoid();

const thread = client.getChatThreadClient("19:x@thread.v2");
expectTypeOf(thread).toEqualTypeOf<ChatThreadClient>();
expectTypeOf(thread.threadId).toBeString();
expectTypeOf(thread.getProperties()).resolves.toEqualTypeOf<ChatThreadProperties>();
expectTypeOf(thread.updateTopic("Dinner")).resolves.toBeVoid();
void thread.updateProperties({ topic: "Dinner", metadata: { room: null }, retentionPolicy: { kind: "none" } });

// Messages.
expectTypeOf(thread.sendMessage({ content: "Noon?" })).resolves.toEqualTypeOf<SendChatMessageResult>();
void thread.sendMessage({ content: "<b>Noon?</b>" }, { type: "html", senderDisplayName: "Ann", metadata: { a: "b" } });
// @ts-expect-error a message says something
void thread.sendMessage({});
expectTypeOf(thread.getMessage("1700000000000")).resolves.toEqualTypeOf<ChatMessage>();
expectTypeOf(thread.updateMessage("1700000000000", { content: "One?" })).resolves.toBeVoid();
expectTypeOf(thread.deleteMessage("1700000000000")).resolves.toBeVoid();
// @ts-expect-error ids are texts
void thread.deleteMessage(1700000000000);
expectTypeOf(thread.listMessages).parameter(0).toEqualTypeOf<ListMessagesOptions | undefined>();

expectTypeOf<ChatMessage["id" | "version" | "sequenceId"]>().toBeString();
expectTypeOf<ChatMessage["createdOn"]>().toEqualTypeOf<Date>();
expectTypeOf<ChatMessage["deletedOn" | "editedOn"]>().toEqualTypeOf<Date | undefined>();
expectTypeOf<ChatMessage["sender"]>().toEqualTypeOf<CommunicationIdentifierKind | undefined>();
expectTypeOf<ChatMessage["content"]>().toEqualTypeOf<ChatMessageContent | undefined>();
expectTypeOf<"text" | "html" | "topicUpdated" | "participantAdded" | "participantRemoved">().toExtend<ChatMessageType>();
expectTypeOf<ChatThreadProperties["createdBy"]>().toEqualTypeOf<CommunicationIdentifierKind | undefined>();

// Files of messages.
declare const file: File;
expectTypeOf(thread.uploadAttachment(file)).resolves.toEqualTypeOf<ChatAttachment>();
void thread.uploadAttachment(new Blob(["x"]), {
  name: "x.txt",
  abortSignal,
  onProgress: (progress) => expectTypeOf(progress).toEqualTypeOf<TransferProgress>(),
});
// @ts-expect-error a file, and not what is in it
void thread.uploadAttachment("text");
expectTypeOf(thread.downloadAttachment("id", { view: "small", abortSignal })).resolves.toEqualTypeOf<Blob>();
// @ts-expect-error there is no such view
void thread.downloadAttachment("id", { view: "large" });
expectTypeOf(thread.deleteAttachment("id")).resolves.toBeVoid();
declare const attachment: ChatAttachment;
void thread.sendMessage({ content: "" }, { attachments: [attachment, { id: "id" }] });
void thread.updateMessage("1700000000000", { attachments: [] });
// @ts-expect-error files are named by objects, as messages have them
void thread.sendMessage({ content: "" }, { attachments: ["id"] });
expectTypeOf<ChatAttachment["sizeBytes" | "width" | "height"]>().toEqualTypeOf<number | undefined>();

// Search.
expectTypeOf(client.searchMessages({ query: "lunch" })).toEqualTypeOf<
  PagedAsyncIterableIterator<ChatMessageSearchItem>
>();
client.searchMessages({
  query: "lunch",
  threadId: "19:x@thread.v2",
  sender: { communicationUserId: "8:acs:a_b" },
  startTime: new Date(0),
  endTime: new Date(),
  maxPageSize: 25,
  abortSignal,
});
// @ts-expect-error what for?
client.searchMessages({ threadId: "19:x@thread.v2" });
expectTypeOf<ChatMessageSearchItem["message"]>().toEqualTypeOf<ChatMessage>();
expectTypeOf<ChatMessageSearchItem["snippet"]["highlights"]>().toExtend<{ offset: number; length: number }[]>();

// People.
expectTypeOf(thread.addParticipants({ participants: [ben] })).resolves.toEqualTypeOf<AddChatParticipantsResult>();
void thread.addParticipants({ participants: [{ ...ben, shareHistoryTime: new Date() }] });
// @ts-expect-error a list, as the field's name says
void thread.addParticipants([ben]);
expectTypeOf(thread.removeParticipant({ communicationUserId: "8:acs:a_b" })).resolves.toBeVoid();
expectTypeOf(thread.listParticipants({ maxPageSize: 1, skip: 1 })).toEqualTypeOf<
  PagedAsyncIterableIterator<ChatParticipant>
>();

// Typing and reading.
expectTypeOf(thread.sendTypingNotification({ senderDisplayName: "Ann" })).resolves.toBeBoolean();
expectTypeOf(thread.sendDeliveryReceipt({ chatMessageId: "1700000000000" })).resolves.toBeVoid();
expectTypeOf(thread.sendReadReceipt({ chatMessageId: "1700000000000" })).resolves.toBeVoid();
expectTypeOf(thread.listReadReceipts({ maxPageSize: 2, skip: 0 })).toEqualTypeOf<
  PagedAsyncIterableIterator<ChatMessageReadReceipt>
>();
expectTypeOf<ChatMessageReadReceipt>().toEqualTypeOf<{
  sender: CommunicationIdentifierKind;
  chatMessageId: string;
  readOn: Date;
}>();

/** What is kept on the device. */
export async function kept(): Promise<void> {
  new ChatClient("https://calls.example.com", credential, { localData: {} });
  new ChatClient("https://calls.example.com", credential, {
    localData: { user: { communicationUserId: "8:acs:a_b" }, outbox: true, history: { maxThreads: 5 } },
  });
  const pending = await thread.queueMessage(
    { content: "Noon?" },
    { senderDisplayName: "Ann", metadata: { a: "b" }, attachments: [{ id: "f" }] },
  );
  expectTypeOf(pending.attachments).toEqualTypeOf<Pick<ChatAttachment, "id">[] | undefined>();
  expectTypeOf(pending).toEqualTypeOf<PendingChatMessage>();
  expectTypeOf(await thread.listPendingMessages()).toEqualTypeOf<PendingChatMessage[]>();
  await thread.retryPendingMessage(pending.pendingId);
  await thread.cancelPendingMessage(pending.pendingId);
  expectTypeOf(await thread.getCachedMessages()).toEqualTypeOf<ChatMessage[]>();
  await client.clearLocalData();
}

/** Lists are read item by item, or page by page. */
export async function read(): Promise<void> {
  for await (const message of thread.listMessages({ maxPageSize: 2 })) {
    expectTypeOf(message).toEqualTypeOf<ChatMessage>();
  }
  const pages = thread.listMessages().byPage({ maxPageSize: 20 });
  expectTypeOf(pages).toEqualTypeOf<PageIterator<ContinuablePage<ChatMessage>>>();
  for await (const page of pages) {
    expectTypeOf(page).toExtend<ChatMessage[]>();
    expectTypeOf(page.continuationToken).toEqualTypeOf<string | undefined>();
  }
  const { done, value } = await thread.listMessages().next();
  if (!done) expectTypeOf(value).toEqualTypeOf<ChatMessage>();
}

/** Retention policies tell themselves apart. */
export function days(policy: ChatRetentionPolicy): number | undefined {
  // @ts-expect-error not every policy has days
  policy.deleteThreadAfterDays;
  return policy.kind === "threadCreationDate" ? policy.deleteThreadAfterDays : undefined;
}

// Every request can be given up.
expectTypeOf<OperationOptions["abortSignal"]>().toEqualTypeOf<AbortSignalLike | undefined>();
expectTypeOf<AbortSignal>().toExtend<AbortSignalLike>();
expectTypeOf<NonNullable<Parameters<typeof thread.listMessages>[0]>>().toExtend<OperationOptions>();
expectTypeOf<NonNullable<Parameters<typeof thread.sendMessage>[1]>>().toExtend<OperationOptions>();
expectTypeOf<NonNullable<Parameters<typeof client.createChatThread>[1]>>().toExtend<OperationOptions>();
