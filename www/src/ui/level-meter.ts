// The level of the microphone as a bar. It moves many times a second, past the store.
import { html, noChange, type TemplateResult } from "lit-html";
import { AsyncDirective, directive } from "lit-html/async-directive.js";
import type { ElementPart } from "lit-html/directive.js";

import { followLevel } from "../state/device-settings";

export function levelMeter(): TemplateResult {
  return html`<div
    class="level-meter"
    role="meter"
    aria-label="Level of the microphone"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow="0"
    data-testid="level-meter"
    ${level()}
  ></div>`;
}

class Level extends AsyncDirective {
  private stop: (() => void) | undefined;

  render(): unknown {
    return noChange;
  }

  override update({ element }: ElementPart): unknown {
    this.stop ??= followLevel((level) => {
      (element as HTMLElement).style.setProperty("--level", String(level));
      element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    });
    return noChange;
  }

  override disconnected(): void {
    this.stop?.();
    this.stop = undefined;
  }
}

const level = directive(Level);
