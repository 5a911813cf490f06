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
  /** Taken for the sake of pages that set it; the SDK makes no spans. */
  tracingOptions?: OperationTracingOptions;
  /** Taken for the sake of pages that set it; there is no XML in chat. */
  serializerOptions?: SerializerOptions;
}

/** Without effect. */
export interface OperationTracingOptions {
  tracingContext?: TracingContext;
}

/** Where a span belongs. */
export interface TracingContext {
  setValue(key: symbol, value: unknown): TracingContext;
  getValue(key: symbol): unknown;
  deleteValue(key: symbol): TracingContext;
}

/** Without effect. */
export interface SerializerOptions {
  xml: { rootName?: string; includeRoot?: boolean; xmlCharKey?: string };
  ignoreUnknownProperties?: boolean;
}

/** Anything that works as an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: (this: AbortSignalLike, event: unknown) => void): void;
  removeEventListener(type: "abort", listener: (this: AbortSignalLike, event: unknown) => void): void;
}

/** How a request is sent. */
export interface OperationRequestOptions {
  /** Further headers. Those that the SDK sets itself stay as they are. */
  customHeaders?: { [name: string]: string };
  /** How long one attempt may take, in milliseconds. Default 60,000. */
  timeout?: number;
  /** Taken for the sake of pages that set it; how far a file is tells {@link TransferOptions.onProgress}. */
  onUploadProgress?: (progress: TransferProgressEvent) => void;
  /** The same. */
  onDownloadProgress?: (progress: TransferProgressEvent) => void;
  /** Taken for the sake of pages that set it; answers are always read. */
  shouldDeserialize?: boolean | ((response: PipelineResponse) => boolean);
  /** Taken for the sake of pages that set it; the endpoint says whether the line is secure. */
  allowInsecureConnection?: boolean;
}

/** How far a request is. */
export interface TransferProgressEvent {
  loadedBytes: number;
}

/** What {@link OperationOptions.onResponse} is. `flatResponse` is the body, `error` what the operation rejects with. */
export type RawResponseCallback = (
  rawResponse: FullOperationResponse,
  flatResponse: unknown,
  error?: unknown,
) => void;

/** An answer of the server. Its `request` has neither the body nor the token, which are nobody's who logs an error. */
export interface FullOperationResponse extends PipelineResponse {
  /** The body, where it is JSON. */
  parsedBody?: unknown;
  /** Never there: chat says nothing in headers. */
  parsedHeaders?: { [name: string]: unknown };
}

/** The headers of a request or an answer. Names are the same in capitals. */
export interface HttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | undefined;
  has(name: string): boolean;
  set(name: string, value: string | number | boolean): void;
  delete(name: string): void;
  /** As a plain object; names are in small letters. */
  toJSON(options?: { preserveCase?: boolean }): { [name: string]: string };
}

/** A request on its way. */
export interface PipelineRequest {
  url: string;
  method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE";
  headers: HttpHeaders;
  /** How long it may take, in milliseconds. The SDK sees to that by `abortSignal`. */
  timeout: number;
  /** Always false: the token travels in a header. */
  withCredentials: boolean;
  /** What the SDK called the request, in `x-ms-client-request-id`. */
  requestId: string;
  /** JSON, or a file: its bytes on Node and in service workers. */
  body?: string | Blob | Uint8Array | null;
  abortSignal?: AbortSignalLike;
  allowInsecureConnection?: boolean;
  /** There where the answer is to be a `blobBody`. */
  streamResponseStatusCodes?: Set<number>;
}

/** An answer on its way. */
export interface PipelineResponse {
  request: PipelineRequest;
  status: number;
  headers: HttpHeaders;
  bodyAsText?: string | null;
  /** In place of the text, of a file. */
  blobBody?: Promise<Blob>;
}

/** Sends a request. */
export type SendRequest = (request: PipelineRequest) => Promise<PipelineResponse>;

/** A way to the network in place of the browser's `fetch`. One that rejects is a server that was not reached. */
export interface HttpClient {
  sendRequest: SendRequest;
}

/** Changes a request on its way out, and the answer on its way back. */
export interface PipelinePolicy {
  name: string;
  sendRequest(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse>;
}

/** A policy and where it stands. */
export interface AdditionalPolicyConfig {
  policy: PipelinePolicy;
  /** Both run at every attempt, those `perCall` before those `perRetry`. */
  position: "perCall" | "perRetry";
}

/** Options of every client that sends requests. */
export interface CommonClientOptions {
  /** When requests are sent again. */
  retryOptions?: RetryOptions;
  /** Sends the requests, those with files too, which tell nothing of how far they are then. Default: the browser. */
  httpClient?: HttpClient;
  /** What requests and answers pass through. What is said of `httpClient` holds here, too. */
  additionalPolicies?: AdditionalPolicyConfig[];
  /** The prefix is sent as `x-ms-useragent`; a browser adds its own name. */
  userAgentOptions?: { userAgentPrefix?: string };
  /** The header that names requests. Default `x-ms-client-request-id`, which the server logs. */
  telemetryOptions?: { clientRequestIdHeaderName?: string };
  /** Taken for the sake of pages that set it; the endpoint says whether the line is secure. */
  allowInsecureConnection?: boolean;
  /** Taken for the sake of pages that set it; where requests are redirected the browser decides. */
  redirectOptions?: { maxRetries?: number; allowCrossOriginRedirects?: boolean };
  /** Without effect: the browser, or Node, has its own settings for it. */
  proxyOptions?: { host: string; port: number; username?: string; password?: string };
  /** Without effect, as before. */
  agent?: object;
  /** Without effect, as before. */
  tlsOptions?: object;
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
   * `noWebSocket`: use Node 22 or later, or set `globalThis.WebSocket`. `superseded`, `defect`: report it.
   */
  code:
    | "tokenUnavailable"
    | "tokenRefused"
    | "scopeMissing"
    | "timedOut"
    | "versionUnsupported"
    | "noWebSocket"
    | "closed"
    | "superseded"
    | "defect";
}
