// Camera and microphone of the call, in a small menu above its controls.
import { html, type TemplateResult } from "lit-html";

import type { Devices } from "../state/app-state";
import { chooseCamera, chooseMicrophone, refreshDevices } from "../state/devices";

interface Choice {
  id: string;
  name: string;
}

export function deviceMenu(devices: Devices): TemplateResult {
  return html`<div
    id="device-menu"
    class="menu device-menu"
    popover
    data-testid="device-menu"
    @toggle=${onToggle}
  >
    ${group("Camera", "camera-choice", devices.cameras, devices.cameraId, chooseCamera)}
    ${group("Microphone", "microphone-choice", devices.microphones, devices.microphoneId, chooseMicrophone)}
  </div>`;
}

function group<Device extends Choice>(
  title: string,
  testid: string,
  choices: Device[],
  chosenId: string | undefined,
  choose: (device: Device) => Promise<void>,
): TemplateResult {
  return html`<fieldset>
    <legend>${title}</legend>
    ${choices.map(
      (device, index) => html`<label class="menu-item">
        <input
          type="radio"
          name=${testid}
          data-testid=${testid}
          .checked=${device.id === chosenId}
          @change=${() => void choose(device)}
        />
        <span>${device.name || `${title} ${index + 1}`}</span>
      </label>`,
    )}
    ${choices.length === 0 ? html`<p class="hint">None found</p>` : ""}
  </fieldset>`;
}

function onToggle(event: ToggleEvent): void {
  if (event.newState === "open") void refreshDevices();
}
