/** Options of a {@link ChatClient}. */
export interface ChatClientOptions extends CommonClientOptions {
  /** What to keep on the device. Default: nothing. */
  localData?: ChatLocalDataOptions;
}

/**
 * What a client keeps in IndexedDB, apart for each user and endpoint. {@link ChatClient.clearLocalData} forgets it: call
 * it when the user signs out.
 */
export interface ChatLocalDataOptions {
  /**
   * Who is signed in. Default: whoever the token says; a page that opens offline, where no token can be had, needs it
   * here. Nothing is sent with a token of anybody else.
   */
  user?: CommunicationUserIdentifier;
  /** Keep what is given to {@link ChatThreadClient.queueMessage} until it is sent. Default: yes. */
  outbox?: boolean;
  /** Keep the newest messages of threads, for {@link ChatThreadClient.getCachedMessages}. Default: no. */
  history?: boolean | ChatHistoryOptions;
}

/** How much is kept. The threads that were not used for the longest time go first. */
export interface ChatHistoryOptions {
  /** Default 50. */
  maxThreads?: number;
  /** Default 200. */
  maxMessagesPerThread?: number;
  /** Of all threads together, about. Default 10,000,000. */
  maxBytes?: number;
}

/** Options of a {@link ChatThreadClient} that is made by hand. */
export interface ChatThreadClientOptions extends ChatClientOptions {}

/** Text, HTML, or something the service tells. */
export type ChatMessageType = "text" | "html" | "topicUpdated" | "participantAdded" | "participantRemoved";

/** When a thread deletes itself. */
export type ChatRetentionPolicy = ThreadCreationDateRetentionPolicy | NoneRetentionPolicy;

/** So many days after it was created. */
export interface ThreadCreationDateRetentionPolicy {
  kind: "threadCreationDate";
  /** 30 to 90. */
  deleteThreadAfterDays: number;
}

/** Never. */
export interface NoneRetentionPolicy {
  kind: "none";
}

/** Somebody in a thread. */
export interface ChatParticipant {
  /** Who. */
  id: CommunicationIdentifier;
  /** The name in the thread. */
  displayName?: string;
  /** From when on the participant sees messages; absent: all of them. */
  shareHistoryTime?: Date;
  /** Your own data, at most 1 KiB. */
  metadata?: Record<string, string>;
}

/** What a thread is about. */
export interface ChatThreadProperties {
  id: string;
  topic: string;
  createdOn: Date;
  readonly createdBy?: CommunicationIdentifierKind;
  deletedOn?: Date;
  metadata?: Record<string, string>;
  retentionPolicy?: ChatRetentionPolicy;
}

/** A thread in a list. */
export interface ChatThreadItem {
  id: string;
  topic: string;
  /** When it was deleted; absent while it is there. */
  deletedOn?: Date;
  /** When the newest message came; absent before the first. */
  readonly lastMessageReceivedOn?: Date;
}

/** A message. */
export interface ChatMessage {
  /** The time it was sent, decimal milliseconds: it grows with time, and is unique in the thread. */
  id: string;
  type: ChatMessageType;
  /** Its place in the thread, decimal, from 1. */
  sequenceId: string;
  /** The time of its last change, decimal milliseconds. */
  version: string;
  /** What it says; absent once deleted. */
  content?: ChatMessageContent;
  senderDisplayName?: string;
  createdOn: Date;
  /** Who sent it; absent in messages of the service. */
  sender?: CommunicationIdentifierKind;
  deletedOn?: Date;
  editedOn?: Date;
  metadata?: Record<string, string>;
}

/** What a message says. */
export interface ChatMessageContent {
  /** The text, of text and HTML messages. */
  message?: string;
  /** The new topic, of `topicUpdated`. */
  topic?: string;
  /** Who was added or removed. */
  participants?: ChatParticipant[];
  /** Who did it. */
  initiator?: CommunicationIdentifierKind;
  attachments?: ChatAttachment[];
}

/** A file that belongs to a message. */
export interface ChatAttachment {
  id: string;
  /** `image`: it can be shown, and has a preview. */
  attachmentType: ChatAttachmentType;
  /** The name that its uploader gave it. */
  name?: string;
  /** Where it is, for requests with a token in their header; see {@link ChatThreadClient.downloadAttachment}. */
  url?: string;
  /** Where an image's preview is, at most 320 pixels a side. */
  previewUrl?: string;
  /** The media type it is served with. */
  contentType?: string;
  sizeBytes?: number;
  /** An image's width in pixels, as it is to be shown. */
  width?: number;
  /** An image's height in pixels, as it is to be shown. */
  height?: number;
}

