// Requests by way of what an application gives a client: its own HTTP client and policies, as those of the published
// chat client. Loaded by clients that ask for it.
import { HttpHeaders } from "./ready.js";

/** Does what `fetch` does. `options` are those of the client; `settings` those for `fetch`, and `timeout` and `isFile`. */
export async function send({ httpClient, additionalPolicies, telemetryOptions }, url, { headers, signal, isFile, ...settings }) {
  const body = await sendable(settings.body, headers);
  const request = {
    url,
    method: settings.method,
    headers: new HttpHeaders(headers),
    body,
    timeout: settings.timeout,
    withCredentials: false,
    requestId: headers.get(telemetryOptions?.clientRequestIdHeaderName ?? "x-ms-client-request-id"),
    abortSignal: signal,
    allowInsecureConnection: true,
    // The answer is wanted as a blob, whatever its status.
    ...(isFile && { streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]) }),
  };
  const last = httpClient ? (request) => httpClient.sendRequest(request) : fetched;
  const at = (position) => (additionalPolicies ?? []).filter((one) => one.position === position);
  const policies = [...at("perCall"), ...at("perRetry")];
  const begin = policies.reduceRight((next, { policy }) => (request) => policy.sendRequest(request, next), last);
  return response(await begin(request));
}

/** The published HTTP client takes no `Blob` on Node. `fetch` would say of what type one is. */
async function sendable(body, headers) {
  if (!(body instanceof Blob)) return body;
  if (body.type && !headers.has("content-type")) headers.set("content-type", body.type);
  return globalThis.XMLHttpRequest ? body : new Uint8Array(await body.arrayBuffer());
}

async function fetched(request) {
  const { url, method, headers, body, abortSignal: signal, streamResponseStatusCodes } = request;
  const answer = await fetch(url, { method, headers, body, signal, credentials: "omit" });
  const content = streamResponseStatusCodes ? { blobBody: answer.blob() } : { bodyAsText: await answer.text() };
  return { request, status: answer.status, headers: new HttpHeaders(answer.headers), ...content };
}

/** As `fetch` would answer. */
function response({ status, headers, bodyAsText, blobBody, readableStreamBody }) {
  // A stream on Node, from the published HTTP client.
  const streamed = async () => readableStreamBody && new Response(readableStreamBody).blob();
  const file = async () => (await blobBody) ?? (await streamed());
  return {
    status,
    headers: new Headers([...headers]),
    text: async () => bodyAsText ?? (await (await file())?.text()) ?? "",
    blob: async () => (await file()) ?? new Blob([bodyAsText ?? ""]),
  };
}
