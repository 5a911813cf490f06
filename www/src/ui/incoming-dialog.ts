import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, OngoingCall, RingingCall } from "../state/app-state";
import { answer, decline, silence } from "../state/call-actions";
import { canBeHeld } from "../state/calls";
import { avatar } from "./avatar";
import { callButton } from "./call-button";
import { modal } from "./directives";
import { errorBanner } from "./error-banner";

export function incomingDialog(ringing: RingingCall, state: AppState): TemplateResult {
  const { caller, answering } = ringing;
  const running = state.call?.ended ? undefined : state.call;
  // The dialog itself takes the focus: a key meant for the page below answers nothing.
  return html`<dialog
    class="incoming"
    role="alertdialog"
    tabindex="-1"
    autofocus
    closedby="none"
    data-testid="incoming-dialog"
    aria-labelledby="incoming-title"
    aria-describedby="incoming-text"
    @cancel=${(event: Event) => event.preventDefault()}
    @keydown=${(event: KeyboardEvent) => onKey(event, ringing)}
    ${modal()}
  >
    <div class="incoming-caller">
      <span class="rings" aria-hidden="true"><i></i><i></i></span>
      ${avatar(caller, "large")}
    </div>
    <h2 id="incoming-title" data-testid="incoming-caller">${caller.name}</h2>
    <p id="incoming-text">
      ${answering ? "Connecting…" : callText(running)}
    </p>
    ${state.error ? errorBanner(state.error) : nothing}
    <div class="call-buttons">
      ${callButton({
        icon: "hang-up",
        label: "Decline",
        testid: "reject",
        kind: "danger",
        disabled: answering,
        onClick: () => void decline(ringing),
      })}
      ${running && canBeHeld(running) ? holdOrEnd(ringing) : audioOrVideo(ringing)}
    </div>
  </dialog>`;
}

function callText(running: OngoingCall | undefined): string {
  if (!running) return "is calling you";
  if (canBeHeld(running)) return `is calling while you are in a call with ${running.peer.name}`;
  return `is calling. Answering cancels your call to ${running.peer.name}.`;
}

function audioOrVideo(ringing: RingingCall): TemplateResult {
  return html`${callButton({
      icon: "phone",
      label: "Answer",
      testid: "accept-audio",
      kind: "accept",
      disabled: ringing.answering,
      onClick: () => void answer(ringing, {}),
    })}
    ${callButton({
      icon: "video",
      label: "With video",
      testid: "accept-video",
      kind: "accept",
      disabled: ringing.answering,
      onClick: () => void answer(ringing, { video: true }),
    })}`;
}

/** What becomes of the call that is running. */
function holdOrEnd(ringing: RingingCall): TemplateResult {
  return html`${callButton({
      icon: "swap",
      label: "End & answer",
      testid: "accept-end",
      kind: "accept",
      disabled: ringing.answering,
      onClick: () => void answer(ringing, { end: true }),
    })}
    ${callButton({
      icon: "phone",
      label: "Hold & answer",
      testid: "accept-hold",
      kind: "accept",
      disabled: ringing.answering,
      onClick: () => void answer(ringing, {}),
    })}`;
}

function onKey(event: KeyboardEvent, ringing: RingingCall): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  silence(ringing);
}
