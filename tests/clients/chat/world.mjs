// People with published chat clients, and what their cases share.
import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { CommunicationIdentityClient } from "@azure/communication-identity";

const endpoint = process.env["OPENLINE_ENDPOINT"];
export const identities = new CommunicationIdentityClient(process.env["OPENLINE_CONNECTION_STRING"]);

/** The versions of the interface that are not previews. The client asks for the last one by itself. */
export const versions = ["2021-03-07", "2021-09-07", "2023-11-07", "2024-03-07", "2025-03-15"];

/** Somebody with an identity, a token and a client that asks for `version`. */
export async function person(version, scopes = ["chat"]) {
  const { user, token } = await identities.createUserAndToken(scopes);
  const id = user.communicationUserId;
  return { id, user, token, chat: clientWith(token, version), asSeen: { kind: "communicationUser", communicationUserId: id } };
}

/** A client with this token, which asks once where it is told nothing else. */
export function clientWith(token, version, retryOptions = { maxRetries: 0 }) {
  const additionalPolicies = [{ position: "perRetry", policy: askFor(version) }];
  return new ChatClient(endpoint, new AzureCommunicationTokenCredential(token), { retryOptions, additionalPolicies });
}

/** Creates a thread as the first of them, with the others in it, and returns everybody's client of it. */
export async function threadOf(topic, [creator, ...others]) {
  const { chatThread } = await creator.chat.createChatThread(
    { topic },
    { participants: others.map(({ user }) => ({ id: user })) },
  );
  return [creator, ...others].map(({ chat }) => chat.getChatThreadClient(chatThread.id));
}

/** A user of somebody else's resource. */
export const foreignUser = {
  communicationUserId: "8:acs:11111111-1111-1111-1111-111111111111_0000000a-0000-0000-0000-00000000000a",
};

/** A user of this resource who does not exist. */
export const unknownUser = ({ id }) => ({
  communicationUserId: `${id.split("_")[0]}_0000000a-0000-0000-0000-00000000000a`,
});

/** Everything in a list. */
export async function all(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

/** What a call answers on the wire: `await status((options) => thread.getProperties(options))`. */
export async function status(call) {
  let seen;
  await call({ onResponse: (response) => (seen = response.status) });
  return seen;
}

function askFor(version) {
  return {
    name: "askForVersion",
    sendRequest(request, next) {
      const url = new URL(request.url);
      url.searchParams.set("api-version", version);
      request.url = url.href;
      return next(request);
    },
  };
}
