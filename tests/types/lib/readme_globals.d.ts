// What the README's blocks speak of without making it themselves.
declare const endpoint: string;
declare const connectionString: string;
declare const benId: string;
declare const credential: import("openline").CommunicationTokenCredential;
declare const client: import("openline").CallClient;
declare const agent: import("openline").CallAgent;
declare const call: import("openline").Call;
declare const chat: import("openline").ChatClient;
declare const thread: import("openline").ChatThreadClient;
declare const fetchTokenFromYourService: (abortSignal?: AbortSignal) => Promise<string>;
declare const process: { env: Record<string, string> };

// The others' packages are not what is checked here.
declare module "react";
declare module "@azure/communication-identity";
