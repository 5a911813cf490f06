// Forgets what the SDK keeps on this device of somebody who is not signed in.
import { ChatClient, CommunicationTokenCredential, init } from "openline";

export async function forgetLocalData(userId: string): Promise<void> {
  await init();
  const credential = new CommunicationTokenCredential({
    tokenRefresher: () => Promise.reject(new Error("Nothing is asked of the server for this.")),
  });
  const localData = { user: { communicationUserId: userId }, outbox: false, history: true };
  try {
    await new ChatClient(location.origin, credential, { localData }).clearLocalData();
  } finally {
    credential.dispose();
  }
}
