// What takes a moment to open and is wanted one at a time, as a device: the latest wish wins, and what opens for an
// older one is closed as soon as it is there.

export interface Latest<T> {
  /** What is open for the latest wish. */
  readonly opened: T | undefined;
  /** Closes what is open, and opens this. Undefined where another wish came meanwhile, also if this one failed. */
  open(opening: () => Promise<T>): Promise<T | undefined>;
  /** The wish that nothing is open. */
  close(): void;
}

export function latest<T>(close: (opened: T) => void): Latest<T> {
  let wish = Symbol("wish");
  let opened: T | undefined;

  const next = (): symbol => {
    wish = Symbol("wish");
    const before = opened;
    opened = undefined;
    if (before !== undefined) close(before);
    return wish;
  };

  return {
    get opened() {
      return opened;
    },
    async open(opening) {
      const mine = next();
      let found: T;
      try {
        found = await opening();
      } catch (error) {
        if (wish === mine) throw error;
        return undefined;
      }
      if (wish === mine) return (opened = found);
      close(found);
      return undefined;
    },
    close: () => void next(),
  };
}
