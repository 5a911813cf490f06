// Somebody who chats over REST, without a browser: fills threads for the page to show.

const version = "api-version=2025-03-15";

export class ChatUser {
  constructor(server, { identity, token }, name) {
    this.server = server;
    this.id = identity.id;
    this.token = token;
    this.name = name;
  }

  static async signIn(server, name) {
    return new ChatUser(server, await server.demoToken(name), name);
  }

  async request(method, path, body, headers = {}) {
    const response = await fetch(`${this.server.http}/chat/threads${path}${path.includes("?") ? "&" : "?"}${version}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The id of a new thread with these people. */
  async createThread(topic, people) {
    const participants = [this, ...people].map(({ id, name }) => ({
      communicationIdentifier: { rawId: id, communicationUser: { id } },
      displayName: name,
    }));
    return (await this.request("POST", "", { topic, participants })).chatThread.id;
  }

  async send(threadId, content, type = "text") {
    const body = { content, type, senderDisplayName: this.name };
    return (await this.request("POST", `/${encodeURIComponent(threadId)}/messages`, body)).id;
  }

  edit(threadId, id, content) {
    return this.request("PATCH", `/${encodeURIComponent(threadId)}/messages/${id}`, { content });
  }

  delete(threadId, id) {
    return this.request("DELETE", `/${encodeURIComponent(threadId)}/messages/${id}`);
  }

  deleteThread(threadId) {
    return this.request("DELETE", `/${encodeURIComponent(threadId)}`);
  }

  remove(threadId, { id }) {
    const body = { rawId: id, communicationUser: { id } };
    return this.request("POST", `/${encodeURIComponent(threadId)}/participants/:remove`, body);
  }

  /** Sends `count` messages, several at once; `text(index)` is what the one says. */
  async sendMany(threadId, count, text) {
    let next = 0;
    const line = async () => {
      while (next < count) {
        const index = next;
        next += 1;
        await this.send(threadId, text(index));
      }
    };
    await Promise.all(Array.from({ length: 32 }, line));
  }
}
