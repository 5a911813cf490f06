/**
 * The items of a list, fetched page by page as they are needed.
 *
 * @example
 * for await (const message of threadClient.listMessages({ maxPageSize: 50 })) { .. }
 */
export interface PagedAsyncIterableIterator<T, TPage = T[], TPageSettings = PageSettings> {
  /** The next item. */
  next(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): PagedAsyncIterableIterator<T, TPage, TPageSettings>;
  /** The same list from its start, or from a `continuationToken`, as pages. */
  byPage(settings?: TPageSettings): PageIterator<ContinuablePage<T, TPage>>;
}

/** The pages of a list. */
export interface PageIterator<TPage> {
  /** The next page. */
  next(): Promise<IteratorResult<TPage, undefined>>;
  [Symbol.asyncIterator](): PageIterator<TPage>;
}

/** A page of a list: an array that knows where the next page is. */
export type ContinuablePage<T, TPage = T[]> = TPage & {
  /** Where the next page begins, for {@link PageSettings}; absent on the last one. */
  continuationToken?: string;
};

/** Options of {@link PagedAsyncIterableIterator.byPage}. */
export interface PageSettings {
  /** The token of a page that was read before: goes on after it. */
  continuationToken?: string;
  /** Items per page, 1 to 200. */
  maxPageSize?: number;
}
