// Stands in for the server: answers `fetch` from a list, and plays the other end of a WebSocket.

let answers = [];
let requests = [];
let sockets = [];
const realFetch = window.fetch;
const realNow = Date.now;
const RealWebSocket = window.WebSocket;

export function install() {
  Date.now = realNow;
  answers = [];
  requests = [];
  sockets = [];
  // The test runner reports through fetch, too.
  window.fetch = (url, settings) =>
    String(url).startsWith("https://stub.test/") ? answer(new Request(url, settings)) : realFetch(url, settings);
  window.XMLHttpRequest = StubTransfer;
  window.WebSocket = function (url) {
    return String(url).startsWith("wss://stub.test") ? new StubSocket(url) : new RealWebSocket(url);
  };
}

async function answer(request) {
  requests.push({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  const next = answers.shift() ?? { status: 500, body: "", headers: {} };
  if (next.status === 0) throw new TypeError("Failed to fetch");
  if (next.status === -1) {
    return new Promise((_, reject) => {
      const fail = () => reject(new DOMException("aborted", "AbortError"));
      request.signal.aborted ? fail() : request.signal.addEventListener("abort", fail);
    });
  }
  const body = next.body === "" ? null : next.body;
  return new Response(body, { status: next.status, headers: next.headers });
}

// Requests with files: as the browser does, half of the file is on its way before all of it is.
class StubTransfer extends EventTarget {
  upload = new EventTarget();
  status = 0;
  response = null;
  responseHeaders = {};
  headers = {};

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.headers[name] = value;
  }

  async send(file) {
    const { method, url, headers } = this;
    requests.push({ method, url, headers, body: file ? await file.text() : "", type: file?.type });
    const next = answers.shift() ?? { status: 500, body: "", headers: {} };
    const [moving, total] = file ? [this.upload, file.size] : [this, next.body.length];
    const progress = (loaded) =>
      moving.dispatchEvent(new ProgressEvent("progress", { lengthComputable: total > 0, loaded, total }));
    progress(total / 2);
    if (next.status === -1 || this.aborted) return;
    progress(total);
    if (next.status > 0) {
      this.status = next.status;
      this.responseHeaders = next.headers;
      this.response = new Blob([next.body]);
    }
    this.onloadend();
  }

  abort() {
    this.aborted = true;
    this.onloadend();
  }

  getAllResponseHeaders() {
    return Object.entries(this.responseHeaders).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }
}

export function withoutTransfers() {
  delete window.XMLHttpRequest;
}

// Status 0: the network fails. -1: there is no answer until the request is aborted.
export function willAnswer(status, body, headers) {
  answers.push({ status, body, headers: headers ? JSON.parse(headers) : {} });
}

export function requestCount() {
  return requests.length;
}

export function requestAt(index) {
  return requests[index];
}

class StubSocket extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.sent = [];
    this.waiting = [];
    sockets.push(this);
    setTimeout(() => this.dispatchEvent(new Event("open")));
  }

  send(text) {
    this.sent.push(JSON.parse(text));
    for (const check of [...this.waiting]) check();
  }

  close(code) {
    this.sent.push({ type: "closed", code });
    for (const check of [...this.waiting]) check();
  }
}

async function socketAt(index) {
  while (sockets.length <= index) await new Promise((resolve) => setTimeout(resolve));
  return sockets[index];
}

// Resolves with the first frame of that type that the client sent on that socket.
export const sentFrame = (index, type) => sent(index, (frame) => frame.type === type);

export const sentSubscription = (index, topic) =>
  sent(index, (frame) => frame.type === "subscribe" && frame.topic === topic);

// A frame of that type with that value in a field.
export const sentFrameWhere = (index, type, field, value) =>
  sent(index, (frame) => frame.type === type && frame[field] === value);

async function sent(index, wanted) {
  const socket = await socketAt(index);
  return new Promise((resolve) => {
    const check = () => {
      const frame = socket.sent.find(wanted);
      if (frame) {
        socket.waiting = socket.waiting.filter((known) => known !== check);
        resolve(frame);
      }
    };
    socket.waiting.push(check);
    check();
  });
}

export function socketCount() {
  return sockets.length;
}

export function serverSends(index, frame) {
  sockets[index].dispatchEvent(new MessageEvent("message", { data: frame }));
}

export function serverCloses(index, code) {
  sockets[index].dispatchEvent(new CloseEvent("close", { code }));
}

// Sets the page's clock ahead. Timers run as they did.
export function passTime(seconds) {
  Date.now = () => realNow.call(Date) + seconds * 1000;
}

// An unsigned token that expires in so many seconds.
export function token(user, seconds) {
  const encode = (value) => btoa(JSON.stringify(value)).replace(/=+$/, "").replace(/\+/g, "-").replace(/\//g, "_");
  const exp = Math.floor(Date.now() / 1000) + seconds;
  return `${encode({ alg: "none" })}.${encode({ skypeid: `acs:r_${user}`, exp })}.x`;
}

// What the page would report as an uncaught error.
export function collectReports() {
  const reports = [];
  window.reportError = (error) => reports.push(error);
  return reports;
}

// Resolves when the page sets a timer of about a minute, other than the limit of a request.
export function longTimer() {
  const real = window.setTimeout;
  return new Promise((resolve) => {
    window.setTimeout = (callback, delay, ...rest) => {
      if (delay >= 59_000 && delay < 75_000 && delay !== 60_000) {
        window.setTimeout = real;
        resolve();
      }
      return real.call(window, callback, delay, ...rest);
    };
  });
}
