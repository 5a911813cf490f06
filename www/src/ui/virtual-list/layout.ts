// Where each row of a long list lies: by the heights that were measured, and a guess for the others.

export interface Row {
  key: string;
  /** About how tall it is, in pixels, until it has been on the screen. */
  guess: number;
}

export class Layout<R extends Row> {
  private rows: readonly R[] = [];
  private readonly heights = new Map<string, number>();
  private readonly places = new Map<string, number>();
  // One more than there are rows: the last one is the height of all.
  private tops = new Float64Array(1);
  private stale = false;

  setRows(rows: readonly R[]): void {
    if (rows === this.rows) return;
    this.rows = rows;
    this.places.clear();
    rows.forEach(({ key }, index) => this.places.set(key, index));
    this.stale = true;
  }

  /** Forgets what was measured: it is another list. */
  clear(): void {
    this.heights.clear();
    this.stale = true;
  }

  /** Says whether that is news. */
  setHeight(key: string, height: number): boolean {
    if (Math.abs((this.heights.get(key) ?? -1) - height) < 0.5) return false;
    this.heights.set(key, height);
    this.stale = true;
    return true;
  }

  get height(): number {
    return this.top(this.rows.length);
  }

  /** Of the row at that place; beyond the last one it is the end. */
  top(index: number): number {
    if (this.stale) this.measure();
    return this.tops[Math.min(index, this.rows.length)] ?? 0;
  }

  placeOf(key: string): number | undefined {
    return this.places.get(key);
  }

  /** The row that covers this position. */
  placeAt(y: number): number {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private measure(): void {
    this.stale = false;
    if (this.tops.length !== this.rows.length + 1) this.tops = new Float64Array(this.rows.length + 1);
    let top = 0;
    this.rows.forEach(({ key, guess }, index) => {
      this.tops[index] = top;
      top += this.heights.get(key) ?? guess;
    });
    this.tops[this.rows.length] = top;
  }
}
