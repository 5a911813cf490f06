// What becomes of tokens behind a page's back, on the real server.
import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Ends all tokens of an identity, as an application's server does. */
export async function revokeTokens(server, identity) {
  const { key } = /accesskey=(?<key>.+)$/.exec(server.ready.connectionString).groups;
  const target = `/identities/${encodeURIComponent(identity)}/:revokeAccessTokens?api-version=2025-06-30`;
  const { host } = new URL(server.http);
  const date = new Date().toUTCString();
  const hash = createHash("sha256").update("").digest("base64");
  const text = `POST\n${target}\n${date};${host};${hash}`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  const response = await fetch(server.http + target, {
    method: "POST",
    headers: {
      "x-ms-date": date,
      "x-ms-content-sha256": hash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    },
  });
  if (response.status !== 204) throw new Error(`revocation: ${response.status} ${await response.text()}`);
}

/** The same token, but that it expires in so many seconds: signed by the server's own key, which its database holds. */
export async function expiringIn(server, token, seconds) {
  const [header, payload] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  claims.exp = Math.floor(Date.now() / 1000) + seconds;
  const message = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const key = await signingKey(server.dataDirectory);
  const signature = sign("sha256", Buffer.from(message), { key, dsaEncoding: "ieee-p1363" });
  return `${message}.${signature.toString("base64url")}`;
}

/** A P-256 key in PKCS#8 begins so, wherever in the file it is. */
const keyBegins = Buffer.from("308187020100301306072a8648ce3d020106082a8648ce3d030107", "hex");
const keyLength = 138;

async function signingKey(directory) {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.path, entry.name));
    const start = content.indexOf(keyBegins);
    if (start >= 0) return createPrivateKey({ key: content.subarray(start, start + keyLength), format: "der", type: "pkcs8" });
  }
  throw new Error("The server's signing key is not where it was.");
}
