// What applications wrote for @azure/communication-chat 1.6.0: it compiles with that, and with ours in its place.
import {
  type AddChatParticipantsResult,
  type AddParticipantsOptions,
  type AddParticipantsRequest,
  AzureCommunicationTokenCredential,
  type ChatAttachment,
  type ChatAttachmentType,
  ChatClient,
  type ChatClientOptions,
  type ChatError,
  type ChatEventId,
  type ChatMessage,
  type ChatMessageContent,
  type ChatMessageDeletedEvent,
  type ChatMessageEditedEvent,
  type ChatMessageReadReceipt,
  type ChatMessageReceivedEvent,
  type ChatMessageType,
  type ChatParticipant,
  type ChatRetentionPolicy,
  ChatThreadClient,
  type ChatThreadClientOptions,
  type ChatThreadCreatedEvent,
  type ChatThreadDeletedEvent,
  type ChatThreadItem,
  type ChatThreadProperties,
  type ChatThreadPropertiesUpdatedEvent,
  type CommunicationIdentifierKind,
  type CreateChatThreadOptions,
  type CreateChatThreadRequest,
  type CreateChatThreadResult,
  type DeleteChatThreadOptions,
  type DeleteMessageOptions,
  type GetMessageOptions,
  type GetPropertiesOptions,
  getIdentifierKind,
  isCommunicationUserIdentifier,
  type ListChatThreadsOptions,
  type ListMessagesOptions,
  type ListPageSettings,
  type ListParticipantsOptions,
  type ListReadReceiptsOptions,
  type NoneRetentionPolicy,
  type ParticipantsAddedEvent,
  type ParticipantsRemovedEvent,
  type ReadReceiptReceivedEvent,
  type RemoveParticipantOptions,
  type RestListChatThreadsOptions,
  type RestListMessagesOptions,
  type RestListParticipantsOptions,
  type RestListReadReceiptsOptions,
  type SendChatMessageResult,
  type SendMessageOptions,
  type SendMessageRequest,
  type SendReadReceiptOptions,
  type SendReadReceiptRequest,
  type SendTypingNotificationOptions,
  type ThreadCreationDateRetentionPolicy,
  type TypingIndicatorReceivedEvent,
  type UpdateChatThreadPropertiesOptions,
  type UpdateMessageOptions,
  type UpdateTopicOptions,
} from "chat-sdk";

const endpoint = "https://chat.example.com";
const credential = new AzureCommunicationTokenCredential({
  tokenRefresher: async (abortSignal) => (await fetch("/token", { signal: abortSignal as AbortSignal })).text(),
  refreshProactively: true,
});

const clientOptions: ChatClientOptions = {
  retryOptions: { maxRetries: 5, retryDelayInMs: 250, maxRetryDelayInMs: 10_000 },
  userAgentOptions: { userAgentPrefix: "my-app" },
  telemetryOptions: { clientRequestIdHeaderName: "x-ms-client-request-id" },
  allowInsecureConnection: true,
};
const threadOptions: ChatThreadClientOptions = clientOptions;

/** A class that keeps its clients. */
export class ChatService {
  private readonly chatClient = new ChatClient(endpoint, credential, clientOptions);
  private readonly threads = new Map<string, ChatThreadClient>();
  private readonly controller = new AbortController();

  thread(threadId: string): ChatThreadClient {
    const known = this.threads.get(threadId);
    if (known) return known;
    const made = this.chatClient.getChatThreadClient(threadId);
    this.threads.set(made.threadId, made);
    return made;
  }

  alone(threadId: string): ChatThreadClient {
    return new ChatThreadClient(endpoint, threadId, credential, threadOptions);
  }

