// A page as somebody wrote it for the published chat client, who knows nothing of this project: several people in one
// window, each with a client, and a record of everything that their clients tell.
import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";

const eventNames = [
  "chatMessageReceived",
  "chatMessageEdited",
  "chatMessageDeleted",
  "typingIndicatorReceived",
  "readReceiptReceived",
  "chatThreadCreated",
  "chatThreadDeleted",
  "chatThreadPropertiesUpdated",
  "participantsAdded",
  "participantsRemoved",
];

const people = {};
const thread = (who, threadId) => people[who].client.getChatThreadClient(threadId);

window.published = {
  /** Signs in, and resolves once events can arrive. */
  async signIn(who, endpoint, token) {
    const client = new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
    const log = [];
    people[who] = { client, log };
    client.on("realTimeNotificationConnected", () => log.push({ name: "connected" }));
    client.on("realTimeNotificationDisconnected", () => log.push({ name: "disconnected" }));
    await client.startRealtimeNotifications();
    for (const name of eventNames) client.on(name, (event) => log.push({ name, event: withDates(event) }));
  },

  signOut: (who) => people[who].client.stopRealtimeNotifications(),

  /** What was told so far. */
  log: (who) => people[who].log,

  async createThread(who, topic, options) {
    return (await people[who].client.createChatThread({ topic }, options)).chatThread.id;
  },

  deleteThread: (who, threadId) => people[who].client.deleteChatThread(threadId),

  /** Calls a method of the thread's client. */
  inThread: (who, threadId, method, ...args) => thread(who, threadId)[method](...args),

  /** Sends one message after the other until `stopSending`. */
  startSending(who, threadId) {
    const sending = { wanted: true, acknowledged: [] };
    people[who].sending = sending;
    sending.ended = sendAll(who, thread(who, threadId), sending);
  },

  /** Resolves to the ids of the messages that were acknowledged. */
  async stopSending(who) {
    const { sending } = people[who];
    sending.wanted = false;
    await sending.ended;
    return sending.acknowledged;
  },
};

async function sendAll(who, client, sending) {
  for (let index = 0; sending.wanted; index += 1) {
    try {
      sending.acknowledged.push((await client.sendMessage({ content: `${who} ${index}` })).id);
    } catch {
      // Not acknowledged: it may or may not be there.
    }
  }
}

/** Dates do not pass to the test as what they are. */
function withDates(value) {
  if (value instanceof Date) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDates(inner)]));
}
