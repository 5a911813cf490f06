// A `WebSocket` that ends in this page: what the SDK sends goes to the server of the test.
const open = globalThis.WebSocket;

/** Puts the page's own socket in place. The three functions are the server's. */
export function installSocket(opened, received, closed) {
  globalThis.WebSocket = class extends EventTarget {
    constructor() {
      super();
      queueMicrotask(() => {
        this.id = opened(this);
        this.dispatchEvent(new Event("open"));
      });
    }
    send(text) {
      queueMicrotask(() => received(this.id, text));
    }
    close(code) {
      queueMicrotask(() => closed(this.id, code ?? 1005));
    }
    deliver(text) {
      queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: text })));
    }
    end(code) {
      queueMicrotask(() => this.dispatchEvent(new CloseEvent("close", { code })));
    }
  };
}

export function removeSocket() {
  globalThis.WebSocket = open;
}

/** A token as the server issues it, unsigned: nobody checks it here. */
export function tokenOf(user) {
  const part = (value) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const claims = {
    skypeid: `acs:resource_${user}`,
    exp: Math.floor(Date.now() / 1000) + 3600,
    acsScope: "chat,voip",
    resourceId: "resource",
    iss: "https://in-page.test/",
  };
  return `${part({ alg: "none" })}.${part(claims)}.x`;
}
