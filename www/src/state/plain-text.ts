// What an HTML message says, without its markup.
import type { Message } from "../openline/read-messages";

const WORD_ENDS = "blockquote, br, dd, div, dt, h1, h2, h3, h4, h5, h6, hr, li, p, pre, td, th";

const known = new WeakMap<Message, string>();

/** For a line of a list. */
export function plainText(message: Message): string {
  let text = known.get(message);
  if (text === undefined) {
    text = wordsOf(parsed(message.text));
    known.set(message, text);
  }
  return text;
}

/** A document that is only parsed runs and loads nothing. */
export const parsed = (markup: string): HTMLElement => new DOMParser().parseFromString(markup, "text/html").body;

/** What a person reads in it. Changes it. */
export function wordsOf(body: HTMLElement): string {
  for (const unseen of body.querySelectorAll("script, style, template, noscript")) unseen.remove();
  for (const ends of body.querySelectorAll(WORD_ENDS)) ends.after(" ");
  return (body.textContent ?? "").replace(/\s+/g, " ").trim();
}
