import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { enter, rememberedName } from "../state/session";
import { backdrop, mark } from "./brand";
import { focusOn } from "./directives";

export function signInPage({ phase, signInError }: AppState): TemplateResult {
  const busy = phase === "signing-in";
  return html`<main class="sign-in">
    ${backdrop()}
    <form class="sign-in-form" @submit=${submit}>
      ${mark()}
      <h1>Openline</h1>
      <p class="lead">Calls and chat on your own server.</p>
      <label for="name">Your name</label>
      <input
        id="name"
        name="name"
        value=${rememberedName()}
        data-testid="sign-in-name"
        autocomplete="nickname"
        maxlength="64"
        required
        ?disabled=${busy}
        aria-describedby=${signInError ? "sign-in-error" : "sign-in-hint"}
        ${focusOn(true)}
      />
      <button class="button primary" data-testid="sign-in-submit" ?disabled=${busy}>
        ${busy ? "Signing in…" : "Sign in"}
      </button>
      ${signInError
        ? html`<p id="sign-in-error" class="field-error" role="alert" data-testid="sign-in-error">
            ${signInError}
          </p>`
        : nothing}
      <p id="sign-in-hint" class="hint">
        Open a second window and sign in with another name to try a call with yourself.
      </p>
    </form>
  </main>`;
}

function submit(event: SubmitEvent): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const name = String(new FormData(form).get("name") ?? "").trim();
  if (name) void enter(name);
}
