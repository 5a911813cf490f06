// A list of any length of which only what is on the screen, and a little around it, is in the page.
// Whatever comes, goes or grows elsewhere in it, what somebody looks at stays where it is.
import { html, type TemplateResult } from "lit-html";
import { AsyncDirective, directive } from "lit-html/async-directive.js";
import type { ChildPart } from "lit-html/directive.js";
import { repeat } from "lit-html/directives/repeat.js";

import { Layout, type Row } from "./layout";

export interface VirtualList<R extends Row> {
  /** Which list it is. Another one begins at its end. */
  list: string;
  rows: readonly R[];
  /** Draws exactly one `li`. */
  draw: (row: R) => TemplateResult;
  /** Whenever this changes, the list goes to its end. */
  toEnd: unknown;
  /** Whenever this is another object, its row is brought into view. */
  reveal: { key: string } | undefined;
  /** The first rows are near: it is time to get earlier ones. May be called often. */
  onNearStart: () => void;
  /** Whether the end is in view; called when that changes. */
  onEndInView: (inView: boolean) => void;
}

type Anchor = "end" | { key: string; fromTop: number };

// How much is drawn outside of the screen, and how much of that is left before more is drawn.
const DRAWN_PX = 900;
const LEFT_PX = 300;
const END_PX = 24;
// Heights that differ from their guess move what is in view; it settles in two rounds.
const MOST_ROUNDS = 5;

class VirtualListDirective extends AsyncDirective {
  private options!: VirtualList<Row>;
  private readonly layout = new Layout<Row>();
  private scroller: HTMLElement | undefined;
  private anchor: Anchor = "end";
  private endInView: boolean | undefined;
  private placedAt = 0;
  private drawn = { first: 0, last: 0 };
  private readonly resized = new ResizeObserver(() => this.settle());
  private readonly scrolled = () => this.onScroll();

  render(_options: unknown): unknown {
    return undefined;
  }

  override update(part: ChildPart, [options]: [VirtualList<Row>]): unknown {
    this.attach(part.parentNode as HTMLElement);
    const before = this.options as VirtualList<Row> | undefined;
    this.options = options;
    if (options.list !== before?.list) {
      this.layout.clear();
      this.anchor = "end";
      this.endInView = undefined;
    }
    if (options.toEnd !== before?.toEnd) this.anchor = "end";
    this.layout.setRows(options.rows);
    if (options.reveal && options.reveal !== before?.reveal) this.revealRow(options.reveal.key);
    queueMicrotask(() => this.settle());
    return this.template();
  }

  override disconnected(): void {
    this.scroller?.removeEventListener("scroll", this.scrolled);
    this.resized.disconnect();
    this.scroller = undefined;
  }

  private attach(scroller: HTMLElement): void {
    if (this.scroller === scroller) return;
    this.scroller = scroller;
    scroller.addEventListener("scroll", this.scrolled, { passive: true });
    this.resized.observe(scroller);
  }

  private get list(): HTMLElement | undefined {
    return this.scroller?.querySelector<HTMLElement>(":scope > ol") ?? undefined;
  }

  private template(): TemplateResult {
    const { rows, draw } = this.options;
    this.drawn = this.range(DRAWN_PX);
    this.keepFocus();
    const { first, last } = this.drawn;
    return html`<ol class="message-list" data-testid="message-list" data-rows=${rows.length}>
      ${repeat(rows.slice(first, last), ({ key }) => key, draw)}
    </ol>`;
  }

  /** The rows that are in view or at most so far outside. */
  private range(around: number): { first: number; last: number } {
    const { rows } = this.options;
    const top = this.position() - this.origin();
    const height = this.scroller?.clientHeight || innerHeight;
    const first = this.layout.placeAt(top - around);
    const last = Math.min(rows.length, this.layout.placeAt(top + height + around) + 1);
    return { first, last };
  }

  /** Where the list is to stand by its anchor. */
  private position(): number {
    const height = this.scroller?.clientHeight || innerHeight;
    const end = Math.max(0, this.origin() + this.layout.height - height);
    if (this.anchor === "end") return end;
    const place = this.layout.placeOf(this.anchor.key);
    if (place === undefined) return Math.min(this.placedAt, end);
    const wanted = this.origin() + this.layout.top(place) - this.anchor.fromTop;
    return Math.min(Math.max(0, wanted), end);
  }

