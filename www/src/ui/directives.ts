// Small behaviours of elements that a template cannot express.
import { AsyncDirective, directive } from "lit-html/async-directive.js";
import type { ElementPart } from "lit-html/directive.js";
import { noChange } from "lit-html";

class Modal extends AsyncDirective {
  private before: Element | null = null;
  private dialog: HTMLDialogElement | undefined;

  render(): unknown {
    return noChange;
  }

  override update(part: ElementPart): unknown {
    if (this.dialog) return noChange;
    this.dialog = part.element as HTMLDialogElement;
    this.before = document.activeElement;
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
    giveBack(this.before);
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
    this.before ??= document.activeElement;
    queueMicrotask(() => (part.element as HTMLElement).focus({ preventScroll: true }));
    return noChange;
  }

  override disconnected(): void {
    giveBack(this.before);
  }
}

/** Puts the focus where it was, if what had it since is gone. */
function giveBack(before: Element | null): void {
  queueMicrotask(() => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
  });
}

/** Focuses the element whenever the key becomes another one; `false` means not now. */
export const focusOn = directive(FocusOn);

class KeepAtEnd extends AsyncDirective {
  private key: unknown = undefined;
  private following = true;
  private readonly resized = new ResizeObserver(() => this.follow());
  private list: Element | undefined;

  render(_key: unknown): unknown {
    return noChange;
  }

  override update(part: ElementPart, [key]: [unknown]): unknown {
    if (!this.list) this.attach(part.element);
    const list = part.element;
    const fromEnd = this.fromEnd();
    const atTop = list.scrollTop < 8 && fromEnd > 0;
    if (key !== this.key) this.following = true;
    this.key = key;
    queueMicrotask(() => {
      // At the end: stay there. Reading back at the top: stay at the same message.
      if (this.following) this.follow();
      else if (atTop) list.scrollTop = list.scrollHeight - list.clientHeight - fromEnd;
    });
    return noChange;
  }

  override disconnected(): void {
    this.resized.disconnect();
  }

  private attach(list: Element): void {
    this.list = list;
    // Only scrolling says whether somebody reads back: what grows or shrinks moves the end as well.
    list.addEventListener("scroll", () => (this.following = this.fromEnd() < 48));
    this.resized.observe(list);
  }

  private fromEnd(): number {
    const { list } = this;
    return list ? list.scrollHeight - list.scrollTop - list.clientHeight : 0;
  }

  private follow(): void {
    if (this.following && this.list) this.list.scrollTop = this.list.scrollHeight;
  }
}

/** Keeps a list at its end as it grows, unless somebody scrolled back; a new key starts over. */
export const keepAtEnd = directive(KeepAtEnd);
