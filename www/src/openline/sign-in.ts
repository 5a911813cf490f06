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
  /** `forget` drops what is kept on this device: messages that wait, and those that were read. */
  close(options: { forget: boolean }): Promise<void>;
}

export async function signIn(name: string): Promise<Session> {
  const [first] = await Promise.all([fetchToken(name), init()]);
  const credential = new CommunicationTokenCredential({
    token: first.token,
    tokenRefresher: async (signal?: AbortSignal) => (await fetchToken(name, signal)).token,
    refreshProactively: true,
  });

  // This page is served by the server it calls through; elsewhere, name that server here.
  const endpoint = location.origin;
  const callClient = new CallClient({ endpoint });
  const chatClient = new ChatClient(endpoint, credential, {
    localData: { user: { communicationUserId: first.identity.id } },
  });
  const close = async ({ forget }: { forget: boolean }) => {
    if (forget) await chatClient.clearLocalData().catch(console.warn);
    await Promise.allSettled([chatClient.stopRealtimeNotifications(), callClient.dispose()]);
    credential.dispose();
  };

  const { displayName } = first;
  try {
    const [callAgent, deviceManager] = await Promise.all([
      callClient.createCallAgent(credential, { displayName }),
      callClient.getDeviceManager(),
      chatClient.startRealtimeNotifications(),
    ]);
    return { userId: first.identity.id, displayName, callAgent, chatClient, deviceManager, close };
  } catch (error) {
    await close({ forget: false });
    throw error;
  }
}
