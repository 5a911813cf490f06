import { html, type TemplateResult } from "lit-html";

import { store, type Dialog } from "../state/app-state";
import { removeMessage } from "../state/messages";
import { modal } from "./directives";

type DeleteMessage = Extract<Dialog, { kind: "delete-message" }>;

const close = () => store.set({ dialog: undefined });

export function deleteDialog({ threadId, messageId }: DeleteMessage): TemplateResult {
  const confirm = () => {
    close();
    void removeMessage(threadId, messageId);
  };
  return html`<dialog
    class="sheet narrow"
    aria-labelledby="delete-title"
    data-testid="delete-dialog"
    @close=${close}
    ${modal()}
  >
    <h2 id="delete-title">Delete this message?</h2>
    <p>It disappears for everybody in this conversation and cannot be brought back.</p>
    <footer class="sheet-foot">
      <button type="button" class="button" @click=${close}>Keep it</button>
      <button
        type="button"
        class="button danger"
        data-testid="message-delete-confirm"
        @click=${confirm}
      >
        Delete
      </button>
    </footer>
  </dialog>`;
}
