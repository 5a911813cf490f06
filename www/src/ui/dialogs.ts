// Which dialog is on top. A ringing call goes before anything else.
import { nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { runningCall } from "../state/calls";
import { confirmDialog } from "./confirm-dialog";
import { connectionDialog } from "./connection-dialog";
import { detailsDialog } from "./details-dialog";
import { deviceDialog } from "./device-dialog";
import { imageDialog } from "./image-dialog";
import { incomingDialog } from "./incoming-dialog";
import { keypadDialog } from "./keypad-dialog";
import { membersDialog } from "./members-dialog";
import { newThreadDialog } from "./new-thread-dialog";
import { questionOf } from "./questions";

export function dialogs(state: AppState): TemplateResult | typeof nothing {
  const [ringing] = state.ringing;
  // A second one stands beside the call that runs, whose buttons no dialog may cover then.
  if (ringing) return runningCall(state) ? nothing : incomingDialog(ringing, state);
  const { dialog } = state;
  switch (dialog?.kind) {
    case "new-thread":
      return newThreadDialog(dialog, state);
    case "members":
      return membersDialog(dialog, state);
    case "devices":
      return deviceDialog(dialog, state);
    case "call-details":
      return detailsDialog(dialog, state);
    case "connection-test":
      return connectionDialog(dialog, state);
    case "keypad":
      return keypadDialog(dialog, state);
    case "image":
      return imageDialog(dialog, state);
    case "delete-message":
    case "leave-thread":
    case "remove-member":
    case "sign-out":
    case "forget-user":
      return confirmDialog(questionOf(dialog), state);
    case undefined:
      return nothing;
  }
}
