// The one thing that somebody in a call should know and do something about, in words.
import { isolate } from "../openline/isolate-name";
import type { OngoingCall } from "./app-state";

export interface CallNotice {
  text: string;
  /** Whether the two cannot go on talking like this. */
  serious: boolean;
}

type Noticed = Pick<OngoingCall, "state" | "peer" | "muted" | "mutedHere" | "diagnostics" | "withVideo" | "localVideo">;

/** What is worst; nothing while the call is on hold, or over. */
export function callNotice(call: Noticed): CallNotice | undefined {
  const { state, peer, muted, diagnostics: found } = call;
  const name = isolate(peer.name);
  const serious = (text: string) => ({ text, serious: true });
  const mild = (text: string) => ({ text, serious: false });

  if (state === "Disconnected" || state === "LocalHold") return undefined;
  if (found.noNetwork === true) return serious("You are offline. The call goes on as soon as the network is back.");
  if (found.networkReconnect === BAD) return serious("The connection to the server was lost. Reconnecting…");
  if (found.networkReconnect === POOR) return serious("Sound and picture were interrupted. Reconnecting…");
  if (muted && found.microphonePermissionDenied === true) {
    return serious(`${name} cannot hear you: this page may not use the microphone. Allow it next to the address bar.`);
  }
  if (muted && found.noMicrophoneDevicesEnumerated === true) {
    return serious(`${name} cannot hear you: there is no microphone. Plug one in.`);
  }
  if (found.microphoneMuteUnexpectedly === true) {
    return serious(`${name} cannot hear you: the system cut the microphone off. Check its switch.`);
  }
  if (isUnheard(call)) {
    return serious(`${name} cannot hear you: the microphone could not be opened. Close what else uses it, and unmute.`);
  }
  if (!muted && (found.microphoneNotFunctioning === true || found.microphoneNotMuteButSilent === true)) {
    return serious("Your microphone gives no sound. Check its switch, or choose another one in the device settings.");
  }
  if (muted && found.speakingWhileMicrophoneIsMuted === true) return mild("You are talking, but you are muted.");
  if (found.cameraFreeze === true) return mild("Your camera gives no new picture. Turn it off and on again.");
  if (!call.localVideo && isCameraMissed(call)) return mild(`${name} cannot see you: the camera could not be opened.`);
  return undefined;
}

/** Muted, although there is a microphone and nobody pressed the button. */
export function isUnheard(call: Pick<OngoingCall, "muted" | "mutedHere" | "diagnostics">): boolean {
  return call.muted && !call.mutedHere && !hasNoMicrophone(call);
}

function isCameraMissed({ withVideo, diagnostics: found }: Noticed): boolean {
  return found.cameraStartFailed === true || (withVideo && found.cameraPermissionDenied === true);
}

/** Whether the other one cannot hear this side, whatever the mute button does. */
export function hasNoMicrophone({ diagnostics: found }: Pick<OngoingCall, "diagnostics">): boolean {
  return found.microphonePermissionDenied === true || found.noMicrophoneDevicesEnumerated === true;
}

const POOR = 2;
const BAD = 3;
