/* tslint:disable */
/* eslint-disable */
/**
 * The items of a list, fetched page by page as they are needed.
 *
 * @example
 * for await (const message of threadClient.listMessages({ maxPageSize: 50 })) { .. }
 */
export interface PagedAsyncIterableIterator<T, TPage = T[], TPageSettings = PageSettings> {
    /** The next item. */
    next(): Promise<IteratorResult<T, undefined>>;
    [Symbol.asyncIterator](): PagedAsyncIterableIterator<T, TPage, TPageSettings>;
    /** The same list from its start, or from a `continuationToken`, as pages. */
    byPage(settings?: TPageSettings): PageIterator<ContinuablePage<T, TPage>>;
}

/** The pages of a list. */
export interface PageIterator<TPage> {
    /** The next page. */
    next(): Promise<IteratorResult<TPage, undefined>>;
    [Symbol.asyncIterator](): PageIterator<TPage>;
}

/** A page of a list: an array that knows where the next page is. */
export type ContinuablePage<T, TPage = T[]> = TPage & {
    /** Where the next page begins, for {@link PageSettings}; absent on the last one. */
    continuationToken?: string;
};

/** Options of {@link PagedAsyncIterableIterator.byPage}. */
export interface PageSettings {
    /** The token of a page that was read before: goes on after it. */
    continuationToken?: string;
    /** Items per page, 1 to 200. */
    maxPageSize?: number;
}


/**
 * `Features.UserFacingDiagnostics`: what to tell the person about the network and the devices, from when it is asked
 * for to the end of the call. Its file is loaded then. Values are looked at once a second, and change when what they
 * are about lasted.
 */
export interface UserFacingDiagnosticsFeature extends BaseFeature {
    readonly name: "UserFacingDiagnostics";
    readonly network: NetworkDiagnostics;
    readonly media: MediaDiagnostics;
    readonly remote: RemoteDiagnostics;
}

/**
 * The other side's diagnostics, as far as it tells them, over the connection to the server: also where no media gets
 * through. What it told before they were asked for is known as well.
 */
export interface RemoteDiagnostics {
    readonly isSendingDiagnosticsEnabled: boolean;
    /** Tells the other side what this side's `network` and `media` have raised, and, once a second at most, what changes. */
    startSendingDiagnostics(): void;
    /** Takes it back: for the other side all is well then. */
    stopSendingDiagnostics(): void;
    /** All that was told so far, as it is now. */
    getLatest(): RemoteParticipantDiagnosticsData;
    on<K extends keyof RemoteDiagnosticsEvents>(event: K, listener: RemoteDiagnosticsEvents[K]): void;
    off<K extends keyof RemoteDiagnosticsEvents>(event: K, listener: RemoteDiagnosticsEvents[K]): void;
}

/** The events of {@link RemoteDiagnostics}. */
export interface RemoteDiagnosticsEvents {
    /** Carries what changed. */
    diagnosticChanged: (args: RemoteParticipantDiagnosticsData) => void;
}

export interface RemoteParticipantDiagnosticsData {
    diagnostics: RemoteDiagnostic[];
}

export interface RemoteDiagnostic extends LatestDiagnosticValue {
    /** Its client, until that is known empty. */
    readonly participantId: string;
    readonly rawId: string;
    /** Absent once it has left. */
    readonly remoteParticipant?: RemoteParticipant;
    readonly diagnostic: NetworkDiagnosticType | MediaDiagnosticType | ServerDiagnosticType;
}

/** `serverConnection` is a quality, by the server's word: `Bad` where it lost the other side, `Good` when that is back. */
export type ServerDiagnosticType = "serverConnection";

export interface NetworkDiagnostics {
    /** What was raised so far, as it is now. */
    getLatest(): LatestNetworkDiagnostics;
    on<K extends keyof NetworkDiagnosticsEvents>(event: K, listener: NetworkDiagnosticsEvents[K]): void;
    off<K extends keyof NetworkDiagnosticsEvents>(event: K, listener: NetworkDiagnosticsEvents[K]): void;
}

/** The events of {@link NetworkDiagnostics}. */
export interface NetworkDiagnosticsEvents {
    diagnosticChanged: (args: NetworkDiagnosticChangedEventArgs) => void;
}

export interface MediaDiagnostics {
    /** What was raised so far, as it is now. */
    getLatest(): LatestMediaDiagnostics;
    on<K extends keyof MediaDiagnosticsEvents>(event: K, listener: MediaDiagnosticsEvents[K]): void;
    off<K extends keyof MediaDiagnosticsEvents>(event: K, listener: MediaDiagnosticsEvents[K]): void;
}

/** The events of {@link MediaDiagnostics}. */
export interface MediaDiagnosticsEvents {
    diagnosticChanged: (args: MediaDiagnosticChangedEventArgs) => void;
}

/** The diagnostics of the network. What the browser does not tell is never raised. */
export interface LatestNetworkDiagnostics {
    /** Quality. `Bad`: the connection to the server is lost for a second, `Poor`: the path of media, `Good`: both are back. */
    networkReconnect?: LatestDiagnosticValue;
    /** Quality. Of what arrives: from 3 and 10 per cent lost, or 50 and 150 ms jitter, for 4 s; better after 8 s. */
    networkReceiveQuality?: LatestDiagnosticValue;
    /** Quality. Of what is sent: from 3 and 10 per cent lost, or 400 and 800 ms there and back, for 4 s; better after 8 s. */
    networkSendQuality?: LatestDiagnosticValue;
    /** Flag. The device is offline, as the browser says. */
    noNetwork?: LatestDiagnosticValue;
    /** Flag. TURN servers are configured, and none of them gave a relay. */
    networkRelaysNotReachable?: LatestDiagnosticValue;
}

/** The diagnostics of devices. What the browser does not tell is never raised. */
export interface LatestMediaDiagnostics {
    /** Flag. Somebody talks into the muted microphone. Needs a page that may play sound. */
    speakingWhileMicrophoneIsMuted?: LatestDiagnosticValue;
    /** Flag. There is no loudspeaker; not where the browser does not list them all, as in Firefox and Safari. */
    noSpeakerDevicesEnumerated?: LatestDiagnosticValue;
    /** Flag. There is no microphone. */
    noMicrophoneDevicesEnumerated?: LatestDiagnosticValue;
    /** Flag. The camera gave no frame for 5 s. Chromium only. */
    cameraFreeze?: LatestDiagnosticValue;
    /** Flag. The camera did not start, for example because another program uses it. */
    cameraStartFailed?: LatestDiagnosticValue;
    /** Flag. The browser gave up waiting for the camera, or nobody answered its question about it. */
    cameraStartTimedOut?: LatestDiagnosticValue;
    /** Flag. What the person picked could not be captured. Who picks nothing is no failure. */
    capturerStartFailed?: LatestDiagnosticValue;
    /** Flag. Nothing was sent from the unmuted microphone for 10 s, or there is none. */
    microphoneNotFunctioning?: LatestDiagnosticValue;
    /** Flag. The system or the browser cut the microphone off. */
    microphoneMuteUnexpectedly?: LatestDiagnosticValue;
    /** Flag. The camera ended by itself, as when it is unplugged. Back with the next one. */
    cameraStoppedUnexpectedly?: LatestDiagnosticValue;
    /**
     * Flag. The shared screen ended by itself: its window was closed, or the person stopped it by the browser's button,
     * which browsers do not tell from each other. Back with the next one.
     */
    capturerStoppedUnexpectedly?: LatestDiagnosticValue;
    /** Flag. The system forbids the browser to record the screen. Chromium only. */
    screenshareRecordingDisabled?: LatestDiagnosticValue;
    /** Flag. The page may not use the microphone. Not in browsers that do not tell permissions. */
    microphonePermissionDenied?: LatestDiagnosticValue;
    /** Flag. The page may not use the camera, or the last attempt to start it was refused. */
    cameraPermissionDenied?: LatestDiagnosticValue;
    /** Flag. The unmuted microphone gave complete silence for 10 s. Chromium only. */
    microphoneNotMuteButSilent?: LatestDiagnosticValue;
}

export type DiagnosticFlag = boolean;
export type DiagnosticValueType = "DiagnosticQuality" | "DiagnosticFlag";

export interface LatestDiagnosticValue {
    value: DiagnosticQuality | DiagnosticFlag;
    /** What `value` is. */
    valueType: DiagnosticValueType;
}

/** 1 good, 2 poor, 3 bad: the values of the exported `DiagnosticQuality`. */
export type DiagnosticQuality = 1 | 2 | 3;

export type NetworkDiagnosticType = keyof LatestNetworkDiagnostics;
export type MediaDiagnosticType = keyof LatestMediaDiagnostics;
export type NetworkDiagnosticChangedEventArgs = LatestDiagnosticValue & { diagnostic: NetworkDiagnosticType };
export type MediaDiagnosticChangedEventArgs = LatestDiagnosticValue & { diagnostic: MediaDiagnosticType };


/** A token and when it expires. */
export interface AccessToken {
    /** The token. */
    token: string;
    /** When it expires, in milliseconds since 1970 (UTC). */
    expiresOnTimestamp: number;
}

/** Options of {@link CommunicationTokenCredential.getToken}. */
export interface CommunicationGetTokenOptions {
    /** Gives up waiting. A refresh that others wait for goes on. */
    abortSignal?: AbortSignal;
    /** The server refused this token, however long it was to last: hand out another. */
    refusedToken?: string;
}

/** Anything that hands out tokens: {@link CommunicationTokenCredential}, or an object of your own. */
export interface TokenCredential {
    getToken(options?: CommunicationGetTokenOptions): Promise<AccessToken>;
    dispose(): void;
}

/** How a {@link CommunicationTokenCredential} gets its tokens. */
export interface CommunicationTokenRefreshOptions {
    /**
     * Fetches a token from your server, for the same identity every time. The signal is aborted when nobody
     * waits for the token any more. It is called, too, where the server refuses a token before its time (it was revoked,
     * or the clock of the page is slow): bring a new one every time. Where that is refused as well it is called less and
     * less often, at last once a minute.
     */
    tokenRefresher: (abortSignal?: AbortSignal) => Promise<string | AccessToken>;
    /** The first token; absent: the refresher is called for it. */
    token?: string | AccessToken;
    /** Fetch the next token ten minutes before this one expires, instead of when it is needed. Default false. */
    refreshProactively?: boolean;
    /** How long a token is taken to last whose expiry cannot be read. Positive and finite; default 600. */
    undecodableTokenExpiryIntervalInSeconds?: number;
    /** Refuse tokens whose expiry cannot be read. Default false. */
    strict?: boolean;
}

/** What a credential throws and rejects with, besides the refresher's own errors and `AbortError`. */
export interface CredentialError extends Error {
    name: "CredentialError";
    /**
     * `disposed`: make another credential. `expired`: the refresher returned a token that is over.
     * `invalid`: the token is blank, or, where strict, no JWT with an expiry.
     */
    code: "disposed" | "expired" | "invalid";
}


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


/** Options of every request. */
export interface OperationOptions {
    /** Gives up: the promise rejects with an `AbortError`. */
    abortSignal?: AbortSignalLike;
    /** How the request is sent. */
    requestOptions?: OperationRequestOptions;
    /**
     * Called with the answer that decides, after all repeats; of a list, with that of every page.
     * Not called where no answer came.
     */
    onResponse?: RawResponseCallback;
    /** Taken for the sake of pages that set it; the SDK makes no spans. */
    tracingOptions?: OperationTracingOptions;
    /** Taken for the sake of pages that set it; there is no XML in chat. */
    serializerOptions?: SerializerOptions;
}

/** Without effect. */
export interface OperationTracingOptions {
    tracingContext?: TracingContext;
}

/** Where a span belongs. */
export interface TracingContext {
    setValue(key: symbol, value: unknown): TracingContext;
    getValue(key: symbol): unknown;
    deleteValue(key: symbol): TracingContext;
}

/** Without effect. */
export interface SerializerOptions {
    xml: { rootName?: string; includeRoot?: boolean; xmlCharKey?: string };
    ignoreUnknownProperties?: boolean;
}

/** Anything that works as an `AbortSignal`. */
export interface AbortSignalLike {
    readonly aborted: boolean;
    addEventListener(type: "abort", listener: (this: AbortSignalLike, event: unknown) => void): void;
    removeEventListener(type: "abort", listener: (this: AbortSignalLike, event: unknown) => void): void;
}