  private origin(): number {
    return this.list?.offsetTop ?? 0;
  }

  /** Measures what is drawn, draws what came into view by that, until nothing changes. */
  private settle(): void {
    for (let round = 0; round < MOST_ROUNDS && this.scroller?.isConnected; round += 1) {
      const news = this.measure();
      this.place();
      if (!news && this.covers()) break;
      if (!this.covers()) this.redraw();
    }
    if (this.fromEnd() < END_PX) this.anchor = "end";
    this.tell();
  }

  private fromEnd(): number {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = this.scroller ?? {};
    return scrollHeight - scrollTop - clientHeight;
  }

  private measure(): boolean {
    let news = false;
    [...(this.list?.children ?? [])].forEach((element, index) => {
      const row = this.options.rows[this.drawn.first + index];
      if (row && this.layout.setHeight(row.key, element.getBoundingClientRect().height)) news = true;
    });
    return news;
  }

  private place(): void {
    const { scroller, list, layout, drawn } = this;
    if (!scroller || !list) return;
    list.style.paddingTop = `${layout.top(drawn.first)}px`;
    list.style.paddingBottom = `${layout.height - layout.top(drawn.last)}px`;
    const wanted = this.anchor === "end" ? scroller.scrollHeight : this.position();
    if (Math.abs(scroller.scrollTop - wanted) >= 1) scroller.scrollTop = wanted;
    this.placedAt = scroller.scrollTop;
  }

  private covers(): boolean {
    const needed = this.range(LEFT_PX);
    return needed.first >= this.drawn.first && needed.last <= this.drawn.last;
  }

  private redraw(): void {
    this.setValue(this.template());
  }

  private onScroll(): void {
    const { scroller } = this;
    // What moved by a change of the list itself is no reading back.
    if (!scroller || Math.abs(scroller.scrollTop - this.placedAt) < 1) return;
    this.placedAt = scroller.scrollTop;
    this.anchor = this.anchorInView(scroller);
    if (this.covers()) this.tell();
    else {
      this.redraw();
      this.settle();
    }
  }

  private anchorInView(scroller: HTMLElement): Anchor {
    if (this.fromEnd() < END_PX) return "end";
    const top = scroller.scrollTop - this.origin();
    // A row that is cut by the upper edge may change where nobody sees it, so the one after it holds, if it is in view.
    const cut = this.layout.placeAt(top);
    const next = this.layout.top(cut + 1);
    const isInView = cut + 1 < this.options.rows.length && next - top < scroller.clientHeight;
    const place = isInView ? cut + 1 : cut;
    const row = this.options.rows[place];
    return row ? { key: row.key, fromTop: this.layout.top(place) - top } : "end";
  }

  private revealRow(key: string): void {
    if (this.layout.placeOf(key) === undefined) return;
    this.anchor = { key, fromTop: (this.scroller?.clientHeight ?? 0) / 3 };
    this.endInView = undefined;
  }

  private tell(): void {
    const { scroller, options } = this;
    if (!scroller?.isConnected) return;
    if (scroller.scrollTop < scroller.clientHeight * 1.5) options.onNearStart();
    const inView = this.fromEnd() < END_PX;
    if (inView === this.endInView) return;
    this.endInView = inView;
    options.onEndInView(inView);
  }

  /** A row that goes out of the page with the focus leaves it to the list. */
  private keepFocus(): void {
    const { list, scroller, drawn } = this;
    const focused = document.activeElement;
    if (!list || !focused || !list.contains(focused)) return;
    const key = focused.closest<HTMLElement>("li[data-key]")?.dataset["key"] ?? "";
    const place = this.layout.placeOf(key);
    if (place !== undefined && place >= drawn.first && place < drawn.last) return;
    scroller?.focus({ preventScroll: true });
  }
}

const asDirective = directive(VirtualListDirective);

/** To be the only child of the element that scrolls. */
export function virtualList<R extends Row>(options: VirtualList<R>): unknown {
  return asDirective(options as unknown as VirtualList<Row>);
}
