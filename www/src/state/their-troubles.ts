// What is wrong on the other side of a call, by its own word and the server's, as sentences.
import type { RemoteDiagnostics } from "../openline/follow-diagnostics";
import { isolate } from "../openline/isolate-name";

/** The network first; one sentence for each device, whatever all is wrong with it. */
export function theirTroubles(found: RemoteDiagnostics, theirName: string): string[] {
  const name = isolate(theirName);
  const weak = (quality: number | boolean | undefined) => quality === 2 || quality === 3;
  const any = (...raised: (number | boolean | undefined)[]) => raised.includes(true);
  const sentences: [boolean, string][] = [
    [
      weak(found.serverConnection) || weak(found.networkReconnect) || any(found.noNetwork),
      `The connection of ${name} is interrupted, and being restored.`,
    ],
    [weak(found.networkReceiveQuality), `What you say and show arrives at ${name} with gaps.`],
    [weak(found.networkSendQuality), `The connection of ${name} is too slow for what they say and show.`],
    [any(found.microphonePermissionDenied, found.noMicrophoneDevicesEnumerated), `${name} has no microphone that may be used.`],
    [
      any(found.microphoneMuteUnexpectedly, found.microphoneNotFunctioning, found.microphoneNotMuteButSilent),
      `The microphone of ${name} gives no sound.`,
    ],
    [any(found.speakingWhileMicrophoneIsMuted), `${name} is talking, but is muted.`],
    [any(found.noSpeakerDevicesEnumerated), `${name} has no loudspeaker, and may not hear you.`],
    [
      any(found.cameraFreeze, found.cameraStartFailed, found.cameraStoppedUnexpectedly, found.cameraPermissionDenied),
      `The camera of ${name} gives no picture.`,
    ],
  ];
  return sentences.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}