export type ChatAttachmentType = "image" | "file" | "unknown";

/** How far a file is. */
export interface TransferProgress {
  loadedBytes: number;
  /** Absent where nobody knows. */
  totalBytes?: number;
}

/**
 * Options of requests with a file. `requestOptions.timeout` is how long it may stand still; on Node and in service
 * workers, where nothing tells how far it is, how long it may take.
 */
export interface TransferOptions extends OperationOptions {
  /** Called as the file moves. */
  onProgress?: (progress: TransferProgress) => void;
}

export interface UploadAttachmentOptions extends TransferOptions {
  /** The file's name, as the others see it. Default: that of the `File`. */
  name?: string;
}

export interface DownloadAttachmentOptions extends TransferOptions {
  /** Of an image: `small` is its preview. Default: what was uploaded, byte for byte. */
  view?: "original" | "small";
}

export type DeleteAttachmentOptions = OperationOptions;

/** How far somebody has read. */
export interface ChatMessageReadReceipt {
  sender: CommunicationIdentifierKind;
  chatMessageId: string;
  readOn: Date;
}

/** How far messages have reached somebody. What was read has. */
export interface ChatMessageDeliveryReceipt {
  sender: CommunicationIdentifierKind;
  chatMessageId: string;
  deliveredOn: Date;
}

export interface CreateChatThreadRequest {
  topic: string;
}

export interface CreateChatThreadOptions extends OperationOptions {
  /** Whom to add, besides oneself; at most 200. */
  participants?: ChatParticipant[];
  /** Creating again with the same token returns the same thread. Default: a new one every time. */
  idempotencyToken?: string;
  /** Your own data, at most 1 KiB. */
  metadata?: Record<string, string>;
  retentionPolicy?: ChatRetentionPolicy;
}

export interface CreateChatThreadResult {
  chatThread?: ChatThreadProperties;
  /** Who could not be added, and why; `target` is the raw id. Absent where all could. */
  readonly invalidParticipants?: ChatError[];
}

export interface ListChatThreadsOptions extends OperationOptions {
  /** Threads per page, 1 to 200. */
  maxPageSize?: number;
  /** Leave out threads in which nothing happened since. */
  startTime?: Date;
}

export interface UpdateChatThreadPropertiesOptions extends OperationOptions {
  topic?: string;
  /** Keys to set; `null` removes a key. */
  metadata?: Record<string, string | null>;
  retentionPolicy?: ChatRetentionPolicy;
}

export interface SendMessageRequest {
  /** At most 28 KiB; may be empty beside attachments. */
  content: string;
}

export interface SendMessageOptions extends OperationOptions {
  /** The sender's name, as the others see it. */
  senderDisplayName?: string;
  /** `text` or `html`; what the service tells cannot be sent. Default `text`. */
  type?: ChatMessageType;
  /** Your own data, at most 1 KiB. */
  metadata?: Record<string, string>;
  /** Uploads of one's own to this thread, at most 10; see {@link ChatThreadClient.uploadAttachment}. */
  attachments?: Pick<ChatAttachment, "id">[];
}

/**
 * What a queued message says besides its content. Of `attachments` the ids are kept: upload the files before. What is
 * not sent within a day of that fails, for the server erases files that no message names.
 */
export type QueueMessageOptions = Pick<SendMessageOptions, "senderDisplayName" | "type" | "metadata" | "attachments">;

/** A message that is kept on the device until it is sent. At most 1,000 at a time. */
export interface PendingChatMessage {
  /** Names it on this device; the message's own id comes with `chatMessageSent`. */
  pendingId: string;
  threadId: string;
  content: string;
  type: "text" | "html";
  senderDisplayName?: string;
  metadata?: Record<string, string>;
  attachments?: Pick<ChatAttachment, "id">[];
  /** When it was queued, or last sent again by {@link ChatThreadClient.retryPendingMessage}. */
  queuedOn: Date;
  /** Whether it is still tried. A failed one is not, and does not hold up those after it. */
  state: "pending" | "failed" | "sent";
  /** Why it failed. */
  error?: PendingChatMessageError;
}

/** Why a message could not be sent. Shapes and codes are those of {@link RestError}, and these of its own. */
export interface PendingChatMessageError {
  /**
   * What the server answered: `Forbidden`, `NotFound`, `InternalServerError` (five times) and so on. Or `tooOld`: for a
   * week it could not be sent, after which the server would not know a repeat from a new message.
   */
  code: string;
  message: string;
  statusCode?: number;
  requestId?: string;
}

