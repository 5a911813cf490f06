// Where a message is written, and where one's own is corrected.
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Thread } from "../state/app-state";
import { changeDraft, startEditing, stopEditing, submitDraft } from "../state/messages";
import { focusOn } from "./directives";
import { iconButton } from "./icon-button";
import { icon } from "./icons";

const MOST_CHARACTERS = 8_000;
const MOST_ROWS = 7;
// On a phone the keyboard would cover the conversation as soon as it is opened.
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

export function composer(thread: Thread, myId: string): TemplateResult {
  const { id, draft, editing } = thread;
  const rows = Math.min(MOST_ROWS, draft.split("\n").length);
  return html`<form class="composer" @submit=${(event: Event) => submit(event, id)}>
    ${editing ? editingBar(id) : nothing}
    <div class="composer-line">
      <textarea
        data-testid="message-input"
        aria-label=${editing ? "Edit your message" : "Message"}
        placeholder="Write a message"
        rows=${rows}
        maxlength=${MOST_CHARACTERS}
        dir="auto"
        .value=${live(draft)}
        @input=${(event: Event) => changeDraft(id, (event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => onKey(event, thread, myId)}
        ${focusOn(editing ?? (hasKeyboard.matches ? id : false))}
      ></textarea>
      <button
        class="send"
        data-testid="message-send"
        aria-label=${editing ? "Save" : "Send"}
        title=${editing ? "Save" : "Send"}
        ?disabled=${draft.trim() === ""}
      >
        ${icon(editing ? "check" : "send")}
      </button>
    </div>
  </form>`;
}

function editingBar(threadId: string): TemplateResult {
  return html`<div class="editing" data-testid="editing">
    ${icon("pencil")}<span>Editing your message</span>
    ${iconButton({
      icon: "close",
      label: "Stop editing",
      testid: "edit-cancel",
      onClick: () => stopEditing(threadId),
    })}
  </div>`;
}

function submit(event: Event, threadId: string): void {
  event.preventDefault();
  void submitDraft(threadId);
}

function onKey(event: KeyboardEvent, thread: Thread, myId: string): void {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    submit(event, thread.id);
  } else if (event.key === "Escape" && thread.editing) {
    event.preventDefault();
    stopEditing(thread.id);
  } else if (event.key === "ArrowUp" && thread.draft === "") {
    const own = thread.messages.findLast((m) => m.senderId === myId && !m.deleted && m.kind === "text");
    if (!own) return;
    event.preventDefault();
    startEditing(thread.id, own.id);
  }
}
