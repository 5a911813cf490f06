// The events of chat: what a listener gets follows from the event's name.
import { expectTypeOf } from "expect-type";
import {
  ChatClient,
  type ChatConnectionState,
  type ChatClientEvents,
  type ChatEventId,
  type ChatEventParticipant,
  type ChatMessageDeletedEvent,
  type ChatMessageEditedEvent,
  type ChatMessageReceivedEvent,
  type ChatThreadCreatedEvent,
  type ChatThreadDeletedEvent,
  type ChatThreadPropertiesUpdatedEvent,
  type CommunicationIdentifierKind,
  type DeliveryReceiptReceivedEvent,
  type ParticipantsAddedEvent,
  type ParticipantsRemovedEvent,
  type PendingChatMessage,
  type ReadReceiptReceivedEvent,
  type TypingIndicatorReceivedEvent,
} from "openline";

declare const client: ChatClient;

client.on("chatMessageReceived", (event) => expectTypeOf(event).toEqualTypeOf<ChatMessageReceivedEvent>());
client.on("chatMessageEdited", (event) => expectTypeOf(event).toEqualTypeOf<ChatMessageEditedEvent>());
client.on("chatMessageDeleted", (event) => expectTypeOf(event).toEqualTypeOf<ChatMessageDeletedEvent>());
client.on("typingIndicatorReceived", (event) => expectTypeOf(event).toEqualTypeOf<TypingIndicatorReceivedEvent>());
client.on("readReceiptReceived", (event) => expectTypeOf(event).toEqualTypeOf<ReadReceiptReceivedEvent>());
client.on("deliveryReceiptReceived", (event) => expectTypeOf(event).toEqualTypeOf<DeliveryReceiptReceivedEvent>());
client.on("chatThreadCreated", (event) => expectTypeOf(event).toEqualTypeOf<ChatThreadCreatedEvent>());
client.on("chatThreadDeleted", (event) => expectTypeOf(event).toEqualTypeOf<ChatThreadDeletedEvent>());
client.on("chatThreadPropertiesUpdated", (event) =>
  expectTypeOf(event).toEqualTypeOf<ChatThreadPropertiesUpdatedEvent>(),
);
client.on("participantsAdded", (event) => expectTypeOf(event).toEqualTypeOf<ParticipantsAddedEvent>());
client.on("participantsRemoved", (event) => expectTypeOf(event).toEqualTypeOf<ParticipantsRemovedEvent>());
client.on("realTimeNotificationConnected", () => undefined);
client.on("realTimeNotificationDisconnected", () => undefined);
client.on("chatMessagePending", (event) => expectTypeOf(event).toEqualTypeOf<PendingChatMessage>());
client.on("chatMessageSent", (event) => expectTypeOf(event.messageId).toEqualTypeOf<string>());
client.on("chatMessageFailed", (event) => expectTypeOf(event.error?.statusCode).toEqualTypeOf<number | undefined>());
client.on("chatMessageCanceled", (event) => expectTypeOf(event).toEqualTypeOf<PendingChatMessage>());
client.on("connectionStateChanged", ({ oldValue, newValue, reason }) => {
  const states: ChatConnectionState[] = [oldValue, newValue, client.connectionState];
  const lost: boolean = reason === "networkLost";
  return [states, lost];
});
// @ts-expect-error that event has no argument
client.on("realTimeNotificationConnected", (event: { threadId: string }) => event);
// @ts-expect-error that is another event's argument
client.on("chatMessageReceived", (event: TypingIndicatorReceivedEvent & { receivedOn: Date }) => event);
// @ts-expect-error there is no such event
client.on("messageReceived", () => undefined);

expectTypeOf<ChatEventId>().toEqualTypeOf<keyof ChatClientEvents>();
const listener: ChatClientEvents["chatMessageReceived"] = ({ message }) => expectTypeOf(message).toBeString();
client.on("chatMessageReceived", listener);
client.off("chatMessageReceived", listener);

// What events say.
expectTypeOf<ChatMessageReceivedEvent["threadId" | "id" | "message" | "senderDisplayName" | "version"]>().toBeString();
expectTypeOf<ChatMessageReceivedEvent["sender" | "recipient"]>().toEqualTypeOf<CommunicationIdentifierKind>();
expectTypeOf<ChatMessageReceivedEvent["createdOn"]>().toEqualTypeOf<Date>();
expectTypeOf<ChatMessageReceivedEvent["metadata"]>().toEqualTypeOf<Record<string, string>>();
expectTypeOf<ChatMessageEditedEvent["editedOn"]>().toEqualTypeOf<Date>();
expectTypeOf<ChatMessageDeletedEvent["deletedOn"]>().toEqualTypeOf<Date>();
expectTypeOf<TypingIndicatorReceivedEvent["receivedOn"]>().toEqualTypeOf<Date>();
expectTypeOf<ReadReceiptReceivedEvent["readOn"]>().toEqualTypeOf<Date>();
expectTypeOf<ChatThreadCreatedEvent["participants"]>().toEqualTypeOf<ChatEventParticipant[]>();
expectTypeOf<ChatThreadCreatedEvent["properties"]["topic"]>().toBeString();
expectTypeOf<ChatThreadPropertiesUpdatedEvent["updatedBy"]>().toEqualTypeOf<ChatEventParticipant>();
expectTypeOf<ChatThreadDeletedEvent["reason"]>().toEqualTypeOf<"deletedByUser" | "deletedByPolicy">();
expectTypeOf<ParticipantsAddedEvent["participantsAdded"]>().toEqualTypeOf<ChatEventParticipant[]>();
expectTypeOf<ParticipantsRemovedEvent["removedOn"]>().toEqualTypeOf<Date>();
