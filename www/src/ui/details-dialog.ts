// What is wrong with a call and what is measured of it, with a button that copies it for whoever helps.
import { html, type TemplateResult } from "lit-html";

import type { AppState, CallDetails } from "../state/app-state";
import { closeDetails, copyReport } from "../state/call-details";
import { isUnheard } from "../state/call-notice";
import { findCall } from "../state/calls";
import { measured, qualityOf, troubles } from "../state/quality";
import { theirTroubles } from "../state/their-troubles";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { bars } from "./quality-button";

export function detailsDialog(dialog: CallDetails, state: AppState): TemplateResult {
  const call = findCall(dialog.call);
  const diagnostics = call?.diagnostics ?? {};
  const { level, words } = qualityOf(diagnostics);
  const wrong = [
    ...troubles(diagnostics, dialog.stats.path),
    ...(call && isUnheard(call) ? ["The microphone could not be opened. Close what else uses it, and unmute."] : []),
    ...(call ? theirTroubles(call.remoteDiagnostics, call.peer.name) : []),
  ];
  return html`<dialog
    class="sheet details-dialog"
    aria-labelledby="details-title"
    data-testid="details-dialog"
    @close=${closeDetails}
    ${modal()}
  >
    <header class="sheet-head">
      <h2 id="details-title" class="details-title">${bars(level)} ${words}</h2>
      ${iconButton({ icon: "close", label: "Close", testid: "details-close", onClick: closeDetails })}
    </header>
    <ul class="troubles" aria-live="polite" data-testid="troubles">
      ${wrong.length === 0
        ? html`<li class="fine">${icon("check")} Nothing is wrong that this page can see.</li>`
        : wrong.map((text) => html`<li>${icon("alert")} ${text}</li>`)}
    </ul>
    <dl class="measured" data-testid="measured">
      ${measured(dialog.stats).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
    ${dialogError(state)}
    <footer class="sheet-foot">
      <button type="button" class="button with-icon" data-testid="copy-details" @click=${() => void copyReport()}>
        ${icon(dialog.copied ? "check" : "copy")} ${dialog.copied ? "Copied" : "Copy report"}
      </button>
    </footer>
  </dialog>`;
}
