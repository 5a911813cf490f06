// A line to the server as some networks have it: TLS is opened on the way, and WebSockets are refused.
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:https";
import { join } from "node:path";

/** Starts the line. Where the server names its own address, the line puts its own. */
export async function withoutWebSockets(server) {
  const pem = (name) => readFile(join(server.dataDirectory, name));
  const target = new URL(server.ready.endpoint);
  const options = { key: await pem("server-key.pem"), cert: await pem("server.pem") };
  const ca = await pem("ca.pem");
  const refused = [];
  let polls = 0;

  const line = createServer(options, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    if (method === "GET" && url.includes("/xhr-polling/")) polls += 1;
    const onward = request({ host: target.hostname, port: target.port, method, path: url, ca, headers: { ...headers, host: target.host } });
    onward.on("response", async (answer) => {
      const body = Buffer.concat(await answer.toArray()).toString().replaceAll(target.host, new URL(address).host);
      const { "content-length": _, "transfer-encoding": __, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode, rest);
      outgoing.end(body);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.on("close", () => incoming.complete || onward.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  line.on("upgrade", ({ url }, socket) => {
    refused.push(url.split("?")[0]);
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  await new Promise((resolve) => line.listen(0, "localhost", resolve));
  const address = `https://localhost:${line.address().port}/`;
  return {
    endpoint: address,
    refused,
    /** How often it was polled. */
    get polls() {
      return polls;
    },
    close: () => {
      line.closeAllConnections();
      return new Promise((resolve) => line.close(resolve));
    },
  };
}