/** How a request is sent. */
export interface OperationRequestOptions {
    /** Further headers. Those that the SDK sets itself stay as they are. */
    customHeaders?: { [name: string]: string };
    /** How long one attempt may take, in milliseconds. Default 60,000. */
    timeout?: number;
    /** Taken for the sake of pages that set it; how far a file is tells {@link TransferOptions.onProgress}. */
    onUploadProgress?: (progress: TransferProgressEvent) => void;
    /** The same. */
    onDownloadProgress?: (progress: TransferProgressEvent) => void;
    /** Taken for the sake of pages that set it; answers are always read. */
    shouldDeserialize?: boolean | ((response: PipelineResponse) => boolean);
    /** Taken for the sake of pages that set it; the endpoint says whether the line is secure. */
    allowInsecureConnection?: boolean;
}

/** How far a request is. */
export interface TransferProgressEvent {
    loadedBytes: number;
}

/** What {@link OperationOptions.onResponse} is. `flatResponse` is the body, `error` what the operation rejects with. */
export type RawResponseCallback = (
rawResponse: FullOperationResponse,
flatResponse: unknown,
error?: unknown,
) => void;

/** An answer of the server. Its `request` has neither the body nor the token, which are nobody's who logs an error. */
export interface FullOperationResponse extends PipelineResponse {
    /** The body, where it is JSON. */
    parsedBody?: unknown;
    /** Never there: chat says nothing in headers. */
    parsedHeaders?: { [name: string]: unknown };
}

/** The headers of a request or an answer. Names are the same in capitals. */
export interface HttpHeaders extends Iterable<[string, string]> {
    get(name: string): string | undefined;
    has(name: string): boolean;
    set(name: string, value: string | number | boolean): void;
    delete(name: string): void;
    /** As a plain object; names are in small letters. */
    toJSON(options?: { preserveCase?: boolean }): { [name: string]: string };
}

/** A request on its way. */
export interface PipelineRequest {
    url: string;
    method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE";
    headers: HttpHeaders;
    /** How long it may take, in milliseconds. The SDK sees to that by `abortSignal`. */
    timeout: number;
    /** Always false: the token travels in a header. */
    withCredentials: boolean;
    /** What the SDK called the request, in `x-ms-client-request-id`. */
    requestId: string;
    /** JSON, or a file: its bytes on Node and in service workers. */
    body?: string | Blob | Uint8Array | null;
    abortSignal?: AbortSignalLike;
    allowInsecureConnection?: boolean;
    /** There where the answer is to be a `blobBody`. */
    streamResponseStatusCodes?: Set<number>;
}

/** An answer on its way. */
export interface PipelineResponse {
    request: PipelineRequest;
    status: number;
    headers: HttpHeaders;
    bodyAsText?: string | null;
    /** In place of the text, of a file. */
    blobBody?: Promise<Blob>;
}

/** Sends a request. */
export type SendRequest = (request: PipelineRequest) => Promise<PipelineResponse>;

/** A way to the network in place of the browser's `fetch`. One that rejects is a server that was not reached. */
export interface HttpClient {
    sendRequest: SendRequest;
}

