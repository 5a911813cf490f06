// The page as a whole: which parts are there, and what covers what.
import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { runningCall } from "../state/calls";
import { findThread } from "../state/thread-list";
import { callScreen } from "./call-screen";
import { callStrip } from "./call-strip";
import { chatPane } from "./chat-pane";
import { connectionBanner } from "./connection-banner";
import { dialogs } from "./dialogs";
import { emptyPane } from "./empty-pane";
import { errorBanner } from "./error-banner";
import { secondCall } from "./second-call";
import { sidebar } from "./sidebar";
import { signInPage } from "./sign-in-page";

export function app(state: AppState): TemplateResult {
  return html`
    ${state.phase === "ready" ? workspace(state) : html`${signInPage(state)} ${dialogs(state)}`}
    <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
      ${state.announcement}
    </div>
  `;
}

function workspace(state: AppState): TemplateResult {
  const { call, dialog, ringing, error } = state;
  // A dialog shows the error itself; while a second call rings there is none.
  const covering = ringing.length > 0 ? !runningCall(state) : dialog !== undefined;
  const covered = call?.expanded ?? false;
  return html`
    <div class="workspace" ?inert=${covered}>
      ${connectionBanner(state.connection)} ${call && !covered ? html`${callStrip(call, state)} ${secondCall(state)}` : nothing}
      <main class="shell" tabindex="-1" data-page=${state.route.page}>
        ${sidebar(state)}
        <div class="pane">${pane(state)}</div>
      </main>
    </div>
    ${call ? callScreen(call, state) : nothing}
    ${error && !covering ? errorBanner(error) : nothing} ${dialogs(state)}
  `;
}

function pane(state: AppState): TemplateResult {
  if (state.route.page === "home") return emptyPane();
  const thread = findThread(state.route.threadId);
  if (thread) return chatPane(thread, state);
  return emptyPane(state.threadsLoaded ? "This conversation is not there any more." : "Loading…");
}
