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