/** Changes a request on its way out, and the answer on its way back. */
export interface PipelinePolicy {
    name: string;
    sendRequest(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse>;
}

/** A policy and where it stands. */
export interface AdditionalPolicyConfig {
    policy: PipelinePolicy;
    /** Both run at every attempt, those `perCall` before those `perRetry`. */
    position: "perCall" | "perRetry";
}

/** Options of every client that sends requests. */
export interface CommonClientOptions {
    /** When requests are sent again. */
    retryOptions?: RetryOptions;
    /** Sends the requests, those with files too, which tell nothing of how far they are then. Default: the browser. */
    httpClient?: HttpClient;
    /** What requests and answers pass through. What is said of `httpClient` holds here, too. */
    additionalPolicies?: AdditionalPolicyConfig[];
    /** The prefix is sent as `x-ms-useragent`; a browser adds its own name. */
    userAgentOptions?: { userAgentPrefix?: string };
    /** The header that names requests. Default `x-ms-client-request-id`, which the server logs. */
    telemetryOptions?: { clientRequestIdHeaderName?: string };
    /** Taken for the sake of pages that set it; the endpoint says whether the line is secure. */
    allowInsecureConnection?: boolean;
    /** Taken for the sake of pages that set it; where requests are redirected the browser decides. */
    redirectOptions?: { maxRetries?: number; allowCrossOriginRedirects?: boolean };
    /** Without effect: the browser, or Node, has its own settings for it. */
    proxyOptions?: { host: string; port: number; username?: string; password?: string };
    /** Without effect, as before. */
    agent?: object;
    /** Without effect, as before. */
    tlsOptions?: object;
}

/** When requests are sent again that found the server busy (429, 503) or, where it is safe, not at all. */
export interface RetryOptions {
    /** Repeats after the first attempt. Default 3. */
    maxRetries?: number;
    /** The first wait in milliseconds; each further one is twice as long. Default 500. */
    retryDelayInMs?: number;
    /** The longest wait in milliseconds; if the server asks for more, the request rejects. Default 60,000. */
    maxRetryDelayInMs?: number;
}

/** What a request rejects with that the server refused or that did not reach it. */
export interface RestError extends Error {
    name: "RestError";
    /** A fixed word to decide by, such as `Forbidden` or `NotFound`; `REQUEST_SEND_ERROR` without an answer. */
    code: string;
    /** The HTTP status; absent without an answer. */
    statusCode?: number;
    /** Names the request in the server's logs. */
    requestId: string;
    /** The body of the server's answer; absent without one. */
    details?: { error: ServiceError };
    /** The answer itself; absent without one. */
    response?: FullOperationResponse;
}

/** An error as the server words it. */
export interface ServiceError {
    /** A fixed word to decide by. */
    code: string;
    /** A sentence for a person. */
    message: string;
    /** The field or item it is about. */
    readonly target?: string;
    /** The errors of parts. */
    readonly details?: ServiceError[];
    readonly innerError?: ServiceError;
}

/** What a realtime connection rejects with. */
export interface RealtimeError extends Error {
    name: "RealtimeError";
    /**
     * `tokenUnavailable`, `tokenRefused`: sign in again. `scopeMissing`: issue a token with the scope.
     * `timedOut`: try again. `versionUnsupported`: update this package. `closed`: it was stopped.
     * `noWebSocket`: use Node 22 or later, or set `globalThis.WebSocket`. `superseded`, `defect`: report it.
     */
    code:
    | "tokenUnavailable"
    | "tokenRefused"
    | "scopeMissing"
    | "timedOut"
    | "versionUnsupported"
    | "noWebSocket"
    | "closed"
    | "superseded"
    | "defect";
}


/** Somebody who can take part in a call or a chat. */
export type CommunicationIdentifier =
| CommunicationUserIdentifier
| PhoneNumberIdentifier
| MicrosoftTeamsUserIdentifier
| MicrosoftTeamsAppIdentifier
| TeamsExtensionUserIdentifier
| UnknownIdentifier;

/** A user of your communication resource. */
export interface CommunicationUserIdentifier {
    /** The raw id, `8:acs:..`. */
    communicationUserId: string;
}

/** A phone number. */
export interface PhoneNumberIdentifier {
    /** The raw id, `4:..`; made from the number where absent. */
    rawId?: string;
    /** The number in E.164 form, or `anonymous`. */
    phoneNumber: string;
    /** Tells apart several uses of one number. */
    assertedId?: string;
    /** Whether the number is withheld. */
    isAnonymous?: boolean;
}

/** A Microsoft Teams user. */
export interface MicrosoftTeamsUserIdentifier {
    /** The raw id; made from the other fields where absent. */
    rawId?: string;
    /** The object id of the user, or the id of a visitor. */
    microsoftTeamsUserId: string;
    /** Whether the user joined without an account. */
    isAnonymous?: boolean;
    /** The cloud; default `public`. */
    cloud?: "public" | "dod" | "gcch";
}

/** A Microsoft Teams application. */
export interface MicrosoftTeamsAppIdentifier {
    /** The raw id; made from the other fields where absent. */
    rawId?: string;
    /** The application's id. */
    teamsAppId: string;
    /** The cloud; default `public`. */
    cloud?: "public" | "dod" | "gcch";
}

/** A Microsoft Teams user who acts through a communication resource. */
export interface TeamsExtensionUserIdentifier {
    /** The raw id; made from the other fields where absent. */
    rawId?: string;
    /** The object id of the user. */
    userId: string;
    /** The tenant of the user. */
    tenantId: string;
    /** The communication resource. */
    resourceId: string;
    /** The cloud; default `public`. */
    cloud?: "public" | "dod" | "gcch";
}

/** An identifier of a kind that this SDK does not know. */
export interface UnknownIdentifier {
    /** The raw id. */
    id: string;
}

/** An identifier that says what it is. */
export type CommunicationIdentifierKind =
| CommunicationUserKind
| PhoneNumberKind
| MicrosoftTeamsUserKind
| MicrosoftTeamsAppKind
| TeamsExtensionUserKind
| UnknownIdentifierKind;

export interface CommunicationUserKind extends CommunicationUserIdentifier {
    kind: "communicationUser";
}
export interface PhoneNumberKind extends PhoneNumberIdentifier {
    kind: "phoneNumber";
}
export interface MicrosoftTeamsUserKind extends MicrosoftTeamsUserIdentifier {
    kind: "microsoftTeamsUser";
}
export interface MicrosoftTeamsAppKind extends MicrosoftTeamsAppIdentifier {
    kind: "microsoftTeamsApp";
}
export interface TeamsExtensionUserKind extends TeamsExtensionUserIdentifier {
    kind: "teamsExtensionUser";
}
export interface UnknownIdentifierKind extends UnknownIdentifier {
    kind: "unknown";
}


/** What every event of a thread's messages says. */
export interface ChatUserEvent {
    threadId: string;
    /** Who did it. */
    sender: CommunicationIdentifierKind;
    /** The sender's name; empty where none was given. */
    senderDisplayName: string;
    /** Who is signed in here. */
    recipient: CommunicationIdentifierKind;
}

/** What every event about a message says. */
export interface ChatMessageUserEvent extends ChatUserEvent {
    id: string;
    createdOn: Date;
    version: string;
    type: string;
}

/** A text or HTML message was sent, by oneself included. */
export interface ChatMessageReceivedEvent extends ChatMessageUserEvent {
    message: string;
    metadata: Record<string, string>;
    attachments?: ChatAttachment[];
}

/** A message was changed by its sender. */
export interface ChatMessageEditedEvent extends ChatMessageReceivedEvent {
    editedOn: Date;
}

/** A message was deleted by its sender. */
export interface ChatMessageDeletedEvent extends ChatMessageUserEvent {
    deletedOn: Date;
}

/** Somebody types. Who is offline never learns of it. */
export interface TypingIndicatorReceivedEvent extends ChatUserEvent {
    version: string;
    receivedOn: Date;
}

/** Somebody has read up to a message. */
export interface ReadReceiptReceivedEvent extends ChatUserEvent {
    chatMessageId: string;
    readOn: Date;
}

/**
 * The messages up to one have reached a client of somebody. What is read has: where it was not said before, there is only
 * {@link ReadReceiptReceivedEvent}.
 */
export interface DeliveryReceiptReceivedEvent extends ChatUserEvent {
    chatMessageId: string;
    deliveredOn: Date;
}

/** What every event about a thread says. */
export interface ChatThreadUserEvent {
    threadId: string;
    version: string;
}

/** A participant, as events have it. */
export interface ChatEventParticipant {
    id: CommunicationIdentifierKind;
    /** The name in the thread; empty where none was given. */
    displayName: string;
    metadata: Record<string, string>;
    shareHistoryTime?: Date;
}

/** A thread was created with the user in it. */
export interface ChatThreadCreatedEvent extends ChatThreadUserEvent {
    createdOn: Date;
    createdBy: ChatEventParticipant;
    properties: { topic: string; metadata: Record<string, string> };
    retentionPolicy: ChatRetentionPolicy;
    participants: ChatEventParticipant[];
}

/** Topic, metadata or retention of a thread changed. */
export interface ChatThreadPropertiesUpdatedEvent extends ChatThreadUserEvent {
    updatedOn: Date;
    updatedBy: ChatEventParticipant;
    properties: { topic: string; metadata: Record<string, string> };
    retentionPolicy: ChatRetentionPolicy;
}

/** A thread was deleted. */
export interface ChatThreadDeletedEvent extends ChatThreadUserEvent {
    deletedOn: Date;
    /** Nobody, of the kind `unknown` and without a name, where its retention policy did. */
    deletedBy: ChatEventParticipant;
    reason: "deletedByUser" | "deletedByPolicy";
}

/** People were added to a thread. */
export interface ParticipantsAddedEvent extends ChatThreadUserEvent {
    addedOn: Date;
    addedBy: ChatEventParticipant;
    participantsAdded: ChatEventParticipant[];
}

/** People were removed from a thread, or left. They get this as their last event of it. */
export interface ParticipantsRemovedEvent extends ChatThreadUserEvent {
    removedOn: Date;
    removedBy: ChatEventParticipant;
    participantsRemoved: ChatEventParticipant[];
}

/**
 * Whether events arrive: not asked for, or given up (`disconnected`); being started; yes; not now, but soon, with all
 * that is missed meanwhile.
 */
export type ChatConnectionState = "disconnected" | "connecting" | "connected" | "reconnecting";

/**
 * Why events do not arrive. It is tried again after `networkLost`, `timedOut` (the line was silent), `serverClosed` (it
 * restarts or is busy), and, as long as it can help, after `tokenUnavailable` and `tokenRefused`. Whatever the reason of
 * `disconnected` is, only another start helps; see {@link RealtimeError}.
 */
export type ChatConnectionReason = RealtimeError["code"] | "networkLost" | "serverClosed";

/** The state, or the reason for it, changed. */
export interface ChatConnectionStateChangedEvent {
    oldValue: ChatConnectionState;
    newValue: ChatConnectionState;
    /** Absent when connecting and connected. */
    reason?: ChatConnectionReason;
}

/** The events of a {@link ChatClient}, and what their listeners get. */
export interface ChatClientEvents {
    chatMessageReceived: (event: ChatMessageReceivedEvent) => void;
    chatMessageEdited: (event: ChatMessageEditedEvent) => void;
    chatMessageDeleted: (event: ChatMessageDeletedEvent) => void;
    typingIndicatorReceived: (event: TypingIndicatorReceivedEvent) => void;
    readReceiptReceived: (event: ReadReceiptReceivedEvent) => void;
    deliveryReceiptReceived: (event: DeliveryReceiptReceivedEvent) => void;
    chatThreadCreated: (event: ChatThreadCreatedEvent) => void;
    chatThreadDeleted: (event: ChatThreadDeletedEvent) => void;
    chatThreadPropertiesUpdated: (event: ChatThreadPropertiesUpdatedEvent) => void;
    participantsAdded: (event: ParticipantsAddedEvent) => void;
    participantsRemoved: (event: ParticipantsRemovedEvent) => void;
    /** Events arrive from here on: after the start, and after every break. */
    realTimeNotificationConnected: () => void;
    /** A message was queued, or is sent again. This event and the next three fire in every tab. */
    chatMessagePending: (event: PendingChatMessage) => void;
    /** A queued message is on the server. `chatMessageReceived` tells of it, too, before or after. */
    chatMessageSent: (event: ChatMessageSentEvent) => void;
    /** A queued message was refused for good, or grew too old. It is kept until it is retried or canceled. */
    chatMessageFailed: (event: PendingChatMessage) => void;
    /** A queued message was taken back. */
    chatMessageCanceled: (event: PendingChatMessage) => void;
    /** {@link ChatClient.connectionState} changed, or the reason for it. Not when the notifications are stopped. */
    connectionStateChanged: (event: ChatConnectionStateChangedEvent) => void;
    /**
     * The connection broke. It comes back by itself, and with it what was missed. With an error it does not: the
     * notifications are stopped then, the listeners stay, and `startRealtimeNotifications` starts them again.
     */
    realTimeNotificationDisconnected: (error?: RealtimeError) => void;
}

/** The name of an event of {@link ChatClient}. */
export type ChatEventId = keyof ChatClientEvents;

export interface ChatClient {
    /** Whether events arrive. `connectionStateChanged` tells when it changes, and why. */
    readonly connectionState: ChatConnectionState;
    /** Registers a listener. Registered twice, it is called twice. */
    on<E extends ChatEventId>(event: E, listener: ChatClientEvents[E]): void;
    /** Removes a listener. One that was never registered is ignored. */
    off<E extends ChatEventId>(event: E, listener: ChatClientEvents[E]): void;
}


/** Where calling begins: makes the agent of a user and gives access to devices. */
export class CallClient {
    /** A client that is not registered for calls yet. Throws `TypeError` where `endpoint` is no URL. */
    constructor(options?: CallClientOptions);
    /**
     * Registers a user for calls: resolves when the user can be called. One agent per identity.
     *
     * Rejects with {@link CommunicationServicesError}: 409/40228 there is an agent for this identity, 408/40101 the
     * server cannot be reached, 401/10009 the token is refused or there is none (`cause` is what the credential rejected
     * with), 403/40115 it lacks the scope `voip`, 412/40115 it names
     * no server and neither does `endpoint`.
     */
    createCallAgent(tokenCredential: TokenCredential, options?: CallAgentOptions): Promise<CallAgent>;
    /** Rejects with 405: there are no Microsoft 365 identities here. */
    createTeamsCallAgent(tokenCredential: TokenCredential, options?: object): Promise<never>;
    /** The device manager, always the same object. */
    getDeviceManager(): Promise<DeviceManager>;
    /** A feature of the client, always the same object. Throws for one that does not exist. */
    feature<K extends keyof CallClientFeatures>(factory: FeatureFactory<K>): CallClientFeatures[K];
    /** Ends the client with its agent and its device manager. A second time it does nothing. */
    dispose(): Promise<void>;
}

/** Options of {@link CallClient}. */
export interface CallClientOptions {
    /** The server's address, such as `https://calls.example.com`. Default: the server that issued the token. */
    endpoint?: string;
    /** Where warnings go. Default: the console. */
    logger?: CallLogger;
    /** What is said about the application. Nothing is sent anywhere. */
    diagnostics?: DiagnosticOptions;
    /** Own STUN and TURN servers. */
    networkConfiguration?: NetworkConfiguration;
}

/** An `@azure/logger` logger, or anything like it. */
export interface CallLogger {
    warning(message: string): void;
}

/** What an application says about itself. */
export interface DiagnosticOptions {
    appName?: string;
    appVersion?: string;
    tags?: string[];
}

/** How the network is used. */
export interface NetworkConfiguration {
    /** A reverse proxy in front of the server, used in its place. */
    proxy?: ProxyConfiguration;
    /** STUN and TURN servers, used instead of those the server names. */
    turn?: TurnConfiguration;
}

/** A reverse proxy. */
export interface ProxyConfiguration {
    /** Its address, such as `https://proxy.example.com/calls`. It takes the place of `endpoint`. */
    url: string;
}

/** STUN and TURN servers. */
export interface TurnConfiguration {
    iceServers: IceServer[];
}

/** A STUN or TURN server. */
export interface IceServer {
    /** `stun:` or `turn:` URLs. */
    urls: string[];
    username?: string;
    credential?: string;
}

/** Options of {@link CallClient.createCallAgent}. */
export interface CallAgentOptions {
    /** The name that others see. */
    displayName?: string;
    /** Not used: there are no phone calls yet. */
    emergencyCallOptions?: EmergencyCallOptions;
}

/** Options of emergency calls. */
export interface EmergencyCallOptions {
    /** ISO 3166-1 alpha-2. */
    countryCode?: string;
}

/** Whether calls can be received. */
export type ConnectionState = "Connected" | "Disconnected";

/** One user's calls. */
export interface CallAgent {
    readonly kind: "CallAgent";
    /** The name that others see. */
    readonly displayName?: string;
    /** Whether calls can be received now. It connects again by itself, until `connectionStateChanged` says otherwise. */
    readonly connectionState: ConnectionState;
    /** The calls that are not over, always the same objects. */
    readonly calls: readonly Call[];
    /**
     * Rings one person. Returns at once; what becomes of the call arrives as its events. A failure is its end, see
     * {@link Call.callEndReason}. Throws for an argument that is no identifier, and for more than one.
     */
    startCall(participants: CommunicationIdentifier[], options?: StartCallOptions): Call;
    /** Throws 405/40000: agents have no features so far. */
    feature(factory: FeatureFactory<string>): never;
    /** Throws 405: there are calls between two people so far. */
    join(locator: GroupLocator | RoomLocator | TeamsMeetingLinkLocator | TeamsMeetingIdLocator, options?: JoinCallOptions): Call;
    /**
     * Hangs everything up and unregisters. Its last events are told before it resolves, and its listeners are forgotten. A
     * second time it does nothing.
     */
    dispose(): Promise<void>;
    on<K extends keyof CallAgentEvents>(event: K, listener: CallAgentEvents[K]): void;
    off<K extends keyof CallAgentEvents>(event: K, listener: CallAgentEvents[K]): void;
}

/** The events of {@link CallAgent}. */
export interface CallAgentEvents {
    /** Somebody calls. */
    incomingCall: IncomingCallEvent;
    /** `calls` changed. A call is taken out after its state is `Disconnected` and its `callEndReason` is set. */
    callsUpdated: CollectionUpdatedEvent<Call>;
    /**
     * `connectionState` changed. Fires with both values `Disconnected` when it will not change any more by itself: the
     * token is refused (`invalidToken`), or the server will not have this client (`connectionIssue`). Every call ends
     * then, also those that are started later; dispose the agent and create another.
     */
    connectionStateChanged: ConnectionStateChangedEvent;
    /** Does not fire: calls do not come by push messages yet. */
    handleIncomingCall: HandleIncomingCallEvent;
}

export type IncomingCallEvent = (args: { incomingCall: IncomingCall }) => void;
export type HandleIncomingCallEvent = (args: { callId: string; participantId: string } & CallEndReason) => void;
export type ConnectionStateChangedEvent = (args: {
    newValue: ConnectionState;
    oldValue: ConnectionState;
    reason?: "invalidToken" | "connectionIssue";
}) => void;
/** A property changed; read it. */
export type PropertyChangedEvent = () => void;
export type PropertyChangedEventWithArgs<TValue, TReason> = (args: {
    newValue?: TValue;
    oldValue?: TValue;
    reason?: TReason;
}) => void;
/** A list changed. */
export type CollectionUpdatedEvent<T> = (args: { added: T[]; removed: T[] }) => void;

/** Sound and picture when a call begins. */
export interface JoinCallOptions {
    videoOptions?: VideoOptions;
    audioOptions?: AudioOptions;
}

/** Options of {@link CallAgent.startCall}. */
export interface StartCallOptions extends JoinCallOptions {
    /** For the callee's application: {@link IncomingCall.customContext}. Throws 400 for one that is over its limits. */
    customContext?: CustomContext;
    /** Not used: there are no phone calls yet. */
    alternateCallerId?: PhoneNumberIdentifier;
}

/** What an application sends along with a call: texts, at most 8,192 characters as JSON. Nobody in between uses it. */
export interface CustomContext {
    /** At most 256 characters. */
    userToUser?: string;
    /** At most 5, with keys of 1 to 64 characters and values of 256. */
    sipHeaders?: xHeader[];
    /** At most 1,000, with keys of 1 to 64 characters and values of 1,024. */
    voipHeaders?: xHeader[];
    /** The former name of `sipHeaders`. The callee has these under both. */
    xHeaders?: xHeader[];
}

/** A header of a {@link CustomContext}. */
export type xHeader = { key: string; value: string };

/** A group call, by its GUID. */
export interface GroupCallLocator {
    groupId: string;
}
export type GroupLocator = GroupCallLocator;

/** A room. */
export interface RoomCallLocator {
    roomId: string;
}
export type RoomLocator = RoomCallLocator;

/** A Microsoft Teams meeting. */
export interface TeamsMeetingLinkLocator {
    meetingLink: string;
}

/** The same, by its id. */
export interface TeamsMeetingIdLocator {
    meetingId: string;
    passcode?: string;
}

/** Options of {@link IncomingCall.accept}. */
export interface AcceptCallOptions extends JoinCallOptions {}

export interface AudioOptions {
    /** Begin muted. Default false. */
    muted?: boolean;
    /**
     * What is sent in the selected microphone's place, one at most; see {@link Call.startAudio}. Where its microphone cannot
     * be opened the selected one is sent.
     */
    localAudioStreams?: LocalAudioStream[];
}

export interface VideoOptions {
    /** The camera to send, one at most. Default none. Where it does not start the call goes on without video. */
    localVideoStreams?: LocalVideoStream[];
    /** Limits from the start, as {@link Call.setConstraints} sets them later. Throws, or rejects with, 412/43018. */
    constraints?: VideoConstraints;
}

/** What {@link Call.setConstraints} takes. */
export interface CallConstraints {
    video?: VideoConstraints;
}

/** Limits of pictures. */
export interface VideoConstraints {
    send?: VideoSendConstraints;
}

/** Limits of the pictures that are sent. `bitrate` is of a screen, too; the others are of cameras and own pictures. */
export interface VideoSendConstraints {
    /** Bits per second. */
    bitrate?: MediaConstraintRange;
    /** Lines of the picture. */
    frameHeight?: MediaConstraintRange;
    /** Frames per second. */
    frameRate?: MediaConstraintRange;
}

/** The most that may be. */
export interface MediaConstraintRange {
    /** 0 lifts the limit, absent keeps the one before. */
    max?: number;
}

/** A key of a keypad: the published names, or the signs on the keys. */
export type DtmfTone =
| "Num0"
| "Num1"
| "Num2"
| "Num3"
| "Num4"
| "Num5"
| "Num6"
| "Num7"
| "Num8"
| "Num9"
| "A"
| "B"
| "C"
| "D"
| "Star"
| "Pound"
| "Flash"
| "0"
| "1"
| "2"
| "3"
| "4"
| "5"
| "6"
| "7"
| "8"
| "9"
| "*"
| "#";

/** Who calls. */
export interface CallerInfo {
    /** Absent for a call of one's own. */
    readonly identifier: CommunicationIdentifierKind | undefined;
    readonly displayName?: string;
}

/** The ids of a call. */
export interface CallInfo {
    /** The id of this client in the call. */
    readonly participantId: string;
    readonly threadId: string | undefined;
    readonly groupId: string | undefined;
    /** The id that server interfaces take. */
    getServerCallId(): Promise<string>;
    onCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
    offCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
}

/** Why a call ended: 0/0 hung up, 487/0 cancelled, 603/0 declined; see docs/protocol.md for all. */
export interface CallEndReason {
    readonly code: number;
    readonly subCode?: number;
}

/** A call that rings here. */
export interface IncomingCall {
    readonly kind: "IncomingCall";
    readonly id: string;
    readonly callerInfo: CallerInfo;
    /** Who handed the caller over, where somebody did. */
    readonly transferorInfo?: CallerInfo;
    /** What the caller's application sent along, a fresh object each time. */
    readonly customContext?: CustomContext;
    readonly info: CallInfo;
    /** Why it does not ring any more. */
    readonly callEndReason?: CallEndReason;
    /**
     * Answers; without a microphone, or where that is refused, muted. With a camera that does not start, or is refused, the
     * call goes on without video, as one of `startCall` does: `isLocalVideoStarted` stays `false`, the diagnostics tell why,
     * and `startVideo` tries again. Rejects with 400/41006 when it does not ring any more, or is being accepted.
     */
    accept(options?: AcceptCallOptions): Promise<Call>;
    /** Declines, on all devices of the user. Rejects with 400/41007 when it does not ring any more. */
    reject(): Promise<void>;
    on<K extends keyof IncomingCallEvents>(event: K, listener: IncomingCallEvents[K]): void;
    off<K extends keyof IncomingCallEvents>(event: K, listener: IncomingCallEvents[K]): void;
}

/** The events of {@link IncomingCall}. */
export interface IncomingCallEvents {
    /** It does not ring any more: answered here (0/0) or elsewhere, cancelled, declined, or not answered. */
    callEnded: CallEndedEvent;
    callerInfoChanged: PropertyChangedEvent;
    /** Does not fire: the name is that of the moment of the transfer. */
    transferorInfoChanged: PropertyChangedEvent;
}

export type CallEndedEvent = (args: { callEndReason: CallEndReason }) => void;

/** Where a call stands. */
export type CallState =
| "None"
| "Connecting"
| "Ringing"
| "Connected"
| "LocalHold"
| "RemoteHold"
| "InLobby"
| "Disconnecting"
| "Disconnected"
| "EarlyMedia";
export type CallDirection = "Incoming" | "Outgoing";
export type ParticipantRole =
| "Unknown"
| "Attendee"
| "Presenter"
| "Organizer"
| "Co-organizer"
| "Consumer"
| "Collaborator";

/** A call. Its sound is played by itself. */
export interface Call {
    readonly kind: "Call";
    /** Changes at most once, while the call is set up. */
    readonly id: string;
    readonly state: CallState;
    readonly direction: CallDirection;
    readonly callerInfo: CallerInfo;
    /** Who handed the caller over, for a call that came by a transfer. */
    readonly transferorInfo?: CallerInfo;
    readonly info: CallInfo;
    /** Why the call ended. Set before `state` is `Disconnected`. */
    readonly callEndReason?: CallEndReason;
    /**
     * Whether the microphone is muted: asked for, or because there is none or it is refused. Who had not asked for it is
     * heard again as soon as there is a microphone; after a refusal, with `unmute`.
     */
    readonly isMuted: boolean;
    readonly isIncomingAudioMuted: boolean;
    /** Whether a screen is sent; also while the call is on hold, when nothing of it is seen. */
    readonly isScreenSharingOn: boolean;
    readonly isLocalVideoStarted: boolean;
    /** What is sent: the very objects that were handed in, and the screen that was picked, which can be shown here, too. */
    readonly localVideoStreams: readonly LocalVideoStream[];
    /** The sound that is sent: what was handed in, or the selected microphone while that is open. */
    readonly localAudioStreams: readonly LocalAudioStream[];
    /**
     * The other side's sounds, while they are heard: its microphone's first, then that of the screen that it shares, where
     * that has any. The call plays them by itself.
     */
    readonly remoteAudioStreams: readonly RemoteAudioStream[];
    /** The other side, until it leaves. */
    readonly remoteParticipants: readonly RemoteParticipant[];
    readonly role: ParticipantRole;
    /** Empty: nobody waits before a call between two. */
    readonly lobby: Lobby;
    /** A feature of the call, always the same object, in every state. Throws 405/40000 for one that does not exist. */
    feature<K extends keyof CallFeatures>(factory: FeatureFactory<K>): CallFeatures[K];
    /** Leaves, or cancels while it rings. Resolves when the call is over. */
    hangUp(options?: HangUpOptions): Promise<void>;
    /** Rejects with 500/41015 when the call is over. */
    mute(): Promise<void>;
    /**
     * Opens the microphone if need be. Rejects with 400/41016 when there is none, it is in use elsewhere or the call is
     * over, 400/40613 when it is refused.
     */
    unmute(): Promise<void>;
    /**
     * Puts the call on hold (`LocalHold`; the other side sees `RemoteHold`): neither side sends or hears anything until
     * whoever held it resumes. Also done to the active call when another one is started, accepted or resumed. Rejects
     * with 500/41033 while the call is not connected.
     */
    hold(): Promise<void>;
    /** Takes the call off hold on this side. Rejects with 500/41034 while the call is not connected. */
    resume(): Promise<void>;
    /** Silences playback on this side. */
    muteIncomingAudio(): Promise<void>;
    unmuteIncomingAudio(): Promise<void>;
    /**
     * Sends a camera. Rejects with 400/41025 for something else, 400/41027 when one is sent, 412/43000 when the camera
     * is in use elsewhere, 403/43001 when it is refused, 412/43013 when there is none, 412/43014 when it did not start,
     * 412/43015 when the browser's question was closed without an answer or nothing came within a minute in which the
     * browser was not asking (ten minutes in all), 412/43016 when the system refuses, 412/43017 on a page that is not
     * secure, 412/43018 when the chosen one is gone, 412/43019 for a `MediaStream` without a live video track, else, or
     * when the call is over, 500/43002. Resolves without effect when it was stopped while the camera opened.
     *
     * A camera that is unplugged gives way to another one, with `videoSourceChanged` of its stream; without another, and
     * when a stream of the page ends, the video stops.
     */
    startVideo(localVideoStream: LocalVideoStream): Promise<void>;
    /**
     * Stops sending it, also one that is still opening. Rejects with 400/41030 when none is sent, 400/41032 for another
     * stream.
     */
    stopVideo(localVideoStream: LocalVideoStream): Promise<void>;
    /**
     * Sends a screen beside the camera: what the person picks in the browser's own list, with its sound where the browser
     * gives that, or a stream of the page. Call it from a click. It ends with `stopScreenSharing`, the browser's own
     * button, the end of the page's stream, or the call. While the call is on hold it is not seen.
     *
     * Where the line is bad it stays sharp and moves less often: its track gets the `contentHint` `detail` if it has none.
     * Set `motion` for a film, on a track of one's own or on that of `getMediaStream`.
     *
     * Rejects with 412/41071 while the call is not connected, 400/41035 when a screen is shared already, 403/43001 when the
     * person picks none, 412/43000 when what they picked cannot be had, 412/43016 when the system refuses, 412/43017 where
     * the browser cannot share, 400/41025 for what is no `LocalVideoStream` of a `MediaStream`, else 500/43002, for example
     * without a click.
     */
    startScreenSharing(localVideoStream?: LocalVideoStream): Promise<void>;
    /** Sends it no more. Rejects with 400/41041 when none is shared. */
    stopScreenSharing(): Promise<void>;
    /**
     * Sends one tone of a keypad, as a telephone event (RFC 4733), also while muted and without a microphone. Tones are
     * sent one after the other, in the order of the calls; resolves when this one was. Rejects with 400 for none (browsers
     * have no `Flash`), 405 where the other side takes no tones, 412 while the call is not connected or on hold, and when
     * it ends before.
     */
    sendDtmf(dtmfTone: DtmfTone): Promise<void>;
    /**
     * Limits the pictures that are sent, for as long as the call lasts: also those of other cameras and after a hold. Rejects
     * with 412/43018 for a limit that is no number or below 0, and for what is no `CallConstraints`, then nothing changes;
     * 412 when the call is over.
     */
    setConstraints(constraints: CallConstraints): Promise<void>;
    /** Throws 405: there are calls between two people so far. */
    addParticipant(
    identifier: CommunicationIdentifier,
    options?: { alternateCallerId?: PhoneNumberIdentifier },
    ): RemoteParticipant;
    /** Rejects with 405: nobody is taken out of a call between two. Hang up. */
    removeParticipant(identifier: CommunicationIdentifier): Promise<void>;
    /** Rejects with 405: nobody is muted by the other side of a call between two. */
    muteAllRemoteParticipants(): Promise<void>;
    /**
     * Sends that in the place of the selected microphone, until `stopAudio` or the end of the call. A call that is muted
     * stays so, and muting disables its track until the call is done with it. When a stream of the page ends by itself the
     * call is muted, and `unmute` opens the selected microphone. Rejects with 400/43004 for something else, 412/41073 when
     * the call is over, 400/40613 and 400/41016 where the stream's microphone cannot be opened; then all is as before.
     */
    startAudio(localAudioStream: LocalAudioStream): Promise<void>;
    /** Goes back to the selected microphone. Where that cannot be opened the call is muted. */
    stopAudio(): void;
    /** Hangs up without waiting. A second time it does nothing. */
    dispose(): void;
    on<K extends keyof CallEvents>(event: K, listener: CallEvents[K]): void;
    off<K extends keyof CallEvents>(event: K, listener: CallEvents[K]): void;
}

/** The events of {@link Call}. */
export interface CallEvents {
    stateChanged: PropertyChangedEvent;
    idChanged: PropertyChangedEvent;
    isMutedChanged: PropertyChangedEvent;
    isIncomingAudioMutedChanged: PropertyChangedEvent;
    /** Also when the person presses the browser's own button. */
    isScreenSharingOnChanged: PropertyChangedEvent;
    isLocalVideoStartedChanged: PropertyChangedEvent;
    remoteParticipantsUpdated: CollectionUpdatedEvent<RemoteParticipant>;
    localVideoStreamsUpdated: CollectionUpdatedEvent<LocalVideoStream>;
    localAudioStreamsUpdated: CollectionUpdatedEvent<LocalAudioStream>;
    remoteAudioStreamsUpdated: CollectionUpdatedEvent<RemoteAudioStream>;
    roleChanged: PropertyChangedEvent;
    callerInfoChanged: PropertyChangedEvent;
    /** Does not fire: the name is that of the moment of the transfer. */
    transferorInfoChanged: PropertyChangedEvent;
    /** Does not fire: nobody is muted by the other side of a call between two. It will in calls of more people. */
    mutedByOthers: PropertyChangedEvent;
}

/** Options of {@link Call.hangUp}. */
export interface HangUpOptions {
    /** A call between two ends for both in any case. */
    forEveryone: boolean;
}

/** Who waits to be let in. */
export interface Lobby {
    readonly participants: readonly RemoteParticipant[];
    /** Rejects with 405: nobody waits. */
    admit(participant: CommunicationIdentifier, options?: object): Promise<void>;
    /** Rejects with 405: nobody waits. */
    reject(participant: CommunicationIdentifier, options?: object): Promise<void>;
    /** Lets in everybody, who is nobody. */
    admitAll(options?: object): Promise<AdmitAllOperationResult>;
    on(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
    off(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
}

export interface AdmitAllOperationResult {
    readonly successCount: number;
    readonly failureCount: number;
}

export type RemoteParticipantState =
| "Idle"
| "Connecting"
| "Ringing"
| "Connected"
| "Hold"
| "InLobby"
| "EarlyMedia"
| "Disconnected";

/** A client of a participant. */
export interface EndpointDetails {
    participantId: string;
}

/** The other side of a call. */
export interface RemoteParticipant {
    readonly identifier: CommunicationIdentifierKind;
    readonly displayName?: string;
    /** `false`: names are not edited in a call. */
    readonly hasDisplayNameChanged?: boolean;
    readonly state: RemoteParticipantState;
    readonly callEndReason?: CallEndReason;
    readonly endpointDetails: EndpointDetails[];
    /** The camera (`Video`) and the screen (`ScreenSharing`), whether they are on or off: see `isAvailable`. */
    readonly videoStreams: readonly RemoteVideoStream[];
    readonly isMuted: boolean;
    readonly isSpeaking: boolean;
    readonly role: ParticipantRole;
    /** Rejects with 405: nobody is muted by the other side of a call between two. */
    mute(): Promise<void>;
    on<K extends keyof RemoteParticipantEvents>(event: K, listener: RemoteParticipantEvents[K]): void;
    off<K extends keyof RemoteParticipantEvents>(event: K, listener: RemoteParticipantEvents[K]): void;
}

/** The events of {@link RemoteParticipant}. */
export interface RemoteParticipantEvents {
    stateChanged: PropertyChangedEvent;
    isMutedChanged: PropertyChangedEvent;
    isSpeakingChanged: PropertyChangedEvent;
    displayNameChanged: PropertyChangedEventWithArgs<string, "editedDisplayName">;
    roleChanged: PropertyChangedEvent;
    videoStreamsUpdated: CollectionUpdatedEvent<RemoteVideoStream>;
}

export type MediaStreamType = "Video" | "ScreenSharing" | "RawMedia" | "LiveStream" | "Audio";

/** Width and height in pixels. */
export interface StreamSize {
    width: number;
    height: number;
}

/** The other side's camera or screen. */
export interface RemoteVideoStream {
    /** Unique within the call. */
    readonly id: number;
    readonly mediaStreamType: MediaStreamType;
    /** Whether the sender has it on, so that it can be shown. */
    readonly isAvailable: boolean;
    /** Whether pictures arrive. */
    readonly isReceiving: boolean;
    /** Zeros before the first picture. */
    readonly size: StreamSize;
    /** Rejects with 404/43202 while it is off. */
    getMediaStream(): Promise<MediaStream>;
    on<K extends keyof RemoteVideoStreamEvents>(event: K, listener: RemoteVideoStreamEvents[K]): void;
    off<K extends keyof RemoteVideoStreamEvents>(event: K, listener: RemoteVideoStreamEvents[K]): void;
}

/** The events of {@link RemoteVideoStream}. */
export interface RemoteVideoStreamEvents {
    isAvailableChanged: PropertyChangedEvent;
    isReceivingChanged: PropertyChangedEvent;
    sizeChanged: PropertyChangedEvent;
}

/** A sound of the other side's, its microphone's or its screen's: for meters and recorders. */
export interface RemoteAudioStream {
    getMediaStream(): Promise<MediaStream>;
    /** How loud it is. */
    getVolume(): Promise<Volume>;
}

/**
 * How loud a stream is. It is listened to while there are listeners, and for 2 s after `level` was read. It stays 0 where
 * the browser runs no `AudioContext`: before the page was touched, and in Firefox on a machine without a loudspeaker.
 */
export interface Volume {
    /** From 0, 60 dB or more below the loudest, to 100, even in decibels. First 0. */
    readonly level: number;
    on(event: "levelChanged", listener: PropertyChangedEvent): void;
    off(event: "levelChanged", listener: PropertyChangedEvent): void;
}

/** Options of {@link LocalAudioStream}. */
export interface LocalAudioStreamOptions {
    /** Turn its microphone off when a call that sends it ends. Default true. */
    autoDisposeOnCallEnd?: boolean;
}

/** A microphone, or a `MediaStream` of the page, to be sent in a call or measured. It is opened when it is first needed. */
export class LocalAudioStream {
    /** Throws 400/43004 for anything else. */
    constructor(source: AudioDeviceInfo | MediaStream, options?: LocalAudioStreamOptions);
    readonly source: AudioDeviceInfo;
    /** `Audio`. */
    readonly mediaStreamType: MediaStreamType;
    /** Opens the microphone. Rejects with 400/40613 when it is refused, 400/41016 when there is none or it is in use. */
    getMediaStream(): Promise<MediaStream>;
    /** Goes over to a `MediaStream` of the page, also in a call. Rejects with 400/43004 for anything else. */
    setMediaStream(source: MediaStream): Promise<void>;
    /** Goes over to another microphone, also in a call. Rejects with 400/43004 for none, 400/43005 for the same one. */
    switchSource(source: AudioDeviceInfo): Promise<void>;
    /** How loud it is; opens the microphone. After `audioSourceChanged` ask for another. */
    getVolume(): Promise<Volume>;
    /** Turns the microphone off. A stream of the page goes on. */
    dispose(): void;
    /** Throws: there are no features yet. */
    feature(factory: FeatureFactory<string>): never;
    on(event: "audioSourceChanged", listener: AudioSourceChangedEvent): void;
    off(event: "audioSourceChanged", listener: AudioSourceChangedEvent): void;
}

/** The stream went over to another source. */
export type AudioSourceChangedEvent = (args: { source: LocalAudioStream }) => void;

/** Options of {@link LocalVideoStream}. */
export interface LocalVideoStreamOptions {
    /** Turn the camera off when a call that sends it ends, even if it is shown elsewhere. Default true. */
    autoDisposeOnCallEnd?: boolean;
}

/**
 * A camera, or a `MediaStream` of the page. The camera is turned on when it is first shown or sent, and off when
 * nothing shows or sends it any more.
 */
export class LocalVideoStream {
    /** Throws 400/43004 for anything else. */
    constructor(source: VideoDeviceInfo | MediaStream, options?: LocalVideoStreamOptions);
    readonly source: VideoDeviceInfo;
    /** `Video`, `RawMedia` for a `MediaStream` of the page, or `ScreenSharing` while it is shared as a screen. */
    readonly mediaStreamType: MediaStreamType;
    /** Goes over to another camera. Rejects with 400/43004 for no camera, 400/43005 for the same one. */
    switchSource(source: VideoDeviceInfo): Promise<void>;
    /**
     * The camera's stream; it runs until `dispose` or the end of whatever shows or sends it. Rejects with the camera's errors
     * of {@link Call.startVideo}, and 412/43019 after `dispose`.
     */
    getMediaStream(): Promise<MediaStream>;
    /** Goes over to a `MediaStream` of the page. */
    setMediaStream(source: MediaStream): Promise<void>;
    /** Turns the camera off. */
    dispose(): void;
    /** Throws: there are no features yet. */
    feature(factory: FeatureFactory<string>): never;
    on(event: "videoSourceChanged", listener: VideoSourceChangedEvent): void;
    off(event: "videoSourceChanged", listener: VideoSourceChangedEvent): void;
}

/** The stream goes over to another camera: asked for, or because its own was unplugged. */
export type VideoSourceChangedEvent = (args: { source: LocalVideoStream }) => void;

/** How a picture fills its element. */
export type ScalingMode = "Stretch" | "Crop" | "Fit";

/** Options of {@link VideoStreamRenderer.createView}. */
export interface CreateViewOptions {
    /** Flip the picture. Default false. */
    isMirrored?: boolean;
    /** Default `Crop`. */
    scalingMode?: ScalingMode;
}

/** Shows a stream. */
export class VideoStreamRenderer {
    /** Throws 400/43200 for anything else. */
    constructor(videoStream: LocalVideoStream | RemoteVideoStream);
    readonly size: StreamSize;
    /**
     * Resolves when there is a picture. Rejects with 404/43202 when the other side sends no picture, 408/43203 when no
     * picture comes in time, 405/43209 when the renderer was disposed meanwhile, 400/43220 for more than 16 views, and
     * the camera's errors of {@link Call.startVideo}.
     */
    createView(options?: CreateViewOptions): Promise<VideoStreamRendererView>;
    /** Ends all its views. Throws 400/43210 the second time. */
    dispose(): void;
}

/** A stream in an element. */
export interface VideoStreamRendererView {
    /** The element for the page, always the same. */
    readonly target: HTMLElement;
    readonly scalingMode: ScalingMode;
    readonly isMirrored: boolean;
    updateScalingMode(scalingMode: ScalingMode): Promise<void>;
    dispose(): void;
}

export type AudioDeviceType = "Microphone" | "Speaker" | "CompositeAudioDevice" | "Virtual";
export type VideoDeviceType = "Unknown" | "UsbCamera" | "CaptureAdapter" | "Virtual" | "ScreenSharing";

/** A microphone or a loudspeaker. Its name is empty before permission was given. */
export interface AudioDeviceInfo {
    readonly name: string;
    readonly id: string;
    readonly isSystemDefault: boolean;
    readonly deviceType: AudioDeviceType;
}

/** A camera. Its name is empty before permission was given. */
export interface VideoDeviceInfo {
    readonly name: string;
    readonly id: string;
    readonly deviceType: VideoDeviceType;
}

/** What to ask permission for. */
export interface PermissionConstraints {
    audio: boolean;
    video: boolean;
}

/** What may be used. */
export interface DeviceAccess {
    audio: boolean;
    video: boolean;
}

/**
 * Cameras, microphones and loudspeakers.
 *
 * What is selected is remembered for the next visit (in `localStorage`, by id and by name). While it is unplugged the
 * system's default is selected and used, and when it is back it is taken again, both in calls that are running.
 */
export interface DeviceManager {
    /** Whether the browser lets a page choose the loudspeaker. */
    readonly isSpeakerSelectionAvailable: boolean;
    /** The microphone that calls use: chosen, else the system's. Absent before permission was given. */
    readonly selectedMicrophone?: AudioDeviceInfo;
    readonly selectedSpeaker?: AudioDeviceInfo;
    getCameras(): Promise<VideoDeviceInfo[]>;
    getMicrophones(): Promise<AudioDeviceInfo[]>;
    /** Rejects with 405/40606 where a page may not choose the loudspeaker. */
    getSpeakers(): Promise<AudioDeviceInfo[]>;
    /**
     * Uses that microphone, also in calls that are running: resolves when they do. Where another one is chosen meanwhile
     * that one counts, and this resolves without effect. Rejects with 400/43004 for one that is not there, 400/41016 and
     * 400/40613 where a call cannot open it; then all calls go on with the former one. 412 after the client's `dispose`.
     */
    selectMicrophone(microphoneDevice: AudioDeviceInfo): Promise<void>;
    /**
     * Uses that loudspeaker, also in calls that are running. For one that is not listed, Firefox asks the person to choose
     * in a list of its own, after a click: pass `{ id: "speaker:", … }` for that. Rejects with 400/43004 where there is
     * none, 405/40606 where a page may not choose the loudspeaker, 412 after the client's `dispose`.
     */
    selectSpeaker(speakerDevice: AudioDeviceInfo): Promise<void>;
    /**
     * Asks the person, unless it is known that they allowed it. Devices that are in use go on. Resolves with what may be
     * used: `false` where it was refused or there is none. Rejects with 500/40614 where the browser cannot ask, for
     * example on a page that is not secure, and with 412 after the client's `dispose`.
     */
    askDevicePermission(permissionConstraints: PermissionConstraints): Promise<DeviceAccess>;
    /**
     * Opens devices before a call, so that it need not wait for them: the selected microphone, and the system's camera.
     * They stay on for `timeoutInSec` at most, 60 by default, or until {@link stopPreheatDevices}. Rejects with 400/40613
     * where a device is refused, 500/40614 where it cannot be opened, 412 after the client's `dispose`, and
     * `RangeError` for a time of 0 or less.
     */
    startPreheatDevices(parameters: StartPreheatDeviceParameters): Promise<void>;
    /** Closes what is named, without arguments everything; calls go on. */
    stopPreheatDevices(parameters?: StopPreheatDeviceParameters): void;
    on<K extends keyof DeviceManagerEvents>(event: K, listener: DeviceManagerEvents[K]): void;
    off<K extends keyof DeviceManagerEvents>(event: K, listener: DeviceManagerEvents[K]): void;
}

/** What to open before a call. */
export interface StartPreheatDeviceParameters {
    audio?: { preheat: boolean; timeoutInSec?: number };
    video?: { preheat: boolean; timeoutInSec?: number };
}

/** What to close. */
export interface StopPreheatDeviceParameters {
    audio?: boolean;
    video?: boolean;
}

/** The events of {@link DeviceManager}. */
export interface DeviceManagerEvents {
    videoDevicesUpdated: CollectionUpdatedEvent<VideoDeviceInfo>;
    audioDevicesUpdated: CollectionUpdatedEvent<AudioDeviceInfo>;
    /** By `selectMicrophone`, or because one was unplugged or is back. */
    selectedMicrophoneChanged: PropertyChangedEvent;
    selectedSpeakerChanged: PropertyChangedEvent;
}

/** The token of a feature, from `Features`. */
export interface FeatureFactory<TName extends string> {
    readonly name: TName;
}

/** What has something to release. */
export interface Disposable {
    dispose(): void;
}

/** What all features have. */
export interface BaseFeature extends Disposable {
    readonly name: string;
    /**
     * Ends what the feature has under way, and forgets its listeners. The object stays that of its owner: used again, it
     * begins anew. Not needed at the end of a call.
     */
    dispose(): void;
}

/** The features of a {@link CallClient}, by the name of their token. */
export interface CallClientFeatures {
    DebugInfo: DebugInfoCallClientFeature;
    PreCallDiagnostics: PreCallDiagnosticsFeature;
}

/** The features of a {@link Call}, by the name of their token. */
export interface CallFeatures {
    CallSurvey: CallSurveyFeature;
    DominantSpeakers: DominantSpeakersCallFeature;
    MediaStats: MediaStatsCallFeature;
    OptimalVideoCount: OptimalVideoCountCallFeature;
    Transfer: TransferCallFeature;
    UserFacingDiagnostics: UserFacingDiagnosticsFeature;
}

/** `Features.DominantSpeakers`: who is to be shown largest. */
export interface DominantSpeakersCallFeature extends BaseFeature {
    readonly name: "DominantSpeakers";
    /** A fresh object each time. In a call between two: the other side, from when it was first heard to when it leaves. */
    readonly dominantSpeakers: DominantSpeakersInfo;
    on<K extends keyof DominantSpeakersEvents>(event: K, listener: DominantSpeakersEvents[K]): void;
    off<K extends keyof DominantSpeakersEvents>(event: K, listener: DominantSpeakersEvents[K]): void;
}

/** The events of {@link DominantSpeakersCallFeature}. */
export interface DominantSpeakersEvents {
    /** Somebody joined or left the list. */
    dominantSpeakersChanged: () => void;
}

export interface DominantSpeakersInfo {
    /** Most dominant first. */
    speakersList: readonly CommunicationIdentifierKind[];
    /** When the list last changed. */
    timestamp: Date;
}

/** `Features.OptimalVideoCount`: how many remote videos to show. */
export interface OptimalVideoCountCallFeature extends BaseFeature {
    readonly name: "OptimalVideoCount";
    /** 1: a call between two has no more. */
    readonly optimalVideoCount: number;
    readonly lastOvcChangeReason: OvcChangeReason;
    on<K extends keyof OptimalVideoCountEvents>(event: K, listener: OptimalVideoCountEvents[K]): void;
    off<K extends keyof OptimalVideoCountEvents>(event: K, listener: OptimalVideoCountEvents[K]): void;
}

/** The events of {@link OptimalVideoCountCallFeature}. */
export interface OptimalVideoCountEvents {
    /** Does not fire in a call between two. */
    optimalVideoCountChanged: () => void;
}

export type OvcChangeReason = "bandwidth" | "performance" | "externalLimit" | "unknown";

/**
 * `Features.DebugInfo`. Its file is loaded when it is asked for; what it knows of agents and calls begins then, so ask
 * for it right after the client is made.
 */
export interface DebugInfoCallClientFeature extends BaseFeature {
    readonly name: "DebugInfo";
    /**
     * Whether the user of this client's agent has an agent in another tab, of a page of this origin that asked for this
     * feature as well. `false` without an agent, and where the browser has no Web Locks, as on pages over plain http.
     */
    readonly isCallClientActiveInAnotherTab: boolean;
    /** The id of the newest call. */
    readonly lastCallId?: string;
    /** This client's participant id in it. */
    readonly lastLocalParticipantId?: string;
    /** The operating system, the browser, and whether calls work in it. */
    getEnvironmentInfo(): Promise<EnvironmentInfo>;
    /**
     * What happened to the agent and its calls, for whoever supports the page: times, states, end codes, ids of calls.
     * No names, tokens, addresses or texts. Throws while the feature is being loaded, which `getEnvironmentInfo` waits for.
     */
    dumpDebugInfo(): DebugInfoDump;
    on<K extends keyof DebugInfoEvents>(event: K, listener: DebugInfoEvents[K]): void;
    off<K extends keyof DebugInfoEvents>(event: K, listener: DebugInfoEvents[K]): void;
}

/** The events of {@link DebugInfoCallClientFeature}. */
export interface DebugInfoEvents {
    isCallClientActiveInAnotherTabChanged: () => void;
}

/** The answer of {@link DebugInfoCallClientFeature.dumpDebugInfo}. */
export interface DebugInfoDump {
    dumpId: string;
    /** `report` as JSON in a zlib stream, as the published interface has it. */
    dump: Uint8Array;
    report: DebugInfoReport;
}

export interface DebugInfoReport {
    dumpId: string;
    /** When it was made, as an ISO string. */
    time: string;
    environment: EnvironmentInfo;
    lastCallId?: string;
    lastLocalParticipantId?: string;
    /** The last 500 things that happened, oldest first. */
    records: DebugInfoRecord[];
}

/** Something that happened to the agent (`agent`, `agentDisposed`, `connection`) or to a `call`. */
export interface DebugInfoRecord {
    /** An ISO string. */
    time: string;
    what: "agent" | "agentDisposed" | "connection" | "call";
    state?: string;
    reason?: string;
    callId?: string;
    direction?: CallDirection;
    /** Why the call ended. */
    code?: number;
    subCode?: number;
}

export interface EnvironmentInfo {
    environment: Environment;
    isSupportedPlatform: boolean;
    isSupportedBrowser: boolean;
    isSupportedBrowserVersion: boolean;
    isSupportedEnvironment: boolean;
}

/** Names in lower case, such as `mac` and `safari`. */
export interface Environment {
    platform: string;
    browser: string;
    browserVersion: string;
}

/** What the calling interface throws and rejects with. */
export interface CommunicationServicesError extends Error {
    name: "CommunicationServicesError";
    /** What failed underneath, where that was not the SDK. */
    readonly cause?: unknown;
    readonly code: number;
    readonly subCode: number;
}


/** `Features.CallSurvey`: what somebody thinks of a call, during it or afterwards. */
export interface CallSurveyFeature extends BaseFeature {
    readonly name: "CallSurvey";
    /**
     * Checks the ratings and gives them back with their ids. Nothing is sent: Openline keeps no surveys, so give the
     * answer to your own server. Rejects with {@link CommunicationServicesError} 400/0 where there is no rating, a score
     * is not within its scale, or an issue is none of its rating.
     */
    submitSurvey(survey: CallSurvey): Promise<CallSurveyResponse>;
}

/** At least one rating. */
export interface CallSurvey {
    overallRating?: CallRating<OverallIssue>;
    audioRating?: CallRating<AudioIssue>;
    videoRating?: CallRating<VideoIssue>;
    screenshareRating?: CallRating<ScreenshareIssue>;
}

export interface CallSurveyResponse extends CallSurvey {
    /** Of this answer, drawn at random. */
    readonly id: string;
    readonly callId: string;
    /** `participantId` of {@link CallInfo}. */
    readonly localParticipantId: string;
}

export interface CallRating<TIssue> {
    /** A number within the scale. */
    score: number;
    /** What was wrong. */
    issues?: TIssue[];
    /** Default 1 to 5. */
    scale?: RatingScale;
}

export interface RatingScale {
    /** Default 1. */
    lowerBound: number;
    /** Default 5. */
    upperBound: number;
    /** A score above it is good. Default `lowerBound`. */
    lowScoreThreshold: number;
}

export type OverallIssue =
"CallCannotJoin" | "CallCannotInvite" | "HadToRejoin" | "CallEndedUnexpectedly" | "OtherIssues";
export type AudioIssue =
| "NoLocalAudio"
| "NoRemoteAudio"
| "Echo"
| "AudioNoise"
| "LowVolume"
| "AudioStoppedUnexpectedly"
| "DistortedSpeech"
| "AudioInterruption"
| "OtherIssues";
export type VideoIssue =
| "NoVideoReceived"
| "NoVideoSent"
| "LowQuality"
| "Freezes"
| "StoppedUnexpectedly"
| "DarkVideoReceived"
| "AudioVideoOutOfSync"
| "OtherIssues";
export type ScreenshareIssue =
| "NoContentLocal"
| "NoContentRemote"
| "CannotPresent"
| "LowQuality"
| "Freezes"
| "StoppedUnexpectedly"
| "LargeDelay"
| "OtherIssues";


/** `Features.MediaStats`: what the browser counts of a call's media. Its file is loaded with the first collector. */
export interface MediaStatsCallFeature extends BaseFeature {
    readonly name: "MediaStats";
    /**
     * Begins to collect, once there is a path for media, until the call ends or `dispose`. There may be several.
     * Throws `RangeError` for an option out of range.
     */
    createCollector(options?: MediaStatsCollectorOptions): MediaStatsCollector;
}

/** Options of {@link MediaStatsCallFeature.createCollector}. */
export interface MediaStatsCollectorOptions {
    /** Length of an interval in seconds, 1 to 3600. Default 10. */
    aggregationInterval?: number;
    /** Intervals in a summary, 1 to 100. Default 6. */
    dataPointsPerAggregation?: number;
}

/** Collects statistics of one call. */
export interface MediaStatsCollector {
    on<K extends keyof MediaStatsCollectorEvents>(event: K, listener: MediaStatsCollectorEvents[K]): void;
    off<K extends keyof MediaStatsCollectorEvents>(event: K, listener: MediaStatsCollectorEvents[K]): void;
    /** Ends it. Nothing is reported afterwards. */
    dispose(): void;
}

/** The events of {@link MediaStatsCollector}. */
export interface MediaStatsCollectorEvents {
    /** Every second while there is a path for media. A browser may be slower about a page that is not in view. */
    sampleReported: MediaStatsReportSampleEvent;
    /** Every `aggregationInterval` times `dataPointsPerAggregation` seconds. What an ended call leaves is not summed up. */
    summaryReported: MediaStatsReportSummaryEvent;
}

export type MediaStatsReportSampleEvent = (args: MediaStatsReportSample) => void;
export type MediaStatsReportSummaryEvent = (args: MediaStatsReportSummary) => void;

/** What was counted at one moment. */
export interface MediaStatsReportSample {
    audio: {
        send: OutgoingAudioMediaStats<number, string>[];
        receive: IncomingAudioMediaStats<number, string>[];
    };
    video: {
        send: OutgoingVideoMediaStats<number, string>[];
        receive: IncomingVideoMediaStats<number, string>[];
    };
    /** The picture of a screen. Its sound is a row of `audio`, after that of the microphone. */
    screenShare: {
        send: OutgoingScreenShareMediaStats<number, string>[];
        receive: IncomingScreenShareMediaStats<number, string>[];
    };
    transports: TransportMediaStats<number, string>[];
}

/** What was counted in several intervals. */
export interface MediaStatsReportSummary {
    audio: {
        send: OutgoingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
        receive: IncomingAudioMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    };
    video: {
        send: OutgoingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
        receive: IncomingVideoMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    };
    /** The picture of a screen. Its sound is a row of `audio`, after that of the microphone. */
    screenShare: {
        send: OutgoingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
        receive: IncomingScreenShareMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
    };
    transports: TransportMediaStats<MediaStatValue<number>, MediaStatValue<string>>[];
}

/** A value over the intervals of a summary. An interval in which it was not known is left out. */
export interface MediaStatValue<T> {
    /** Of numbers only. */
    aggregation?: MediaStatsAggregation;
    /** The last value of each interval. */
    raw: T[];
    /** When the last value was taken. */
    timestamp: Date;
}

/** Of each interval, how many values there were, their sum, the least and the greatest. */
export interface MediaStatsAggregation {
    count: number[];
    sum: number[];
    min: number[];
    max: number[];
}

/**
 * What all streams have. A value that the browser does not count is absent, as are all per-second values of a stream's
 * first sample. Firefox knows neither the levels of a microphone nor estimates of the available bit rate.
 */
export interface CommonMediaStats<NumberType, StringType> {
    /** Of the stream, the same in all samples. */
    id: string;
    /** Such as `Opus`, `VP8` or `H264`. */
    codecName?: StringType;
    /** Bits per second, without the headers of packets. */
    bitrate?: NumberType;
    /** Milliseconds. Of what is sent: as the other side measures it. */
    jitterInMs?: NumberType;
    /** Since the stream began. */
    packets?: NumberType;
    packetsPerSecond?: NumberType;
    /** Since the stream began. Of what is sent: as the other side counts them. */
    packetsLost?: NumberType;
    packetsLostPerSecond?: NumberType;
    /** Milliseconds there and back, from RTCP. Browsers rarely know it of what is received. */
    rttInMs?: NumberType;
    /** The row in `transports`. */
    transportId?: StringType;
}

export interface OutgoingAudioMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
    /** 0, silence, to 65536. */
    audioInputLevel?: NumberType;
}

export interface IncomingAudioMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
    /** Milliseconds that sound waited in the jitter buffer, on average since the last sample. */
    jitterBufferDelayInMs?: NumberType;
    /** 0, silence, to 65536. */
    audioOutputLevel?: NumberType;
    /** The part of what was played since the last sample that had to be made up, 0 to 1. */
    healedRatio?: NumberType;
}

export interface OutgoingVideoMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
    /** Frames per second of the camera. */
    frameRateInput?: NumberType;
    frameWidthInput?: NumberType;
    frameHeightInput?: NumberType;
    /** Since the stream began. */
    framesEncoded?: NumberType;
    frameRateEncoded?: NumberType;
    /** Since the stream began. */
    framesSent?: NumberType;
    frameRateSent?: NumberType;
    frameWidthSent?: NumberType;
    frameHeightSent?: NumberType;
    /** Since the stream began. */
    keyFramesEncoded?: NumberType;
    /** Absent: a picture is sent in one size. */
    altLayouts?: OutgoingVideoMediaStats<NumberType, StringType>[];
}

