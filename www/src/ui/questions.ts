// The questions before something that cannot be taken back.
import { isolate } from "../openline/isolate-name";
import type { Dialog } from "../state/app-state";
import { forgetAsAsked } from "../state/kept-users";
import { leaveThread, openMembers, remove } from "../state/members";
import { removeMessage } from "../state/messages";
import { leave } from "../state/session";
import type { Question } from "./confirm-dialog";

type Asked = "delete-message" | "leave-thread" | "remove-member" | "sign-out" | "forget-user";

export function questionOf(dialog: Extract<Dialog, { kind: Asked }>): Question {
  switch (dialog.kind) {
    case "delete-message":
      return {
        title: "Delete this message?",
        text: "It disappears for everybody in this conversation and cannot be brought back.",
        keep: "Keep it",
        confirm: "Delete",
        testid: "message-delete",
        onConfirm: () => void removeMessage(dialog.threadId, dialog.messageId),
      };
    case "leave-thread":
      return {
        title: "Leave this conversation?",
        text: "You no longer see it, and only somebody who is in it can add you again.",
        keep: "Stay",
        confirm: "Leave",
        testid: "leave-thread",
        onConfirm: () => void leaveThread(dialog.threadId),
      };
    case "remove-member":
      return {
        title: `Remove ${isolate(dialog.member.name)}?`,
        text: "They no longer see this conversation. What they wrote stays.",
        keep: "Keep",
        confirm: "Remove",
        testid: "remove-member",
        onClose: () => openMembers(dialog.threadId),
        onConfirm: () => void remove(dialog.threadId, dialog.member),
      };
    case "sign-out":
      return {
        title: "Sign out now?",
        text:
          dialog.waiting === 1
            ? "One message is not sent yet. It is dropped when you sign out."
            : `${dialog.waiting} messages are not sent yet. They are dropped when you sign out.`,
        keep: "Stay",
        confirm: "Sign out",
        testid: "sign-out",
        onConfirm: () => void leave(),
      };
    case "forget-user":
      return {
        title: `Remove the data of ${isolate(dialog.user.displayName)}?`,
        text: "It is wiped from this device, with messages that are not sent yet. What is on the server stays.",
        keep: "Keep it",
        confirm: "Remove",
        testid: "forget-user",
        onConfirm: () => void forgetAsAsked(dialog.user),
      };
  }
}
