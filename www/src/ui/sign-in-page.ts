import { html, nothing, type TemplateResult } from "lit-html";

import { keptUsers, type KeptUser } from "../device/users";
import { isolate } from "../openline/isolate-name";
import type { AppState } from "../state/app-state";
import { askToForget } from "../state/kept-users";
import { enter, enterAgain, rememberedName } from "../state/session";
import { backdrop, mark } from "./brand";
import { focusOn } from "./directives";
import { iconButton } from "./icon-button";

export function signInPage({ phase, signInError }: AppState): TemplateResult {
  const users = keptUsers();
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
      ${users.length > 0 && !busy ? onThisDevice(users) : nothing}
    </form>
  </main>`;
}

/** Who left without signing out goes on from here, also without the server, or has it all wiped. */
function onThisDevice(users: KeptUser[]): TemplateResult {
  return html`<section class="kept-users" aria-labelledby="kept-users" data-testid="kept-users">
    <h2 id="kept-users">This device keeps conversations of</h2>
    <ul>
      ${users.map(
        (user) => html`<li data-user-id=${user.userId}>
          <button type="button" class="button small" data-testid="continue" @click=${() => void enterAgain(user)}>
            <span class="visually-hidden">Go on as </span><bdi>${user.displayName}</bdi>
          </button>
          ${iconButton({
            icon: "trash",
            label: `Remove the data of ${isolate(user.displayName)}`,
            testid: "forget-user",
            onClick: () => askToForget(user),
          })}
        </li>`,
      )}
    </ul>
  </section>`;
}

function submit(event: SubmitEvent): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const name = String(new FormData(form).get("name") ?? "").trim();
  if (name) void enter(name);
}