export interface IncomingVideoMediaStats<NumberType, StringType> extends CommonMediaStats<NumberType, StringType> {
    /** `id` of the {@link RemoteVideoStream}. */
    streamId?: NumberType;
    /** Milliseconds that frames waited in the jitter buffer, on average since the last sample. */
    jitterBufferDelayInMs?: NumberType;
    frameRateDecoded?: NumberType;
    frameRateReceived?: NumberType;
    frameWidthReceived?: NumberType;
    frameHeightReceived?: NumberType;
    /** Milliseconds, since the stream began; of several freezes within a second, their mean. */
    longestFreezeDurationInMs?: NumberType;
    /** Milliseconds since the stream began. */
    totalFreezeDurationInMs?: NumberType;
    /** Since the stream began. */
    framesReceived?: NumberType;
    framesDropped?: NumberType;
    framesDecoded?: NumberType;
    keyFramesDecoded?: NumberType;
}

export type OutgoingScreenShareMediaStats<NumberType, StringType> = OutgoingVideoMediaStats<NumberType, StringType>;
export type IncomingScreenShareMediaStats<NumberType, StringType> = IncomingVideoMediaStats<NumberType, StringType>;

/** The path of media. */
export interface TransportMediaStats<NumberType, StringType> {
    /** The same in all samples while the path is. */
    id: string;
    /** Milliseconds there and back. */
    rttInMs?: NumberType;
    /** The end of the path on this side: `host`, `srflx` or `prflx`, or `relay` where media goes over a relay. Openline's own. */
    localCandidateType?: StringType;
    /** The end on the other side. */
    remoteCandidateType?: StringType;
    /** Bits per second, as estimated. */
    availableIncomingBitrate?: NumberType;
    /** Bits per second, as estimated. */
    availableOutgoingBitrate?: NumberType;
}


