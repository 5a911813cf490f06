import { html, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { openConnectionTest } from "../state/connection-test";
import { openDeviceSettings } from "../state/device-settings";
import { signOut } from "../state/session";
import { avatar } from "./avatar";
import { icon } from "./icons";

export function accountMenu({ session }: AppState): TemplateResult {
  const me = { id: session?.userId ?? "", name: session?.displayName ?? "" };
  return html`
    <button
      type="button"
      class="avatar-button"
      data-testid="account"
      popovertarget="account-menu"
    >
      ${avatar(me, "small")}<span class="visually-hidden">Account of <bdi>${me.name}</bdi></span>
    </button>
    <div id="account-menu" class="menu account-menu" popover>
      <p class="menu-title">Signed in as <strong data-testid="me"><bdi>${me.name}</bdi></strong></p>
      <button
        type="button"
        class="menu-item"
        data-testid="device-settings"
        popovertarget="account-menu"
        popovertargetaction="hide"
        @click=${() => void openDeviceSettings()}
      >
        ${icon("devices")} Camera and sound
      </button>
      <button
        type="button"
        class="menu-item"
        data-testid="connection-test"
        popovertarget="account-menu"
        popovertargetaction="hide"
        @click=${() => void openConnectionTest()}
      >
        ${icon("quality")} Test my connection
      </button>
      <button type="button" class="menu-item" data-testid="sign-out" @click=${() => void signOut()}>
        ${icon("leave")} Sign out
      </button>
    </div>
  `;
}
