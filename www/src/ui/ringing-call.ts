// What a ringing call says and offers, wherever it stands: who calls, and the buttons that decline and answer it.
import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, RingingCall } from "../state/app-state";
import { answer, decline, silence } from "../state/call-actions";
import { callButton, type CallButton } from "./call-button";

/** One way to answer: with video or without, and what becomes of a call that runs. */
export interface Answer extends Pick<CallButton, "icon" | "label" | "testid" | "kind"> {
  video?: boolean;
  end?: boolean;
}

export function callerName({ caller }: RingingCall): TemplateResult {
  return html`<bdi data-testid="incoming-caller" title=${caller.name}>${caller.name}</bdi>`;
}

export function callerText({ answering }: RingingCall, words: string | TemplateResult): string | TemplateResult {
  return answering ? "Connecting…" : words;
}

/** Declining comes first, so that it is in the same place each time. */
export function ringingButtons(ringing: RingingCall, answers: Answer[]): TemplateResult {
  const disabled = ringing.answering;
  return html`<div class="call-buttons">
    ${callButton({
      icon: "hang-up",
      label: "Decline",
      testid: "reject",
      kind: "danger",
      disabled,
      onClick: () => void decline(ringing),
    })}
    ${answers.map(({ video = false, end = false, ...button }) =>
      callButton({ kind: "accept", ...button, disabled, onClick: () => void answer(ringing, { video, end }) }),
    )}
  </div>`;
}

/** Who else rings, and has to wait. */
export function alsoRinging({ ringing: [, ...others] }: AppState): TemplateResult | typeof nothing {
  const [next] = others;
  if (!next) return nothing;
  return html`<span class="also-ringing" data-testid="also-ringing"
    >${others.length === 1 ? html`<bdi>${next.caller.name}</bdi> is calling too.` : `${others.length} others are calling too.`}</span
  >`;
}

/** Escape stops the sound; the call can still be answered. */
export function silenceOnEscape(ringing: RingingCall): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    silence(ringing);
  };
}