/** `Features.PreCallDiagnostics`: whether calls will work here, and which leg of the way fails if not. */
export interface PreCallDiagnosticsFeature extends BaseFeature {
    readonly name: "PreCallDiagnostics";
    /**
     * Tests devices, token, connection and relays, and calls itself through the best relay for some seconds: 10 s in all,
     * 30 s where something gives no answer, longer while the browser asks the person for devices. It uses the relays that
     * a call would use and 2 MB of data. Nothing is left open. No promise of the result rejects.
     *
     * @param tokenCredential Whose calls are to work.
     * @example
     * const result = await client.feature(Features.PreCallDiagnostics).startTest(credential);
     * const { verdict, legs } = await result.report;
     * for (const { name, state, message } of legs) console.log(name, state, message);
     */
    startTest(tokenCredential: TokenCredential, options?: PreCallTestOptions): Promise<PreCallDiagnosticsResult>;
}

/** What is tested: all of it, unless it says `false`. */
export interface PreCallTestOptions {
    /** Opens microphone and camera, for which the browser may ask the person. */
    deviceAccess?: boolean;
    /** Relays, and the call through one of them. */
    inCallDiagnostics?: boolean;
    /** Costs nothing, and is always done. */
    deviceEnumeration?: boolean;
    /** Likewise. */
    browserSupport?: boolean;
    /** Goes with `inCallDiagnostics`. */
    callMediaStatistics?: boolean;
    /** Called with each leg when it is done, in the order in which they are. */
    onLeg?: (leg: PreCallLeg) => void;
    /** Ends the test: what is not done by then fails with the code `aborted`. */
    abortSignal?: AbortSignal;
}

