// Options and events as applications use them that were written for @azure/communication-chat 1.6.0: all of this compiles
// with that, and with ours in its place.
import {
  AzureCommunicationTokenCredential,
  ChatClient,
  type ChatClientOptions,
  ChatThreadClient,
  type ChatThreadDeletedEvent,
  type CommunicationIdentifierKind,
  type ParticipantsAddedEvent,
  type SendMessageOptions,
} from "chat-sdk";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from "@azure/core-rest-pipeline";
import type { AdditionalPolicyConfig, OperationOptions, RawResponseCallback } from "@azure/core-client";
import type { AbortSignalLike } from "@azure/abort-controller";
import type { OperationTracingOptions, TracingContext } from "@azure/core-tracing";

declare const endpoint: string;
declare const tracingContext: TracingContext;
const credential = new AzureCommunicationTokenCredential("token");

const plain: HttpClient = createDefaultHttpClient();
const counting: HttpClient = {
  sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
    console.log(request.method, request.url, request.headers.get("accept")?.length, request.timeout.toFixed());
    return plain.sendRequest(request);
  },
};

class TracePolicy implements PipelinePolicy {
  readonly name = "trace";

  async sendRequest(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse> {
    request.headers.set("x-trace", 1);
    const response = await next(request);
    const headers = createHttpHeaders(response.headers.toJSON());
    console.log(headers.has("x-request-id"), response.status, response.request.requestId, response.bodyAsText?.length);
    return response;
  }
}

const policies: AdditionalPolicyConfig[] = [
  { policy: new TracePolicy(), position: "perCall" },
  { policy: { name: "bare", sendRequest: (request, next) => next(request) }, position: "perRetry" },
];

export const clientOptions: ChatClientOptions = {
  httpClient: counting,
  additionalPolicies: policies,
  allowInsecureConnection: true,
  retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 1_000 },
  redirectOptions: { maxRetries: 1 },
  userAgentOptions: { userAgentPrefix: "my-app/1.0" },
  telemetryOptions: { clientRequestIdHeaderName: "x-my-request-id" },
  proxyOptions: { host: "http://proxy.example.com", port: 8080, username: "u", password: "p" },
  tlsOptions: { ca: "-----BEGIN CERTIFICATE-----" },
};

const onResponse: RawResponseCallback = (response, flat, error) => {
  const id: string | undefined = response.headers.get("x-ms-request-id");
  const { url, method, headers, timeout, withCredentials, requestId, abortSignal } = response.request;
  const names: string[] = [...headers].map(([name]) => name);
  console.log(id, url, method.toLowerCase(), timeout.toFixed(), withCredentials, requestId, abortSignal?.aborted, names);
  console.log(response.status, response.bodyAsText, response.parsedBody, flat, error, headers.toJSON()["accept"]);
};
const tracingOptions: OperationTracingOptions = { tracingContext };
const signal: AbortSignalLike = new AbortController().signal;

export const operation: OperationOptions = {
  abortSignal: signal,
  requestOptions: {
    timeout: 5_000,
    customHeaders: { "x-app": "1" },
    allowInsecureConnection: true,
    onUploadProgress: ({ loadedBytes }) => console.log(loadedBytes),
    onDownloadProgress: ({ loadedBytes }) => console.log(loadedBytes),
    shouldDeserialize: true,
  },
  onResponse,
  tracingOptions,
  serializerOptions: { xml: { rootName: "r", includeRoot: false, xmlCharKey: "_" }, ignoreUnknownProperties: true },
};

/** Every operation takes them. */
export async function everywhere(threadId: string): Promise<void> {
  const client = new ChatClient(endpoint, credential, clientOptions);
  const { chatThread } = await client.createChatThread({ topic: "t" }, { ...operation, participants: [] });
  const thread = new ChatThreadClient(endpoint, chatThread?.id ?? threadId, credential, { ...clientOptions });
  const sending: SendMessageOptions = { ...operation, senderDisplayName: "Ann" };
  const { id } = await thread.sendMessage({ content: "c" }, sending);
  await thread.getProperties(operation);
  await thread.updateTopic("topic", operation);
  await thread.updateProperties({ ...operation, topic: "t" });
  await thread.getMessage(id, operation);
  await thread.updateMessage(id, { ...operation, content: "d" });
  await thread.addParticipants({ participants: [] }, operation);
  await thread.removeParticipant({ communicationUserId: "8:acs:x" }, operation);
  await thread.sendReadReceipt({ chatMessageId: id }, operation);
  await thread.sendTypingNotification({ ...operation, senderDisplayName: "Ann" });
  for await (const page of thread.listMessages({ ...operation, maxPageSize: 5 }).byPage({ maxPageSize: 1 })) page.length.toFixed();
  for await (const one of thread.listParticipants({ ...operation, skip: 1 })) console.log(one.id);
  for await (const one of thread.listReadReceipts(operation)) console.log(one.readOn);
  for await (const one of client.listChatThreads({ ...operation, startTime: new Date() })) console.log(one.id);
  await thread.deleteMessage(id, operation);
  await client.deleteChatThread(threadId, operation);
}

/** Handlers that take every member of an event for granted. */
export function listen(client: ChatClient): void {
  client.on("chatThreadDeleted", (event: ChatThreadDeletedEvent) => {
    const by: CommunicationIdentifierKind = event.deletedBy.id;
    const name: string = event.deletedBy.displayName;
    console.log(by.kind, name, event.reason.length, event.deletedOn.getTime(), event.version, event.threadId);
  });
  client.on("participantsAdded", ({ addedBy, addedOn, participantsAdded, threadId, version }: ParticipantsAddedEvent) => {
    console.log(addedBy.id, addedBy.displayName, addedOn.getTime(), participantsAdded.map((one) => one.displayName), threadId, version);
  });
  client.on("participantsRemoved", ({ removedBy, removedOn, participantsRemoved }) => {
    console.log(removedBy.id.kind, removedOn.getTime(), participantsRemoved.map((one) => one.id.kind));
  });
  client.on("chatThreadCreated", ({ createdBy, createdOn, participants, properties, version }) => {
    console.log(createdBy.id.kind, createdOn.getTime(), participants.length, properties.topic, version);
  });
  client.on("chatThreadPropertiesUpdated", ({ updatedBy, updatedOn, properties }) => {
    console.log(updatedBy.displayName, updatedOn.getTime(), properties.topic);
  });
  client.on("chatMessageReceived", ({ sender, senderDisplayName, recipient, message, metadata, type, version, createdOn }) => {
    console.log(sender.kind, senderDisplayName.length, recipient.kind, message.length, metadata, type, version, createdOn.getTime());
  });
  client.on("chatMessageEdited", ({ editedOn, message, id }) => console.log(editedOn.getTime(), message.length, id));
  client.on("chatMessageDeleted", ({ deletedOn, id, sender }) => console.log(deletedOn.getTime(), id, sender.kind));
  client.on("typingIndicatorReceived", ({ receivedOn, sender, recipient, version, threadId }) => {
    console.log(receivedOn.getTime(), sender.kind, recipient.kind, version, threadId);
  });
  client.on("readReceiptReceived", ({ readOn, chatMessageId, sender, recipient }) => {
    console.log(readOn.getTime(), chatMessageId, sender.kind, recipient.kind);
  });
}
