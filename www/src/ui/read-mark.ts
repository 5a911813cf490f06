// Whether one's own message was read: one tick when it is stored, two when
// somebody read it, in colour when everybody did.
import { html, type TemplateResult } from "lit-html";

import type { Message } from "../openline/read-messages";
import type { Thread } from "../state/app-state";
import { nameOf } from "../state/names";
import { icon } from "./icons";

const names = new Intl.ListFormat("en");

export function readMark(thread: Thread, message: Message): TemplateResult {
  const others = thread.members.filter(({ id }) => id !== message.senderId);
  const readers = others.filter(({ id }) => Number(thread.reads[id] ?? 0) >= Number(message.id));
  const all = others.length > 0 && readers.length === others.length;
  const read = all ? "all" : readers.length > 0 ? "some" : "none";
  const label =
    readers.length > 0
      ? `Read by ${names.format(readers.map(({ id, name }) => nameOf(id, name)))}`
      : "Sent";
  return html`<span class="read-mark ${read}" data-testid="read-mark" data-read=${read} title=${label}>
    ${icon(read === "none" ? "check" : "checks")}<span class="visually-hidden">${label}</span>
  </span>`;
}