/** Each promise resolves when its part is done. */
export interface PreCallDiagnosticsResult {
    readonly id: string;
    readonly deviceAccess: Promise<PreCallDeviceAccess>;
    readonly deviceEnumeration: Promise<PreCallDeviceEnumeration>;
    readonly browserSupport: Promise<PreCallBrowserSupport>;
    readonly inCallDiagnostics: Promise<InCallDiagnostics>;
    /** Statistics of what the test call sends, until it ends. Make collectors at once. */
    readonly callMediaStatistics: Promise<MediaStatsCallFeature>;
    /** All legs, and what they mean together. Beyond the published interface. */
    readonly report: Promise<PreCallReport>;
}

/** Which devices started. */
export interface PreCallDeviceAccess {
    audio: boolean;
    video: boolean;
}

/** Which kinds of devices there are. `Unknown` where the browser does not tell. */
export interface PreCallDeviceEnumeration {
    microphone: "Available" | "NotAvailable" | "Unknown";
    camera: "Available" | "NotAvailable" | "Unknown";
    speaker: "Available" | "NotAvailable" | "Unknown";
}

export interface PreCallBrowserSupport {
    browser: "Supported" | "NotSupported" | "Unknown";
    os: "Supported" | "NotSupported" | "Unknown";
}

/** How the test call went. Its way is that to the relay and back, twice where it is there and back. */
export interface InCallDiagnostics {
    connected: boolean;
    /** `Good` from 1 Mbit/s, `Average` from 300 kbit/s; `Unknown` without a relay. */
    bandWidth: QualityGrade;
    /** What got through, in bits per second. */
    bandwidthBps?: number;
    diagnostics: { audio: InCallGrades; video: InCallGrades };
}

