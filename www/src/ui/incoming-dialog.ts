// A call that rings while no other one runs: it stands before everything else.
import { html, type TemplateResult } from "lit-html";

import type { AppState, RingingCall } from "../state/app-state";
import { avatar } from "./avatar";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { alsoRinging, callerName, callerText, ringingButtons, silenceOnEscape, type Answer } from "./ringing-call";

const ANSWERS: Answer[] = [
  { icon: "phone", label: "Answer", testid: "accept-audio" },
  { icon: "video", label: "With video", testid: "accept-video", video: true },
];

export function incomingDialog(ringing: RingingCall, state: AppState): TemplateResult {
  const { caller, withVideo } = ringing;
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
    @keydown=${silenceOnEscape(ringing)}
    ${modal()}
  >
    <div class="incoming-caller">
      <span class="rings" aria-hidden="true"><i></i><i></i></span>
      ${avatar(caller, "large")}
    </div>
    <div class="incoming-text">
      <h2 id="incoming-title">${callerName(ringing)}</h2>
      <p id="incoming-text">
        ${callerText(ringing, withVideo ? "is calling you with video" : "is calling you")} ${alsoRinging(state)}
      </p>
      ${dialogError(state)}
    </div>
    ${ringingButtons(ringing, ANSWERS)}
  </dialog>`;
}
