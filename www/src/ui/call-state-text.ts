// The state of a call in words.
import { isolate } from "../openline/isolate-name";
import type { OngoingCall } from "../state/app-state";

export function callStateText({ state, ended, peer, outgoing, remoteHolds, waits }: OngoingCall): string {
  if (ended) return ended.sentence;
  switch (state) {
    case "None":
    case "Connecting":
      return outgoing ? `Calling ${isolate(peer.name)}…` : "Connecting…";
    case "Ringing":
    case "EarlyMedia":
      return "Ringing…";
    case "InLobby":
      return "Waiting to be let in…";
    case "Connected":
      return "Connected";
    case "LocalHold":
      if (remoteHolds) return "Both of you put the call on hold.";
      return waits ? "The call was answered and is on hold." : "You put the call on hold.";
    case "RemoteHold":
      return `${isolate(peer.name)} put the call on hold.`;
    case "Disconnecting":
    case "Disconnected":
      return "Ending the call…";
  }
}

/** The same where there is only room for a word or two. */
export function shortStateText(call: OngoingCall): string {
  if (call.ended) return "Call ended";
  if (call.state === "LocalHold") return call.waits ? "Answered, on hold" : "On hold";
  if (call.state === "RemoteHold") return "Holds the call";
  return callStateText(call);
}
