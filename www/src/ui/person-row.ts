import { html, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import { call } from "../state/call-actions";
import { writeTo } from "../state/threads";
import { avatar } from "./avatar";
import { iconButton } from "./icon-button";

export function personRow(person: Person, busy: boolean): TemplateResult {
  const { name } = person;
  return html`<li class="row person" data-testid="person-${name}">
    ${avatar(person)}
    <bdi class="row-title">${name}</bdi>
    <div class="row-actions">
      ${iconButton({
        icon: "message",
        label: `Write to ${isolate(name)}`,
        testid: "write",
        onClick: () => void writeTo(person),
      })}
      ${iconButton({
        icon: "phone",
        label: `Call ${isolate(name)}`,
        testid: "call-audio",
        disabled: busy,
        onClick: () => void call(person, false),
      })}
      ${iconButton({
        icon: "video",
        label: `Call ${isolate(name)} with video`,
        testid: "call-video",
        disabled: busy,
        onClick: () => void call(person, true),
      })}
    </div>
  </li>`;
}
