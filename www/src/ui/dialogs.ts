// Which dialog is on top. A ringing call goes before anything else.
import { nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { runningCall } from "../state/calls";
import { leaveThread, openMembers, remove } from "../state/members";
import { removeMessage } from "../state/messages";
import { forgetAsAsked } from "../state/kept-users";
import { leave } from "../state/session";
import { confirmDialog } from "./confirm-dialog";
import { connectionDialog } from "./connection-dialog";
import { detailsDialog } from "./details-dialog";
import { deviceDialog } from "./device-dialog";
import { imageDialog } from "./image-dialog";
import { incomingDialog } from "./incoming-dialog";
import { keypadDialog } from "./keypad-dialog";
import { membersDialog } from "./members-dialog";
import { newThreadDialog } from "./new-thread-dialog";

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
      return imageDialog(dialog);
    case "delete-message":
      return confirmDialog({
        title: "Delete this message?",
        text: "It disappears for everybody in this conversation and cannot be brought back.",
        keep: "Keep it",
        confirm: "Delete",
        testid: "message-delete",
        onConfirm: () => void removeMessage(dialog.threadId, dialog.messageId),
      });
    case "leave-thread":
      return confirmDialog({
        title: "Leave this conversation?",
        text: "You no longer see it, and only somebody who is in it can add you again.",
        keep: "Stay",
        confirm: "Leave",
        testid: "leave-thread",
        onConfirm: () => void leaveThread(dialog.threadId),
      });
    case "remove-member":
      return confirmDialog({
        title: `Remove ${dialog.member.name}?`,
        text: "They no longer see this conversation. What they wrote stays.",
        keep: "Keep",
        confirm: "Remove",
        testid: "remove-member",
        onClose: () => openMembers(dialog.threadId),
        onConfirm: () => void remove(dialog.threadId, dialog.member),
      });
    case "sign-out":
      return confirmDialog({
        title: "Sign out now?",
        text:
          dialog.waiting === 1
            ? "One message is not sent yet. It is dropped when you sign out."
            : `${dialog.waiting} messages are not sent yet. They are dropped when you sign out.`,
        keep: "Stay",
        confirm: "Sign out",
        testid: "sign-out",
        onConfirm: () => void leave(),
      });
    case "forget-user":
      return confirmDialog({
        title: `Remove the data of ${dialog.user.displayName}?`,
        text: "It is wiped from this device, with messages that are not sent yet. What is on the server stays.",
        keep: "Keep it",
        confirm: "Remove",
        testid: "forget-user",
        onConfirm: () => void forgetAsAsked(dialog.user),
      });
    case undefined:
      return nothing;
  }
}
