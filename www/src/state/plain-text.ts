// What an HTML message says, without its markup.
import type { Message } from "../openline/read-messages";

const WORD_ENDS = "blockquote, br, dd, div, dt, h1, h2, h3, h4, h5, h6, hr, li, p, pre, td, th";

const known = new WeakMap<Message, string>();

/** For a line of a list. A document that is only parsed runs and loads nothing. */
export function plainText(message: Message): string {
  let text = known.get(message);
  if (text === undefined) {
    const { body } = new DOMParser().parseFromString(message.text, "text/html");
    for (const unseen of body.querySelectorAll("script, style, template, noscript")) unseen.remove();
    for (const ends of body.querySelectorAll(WORD_ENDS)) ends.after(" ");
    text = (body.textContent ?? "").replace(/\s+/g, " ").trim();
    known.set(message, text);
  }
  return text;
}
