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

export interface Session {
  userId: string;
  displayName: string;
  callAgent: CallAgent;
  chatClient: ChatClient;
  deviceManager: DeviceManager;
  close(): Promise<void>;
}

export async function signIn(name: string): Promise<Session> {
  const [first] = await Promise.all([fetchToken(name), init()]);
  const credential = new CommunicationTokenCredential({
    token: first.token,
    tokenRefresher: async (signal?: AbortSignal) => (await fetchToken(name, signal)).token,
    refreshProactively: true,
  });

  const callClient = new CallClient();
  const callAgent = await callClient.createCallAgent(credential, {
    displayName: first.displayName,
  });
  const deviceManager = await callClient.getDeviceManager();

  const chatClient = new ChatClient(first.endpoint ?? location.origin, credential);
  await chatClient.startRealtimeNotifications();

  return {
    userId: first.identity.id,
    displayName: first.displayName,
    callAgent,
    chatClient,
    deviceManager,
    async close() {
      await Promise.allSettled([chatClient.stopRealtimeNotifications(), callClient.dispose()]);
      credential.dispose();
    },
  };
}
