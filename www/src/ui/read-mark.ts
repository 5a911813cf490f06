// How far one's own message has come: one tick when it is stored, two when everybody's devices have
// it, in a filled field when everybody read it. A message that is not stored has a clock.
import { html, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { Message } from "../openline/read-messages";
import type { Thread } from "../state/app-state";
import { markLabel, messageMark } from "../state/delivery";
import { nameOf } from "../state/names";
import { icon } from "./icons";

const names = new Intl.ListFormat("en");

export function readMark(thread: Thread, message: Message): TemplateResult {
  const { members, deliveries, reads } = thread;
  const mark = messageMark(message, { memberIds: members.map(({ id }) => id), deliveries, reads });
  const readers = members.filter(({ id }) => mark.readBy.includes(id));
  const label = markLabel(mark, names.format(readers.map(({ id, name }) => isolate(nameOf(id, name)))));
  const read = mark.state === "read" ? "all" : readers.length > 0 ? "some" : "none";
  return html`<span
    class="read-mark ${mark.state}"
    data-testid="read-mark"
    data-state=${mark.state}
    data-read=${read}
    title=${label}
  >
    ${icon(mark.state === "sent" ? "check" : "checks")}<span class="visually-hidden">${label}</span>
  </span>`;
}
