// From a name to a client that can be called and written to.
import {
  CallClient,
  ChatClient,
  CommunicationTokenCredential,
  init,
  type CallAgent,
  type DeviceManager,
} from "openline";

import { fetchToken } from "./fetch-token";

export interface Identity {
  userId: string;
  displayName: string;
}

export interface Calling {
  callAgent: CallAgent;
  deviceManager: DeviceManager;
}

export interface Session extends Identity {
  /** Before `connect` it has what is kept on this device, and keeps what is to be sent. */
  chatClient: ChatClient;
  callClient: CallClient;
  credential: CommunicationTokenCredential;
  /** Calls and events come from then on. Rejects where the server cannot be reached; may be called again. */
  connect(): Promise<Calling>;
  /** `forget` drops what is kept on this device: messages that wait, and those that were read. */
  close(options: { forget: boolean }): Promise<void>;
}

/** Who is `known` from before can begin without the server. */
export async function openSession(name: string, known?: Identity): Promise<Session> {
  const [first] = await Promise.all([known ? undefined : fetchToken(name), init()]);
  const { userId, displayName } = known ?? { userId: first!.identity.id, displayName: first!.displayName };
  const credential = new CommunicationTokenCredential({
    ...(first && { token: first.token }),
    tokenRefresher: async (signal?: AbortSignal) => {
      const { token, identity } = await fetchToken(name, signal);
      if (identity.id !== userId) throw new SomebodyElse();
      return token;
    },
    refreshProactively: true,
  });

  // This page is served by the server it calls through; elsewhere, name that server here.
  const endpoint = location.origin;
  const callClient = new CallClient({ endpoint });
  const chatClient = new ChatClient(endpoint, credential, {
    localData: { user: { communicationUserId: userId }, history: true },
  });

  let callAgent: CallAgent | undefined;
  return {
    userId,
    displayName,
    chatClient,
    callClient,
    credential,
    async connect() {
      // Its own error tells a server that is away from one that refuses.
      await credential.getToken();
      const [deviceManager] = await Promise.all([
        callClient.getDeviceManager(),
        chatClient.startRealtimeNotifications(),
      ]);
      // Last, because it may ring from here on.
      callAgent ??= await callClient.createCallAgent(credential, { displayName });
      return { callAgent, deviceManager };
    },
    async close({ forget }) {
      if (forget) await chatClient.clearLocalData().catch(console.warn);
      await Promise.allSettled([chatClient.stopRealtimeNotifications(), callClient.dispose()]);
      credential.dispose();
    },
  };
}

/** The server knows nobody by the id that was known: its data is new. */
export class SomebodyElse extends Error {
  override readonly name = "SomebodyElse";
}
