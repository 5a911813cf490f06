// What was found, newest first; each leads to its message.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { FoundMessage } from "../openline/search-messages";
import type { AppState } from "../state/app-state";
import { nameOf, threadTitle } from "../state/names";
import { goToFound, run } from "../state/search";
import { findThread } from "../state/thread-list";
import { shortTime } from "./time";

export function searchResults(state: AppState): TemplateResult {
  const { search } = state;
  return html`<section class="search-results" aria-label="Found messages" data-testid="search-results" data-state=${search.state}>
    ${search.found.length > 0
      ? html`<ul class="rows">
          ${repeat(search.found, (found) => `${found.threadId} ${found.messageId}`, (found) => result(found, state))}
        </ul>`
      : html`<p class="nothing-yet">${status(state)}</p>`}
    ${search.more
      ? html`<button
          type="button"
          class="button small more"
          data-testid="search-more"
          ?disabled=${search.state === "searching"}
          @click=${() => void run(search.more)}
        >
          Show more
        </button>`
      : nothing}
  </section>`;
}

function status({ search }: AppState): string {
  switch (search.state) {
    case "idle":
      return "Type what the message says. Words in “quotes” are found as they stand.";
    case "searching":
      return "Searching…";
    case "found":
      return `No message says “${search.query.trim()}”.`;
    case "failed":
      return search.error ?? "";
  }
}

function result(found: FoundMessage, state: AppState): TemplateResult {
  const myId = state.session?.userId ?? "";
  const thread = findThread(found.threadId);
  const sender = found.senderId === myId ? "You" : nameOf(found.senderId, found.senderName);
  return html`<li>
    <button type="button" class="row found" data-testid="found" @click=${() => void goToFound(found)}>
      <span class="row-text">
        <span class="row-line">
          <span class="row-title"
            ><bdi>${sender}</bdi>${thread
              ? html`<span class="found-where"> in <bdi>${threadTitle(thread, myId)}</bdi></span>`
              : nothing}</span
          >
          <span class="row-time">${shortTime(found.createdOn, Date.now())}</span>
        </span>
        <span class="found-text" dir="auto">
          ${found.snippet.map(({ text, match }) => (match ? html`<mark>${text}</mark>` : text))}
        </span>
      </span>
    </button>
  </li>`;
}
