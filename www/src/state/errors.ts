// Errors and end reasons as sentences that say what to do.
import type { CallEndReason } from "openline";

import { TokenRefused } from "../openline/fetch-token";
import { isolate } from "../openline/isolate-name";
import { NoSound } from "../sound/test-sound";
import { store } from "./app-state";

/** Shows what failed in the error banner, with what the person can do. */
export function showError(doing: string, error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  console.error(`${doing} failed`, error);
  store.set({ error: explainError(doing, error) });
}

export function explainError(doing: string, error: unknown): string {
  if (error instanceof NoSound) return "The browser cannot play any sound. Check that a loudspeaker is connected and chosen.";
  if (error instanceof TokenRefused) return explainToken(error.status);
  if (isTooLong(error)) return explainCode(doing, 413, 0);
  const { word, code, subCode } = codes(error);
  // What fetch itself throws when no answer comes is a TypeError, in other words in each browser.
  if (word === "REQUEST_SEND_ERROR" || error instanceof TypeError) {
    return `${doing} failed because the server does not answer. Check your connection and try again.`;
  }
  if (word === "timedOut") return explainCode(doing, 408, 0);
  if (word === "tokenRefused" || word === "tokenUnavailable") return explainCode(doing, 401, 0);
  return explainCode(doing, code, subCode);
}

/** Whether it may work later without anybody doing anything about it. */
export function mayPass(error: unknown): boolean {
  const { word, code } = codes(error);
  const words = ["REQUEST_SEND_ERROR", "timedOut", "tokenRefused", "tokenUnavailable"];
  return error instanceof TypeError || words.includes(word) || [401, 408, 429, 502, 503, 504].includes(code);
}

/** Whether the server has no such thing, or no longer. */
export function isGone(error: unknown): boolean {
  return codes(error).code === 404;
}

/** Why a file could not be uploaded. */
export function explainUpload(name: string, error: unknown): string {
  const { word, code } = codes(error);
  if (code === 413) return "This file is too large for this server.";
  if (code === 415) return "This server does not take files of this kind.";
  if (word === "QuotaExceeded") return "Your files take all the space you have here. Delete some first.";
  return explainError(`Uploading ${isolate(name)}`, error);
}

function explainCode(doing: string, code: number, subCode: number): string {
  if (subCode === 40613) return refused("microphone");
  if (subCode === 41016) {
    return "No microphone could be opened. Plug one in, or close the program that uses it, and try again.";
  }
  if (subCode === 43001 || subCode === 43016) return refused("camera");
  if (subCode === 40614 || subCode === 43017) {
    return "This page may not use camera and microphone, because it was not loaded securely. Open it with https or on localhost.";
  }
  if (subCode === 43203) return "No picture arrives. The other side's connection may be too slow for video.";
  if (subCode === 43000) {
    return "Another program is using the camera. Close it there and turn the camera on again.";
  }
  if (subCode === 43013 || subCode === 43018) {
    return "No camera was found. Plug one in and turn the camera on again.";
  }
  if (subCode === 41006 || subCode === 41007) {
    return "The call had already ended. Call back if you like.";
  }
  if (subCode === 40228) {
    return "You are already signed in here. Reload the page and try again.";
  }
  switch (code) {
    case 401:
      return "Your sign-in is no longer valid. Sign out and sign in again.";
    case 403:
      return `${doing} is not allowed for you in this conversation. Ask someone in it to add you.`;
    case 404:
      return `${doing} failed because it no longer exists. Reload the page to see what is there.`;
    case 413:
      return "That is too long to send. Split it into shorter messages.";
    case 429:
      return "That was too fast for the server. Wait a few seconds and try again.";
    case 408:
    case 503:
      return `${doing} failed because the server does not answer. Try again in a moment.`;
    default:
      return `${doing} failed. Try again; if it keeps failing, reload the page.`;
  }
}

/** Why a tone of the keypad did not go out. */
export function explainTone(error: unknown, theirName: string): string {
  const peer = isolate(theirName);
  const { code } = codes(error);
  if (code === 405) return `${peer} cannot receive tones. Say it, or write a message.`;
  if (code === 412) return "The call is on hold or not connected. Type again once it goes on.";
  return explainError("Sending the tone", error);
}

/** The server names the field that is too long. */
function isTooLong(error: unknown): boolean {
  const refusal = error as { statusCode?: number; details?: { error?: { target?: string } } };
  return refusal?.statusCode === 400 && refusal.details?.error?.target === "content";
}

function explainToken(status: number): string {
  if (status === 400) return "That name cannot be used. Choose one with 1 to 64 characters.";
  if (status === 404) {
    return "This server does not sign people in by name. Start it with “openline-server dev”.";
  }
  return "Signing in failed on the server. Try again in a moment.";
}

function refused(device: "microphone" | "camera"): string {
  return `Openline cannot use the ${device}. Check that one is plugged in and allowed next to the address bar, and try again.`;
}

/** Why a call ended, from this side's view; `failed` asks for more than a nod. */
export function explainEnd(
  reason: CallEndReason | undefined,
  theirName: string,
  outgoing: boolean,
): { sentence: string; failed: boolean } {
  const peer = isolate(theirName);
  const code = reason?.code ?? 0;
  const subCode = reason?.subCode ?? 0;
  const failed = (sentence: string) => ({ sentence, failed: true });
  const calm = (sentence: string) => ({ sentence, failed: false });

  if (subCode === 10037 || code === 480) {
    return failed(`${peer} is not online. Send a message instead; it will be there later.`);
  }
  if (code === 603) return outgoing ? failed(`${peer} declined the call.`) : calm("Call declined.");
  if (subCode === 10004) return failed(`No answer. Try ${peer} again later or send a message.`);
  if (subCode === 10003) return calm("Answered on another device.");
  if (code === 487) return calm("Call cancelled.");
  if (code === 486) return failed(`${peer} is in another call. Try again later.`);
  if (code === 0 && subCode === 4521) return calm(`${peer} left the call.`);
  if (subCode === 4521) return failed(`${peer} lost the connection. Call again.`);
  if (subCode === 4502) return failed("The connection to the server was lost. Call again once it is back.");
  if (subCode === 10009 || code === 401) {
    return failed("Your sign-in is no longer valid. Sign out and sign in again.");
  }
  if (subCode === 10124) return failed(`You are not allowed to call ${peer}.`);
  if (code === 410) {
    return failed(
      "Sound and picture could not get through. Check firewall and network on both sides and call again.",
    );
  }
  if (code === 408) return failed(`${peer} could not be connected in time. Call again.`);
  if (code === 503) return failed("The server cannot take this call now. Try again in a moment.");
  if (code !== 0) return failed("The call failed. Call again.");
  return calm("Call ended.");
}

/** Calls fail with numbers, chat with an HTTP status and a word, the connection with a word. */
function codes(error: unknown): { word: string; code: number; subCode: number } {
  const fields = (typeof error === "object" && error !== null ? error : {}) as Record<
    "code" | "subCode" | "statusCode",
    unknown
  >;
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  return {
    word: typeof fields.code === "string" ? fields.code : "",
    code: number(fields.code) || number(fields.statusCode),
    subCode: number(fields.subCode),
  };
}
