// Whether calls will work here: each part of the way, as soon as it was tested, with what to do about it.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { AppState, ConnectionTest } from "../state/app-state";
import { closeConnectionTest, openConnectionTest } from "../state/connection-test";
import { testRows, verdictWords, type TestRow } from "../state/connection-words";
import { modal } from "./directives";
import { errorBanner } from "./error-banner";
import { iconButton } from "./icon-button";
import { icon, type IconName } from "./icons";

const ICONS: Record<Exclude<TestRow["state"], "waiting">, IconName> = {
  Passed: "check",
  Poor: "alert",
  Failed: "close",
  Skipped: "minus",
};

export function connectionDialog(dialog: ConnectionTest, { error }: AppState): TemplateResult {
  const { legs, report, problem } = dialog;
  const ends = report !== undefined || problem !== undefined;
  return html`<dialog
    class="sheet connection-dialog"
    aria-labelledby="connection-title"
    data-testid="connection-dialog"
    @close=${closeConnectionTest}
    ${modal()}
  >
    <header class="sheet-head">
      <h2 id="connection-title">Your connection</h2>
      ${iconButton({ icon: "close", label: "Close", testid: "connection-close", onClick: closeConnectionTest })}
    </header>
    ${verdict(dialog)}
    <ul class="legs" aria-busy=${!ends}>
      ${repeat(testRows(legs, report), ({ name }) => name, (row) => legItem(row, ends))}
    </ul>
    ${error ? errorBanner(error) : nothing}
    <footer class="sheet-foot">
      ${ends
        ? html`<button type="button" class="button" data-testid="connection-again" @click=${() => void openConnectionTest()}>
            Test again
          </button>`
        : html`<button type="button" class="button" data-testid="connection-cancel" @click=${closeConnectionTest}>
            Cancel
          </button>`}
    </footer>
  </dialog>`;
}

/** Stays in the page, so that what it comes to is read aloud. */
function verdict({ report, problem }: ConnectionTest): TemplateResult {
  const found = report ? verdictWords(report) : undefined;
  const level = found?.level ?? (problem ? "bad" : "");
  return html`<p class="verdict ${level}" role="status" data-testid="verdict" data-verdict=${report?.verdict ?? nothing}>
    ${problem ?? found?.words ?? "Testing. This takes about fifteen seconds; the browser may ask for microphone and camera."}
  </p>`;
}

function legItem({ name, title, state, word, measured, advice }: TestRow, ends: boolean): TemplateResult {
  const waits = state === "waiting" && !ends;
  return html`<li class="leg ${state.toLowerCase()}" data-testid="leg-${name}" data-state=${state}>
    ${state === "waiting" ? html`<i class="leg-waiting" ?hidden=${!waits}></i>` : icon(ICONS[state])}
    <span class="leg-title">${title}</span>
    <span class="leg-word">${word}</span>
    ${measured ? html`<span class="leg-more">${measured}</span>` : nothing}
    ${advice ? html`<span class="leg-more leg-advice">${advice}</span>` : nothing}
  </li>`;
}