  async create(userIds: string[]): Promise<string> {
    const participants: ChatParticipant[] = userIds.map((communicationUserId) => ({
      id: { communicationUserId },
      displayName: "Somebody",
      shareHistoryTime: new Date(0),
      metadata: { role: "guest" },
    }));
    const policy: ChatRetentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays: 60 };
    const request: CreateChatThreadRequest = { topic: "Lunch" };
    const options: CreateChatThreadOptions = {
      participants,
      idempotencyToken: "8f5a1f3e-0000-4000-8000-000000000000",
      metadata: { place: "canteen" },
      retentionPolicy: policy,
      abortSignal: this.controller.signal,
      requestOptions: { timeout: 5_000, customHeaders: { "x-trace": "1" } },
      onResponse: (response, body, error) => {
        const id: string | undefined = response.headers.get("x-ms-request-id") ?? undefined;
        console.log(response.status, response.bodyAsText, response.parsedBody, response.request.url, id, body, error);
      },
    };
    const result: CreateChatThreadResult = await this.chatClient.createChatThread(request, options);
    const invalid: ChatError[] = result.invalidParticipants ?? [];
    for (const { code, message, target, details, innerError } of invalid) {
      console.log(code, message, target, details, innerError);
    }
    const thread: ChatThreadProperties | undefined = result.chatThread;
    if (!thread) throw new Error("not created");
    return thread.id;
  }

  async listThreads(): Promise<ChatThreadItem[]> {
    const options: ListChatThreadsOptions = { maxPageSize: 20, startTime: new Date(0) };
    const items: ChatThreadItem[] = [];
    for await (const item of this.chatClient.listChatThreads(options)) {
      if (item.deletedOn === undefined) items.push(item);
    }
    items.sort((a, b) => (b.lastMessageReceivedOn?.getTime() ?? 0) - (a.lastMessageReceivedOn?.getTime() ?? 0));
    return items;
  }

  async pages(threadId: string): Promise<ChatMessage[][]> {
    const found: ChatMessage[][] = [];
    const pages: AsyncIterableIterator<ChatMessage[]> = this.thread(threadId)
      .listMessages({ startTime: new Date(0) })
      .byPage({ maxPageSize: 50 });
    for await (const page of pages) found.push(page);
    const onwards = this.thread(threadId).listMessages().byPage({ continuationToken: "…", maxPageSize: 10 });
    const step = await onwards.next();
    if (!step.done) found.push(step.value);
    const iterator = this.thread(threadId).listMessages();
    let item = await iterator.next();
    while (!item.done) {
      console.log(item.value.id);
      item = await iterator.next();
    }
    return found;
  }

  async use(threadId: string): Promise<void> {
    const thread = this.thread(threadId);
    const getting: GetPropertiesOptions = { abortSignal: this.controller.signal };
    const { topic, createdOn, createdBy, metadata, retentionPolicy, deletedOn } = await thread.getProperties(getting);
    console.log(topic, createdOn.getTime(), createdBy?.kind, metadata?.["place"], deletedOn?.toISOString());
    if (retentionPolicy?.kind === "threadCreationDate") console.log(retentionPolicy.deleteThreadAfterDays.toFixed());

    const updatingTopic: UpdateTopicOptions = {};
    await thread.updateTopic("Dinner", updatingTopic);
    const none: NoneRetentionPolicy = { kind: "none" };
    const some: ThreadCreationDateRetentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays: 30 };
    const properties: UpdateChatThreadPropertiesOptions = { topic: "Tea", metadata: { a: "b" }, retentionPolicy: none };
    await thread.updateProperties(properties);
    await thread.updateProperties({ retentionPolicy: some });

    const message: SendMessageRequest = { content: "Hello" };
    const type: ChatMessageType = "html";
    const sending: SendMessageOptions = { senderDisplayName: "Ann", type, metadata: { hasAttachment: "true" } };
    const sent: SendChatMessageResult = await thread.sendMessage(message, sending);
    const reading: GetMessageOptions = {};
    const read: ChatMessage = await thread.getMessage(sent.id, reading);
    this.show(read);
    const editing: UpdateMessageOptions = { content: "Hello!", metadata: { edited: "true" } };
    await thread.updateMessage(sent.id, editing);
    const deleting: DeleteMessageOptions = {};
    await thread.deleteMessage(sent.id, deleting);

    const adding: AddParticipantsRequest = { participants: [{ id: { phoneNumber: "+4912345" } }] };
    const addOptions: AddParticipantsOptions = {};
    const added: AddChatParticipantsResult = await thread.addParticipants(adding, addOptions);
    console.log(added.invalidParticipants?.[0]?.code);
    const listing: ListParticipantsOptions = { maxPageSize: 10, skip: 5 };
    for await (const participant of thread.listParticipants(listing)) {
      if (isCommunicationUserIdentifier(participant.id)) console.log(participant.id.communicationUserId);
      console.log(getIdentifierKind(participant.id).kind, participant.displayName, participant.shareHistoryTime?.getTime());
    }
    const removing: RemoveParticipantOptions = {};
    await thread.removeParticipant({ communicationUserId: "8:acs:.." }, removing);

    const typing: SendTypingNotificationOptions = { senderDisplayName: "Ann" };
    const wasSent: boolean = await thread.sendTypingNotification(typing);
    const receipt: SendReadReceiptRequest = { chatMessageId: sent.id };
    const receiptOptions: SendReadReceiptOptions = {};
    await thread.sendReadReceipt(receipt, receiptOptions);
    const receipts: ListReadReceiptsOptions = { maxPageSize: 10, skip: 0 };
    for await (const one of thread.listReadReceipts(receipts)) {
      const { sender, chatMessageId, readOn }: ChatMessageReadReceipt = one;
      console.log(sender.kind, chatMessageId, readOn.getTime(), wasSent);
    }
    const dropping: DeleteChatThreadOptions = { abortSignal: this.controller.signal };
    await this.chatClient.deleteChatThread(threadId, dropping);
  }

  show(message: ChatMessage): void {
    const content: ChatMessageContent | undefined = message.content;
    switch (message.type) {
      case "text":
      case "html":
        console.log(content?.message, message.senderDisplayName, message.sender?.kind);
        break;
      case "topicUpdated":
        console.log(content?.topic, content?.initiator);
        break;
      case "participantAdded":
      case "participantRemoved":
        console.log(content?.participants?.map((participant) => participant.displayName));
        break;
    }
    const attachments: ChatAttachment[] = content?.attachments ?? [];
    for (const { id, attachmentType, name, url, previewUrl } of attachments) {
      const kind: ChatAttachmentType = attachmentType;
      console.log(id, kind, name, url, previewUrl);
    }
    console.log(Number(message.sequenceId), message.version, message.createdOn.toISOString(), message.metadata);
    console.log(message.editedOn?.getTime(), message.deletedOn?.getTime());
  }

  async listen(): Promise<void> {
    await this.chatClient.startRealtimeNotifications();
    this.chatClient.on("chatMessageReceived", this.onReceived);
    this.chatClient.on("chatMessageEdited", (event: ChatMessageEditedEvent) => {
      console.log(event.message, event.editedOn.getTime());
    });
    this.chatClient.on("chatMessageDeleted", (event: ChatMessageDeletedEvent) => {
      console.log(event.id, event.deletedOn.getTime());
    });
    this.chatClient.on("typingIndicatorReceived", (event: TypingIndicatorReceivedEvent) => {
      console.log(event.senderDisplayName, event.version, event.receivedOn.getTime());
    });
    this.chatClient.on("readReceiptReceived", (event: ReadReceiptReceivedEvent) => {
      console.log(event.chatMessageId, event.readOn.getTime(), event.recipient.kind);
    });
    this.chatClient.on("chatThreadCreated", (event: ChatThreadCreatedEvent) => {
      console.log(event.threadId, event.properties.topic, event.createdBy.displayName, event.createdOn.getTime());
      console.log(event.participants.map((participant) => participant.id));
      const policy: ChatRetentionPolicy = event.retentionPolicy;
      if (policy.kind === "threadCreationDate") console.log(policy.deleteThreadAfterDays);
    });
    this.chatClient.on("chatThreadDeleted", (event: ChatThreadDeletedEvent) => {
      console.log(event.threadId, event.deletedOn.getTime(), event.version);
    });
    this.chatClient.on("chatThreadPropertiesUpdated", (event: ChatThreadPropertiesUpdatedEvent) => {
      console.log(event.properties.topic, event.updatedOn.getTime(), event.updatedBy.id, event.retentionPolicy.kind);
    });
    this.chatClient.on("participantsAdded", (event: ParticipantsAddedEvent) => {
      console.log(event.addedOn.getTime(), event.addedBy.displayName, event.participantsAdded.length);
    });
    this.chatClient.on("participantsRemoved", (event: ParticipantsRemovedEvent) => {
      console.log(event.removedOn.getTime(), event.removedBy.id, event.participantsRemoved.length);
    });
    this.chatClient.on("realTimeNotificationConnected", () => console.log("connected"));
    this.chatClient.on("realTimeNotificationDisconnected", () => console.log("disconnected"));
    const event: ChatEventId = "chatMessageReceived";
    this.chatClient.off(event, this.onReceived);
    await this.chatClient.stopRealtimeNotifications();
  }

  private readonly onReceived = (event: ChatMessageReceivedEvent): void => {
    const { id, threadId, message, createdOn, version, type, metadata, attachments }: ChatMessageReceivedEvent = event;
    const sender: CommunicationIdentifierKind = event.sender;
    if (sender.kind === "communicationUser") console.log(sender.communicationUserId);
    console.log(id, threadId, message, createdOn.getTime(), version, type, metadata["k"], attachments?.length);
  };

  async fail(): Promise<string> {
    try {
      await this.thread("19:x@thread.v2").getProperties();
      return "ok";
    } catch (error) {
      const { statusCode, code } = error as { statusCode?: number; code?: string };
      return `${statusCode} ${code}`;
    }
  }
}

export type Lists = [
  RestListChatThreadsOptions,
  RestListMessagesOptions,
  RestListParticipantsOptions,
  RestListReadReceiptsOptions,
  ListMessagesOptions,
  ListPageSettings,
];
