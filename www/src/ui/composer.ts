// Where a message is written, and where one's own is corrected.
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Thread } from "../state/app-state";
import { bytesTooMany } from "../openline/chat-limits";
import {
  canSubmit,
  changeDraft,
  composerText,
  startEditing,
  stopEditing,
  submitDraft,
} from "../state/messages";
import { addFiles } from "../state/uploads";
import { focusOn } from "./directives";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { uploadTray } from "./upload-tray";

const MOST_ROWS = 7;
// On a phone the keyboard would cover the conversation as soon as it is opened.
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

export function composer(thread: Thread, myId: string): TemplateResult {
  const { id, editing } = thread;
  const text = composerText(thread);
  const rows = Math.min(MOST_ROWS, text.split("\n", MOST_ROWS).length);
  const tooMany = bytesTooMany(text);
  return html`<form class="composer" @submit=${(event: Event) => submit(event, id)}>
    ${editing ? editingBar(id) : uploadTray(thread)}
    <div class="composer-line">
      ${editing ? nothing : attachButton(id)}
      <textarea
        data-testid="message-input"
        aria-label=${editing ? "Edit your message" : "Message"}
        placeholder="Write a message"
        rows=${rows}
        dir="auto"
        aria-describedby=${tooMany > 0 ? "too-long" : nothing}
        aria-invalid=${tooMany > 0 ? "true" : nothing}
        .value=${live(text)}
        @input=${(event: Event) => changeDraft(id, (event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => onKey(event, thread, myId)}
        ${focusOn(editing?.messageId ?? (hasKeyboard.matches ? id : false))}
      ></textarea>
      <button
        class="send"
        data-testid="message-send"
        aria-label=${editing ? "Save" : "Send"}
        title=${editing ? "Save" : "Send"}
        ?disabled=${!canSubmit(thread)}
      >
        ${icon(editing ? "check" : "send")}
      </button>
    </div>
    ${tooMany > 0 ? tooLong(tooMany) : nothing}
  </form>`;
}

function attachButton(threadId: string): TemplateResult {
  const onChange = (event: Event) => {
    const input = event.target as HTMLInputElement;
    addFiles(threadId, [...(input.files ?? [])]);
    input.value = "";
  };
  return html`<label class="icon-button attach" title="Attach files">
    ${icon("attach")}
    <input
      type="file"
      class="visually-hidden"
      multiple
      aria-label="Attach files"
      data-testid="attach"
      @change=${onChange}
    />
  </label>`;
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

function tooLong(tooMany: number): TemplateResult {
  const characters = new Intl.NumberFormat("en").format(tooMany);
  return html`<p id="too-long" class="composer-note" role="alert" data-testid="message-too-long">
    This is too long to send, by about ${characters} ${tooMany === 1 ? "character" : "characters"}.
    Split it into several messages.
  </p>`;
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
  } else if (event.key === "ArrowUp" && composerText(thread) === "") {
    const own = thread.messages.findLast((m) => m.senderId === myId && !m.deleted && !m.isHtml && m.kind === "text");
    if (!own) return;
    event.preventDefault();
    startEditing(thread.id, own.id);
  }
}
