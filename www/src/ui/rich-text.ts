// An HTML message as it may be shown: words and their formatting. Nothing of it runs, loads, or reaches beyond its bubble.
import DOMPurify from "dompurify";

// prettier-ignore
const TAGS = [
  "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li",
  "mark", "ol", "p", "pre", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
  "tr", "u", "ul",
];

// One of its own: its hooks are for messages alone.
const purify = DOMPurify(window);

purify.addHook("afterSanitizeAttributes", (element) => {
  if (element.localName !== "a" || !element.hasAttribute("href")) return;
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer");
});

export function richText(markup: string): DocumentFragment {
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
  return fragment;
}

/** A message has no place in the outline of the page. */
function asParagraph(heading: Element): void {
  const paragraph = document.createElement("p");
  const strong = paragraph.appendChild(document.createElement("strong"));
  strong.append(...heading.childNodes);
  heading.replaceWith(paragraph);
}

/** A wide one moves by itself, by keyboard, too. */
function inScroller(table: Element): void {
  const scroller = document.createElement("div");
  scroller.className = "rich-table";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", "Table");
  table.replaceWith(scroller);
  scroller.append(table);
}
