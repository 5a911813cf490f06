/** A token and when it expires. */
export interface AccessToken {
  /** The token. */
  token: string;
  /** When it expires, in milliseconds since 1970 (UTC). */
  expiresOnTimestamp: number;
}

/** Options of {@link CommunicationTokenCredential.getToken}. */
export interface CommunicationGetTokenOptions {
  /** Gives up waiting. A refresh that others wait for goes on. */
  abortSignal?: AbortSignal;
  /** The server refused this token, however long it was to last: hand out another. */
  refusedToken?: string;
}

/** Anything that hands out tokens: {@link CommunicationTokenCredential}, or an object of your own. */
export interface TokenCredential {
  getToken(options?: CommunicationGetTokenOptions): Promise<AccessToken>;
  dispose(): void;
}

/** How a {@link CommunicationTokenCredential} gets its tokens. */
export interface CommunicationTokenRefreshOptions {
  /**
   * Fetches a token from your server, for the same identity every time. The signal is aborted when nobody
   * waits for the token any more. It is called, too, where the server refuses a token before its time (it was revoked,
   * or the clock of the page is slow): bring a new one every time. Where that is refused as well it is called less and
   * less often, at last once a minute.
   */
  tokenRefresher: (abortSignal?: AbortSignal) => Promise<string | AccessToken>;
  /** The first token; absent: the refresher is called for it. */
  token?: string | AccessToken;
  /** Fetch the next token ten minutes before this one expires, instead of when it is needed. Default false. */
  refreshProactively?: boolean;
  /** How long a token is taken to last whose expiry cannot be read. Positive and finite; default 600. */
  undecodableTokenExpiryIntervalInSeconds?: number;
  /** Refuse tokens whose expiry cannot be read. Default false. */
  strict?: boolean;
}

/** What a credential throws and rejects with, besides the refresher's own errors and `AbortError`. */
export interface CredentialError extends Error {
  name: "CredentialError";
  /**
   * `disposed`: make another credential. `expired`: the refresher returned a token that is over.
   * `invalid`: the token is blank, or, where strict, no JWT with an expiry.
   */
  code: "disposed" | "expired" | "invalid";
}
