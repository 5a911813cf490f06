/** Options of every request. */
export interface OperationOptions {
  /** Gives up: the promise rejects with an `AbortError`. */
  abortSignal?: AbortSignal;
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
  /** The server's answer; absent without one. */
  details?: { error: ServiceError };
}

/** An error as the server words it. */
export interface ServiceError {
  /** A fixed word to decide by. */
  code: string;
  /** A sentence for a person. */
  message: string;
  /** The field or item it is about. */
  target?: string;
  /** The errors of parts. */
  details?: ServiceError[];
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
