// Which dialog is on top. A ringing call goes before anything else.
import { nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { deleteDialog } from "./delete-dialog";
import { incomingDialog } from "./incoming-dialog";
import { newThreadDialog } from "./new-thread-dialog";

export function dialogs(state: AppState): TemplateResult | typeof nothing {
  const [ringing] = state.ringing;
  if (ringing) return incomingDialog(ringing, state);
  switch (state.dialog?.kind) {
    case "new-thread":
      return newThreadDialog(state.dialog, state);
    case "delete-message":
      return deleteDialog(state.dialog);
    case undefined:
      return nothing;
  }
}
