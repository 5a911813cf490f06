// What the connection to the server does, from all that knows of it: calls, chat, the browser.
import type { ChatConnectionReason } from "openline";

import type { Calling, Session } from "../openline/sign-in";
import { store } from "./app-state";

export type Connection =
  | { state: "connected" }
  | { state: "offline" }
  | { state: "reconnecting"; because: ChatConnectionReason | undefined }
  /** Only signing in again helps. */
  | { state: "expired" }
  /** Only loading the page again helps. */
  | { state: "stopped" };

export function watchConnection({ chatClient }: Session, { callAgent }: Calling): () => void {
  let calls: { connected: boolean; over?: "expired" | "stopped" } = { connected: true };
  let because: ChatConnectionReason | undefined;

  const show = () => {
    const connection = read();
    if (JSON.stringify(connection) !== JSON.stringify(store.get().connection)) store.set({ connection });
  };
  const read = (): Connection => {
    const chat = chatClient.connectionState;
    if (calls.over) return { state: calls.over };
    if (chat === "disconnected") return { state: isSignIn(because) ? "expired" : "stopped" };
    if (calls.connected && chat === "connected") return { state: "connected" };
    return navigator.onLine ? { state: "reconnecting", because } : { state: "offline" };
  };

  const agentChanged: Parameters<typeof callAgent.on<"connectionStateChanged">>[1] = (change) => {
    calls = { connected: change.newValue === "Connected" };
    // Twice the same: it will not change any more by itself.
    if (change.newValue === change.oldValue) {
      calls.over = change.reason === "invalidToken" ? "expired" : "stopped";
    }
    show();
  };
  const chatChanged: Parameters<typeof chatClient.on<"connectionStateChanged">>[1] = (change) => {
    because = change.reason;
    show();
  };
  callAgent.on("connectionStateChanged", agentChanged);
  chatClient.on("connectionStateChanged", chatChanged);
  addEventListener("online", show);
  addEventListener("offline", show);
  return () => {
    callAgent.off("connectionStateChanged", agentChanged);
    chatClient.off("connectionStateChanged", chatChanged);
    removeEventListener("online", show);
    removeEventListener("offline", show);
  };
}

/** Until it was reached for the first time. */
export function showUnreached(): void {
  store.set({ connection: navigator.onLine ? { state: "reconnecting", because: undefined } : { state: "offline" } });
}

function isSignIn(reason: ChatConnectionReason | undefined): boolean {
  return reason === "tokenRefused" || reason === "tokenUnavailable";
}
