// What the other one shares, and the button that has it fill the display.
import { html, nothing, type TemplateResult } from "lit-html";

import { canFillDisplay, switchFullScreen } from "../state/full-screen";
import { iconButton } from "./icon-button";

export function remoteScreen(picture: HTMLElement, fullScreen: boolean): TemplateResult {
  const toggle = ({ target }: Event) => {
    const place = (target as Element).closest(".remote-screen");
    if (place) void switchFullScreen(place);
  };
  return html`<div class="remote-screen" data-testid="remote-screen" @dblclick=${toggle}>
    ${picture}
    ${canFillDisplay()
      ? iconButton({
          icon: fullScreen ? "shrink" : "expand",
          label: fullScreen ? "Leave full screen" : "Full screen",
          testid: "full-screen",
          onClick: toggle,
        })
      : nothing}
  </div>`;
}
