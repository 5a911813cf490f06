// A question before something that cannot be taken back.
import { html, type TemplateResult } from "lit-html";

import { store, type AppState } from "../state/app-state";
import { modal } from "./directives";
import { dialogError } from "./error-banner";

export interface Question {
  title: string;
  text: string;
  keep: string;
  confirm: string;
  /** Of the dialog; its button has it with `-confirm`. */
  testid: string;
  onConfirm: () => void;
  /** What is on the screen after either answer; without it, nothing on top. */
  onClose?: () => void;
}

export function confirmDialog(question: Question, state: AppState): TemplateResult {
  const close = question.onClose ?? (() => store.set({ dialog: undefined }));
  const confirm = () => {
    close();
    question.onConfirm();
  };
  return html`<dialog
    class="sheet narrow"
    aria-labelledby="confirm-title"
    data-testid="${question.testid}-dialog"
    @close=${close}
    ${modal()}
  >
    <h2 id="confirm-title">${question.title}</h2>
    <p>${question.text}</p>
    ${dialogError(state)}
    <footer class="sheet-foot">
      <button type="button" class="button" @click=${close}>${question.keep}</button>
      <button
        type="button"
        class="button danger"
        data-testid="${question.testid}-confirm"
        @click=${confirm}
      >
        ${question.confirm}
      </button>
    </footer>
  </dialog>`;
}
