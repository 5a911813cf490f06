// Home: my conversations and the people I can call.
import { html, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { store, type AppState } from "../state/app-state";
import { canCall } from "../state/call-actions";
import { accountMenu } from "./account-menu";
import { wordmark } from "./brand";
import { iconButton } from "./icon-button";
import { personRow } from "./person-row";
import { searchField } from "./search-field";
import { searchResults } from "./search-results";
import { themeToggle } from "./theme-toggle";
import { threadRow } from "./thread-row";

export function sidebar(state: AppState): TemplateResult {
  const searching = state.search.query !== "" || state.search.threadId !== undefined;
  return html`<nav class="sidebar" aria-label="Conversations and people">
    <header class="sidebar-header">
      ${state.route.page === "home" ? html`<h1>${wordmark()}</h1>` : wordmark()}
      <div class="row-actions">${themeToggle()} ${accountMenu(state)}</div>
    </header>
    ${searchField(state)}
    <div class="sidebar-body">
      ${searching ? searchResults(state) : html`${conversations(state)} ${people(state)}`}
    </div>
  </nav>`;
}

function conversations(state: AppState): TemplateResult {
  const { threads, threadsLoaded } = state;
  return html`<section aria-labelledby="conversations">
    <div class="section-head">
      <h2 id="conversations">Conversations</h2>
      ${iconButton({
        icon: "plus",
        label: "New conversation",
        testid: "new-thread",
        onClick: () =>
          store.set({ dialog: { kind: "new-thread", chosen: [], topic: "", busy: false } }),
      })}
    </div>
    ${threads.length > 0
      ? html`<ul class="rows">
          ${repeat(threads, ({ id }) => id, (thread) => threadRow(thread, state))}
        </ul>`
      : html`<p class="nothing-yet">
          ${threadsLoaded ? "Nothing yet. Write to somebody below." : "Loading…"}
        </p>`}
  </section>`;
}

function people(state: AppState): TemplateResult {
  const { people, session } = state;
  const others = people.filter(({ id }) => id !== session?.userId);
  return html`<section aria-labelledby="people">
    <div class="section-head"><h2 id="people">People</h2></div>
    ${others.length > 0
      ? html`<ul class="rows">
          ${repeat(others, ({ id }) => id, (person) => personRow(person, !canCall(state, person.id)))}
        </ul>`
      : html`<p class="nothing-yet">
          Nobody else has signed in yet. Open a second window and sign in with another name.
        </p>`}
  </section>`;
}
