/** Options of every request. */
export interface OperationOptions {
  /** Gives up: the promise rejects with an `AbortError`. */
  abortSignal?: AbortSignalLike;
  /** How the request is sent. */
  requestOptions?: OperationRequestOptions;
  /**
   * Called with the answer that decides, after all repeats; of a list, with that of every page.
   * Not called where no answer came.
   */
  onResponse?: RawResponseCallback;
}

/** Anything that works as an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** How a request is sent. */
export interface OperationRequestOptions {
  /** Further headers. Those that the SDK sets itself stay as they are. */
  customHeaders?: { [name: string]: string };
  /** How long one attempt may take, in milliseconds. Default 60,000. */
  timeout?: number;
}

/** What {@link OperationOptions.onResponse} is. `flatResponse` is the body, `error` what the operation rejects with. */
export type RawResponseCallback = (
  rawResponse: FullOperationResponse,
  flatResponse: unknown,
  error?: unknown,
) => void;

/** An answer of the server. */
export interface FullOperationResponse {
  status: number;
  headers: Headers;
  bodyAsText?: string;
  /** The body, where it is JSON. */
  parsedBody?: unknown;
  request: {
    url: string;
    method: string;
    /** What the SDK called the request, in `x-ms-client-request-id`. */
    requestId: string;
  };
}

/** When requests are sent again that found the server busy (429, 503) or, where it is safe, not at all. */
export interface RetryOptions {
  /** Repeats after the first attempt. Default 3. */
  maxRetries?: number;
  /** The first wait in milliseconds; each further one is twice as long. Default 500. */
  retryDelayInMs?: number;
  /** The longest wait in milliseconds; if the server asks for more, the request rejects. Default 60,000. */
  maxRetryDelayInMs?: number;
}

/** What a request rejects with that the server refused or that did not reach it. */
export interface RestError extends Error {
  name: "RestError";
  /** A fixed word to decide by, such as `Forbidden` or `NotFound`; `REQUEST_SEND_ERROR` without an answer. */
  code: string;
  /** The HTTP status; absent without an answer. */
  statusCode?: number;
  /** Names the request in the server's logs. */
  requestId: string;
  /** The body of the server's answer; absent without one. */
  details?: { error: ServiceError };
  /** The answer itself; absent without one. */
  response?: FullOperationResponse;
}

/** An error as the server words it. */
export interface ServiceError {
  /** A fixed word to decide by. */
  code: string;
  /** A sentence for a person. */
  message: string;
  /** The field or item it is about. */
  readonly target?: string;
  /** The errors of parts. */
  readonly details?: ServiceError[];
  readonly innerError?: ServiceError;
}

/** What a realtime connection rejects with. */
export interface RealtimeError extends Error {
  name: "RealtimeError";
  /**
   * `tokenUnavailable`, `tokenRefused`: sign in again. `scopeMissing`: issue a token with the scope.
   * `timedOut`: try again. `versionUnsupported`: update this package. `closed`: it was stopped.
   * `superseded`, `defect`: report it.
   */
  code:
    | "tokenUnavailable"
    | "tokenRefused"
    | "scopeMissing"
    | "timedOut"
    | "versionUnsupported"
    | "closed"
    | "superseded"
    | "defect";
}
