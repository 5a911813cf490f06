// Where one types what to look for.
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { isolate } from "../openline/isolate-name";
import type { AppState } from "../state/app-state";
import { threadTitle } from "../state/names";
import { endSearch, searchFor, searchIn } from "../state/search";
import { findThread } from "../state/thread-list";
import { iconButton } from "./icon-button";
import { icon } from "./icons";

export function searchField(state: AppState): TemplateResult {
  const { query, threadId } = state.search;
  const thread = threadId ? findThread(threadId) : undefined;
  return html`<search class="search">
    <div class="search-line">
      ${icon("search")}
      <input
        id="search"
        type="search"
        data-testid="search"
        aria-label="Search messages"
        placeholder="Search messages"
        autocomplete="off"
        maxlength="200"
        .value=${live(query)}
        @input=${(event: Event) => searchFor((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === "Escape" && endSearch()}
      />
      ${query || thread
        ? iconButton({ icon: "close", label: "End the search", testid: "search-end", onClick: endSearch })
        : nothing}
    </div>
    ${thread
      ? html`<button
          type="button"
          class="search-where"
          data-testid="search-everywhere"
          aria-label="Search everywhere instead of only in ${isolate(threadTitle(thread, state.session?.userId ?? ""))}"
          @click=${() => searchIn(undefined)}
        >
          <span>In <bdi>${threadTitle(thread, state.session?.userId ?? "")}</bdi></span> ${icon("close")}
        </button>`
      : nothing}
  </search>`;
}

/** The field is there once the page has been drawn. */
export function focusSearch(): void {
  queueMicrotask(() => document.getElementById("search")?.focus());
}
