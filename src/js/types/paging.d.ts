/**
 * The items of a list, fetched page by page as they are needed.
 *
 * @example
 * for await (const message of threadClient.listMessages({ maxPageSize: 50 })) { .. }
 */
export interface PagedAsyncIterableIterator<T> {
  /** The next item. */
  next(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): PagedAsyncIterableIterator<T>;
  /** The same list from its start, as pages. */
  byPage(settings?: PageSettings): PageIterator<T>;
}

/** The pages of a list. */
export interface PageIterator<T> {
  /** The next page. */
  next(): Promise<IteratorResult<T[], undefined>>;
  [Symbol.asyncIterator](): PageIterator<T>;
}

/** Options of {@link PagedAsyncIterableIterator.byPage}. */
export interface PageSettings {
  /** Items per page, 1 to 200. */
  maxPageSize?: number;
}
