// Camera, microphone and loudspeaker: which ones, whether they work, and whether the page may use them.
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { AppState, DeviceSettings, OngoingCall } from "../state/app-state";
import { runningCall } from "../state/calls";
import { canTestConnection, openConnectionTest } from "../state/connection-test";
import {
  allowDevices,
  closeDeviceSettings,
  pickCamera,
  pickMicrophone,
  switchSounds,
  testSound,
} from "../state/device-settings";
import { chooseSpeaker } from "../state/devices";
import { soundsWanted } from "../state/preferences";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { levelMeter } from "./level-meter";

export function deviceDialog(dialog: DeviceSettings, state: AppState): TemplateResult {
  const { cameras, microphones, speakers, cameraId, microphoneId, speakerId } = state.devices;
  return html`<dialog
    class="sheet device-dialog"
    aria-labelledby="devices-title"
    data-testid="device-dialog"
    @close=${closeDeviceSettings}
    ${modal()}
  >
    <header class="sheet-head">
      <h2 id="devices-title">Camera and sound</h2>
      ${iconButton({ icon: "close", label: "Close", testid: "devices-close", onClick: closeDeviceSettings })}
    </header>
    ${permission(dialog)} ${preview(dialog, cameras.length > 0)} ${onlyYou(dialog, state)}
    ${choice({ title: "Camera", testid: "camera-choice", devices: cameras, chosenId: cameraId, choose: pickCamera })}
    ${choice({ title: "Microphone", testid: "microphone-choice", devices: microphones, chosenId: microphoneId, choose: pickMicrophone })}
    ${level(dialog, state)}
    ${speakers.length > 0
      ? choice({ title: "Loudspeaker", testid: "speaker-choice", devices: speakers, chosenId: speakerId, choose: chooseSpeaker })
      : html`<p class="device-field">
          <span class="device-label">Loudspeaker</span>
          <span class="hint">This browser plays through the one that the system has chosen.</span>
        </p>`}
    <button
      type="button"
      class="button small with-icon"
      data-testid="test-sound"
      ?disabled=${dialog.playing}
      @click=${() => void testSound()}
    >
      ${icon("speaker")} ${dialog.playing ? "Playing…" : "Play a test sound"}
    </button>
    <label class="switch-row">
      <span>Ringing and other sounds of calls</span>
      <input
        type="checkbox"
        role="switch"
        data-testid="sounds"
        .checked=${live(soundsWanted())}
        @change=${(event: Event) => switchSounds((event.target as HTMLInputElement).checked)}
      />
    </label>
    ${canTestConnection()
      ? html`<div class="switch-row">
          <span>Whether calls will work here</span>
          <button type="button" class="button small" data-testid="test-connection" @click=${() => void openConnectionTest()}>
            Test my connection
          </button>
        </div>`
      : nothing}
    ${dialogError(state)}
  </dialog>`;
}

/** What the page may use, where that is not everything. */
function permission({ access, asking }: DeviceSettings): TemplateResult | typeof nothing {
  if (!access) return nothing;
  const asks = access.camera === "ask" || access.microphone === "ask";
  if (asks) {
    return html`<div class="permission" data-testid="permission" data-state="ask">
      <p>The browser asks before this page may use your camera and microphone.</p>
      <button
        type="button"
        class="button primary small"
        data-testid="allow-devices"
        ?disabled=${asking}
        @click=${() => void allowDevices()}
      >
        ${asking ? "Answer the browser’s question" : "Allow"}
      </button>
    </div>`;
  }
  const denied = [
    access.camera === "denied" ? "camera" : "",
    access.microphone === "denied" ? "microphone" : "",
  ].filter(Boolean);
  if (denied.length === 0) return nothing;
  return html`<div class="permission denied" role="alert" data-testid="permission" data-state="denied">
    <p>
      This page cannot use your ${denied.join(" and ")}. If one is plugged in, allow it next to the address bar and
      open this window again.
    </p>
  </div>`;
}

function preview({ preview, access }: DeviceSettings, found: boolean): TemplateResult {
  const { state, element, problem } = preview;
  const words =
    problem ?? (!found ? "No camera was found" : access?.camera === "granted" ? "Opening the camera…" : "The camera is off");
  return html`<div class="camera-preview" data-testid="camera-preview" data-state=${state}>
    ${element ?? html`<p role="status">${icon("video-off")}<span>${words}</span></p>`}
  </div>`;
}

/** In a call one may take one's own picture for what the other one sees. */
function onlyYou({ preview }: DeviceSettings, state: AppState): TemplateResult | typeof nothing {
  const running = runningCall(state);
  if (!running || running.localVideo || preview.state !== "shown") return nothing;
  return html`<p class="hint only-you" role="status" data-testid="only-you">Only you see this: your camera is off in the call.</p>`;
}

interface Choice<Device extends { id: string; name: string }> {
  title: string;
  testid: string;
  devices: Device[];
  chosenId: string | undefined;
  choose: (device: Device) => Promise<void>;
}

function choice<Device extends { id: string; name: string }>(it: Choice<Device>): TemplateResult {
  const { title, testid, devices, chosenId } = it;
  const choose = (event: Event) => {
    const id = (event.target as HTMLSelectElement).value;
    const device = devices.find((device) => device.id === id);
    if (device) void it.choose(device);
  };
  return html`<label class="device-field">
    <span class="device-label">${title}</span>
    <select data-testid=${testid} ?disabled=${devices.length === 0} @change=${choose}>
      ${devices.length === 0 ? html`<option>None found</option>` : nothing}
      ${devices.map(
        (device, index) => html`<option value=${device.id} .selected=${live(device.id === chosenId)}>
          ${device.name || `${title} ${index + 1}`}
        </option>`,
      )}
    </select>
  </label>`;
}

function level({ access, microphoneProblem }: DeviceSettings, state: AppState): TemplateResult {
  if (microphoneProblem) return html`<p class="field-error" role="alert">${microphoneProblem}</p>`;
  const works = state.devices.microphones.length > 0 && access?.microphone === "granted";
  return html`<div class="level-row">
    ${levelMeter()}
    <span class="hint" data-testid="level-hint">${works ? whenItMoves(runningCall(state)) : "The bar moves once the microphone may be used."}</span>
  </div>`;
}

/** In a call it shows what is sent. */
function whenItMoves(running: OngoingCall | undefined): string {
  if (running?.state === "LocalHold") return "The call is on hold: the bar moves once it goes on.";
  return running?.muted ? "You are muted: the bar moves once you are not." : "Say something: the bar moves.";
}