/** A queued message is on the server. */
export interface ChatMessageSentEvent extends PendingChatMessage {
  /** The message's id, as in {@link ChatMessage}. */
  messageId: string;
}

/**
 * Something that concerns what is kept on the device. `notEnabled`: the option `localData` does not ask for it. `full`:
 * 1,000 messages wait. `tooLarge`: no server takes so long a message. `notFound`: no such message waits. `closed`: the
 * data was cleared, or the credential disposed. `unavailable`: the browser keeps no data for this page.
 */
export interface LocalDataError extends Error {
  name: "LocalDataError";
  code: "notEnabled" | "full" | "tooLarge" | "notFound" | "closed" | "unavailable";
}

export interface SendChatMessageResult {
  /** The message's id. */
  id: string;
}

export interface UpdateMessageOptions extends OperationOptions {
  content?: string;
  /** Keys to set; `null` removes a key. */
  metadata?: Record<string, string | null>;
  /** The files as they are to be: what is left out is deleted. Absent: as they are. */
  attachments?: Pick<ChatAttachment, "id">[];
}

export interface ListMessagesOptions extends OperationOptions {
  /** Messages per page, 1 to 200. */
  maxPageSize?: number;
  /** Leave out messages sent before. */
  startTime?: Date;
}

/** What to search for, in which messages. */
export interface SearchMessagesOptions extends OperationOptions {
  /** 1 to 32 words, at most 512 bytes. */
  query: string;
  /** Only in this thread. Default: in all of the user's. */
  threadId?: string;
  /** Only what this person sent. */
  sender?: CommunicationIdentifier;
  /** Leave out messages sent before. */
  startTime?: Date;
  /** Leave out messages sent at that time and later. */
  endTime?: Date;
  /** Messages per page, 1 to 100. Default 25. */
  maxPageSize?: number;
}

/** A message that a search found. */
export interface ChatMessageSearchItem {
  threadId: string;
  message: ChatMessage;
  snippet: ChatMessageSnippet;
}

/** Where a message says what was searched for. */
export interface ChatMessageSnippet {
  /** About 200 characters of the message as plain text, also of an HTML message: never show it as HTML. */
  text: string;
  /** Where it begins in the message, or in the text of an HTML message. */
  offset: number;
  /** What matched, within `text`, in order. */
  highlights: ChatTextRange[];
}

/** A range of a text, as `text.slice(offset, offset + length)` has it. */
export interface ChatTextRange {
  offset: number;
  length: number;
}

export interface ListPageOptions extends OperationOptions {
  /** Items per page, 1 to 200. */
  maxPageSize?: number;
  /** Items to leave out at the start. */
  skip?: number;
}

export interface AddParticipantsRequest {
  /** Whom to add; at most 200. */
  participants: ChatParticipant[];
}

export interface AddChatParticipantsResult {
  /** Who could not be added, and why; `target` is the raw id. Absent where all could. */
  readonly invalidParticipants?: ChatError[];
}

export interface SendTypingNotificationOptions extends OperationOptions {
  /** The name to show; absent: the one in the thread. */
  senderDisplayName?: string;
}

export interface SendReadReceiptRequest {
  /** The newest message that was read. */
  chatMessageId: string;
}

export interface SendDeliveryReceiptRequest {
  /** The newest message that has arrived; it says so of those before it, too. */
  chatMessageId: string;
}

/** Why somebody could not be added, and other errors as the server words them. */
export type ChatError = ServiceError;

export type GetPropertiesOptions = OperationOptions;
export type UpdateTopicOptions = OperationOptions;
export type DeleteChatThreadOptions = OperationOptions;
export type GetMessageOptions = OperationOptions;
export type DeleteMessageOptions = OperationOptions;
export type AddParticipantsOptions = OperationOptions;
export type RemoveParticipantOptions = OperationOptions;
export type SendReadReceiptOptions = OperationOptions;
export type SendDeliveryReceiptOptions = OperationOptions;
export type ListParticipantsOptions = ListPageOptions;
export type ListReadReceiptsOptions = ListPageOptions;
export type ListDeliveryReceiptsOptions = ListPageOptions;

/** Goes on after a page that was read before. */
export type ListPageSettings = Pick<PageSettings, "continuationToken">;

export type RestListChatThreadsOptions = ListChatThreadsOptions;
export type RestListMessagesOptions = ListMessagesOptions;
export type RestListParticipantsOptions = ListParticipantsOptions;
export type RestListReadReceiptsOptions = ListReadReceiptsOptions;
