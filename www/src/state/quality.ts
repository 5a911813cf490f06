// How well a call goes, in words: what the SDK's diagnostics and statistics mean to a person.
import type { Diagnostics } from "../openline/follow-diagnostics";
import type { CallStats, StreamStats } from "../openline/call-stats";

export type QualityLevel = "good" | "weak" | "bad";

export interface Quality {
  level: QualityLevel;
  words: string;
}

const LEVELS = { 1: "good", 2: "weak", 3: "bad" } as const;

/** The worst of both directions. */
export function qualityOf(found: Diagnostics): Quality {
  if (found.noNetwork === true) return { level: "bad", words: "Offline" };
  if (worst(found.networkReconnect) > 1) return { level: "bad", words: "Reconnecting" };
  const level = LEVELS[Math.max(worst(found.networkReceiveQuality), worst(found.networkSendQuality)) as 1 | 2 | 3];
  const words = { good: "Good connection", weak: "Weak connection", bad: "Bad connection" };
  return { level, words: words[level] };
}

/** Everything that is wrong now, each with what to do about it; the network first. */
export function troubles(found: Diagnostics, path?: CallStats["path"]): string[] {
  const is = (value: number | boolean | undefined, text: string) => (value === true ? [text] : []);
  return [
    ...is(found.noNetwork, "This device is offline. The call goes on as soon as the network is back."),
    ...from(found.networkReconnect, "Sound and picture are interrupted, and being reconnected.", "The connection to the server is lost, and being reconnected."),
    ...from(found.networkReceiveQuality, "What you hear and see arrives with gaps.", "What you hear and see hardly arrives. Move closer to the Wi-Fi, or end other downloads."),
    ...from(found.networkSendQuality, "What you say and show arrives with gaps on the other side.", "What you say and show hardly arrives. Turn your camera off, or move closer to the Wi-Fi."),
    // A call that goes directly does without.
    ...is(path !== "direct" && found.networkRelaysNotReachable === true, "The server’s relay cannot be reached from this network. Calls may fail behind a firewall."),
    ...is(found.microphonePermissionDenied, "This page may not use the microphone. Allow it next to the address bar."),
    ...is(found.noMicrophoneDevicesEnumerated, "There is no microphone. Plug one in."),
    ...is(found.microphoneMuteUnexpectedly, "The system cut the microphone off. Check its switch."),
    ...is(found.microphoneNotFunctioning, "Nothing is sent from the microphone. Choose another one in the device settings."),
    ...is(found.microphoneNotMuteButSilent, "The microphone gives complete silence. Check its switch."),
    ...is(found.speakingWhileMicrophoneIsMuted, "You are talking, but you are muted."),
    ...is(found.noSpeakerDevicesEnumerated, "There is no loudspeaker. Plug one in."),
    ...is(found.cameraPermissionDenied, "This page may not use the camera. Allow it next to the address bar."),
    ...is(found.cameraStartFailed, "The camera did not start. Another program may be using it."),
    ...is(found.cameraStoppedUnexpectedly, "The camera stopped. Check that it is plugged in."),
    ...is(found.cameraFreeze, "The camera gives no new picture. Turn it off and on again."),
  ];
}

/** What was measured, as pairs of a name and a value; “–” where it is not known yet. */
export function measured(stats: CallStats): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["Path", stats.path && { direct: "direct", relayed: "over a relay" }[stats.path]],
    ["There and back", milliseconds(stats.roundTripMs)],
    ["Sound sent", stream(stats.audioSent)],
    ["Sound received", stream(stats.audioReceived)],
  ];
  const more: [string, StreamStats | undefined][] = [
    ["Picture sent", stats.videoSent],
    ["Picture received", stats.videoReceived],
    ["Screen sent", stats.screenSent],
    ["Screen received", stats.screenReceived],
  ];
  for (const [name, it] of more) if (it) rows.push([name, stream(it)]);
  return rows.map(([name, value]) => [name, value ?? "–"]);
}

export interface Report {
  at: Date;
  callId: string;
  callState: string;
  browser: string;
  diagnostics: Diagnostics;
  stats: CallStats;
}

/** For whoever helps: no names, no addresses, nothing that was said. */
export function reportText({ at, callId, callState, browser, diagnostics, stats }: Report): string {
  const raised = Object.entries(diagnostics).map(([name, value]) => `${name}=${value}`);
  return [
    `Openline call report, ${at.toISOString()}`,
    `Call: ${callId} (${callState})`,
    `Browser: ${browser}`,
    `Connection: ${qualityOf(diagnostics).words}`,
    ...measured(stats).map(([name, value]) => `${name}: ${value}`),
    `Diagnostics: ${raised.join(", ") || "none"}`,
    "",
  ].join("\n");
}

function stream(it: StreamStats | undefined): string | undefined {
  if (!it) return undefined;
  const parts = [
    it.width && it.height ? `${it.width} × ${it.height}` : undefined,
    it.framesPerSecond === undefined ? undefined : `${Math.round(it.framesPerSecond)} frames/s`,
    bits(it.bitsPerSecond),
    it.lossPercent === undefined ? undefined : `${percent(it.lossPercent)} lost`,
    it.jitterMs === undefined ? undefined : `${milliseconds(it.jitterMs)} jitter`,
    it.codec,
  ];
  return parts.filter((part) => part !== undefined).join(" · ") || undefined;
}

export function bits(perSecond: number | undefined): string | undefined {
  if (perSecond === undefined) return undefined;
  return perSecond < 1_000_000 ? `${Math.round(perSecond / 1_000)} kbit/s` : `${(perSecond / 1_000_000).toFixed(1)} Mbit/s`;
}

export function percent(value: number): string {
  return value > 0 && value < 1 ? "under 1 %" : `${Math.round(value)} %`;
}

export function milliseconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${Math.round(value)} ms`;
}

function from(value: number | boolean | undefined, poor: string, bad: string): string[] {
  return { 1: [], 2: [poor], 3: [bad] }[worst(value)];
}

function worst(value: number | boolean | undefined): 1 | 2 | 3 {
  return value === 2 || value === 3 ? value : 1;
}
