// Credentials: a token, or a way to get tokens.
import { expectTypeOf } from "expect-type";
import {
  AzureCommunicationTokenCredential,
  CallClient,
  ChatClient,
  CommunicationTokenCredential,
  type AccessToken,
  type CommunicationTokenRefreshOptions,
  type CredentialError,
  type TokenCredential,
} from "openline";

expectTypeOf(AzureCommunicationTokenCredential).toEqualTypeOf(CommunicationTokenCredential);

expectTypeOf(CommunicationTokenCredential).toBeConstructibleWith("eyJ0eXAi");
expectTypeOf(CommunicationTokenCredential).toBeConstructibleWith({ token: "eyJ0eXAi", expiresOnTimestamp: 1 });
expectTypeOf(CommunicationTokenCredential).toBeConstructibleWith({
  tokenRefresher: async (abortSignal) => {
    expectTypeOf(abortSignal).toEqualTypeOf<AbortSignal | undefined>();
    return "eyJ0eXAi";
  },
  token: "eyJ0eXAi",
  refreshProactively: true,
  undecodableTokenExpiryIntervalInSeconds: 60,
  strict: true,
});
expectTypeOf<CommunicationTokenRefreshOptions["tokenRefresher"]>().returns.resolves.toEqualTypeOf<
  string | AccessToken
>();
// @ts-expect-error there has to be a way to get a token
new CommunicationTokenCredential({ refreshProactively: true });
// @ts-expect-error a refresher fetches
new CommunicationTokenCredential({ tokenRefresher: () => "eyJ0eXAi" });
// @ts-expect-error something is needed
new CommunicationTokenCredential();

const credential = new CommunicationTokenCredential("eyJ0eXAi");
expectTypeOf(credential.getToken()).resolves.toEqualTypeOf<AccessToken>();
expectTypeOf(credential.getToken({ abortSignal: new AbortController().signal })).resolves.toEqualTypeOf<AccessToken>();
expectTypeOf(credential.dispose()).toBeVoid();
expectTypeOf<AccessToken>().toEqualTypeOf<{ token: string; expiresOnTimestamp: number }>();

// An application's own object serves as well.
const own: TokenCredential = {
  getToken: async () => ({ token: "eyJ0eXAi", expiresOnTimestamp: Date.now() }),
  dispose: () => undefined,
};
void new CallClient().createCallAgent(own);
new ChatClient("https://calls.example.com", own);

expectTypeOf<CredentialError>().toExtend<Error>();
expectTypeOf<CredentialError["name"]>().toEqualTypeOf<"CredentialError">();
expectTypeOf<CredentialError["code"]>().toEqualTypeOf<"disposed" | "expired" | "invalid">();