/**
 * `Average` from 50 ms jitter, 3 per cent lost and 400 ms there and back, `Bad` from 150 ms, 10 per cent and 800 ms.
 */
export interface InCallGrades {
    jitter: QualityGrade;
    packetLoss: QualityGrade;
    rtt: QualityGrade;
}

export type QualityGrade = "Bad" | "Average" | "Good" | "Unknown";

/** What the legs mean together. */
export interface PreCallReport {
    /**
     * `Aborted`: by `abortSignal`, so that nothing is known. `NotReady`: token or connection failed, no relay works where
     * there are some, or the call with itself did not come about: calls will not work. `Limited`: something else failed or
     * is poor, or there are no relays: calls work for some people, or partly. `Ready`: all is well.
     */
    verdict: "Ready" | "Limited" | "NotReady" | "Aborted";
    /** The names of the legs that failed. */
    failed: PreCallLegName[];
    /** All legs, in the order of this type's union. */
    legs: PreCallLeg[];
}

/** `udp`, `tcp` and `tls` are relays over these transports. */
export type PreCallLegName = "token" | "socket" | "udp" | "tcp" | "tls" | "microphone" | "camera";

/** One leg of the way that a call takes. */
export interface PreCallLeg {
    name: PreCallLegName;
    /** `Poor`: it works, and what was measured is bad. */
    state: "Passed" | "Poor" | "Failed" | "Skipped";
    /** What is wrong; absent where it passed. */
    code?: PreCallCode;
    /** What that means and what to do about it, in English, for developers. */
    message?: string;
    /** How long the test took, in milliseconds. */
    durationMs: number;
    /** There and back, the median; of `socket` and relays. */
    roundTripMs?: number;
    /** How much it varies from one packet to the next, the mean. */
    jitterMs?: number;
    /** The part that got lost, 0 to 1; of relays. */
    lossRatio?: number;
    /** The relay, of relays. */
    url?: string;
}

/** What can be wrong with a leg. docs/api.md has the meaning of each. */
export type PreCallCode =
| "tokenUnavailable"
| "tokenRefused"
| "scopeMissing"
| "serverUnknown"
| "serverUnreachable"
| "webSocketBlocked"
| "serverBusy"
| "serverFailed"
| "versionUnsupported"
| "noRelays"
| "notOffered"
| "relayUnreachable"
| "relayRefused"
| "relayFull"
| "relayNoPath"
| "lossy"
| "slow"
| "uneven"
| "insecurePage"
| "microphoneDenied"
| "microphoneMissing"
| "microphoneInUse"
| "microphoneUnanswered"
| "cameraDenied"
| "cameraMissing"
| "cameraInUse"
| "cameraUnanswered"
| "notTested"
| "aborted";


/** `Features.Transfer`: hands a call over. */
export interface TransferCallFeature extends BaseFeature {
    readonly name: "Transfer";
    /**
     * Has the other side call somebody else; this side needs to do nothing more. The other side's client calls by itself,
     * and has this call on hold meanwhile. If the target answers, this call ends on both sides with 0/7015; if not, it
     * goes on.
     *
     * Returns at once; what becomes of it is in the {@link Transfer}. Throws 412 while the call is not connected or is
     * being transferred already, 405 for anything but a participant, 400 for a `customContext` that is over its limits.
     */
    transfer(target: TransferToParticipantLocator, options?: TransferToParticipantOptions): Transfer;
    on<K extends keyof TransferEvents>(event: K, listener: TransferEvents[K]): void;
    off<K extends keyof TransferEvents>(event: K, listener: TransferEvents[K]): void;
}

/** The events of {@link TransferCallFeature}. */
export interface TransferEvents {
    /**
     * The other side hands this client over: it calls the target already. `targetCall` is one of `CallAgent.calls`, muted
     * where this call is, and without a camera. This call is over when the target answers, and taken off hold where it does
     * not. Where the page has this call on hold, that call is, too, once it is connected.
     */
    transferAccepted: TransferAcceptedEvent;
}

export type TransferAcceptedEvent = (args: TransferEventArgs) => void;

export interface TransferEventArgs {
    targetCall: Call;
}

/** Whom to hand a call over to. */
export interface TransferToParticipantLocator {
    targetParticipant: CommunicationIdentifier;
}

/** Options of {@link TransferCallFeature.transfer}. */
export interface TransferToParticipantOptions {
    /** Not needed: a call that is not answered is not forwarded. */
    disableForwardingAndUnanswered?: boolean;
    /** For the target's application: {@link IncomingCall.customContext}. */
    customContext?: CustomContext;
}

export type TransferState = "None" | "Transferring" | "Transferred" | "Failed";

/** A transfer that was asked for. */
export interface Transfer {
    /** `Transferring`, until it is `Transferred` (the target answered) or `Failed`. */
    readonly state: TransferState;
    /**
     * Why it failed, as the reason for which the call to the target ended: 603/0 declined, 487/10004 not answered, 480/10037
     * not there, 487/0 cancelled by the other side, 403/10124 not allowed (oneself, or a token without the scope `voip` on
     * either side), 490/4502 the connection was lost meanwhile; or for which this call ended before.
     */
    readonly error?: TransferErrorCode;
    on(event: "stateChanged", listener: PropertyChangedEvent): void;
    off(event: "stateChanged", listener: PropertyChangedEvent): void;
}

