// Asks the app's own token service for a token. In production this is your server, which knows
// who is signed in; here it is the development server's stand-in, which believes the name.

export interface DemoToken {
  identity: { id: string };
  displayName: string;
  token: string;
  expiresOn: string;
}

export async function fetchToken(name: string, signal?: AbortSignal): Promise<DemoToken> {
  const response = await fetch("/demo/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
    signal: signal ?? null,
  });
  if (!response.ok) throw new TokenRefused(response.status);
  return (await response.json()) as DemoToken;
}

/** The token service answered, but with no token. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";

  constructor(readonly status: number) {
    super(`The token service answered with status ${status}.`);
  }
}
