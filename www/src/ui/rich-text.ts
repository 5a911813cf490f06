// An HTML message as it may be shown: words and their formatting. Nothing of it runs, loads, or reaches beyond its bubble.
import DOMPurify from "dompurify";
import { parsed, wordsOf } from "../state/plain-text";

// prettier-ignore
const TAGS = [
  "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li",
  "mark", "ol", "p", "pre", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
  "tr", "u", "ul",
];

// Browsers need time, and Chromium's tabs end, where lists or tables stand in each other a thousand deep. People write neither.
const MAX_ELEMENTS = 1_000;
const MAX_DEPTH = 48;

// One of its own: its hooks are for messages alone.
const purify = DOMPurify(window);

purify.addHook("afterSanitizeAttributes", (element) => {
  if (element.localName !== "a" || !element.hasAttribute("href")) return;
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer");
});

/** Its words alone where it has more elements than anybody writes. */
export function richText(markup: string): DocumentFragment {
  const body = parsed(markup);
  if (isTooMuch(body)) return words(wordsOf(body));
  const fragment = purify.sanitize(markup, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["colspan", "dir", "href", "rowspan", "start"],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const heading of fragment.querySelectorAll("h1, h2, h3, h4, h5, h6")) asParagraph(heading);
  for (const table of fragment.querySelectorAll("table")) inScroller(table);
  return isEmpty(fragment) ? words("") : fragment;
}

/** What templates hold is counted by nobody, so none may be there. */
function isTooMuch(body: HTMLElement): boolean {
  const elements = body.querySelectorAll("*");
  if (elements.length > MAX_ELEMENTS || body.querySelector("template")) return true;
  return [...elements].some((element) => isDeep(element, body));
}

function isDeep(element: Element, body: HTMLElement): boolean {
  let depth = 0;
  for (let at: Element | null = element; at && at !== body; at = at.parentElement) {
    if (++depth > MAX_DEPTH) return true;
  }
  return false;
}

const isEmpty = (fragment: DocumentFragment) => !fragment.textContent?.trim() && !fragment.querySelector("hr, table");

function words(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const paragraph = fragment.appendChild(document.createElement("p"));
  if (text) paragraph.textContent = text;
  else paragraph.appendChild(document.createElement("em")).textContent = "A message without words";
  return fragment;
}

/** A message has no place in the outline of the page. */
function asParagraph(heading: Element): void {
  const paragraph = document.createElement("p");
  const strong = paragraph.appendChild(document.createElement("strong"));
  strong.append(...heading.childNodes);
  heading.replaceWith(paragraph);
}

// Only what moves is a stop of the Tab key.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** A wide one moves by itself, by keyboard, too. */
function inScroller(table: Element): void {
  const scroller = document.createElement("div");
  scroller.className = "rich-table";
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", "Table");
  table.replaceWith(scroller);
  scroller.append(table);
  widths.observe(scroller);
}