/** Why a transfer failed. */
export interface TransferErrorCode {
    readonly code: number;
    readonly subCode?: number;
}



/**
 * Creates, lists and deletes chat threads, and tells what happens in those of the signed-in user.
 *
 * @example
 * const chatClient = new ChatClient("https://calls.example.com", credential);
 * chatClient.on("chatMessageReceived", (event) => console.log(event.message));
 * await chatClient.startRealtimeNotifications();
 */
export class ChatClient {
    /**
     * Forgets what the option `localData` keeps of this user on the device, in every tab: call it when the user signs
     * out. What waits to be sent is not sent. The client keeps nothing from here on.
     */
    clearLocalData(): Promise<void>;
    /**
     * Creates a thread; the signed-in user is in it, too.
     *
     * @throws {RestError} 403: the token lacks the scope `chat`.
     */
    createChatThread(request: CreateChatThreadRequest, options?: CreateChatThreadOptions): Promise<CreateChatThreadResult>;
    /**
     * Deletes a thread for everybody in it.
     */
    deleteChatThread(threadId: string, options?: DeleteChatThreadOptions): Promise<void>;
    /**
     * A client for one thread. Asks the server nothing.
     */
    getChatThreadClient(threadId: string): ChatThreadClient;
    /**
     * The threads of the signed-in user, those with the newest messages first.
     */
    listChatThreads(options?: ListChatThreadsOptions): PagedAsyncIterableIterator<ChatThreadItem>;
    /**
     * A client of the server at `endpoint`, as whoever the credential stands for. Connects to nothing yet.
     *
     * @throws {TypeError} The endpoint is no http or https URL, or the credential is none.
     */
    constructor(endpoint: string, credential: TokenCredential, options?: ChatClientOptions);
    /**
     * Finds text and HTML messages in the threads of the signed-in user, newest first.
     *
     * A message is found if it has every word of `query`, whatever the case and the accents. The last word also
     * stands for words that begin with it, and `"words in quotes"` must follow each other as they are.
     *
     * @throws {TypeError} `query` is no text, `sender` no identifier, or a time no date.
     *
     * @example
     * for await (const { threadId, message, snippet } of chatClient.searchMessages({ query: "lunch" })) { .. }
     */
    searchMessages(options: SearchMessagesOptions): PagedAsyncIterableIterator<ChatMessageSearchItem>;
    /**
     * Connects and resolves once events arrive. What is missed during a break of the network arrives after
     * it, in order, once. Twice is fine.
     *
     * @throws {RealtimeError} `tokenRefused`, `scopeMissing`, `noWebSocket`, or `timedOut` if the server
     * cannot be reached within 30 seconds; call it again to try again.
     */
    startRealtimeNotifications(): Promise<void>;
    /**
     * Disconnects, and removes every listener.
     */
    stopRealtimeNotifications(): Promise<void>;
}

/**
 * Reads and changes one chat thread. Get one from {@link ChatClient.getChatThreadClient}.
 */
export class ChatThreadClient {
    /**
     * Adds people to the thread. Those who could not be added are in the result.
     */
    addParticipants(request: AddParticipantsRequest, options?: AddParticipantsOptions): Promise<AddChatParticipantsResult>;
    /**
     * Takes a message back: it is not sent any more. If it is on its way at this moment, or an attempt before got no
     * answer, it may be on the server nevertheless: then it is in the thread like any other, and no `chatMessageSent`
     * tells of it.
     *
     * @throws {LocalDataError} `notFound`: it was sent or canceled.
     */
    cancelPendingMessage(pendingId: string): Promise<void>;
    /**
     * Deletes a file of one's own. The message that has it goes on without it, as if it were edited.
     */
    deleteAttachment(attachmentId: string, options?: DeleteAttachmentOptions): Promise<void>;
    /**
     * Deletes a message of one's own; its place in the thread remains, without content.
     */
    deleteMessage(messageId: string, options?: DeleteMessageOptions): Promise<void>;
    /**
     * Downloads a file of a message, or an image's preview. The token travels in a header, so that an address alone
     * shows nothing in an `<img>`; an object URL of the result does.
     *
     * @throws {RestError} 404: it was deleted.
     *
     * @example
     * const preview = await threadClient.downloadAttachment(attachment.id, { view: "small" });
     * img.src = URL.createObjectURL(preview);
     * img.onload = () => URL.revokeObjectURL(img.src);
     */
    downloadAttachment(attachmentId: string, options?: DownloadAttachmentOptions): Promise<Blob>;
    /**
     * The newest messages of this thread as the device keeps them, the newest first, without asking the server: what to
     * show at once, and offline. Needs the option `localData.history`. They are as new as what was last read or heard of
     * this thread; {@link ChatThreadClient.listMessages} brings them up to date.
     *
     * @throws {LocalDataError}
     */
    getCachedMessages(): Promise<ChatMessage[]>;
    /**
     * One message.
     */
    getMessage(messageId: string, options?: GetMessageOptions): Promise<ChatMessage>;
    /**
     * Topic, creator and metadata of the thread.
     */
    getProperties(options?: GetPropertiesOptions): Promise<ChatThreadProperties>;
    /**
     * How far messages have reached each participant.
     */
    listDeliveryReceipts(options?: ListDeliveryReceiptsOptions): PagedAsyncIterableIterator<ChatMessageDeliveryReceipt>;
    /**
     * The messages, newest first, system messages included.
     */
    listMessages(options?: ListMessagesOptions): PagedAsyncIterableIterator<ChatMessage>;
    /**
     * Who is in the thread.
     */
    listParticipants(options?: ListParticipantsOptions): PagedAsyncIterableIterator<ChatParticipant>;
    /**
     * The messages of this thread that are not sent, pending and failed, the oldest first.
     *
     * @throws {LocalDataError}
     */
    listPendingMessages(): Promise<PendingChatMessage[]>;
    /**
     * How far each participant has read.
     */
    listReadReceipts(options?: ListReadReceiptsOptions): PagedAsyncIterableIterator<ChatMessageReadReceipt>;
    /**
     * A client of the thread on the server at `endpoint`, as whoever the credential stands for. The same as
     * {@link ChatClient.getChatThreadClient}, for a page that needs nothing but this thread.
     *
     * @throws {TypeError} The endpoint is no http or https URL, or the credential is none.
     */
    constructor(endpoint: string, threadId: string, credential: TokenCredential, options?: ChatThreadClientOptions);
    /**
     * Keeps a message on the device and resolves; it is sent as soon as the server can be reached, also after the page
     * was closed and opened again: once, and after those of this thread that were queued before. Needs the option
     * `localData` of the {@link ChatClient}, whose events `chatMessagePending`, `chatMessageSent` and `chatMessageFailed`
     * tell what becomes of it.
     *
     * @throws {LocalDataError} `notEnabled`, `full`, `tooLarge`, `closed` or `unavailable`.
     *
     * @example
     * const { pendingId } = await threadClient.queueMessage({ content: "Hello" });
     */
    queueMessage(request: SendMessageRequest, options?: QueueMessageOptions): Promise<PendingChatMessage>;
    /**
     * Removes somebody from the thread, oneself included.
     */
    removeParticipant(participant: CommunicationIdentifier, options?: RemoveParticipantOptions): Promise<void>;
    /**
     * Sends a failed message again, or a pending one now.
     *
     * @throws {LocalDataError} `notFound`: it was sent or canceled.
     */
    retryPendingMessage(pendingId: string): Promise<void>;
    /**
     * Tells the others that the messages up to one have arrived.
     */
    sendDeliveryReceipt(request: SendDeliveryReceiptRequest, options?: SendDeliveryReceiptOptions): Promise<void>;
    /**
     * Sends a message and resolves once the server has stored it.
     *
     * @example
     * const { id } = await threadClient.sendMessage({ content: "Hello" }, { senderDisplayName: "Ann" });
     */
    sendMessage(request: SendMessageRequest, options?: SendMessageOptions): Promise<SendChatMessageResult>;
    /**
     * Tells the others that the user has read up to a message.
     */
    sendReadReceipt(request: SendReadReceiptRequest, options?: SendReadReceiptOptions): Promise<void>;
    /**
     * Tells the others that the user types: once in 8 seconds at most. Resolves to whether it was sent.
     */
    sendTypingNotification(options?: SendTypingNotificationOptions): Promise<boolean>;
    /**
     * Changes a message of one's own.
     */
    updateMessage(messageId: string, options?: UpdateMessageOptions): Promise<void>;
    /**
     * Changes the properties that the options name.
     */
    updateProperties(options?: UpdateChatThreadPropertiesOptions): Promise<void>;
    /**
     * Gives the thread another topic.
     */
    updateTopic(topic: string, options?: UpdateTopicOptions): Promise<void>;
    /**
     * Uploads a file for a message, and resolves once the server has it. Then name it in the `attachments` of
     * {@link ChatThreadClient.sendMessage}; a file that no message names is erased after a day.
     *
     * @throws {RestError} 413: the file is too large. 415: its kind is not allowed. 403 `QuotaExceeded`: the user's
     * files take all they may.
     *
     * @example
     * const { id } = await threadClient.uploadAttachment(file, {
     *   onProgress: ({ loadedBytes, totalBytes }) => bar.value = loadedBytes / totalBytes,
     *   abortSignal: controller.signal,
     * });
     * await threadClient.sendMessage({ content: "" }, { attachments: [{ id }] });
     */
    uploadAttachment(file: Blob, options?: UploadAttachmentOptions): Promise<ChatAttachment>;
    /**
     * The thread's id.
     */
    readonly threadId: string;
}

/**
 * Hands out the tokens that your server issues, and fetches the next one in time.
 *
 * @example
 * const credential = new CommunicationTokenCredential({
 *   tokenRefresher: async (abortSignal) => (await fetch("/token", { signal: abortSignal })).text(),
 *   refreshProactively: true,
 * });
 */
export class CommunicationTokenCredential {
    /**
     * Ends the credential: it refreshes nothing any more, and `getToken` rejects. Twice is fine.
     */
    dispose(): void;
    /**
     * A token that is valid now. Calls the refresher if there is none; concurrent callers share one call.
     *
     * @throws {CredentialError} The credential was disposed, or the refresher's token is unusable.
     */
    getToken(options?: CommunicationGetTokenOptions): Promise<AccessToken>;
    /**
     * A credential with one fixed token, or with a function that fetches tokens.
     *
     * @throws {CredentialError} `invalid`: the token is blank, or, where strict, no JWT with an expiry.
     * @throws {RangeError} `undecodableTokenExpiryIntervalInSeconds` is not positive and finite.
     */
    constructor(tokenOrOptions: string | AccessToken | CommunicationTokenRefreshOptions);
}

/**
 * The identifier that a raw id stands for. Every text is some identifier: at worst an unknown one.
 *
 * @example
 * createIdentifierFromRawId("4:+15551234567"); // { kind: "phoneNumber", phoneNumber: "+15551234567", .. }
 */
export function createIdentifierFromRawId(rawId: string): CommunicationIdentifierKind;

/**
 * A copy of the identifier that says what it is, in `kind`.
 */
export function getIdentifierKind(identifier: CommunicationIdentifier): CommunicationIdentifierKind;

/**
 * The raw id of an identifier: one text that names it, for keys and storage.
 *
 * @throws {TypeError} It is no identifier.
 */
export function getIdentifierRawId(identifier: CommunicationIdentifier): string;

/**
 * Whether it is a user of a communication resource.
 */
export function isCommunicationUserIdentifier(identifier: CommunicationIdentifier): identifier is CommunicationUserIdentifier;

/**
 * Whether it is a Microsoft Teams application.
 */
export function isMicrosoftTeamsAppIdentifier(identifier: CommunicationIdentifier): identifier is MicrosoftTeamsAppIdentifier;

/**
 * Whether it is a Microsoft Teams user.
 */
export function isMicrosoftTeamsUserIdentifier(identifier: CommunicationIdentifier): identifier is MicrosoftTeamsUserIdentifier;

/**
 * Whether it is a phone number.
 */
export function isPhoneNumberIdentifier(identifier: CommunicationIdentifier): identifier is PhoneNumberIdentifier;

/**
 * Whether it is a Microsoft Teams user who acts through a communication resource.
 */
export function isTeamsExtensionUserIdentifier(identifier: CommunicationIdentifier): identifier is TeamsExtensionUserIdentifier;

/**
 * Whether it is of a kind that this SDK does not know.
 */
export function isUnknownIdentifier(identifier: CommunicationIdentifier): identifier is UnknownIdentifier;
