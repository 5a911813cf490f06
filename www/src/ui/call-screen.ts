// The call as the whole screen: both pictures, or the two people and the line between them.
import { html, nothing, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { AppState, OngoingCall } from "../state/app-state";
import { setExpanded } from "../state/call-actions";
import { callNotice } from "../state/call-notice";
import { openKeypad } from "../state/keypad";
import { switchSharing } from "../state/sharing";
import { callControls, endedControls } from "./call-controls";
import { callStateText } from "./call-state-text";
import { callPeople } from "./call-people";
import { focusAfter, focusOn, keepsFocus } from "./directives";
import { heldCalls } from "./held-calls";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { qualityButton } from "./quality-button";
import { remoteScreen as remoteScreenPlace } from "./remote-screen";
import { secondCall } from "./second-call";
import { survey } from "./survey";
import { duration } from "./time";

export function callScreen(call: OngoingCall, state: AppState): TemplateResult {
  const { peer, ended, remoteVideo, remoteScreen, localVideo } = call;
  const held = call.state === "LocalHold" || call.state === "RemoteHold";
  return html`<section
    class="call-screen ${remoteScreen ? "with-screen" : remoteVideo ? "with-video" : ""}"
    data-testid="call-screen"
    aria-label="Call with ${isolate(peer.name)}"
    tabindex="-1"
    ?hidden=${!call.expanded}
    ${focusOn(call.expanded ? call.call.id : false)}
    ${keepsFocus(call.expanded ? "[data-testid=survey]" : false)}
  >
    ${remoteScreen
      ? remoteScreenPlace(remoteScreen, state.fullScreen)
      : nothing}
    ${remoteVideo
      ? html`<div class="remote-video" data-testid="remote-video">${remoteVideo}</div>`
      : remoteScreen
        ? nothing
        : callPeople(call, state)}
    <header class="call-header">
      <div class="call-heading">
        <h1><bdi>${peer.name}</bdi></h1>
        ${status(call, state.now)}
      </div>
      ${ended
        ? nothing
        : html`<div class="call-corner start">
              ${iconButton({
                icon: "keypad",
                label: "Keypad",
                testid: "keypad",
                disabled: call.state !== "Connected",
                onClick: () => openKeypad(call),
              })}
            </div>
            <div class="call-corner">
              ${iconButton({
                icon: "shrink",
                label: "Show conversations beside the call",
                testid: "call-shrink",
                onClick: () => setExpanded(false),
              })}
            </div>`}
      ${notice(call)} ${call.sharing && !ended ? sharingStrip(call) : nothing} ${heldCalls(state)}
      ${ended ? nothing : secondCall(state)}
    </header>
    ${localVideo
      ? html`<div class="local-video" ?hidden=${held} data-testid="local-video">${localVideo}</div>`
      : nothing}
    <footer class="call-footer">
      ${ended ? html`${survey(call)} ${endedControls(call)}` : callControls(call)}
    </footer>
  </section>`;
}

function status(call: OngoingCall, now: number): TemplateResult {
  const { connectedAt, ended, remoteMuted, remoteFrozen, remoteVideo } = call;
  const running = connectedAt !== undefined && !ended && call.state === "Connected";
  return html`<div class="call-status">
    <span data-testid="call-state" data-state=${call.state} class=${running ? "visually-hidden" : ""}
      >${callStateText(call)}</span
    >
    ${connectedAt !== undefined && !ended
      ? html`<span class="call-timer" role="timer" data-testid="call-timer"
          >${duration(now - connectedAt)}</span
        >`
      : nothing}
    ${connectedAt !== undefined && !ended ? qualityButton(call) : nothing}
    ${remoteMuted && running
      ? html`<span class="remote-muted" data-testid="remote-muted">${icon("mic-off")} muted</span>`
      : nothing}
    ${remoteFrozen && remoteVideo && running
      ? html`<span class="remote-muted" data-testid="weak-connection">picture stands still</span>`
      : nothing}
  </div>`;
}

function sharingStrip(call: OngoingCall): TemplateResult {
  return html`<p class="sharing-strip" data-testid="sharing">
    ${icon("share")} <span>Sharing your screen</span>
    <button
      type="button"
      class="button small switch"
      data-testid="stop-sharing"
      @click=${() => void switchSharing(call)}
      ${focusAfter("[data-testid=share]")}
    >
      Stop sharing
    </button>
  </p>`;
}

/** Stays in the page, so that what comes into it is read aloud. */
function notice(call: OngoingCall): TemplateResult {
  const found = callNotice(call);
  return html`<div class="call-notices" role="status">
    ${found
      ? html`<p class="call-notice ${found.serious ? "serious" : ""}" data-testid="call-notice">
          ${icon("alert")} <span>${found.text}</span>
        </p>`
      : nothing}
  </div>`;
}
