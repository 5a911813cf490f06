// Small behaviours of elements that a template cannot express.
import { AsyncDirective, directive } from "lit-html/async-directive.js";
import type { ElementPart } from "lit-html/directive.js";
import { noChange } from "lit-html";

// What had the focus before the first of several dialogs that follow one another.
let opener: Element | null = null;

class Modal extends AsyncDirective {
  private dialog: HTMLDialogElement | undefined;

  render(): unknown {
    return noChange;
  }

  override update(part: ElementPart): unknown {
    if (this.dialog) return noChange;
    this.dialog = part.element as HTMLDialogElement;
    if (!document.activeElement?.closest("dialog")) opener = openerOf(document.activeElement);
    queueMicrotask(() => {
      if (!this.dialog?.isConnected || this.dialog.open) return;
      this.dialog.showModal();
      // Browsers do not yet agree on what autofocus means on the dialog itself.
      if (this.dialog.autofocus) this.dialog.focus();
    });
    return noChange;
  }

  override disconnected(): void {
    // A dialog that is taken out of the page while open does not give the focus back itself.
    giveBack(opener);
  }
}

/** Opens the dialog as a modal one for as long as it is in the page. */
export const modal = directive(Modal);

class FocusOn extends AsyncDirective {
  private last: unknown = undefined;
  private before: Element | null = null;

  render(_key: unknown): unknown {
    return noChange;
  }

  override update(part: ElementPart, [key]: [unknown]): unknown {
    if (key === this.last) return noChange;
    this.last = key;
    if (key === false) return noChange;
    const active = document.activeElement;
    this.before ??= active?.closest("dialog") ? opener : openerOf(active);
    queueMicrotask(() => (part.element as HTMLElement).focus({ preventScroll: true }));
    return noChange;
  }

  override disconnected(): void {
    if (this.before) giveBack(this.before);
  }
}

class InView extends AsyncDirective {
  private element: Element | undefined;
  private onInView: () => void = () => undefined;

  render(_onInView: () => void): unknown {
    return noChange;
  }

  override update(part: ElementPart, [onInView]: [() => void]): unknown {
    this.onInView = onInView;
    if (this.element) return noChange;
    this.element = part.element;
    comesIntoView.set(part.element, () => this.onInView());
    viewObserver.observe(part.element);
    return noChange;
  }

  override disconnected(): void {
    if (this.element) viewObserver.unobserve(this.element);
  }

  override reconnected(): void {
    if (this.element) viewObserver.observe(this.element);
  }
}

const comesIntoView = new WeakMap<Element, () => void>();
const viewObserver = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) comesIntoView.get(target)?.();
});

/** Calls whenever the element comes into view. */
export const inView = directive(InView);

class FocusNeighbour extends AsyncDirective {
  private element: Element | undefined;

  render(): unknown {
    return noChange;
  }

  override update(part: ElementPart): unknown {
    this.element = part.element;
    return noChange;
  }

  override disconnected(): void {
    const item = this.element?.closest("li");
    if (!item || !this.element?.contains(document.activeElement)) return;
    // Not if the item goes as well.
    queueMicrotask(() => {
      if (item.isConnected) focusItem(neighbour(item) ?? item);
    });
  }
}

/** Once this goes while it has the focus, an item beside it has it: the next one, or one before. */
export const focusNeighbour = directive(FocusNeighbour);

class FocusAfter extends AsyncDirective {
  private element: Element | undefined;
  private selector = "";

  render(_selector: string): unknown {
    return noChange;
  }

  override update(part: ElementPart, [selector]: [string]): unknown {
    this.element = part.element;
    this.selector = selector;
    return noChange;
  }

  override disconnected(): void {
    if (!this.selector || !this.element?.contains(document.activeElement)) return;
    const { selector } = this;
    queueMicrotask(() => document.querySelector<HTMLElement>(selector)?.focus());
  }
}

/** Once this goes while it has the focus, what the selector finds has it. */
export const focusAfter = directive(FocusAfter);

function neighbour(item: Element): Element | undefined {
  const ways = ["nextElementSibling", "previousElementSibling"] as const;
  for (const way of ways) {
    for (let other = item[way]; other; other = other[way]) {
      if (other.matches(".message:not(.deleted)")) return other;
    }
  }
  return undefined;
}

function focusItem(item: Element): void {
  if (!(item instanceof HTMLElement)) return;
  item.tabIndex = -1;
  item.focus();
}

/** An item of a menu is gone with the menu; the button that opened it stays. */
function openerOf(active: Element | null): Element | null {
  const menu = active?.closest("[popover]");
  return menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : active;
}

/** A call that covers the page and asks nothing: a question takes the focus itself. */
const CALL = ".call-screen:not([hidden]):not(:has([data-testid=survey]))";

/** Puts the focus where it was, if what had it since is gone; if that is gone too, on what one looks at. */
function giveBack(before: Element | null): void {
  queueMicrotask(() => {
    if (!isLost()) return;
    if (before instanceof HTMLElement) before.focus();
    if (!isLost()) return;
    const seen = document.querySelector<HTMLElement>(CALL) ?? document.querySelector(".workspace:not([inert]) .shell");
    if (seen instanceof HTMLElement) seen.focus({ preventScroll: true });
  });
}

function isLost(): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || activeElement.matches(":disabled");
}

let byKeyboard = false;
addEventListener("keydown", () => (byKeyboard = true), { capture: true });
addEventListener("pointerdown", () => (byKeyboard = false), { capture: true });

class KeepsFocus extends AsyncDirective {
  render(_selector: string | false): unknown {
    return noChange;
  }

  override update(part: ElementPart, [selector]: [string | false]): unknown {
    // Nothing is lost of what is elsewhere, as in the browser's own bars.
    if (selector === false || isLost()) return noChange;
    const element = part.element as HTMLElement;
    setTimeout(() => {
      if (!element.isConnected || element.hidden || !isLost() || document.querySelector("dialog[open]")) return;
      const wanted = byKeyboard ? element.querySelector<HTMLElement>(selector) : null;
      (wanted ?? element).focus({ preventScroll: true });
    });
    return noChange;
  }
}

/**
 * Has the focus itself whenever what had it goes, in it or in a dialog above it: for something that covers the page.
 * Who goes by the keyboard is on what the selector finds then, if it is there; `false` means not now.
 */
export const keepsFocus = directive(KeepsFocus);

/** Focuses the element whenever the key becomes another one; `false` means not now. */
export const focusOn = directive(FocusOn);
