// What a chat client keeps on the device: messages until they are sent, and the newest ones of its threads. Loaded by
// clients that ask for it. `Outbox` decides which message is sent when and does nothing else; around it are IndexedDB, the
// lock by which one of several tabs sends, and the channel by which the others hear of it.

const MAX_QUEUED = 1000;
const MAX_BODY_CHARACTERS = 65_536;
/** The age at which a message is given up: the server's seven days, less what an attempt and clocks may take. */
const MAX_AGE_MS = (7 * 24 - 1) * 3_600_000;
/** Threads in which messages are under way at the same time. */
const MAX_UNDER_WAY = 4;
/** How often the server may fail over one message until it is given up, so that the later ones get through. */
const MAX_SERVER_FAILURES = 5;
/** What happens while a page is on its way, at most. */
const MAX_EARLY = 200;

/** Opens what is kept for the user at that endpoint, and begins to send. */
export async function open(app) {
  const { localData: options } = app.clientOptions;
  if (!globalThis.indexedDB) {
    throw error("unavailable", "This browser keeps no data for this page. Send messages with sendMessage instead.");
  }
  const user = options.user?.communicationUserId ?? (await identity(app.credential));
  if (!user) throw error("unavailable", "The token does not say whose it is. Give the option localData.user.");
  const device = new Device(`openline ${app.endpoint} ${user}`);
  await device.read("outbox", (store) => store.count());
  return new LocalData(app, device, user, options);
}

class LocalData {
  #app;
  #outbox = new Outbox();
  #device;
  #user;
  #history;
  /** Whether messages are kept until they are sent. */
  #queues;
  #stop = new AbortController();
  /** Whether it is this tab's turn to send, and whether it knows what was queued before. */
  #sends = false;
  #caughtUp = false;
  #timer;

  constructor(app, device, user, { outbox = true, history = false }) {
    this.#app = app;
    this.#device = device;
    this.#user = user;
    this.#history = history ? new History(device, user, history) : undefined;
    this.#queues = outbox;
    device.listen((message) => this.#heard(message));
    if (!outbox) return;
    globalThis.addEventListener?.("online", () => this.wake(), { signal: this.#stop.signal });
    this.#waitForTurn();
  }

  /** Keeps a message, to be sent as soon as it can be. */
  async queue(threadId, body, requestId) {
    this.#expectOutbox();
    if (body.attachments) body.attachments = body.attachments.map(({ id }) => ({ id }));
    if (JSON.stringify(body).length > MAX_BODY_CHARACTERS) {
      throw error("tooLarge", "The message is too long. Shorten it.");
    }
    const record = { threadId, body, requestId, queuedOn: new Date(Date.now()) };
    await this.#device.write("outbox", async (store) => {
      if ((await answer(store.count())) >= MAX_QUEUED) {
        throw error("full", "Too many messages wait to be sent. Send or cancel some of them first.");
      }
      record.id = await answer(store.add(record));
    });
    return this.#tell("chatMessagePending", record);
  }

  /** The messages of a thread that are not sent, the oldest first. */
  async pending(threadId) {
    this.#expectOutbox();
    const records = await this.#device.read("outbox", (store) => store.getAll());
    return records.filter((record) => record.threadId === threadId).map(shown);
  }

  /** Sends a message again that could not be sent. */
  async retry(threadId, pendingId, requestId) {
    this.#expectOutbox();
    const record = await this.#device.write("outbox", async (store) => {
      const record = await found(store, threadId, pendingId);
      // By now the server would take the old id for a new one anyway.
      if (record.error?.code === "tooOld") record.requestId = requestId;
      if (record.error) record.queuedOn = new Date(Date.now());
      delete record.error;
      store.put(record);
      return record;
    });
    this.#tell("chatMessagePending", record);
    this.#device.tell({ event: "retried" });
    this.wake();
  }

  /** Takes a message back. */
  async cancel(threadId, pendingId) {
    this.#expectOutbox();
    const record = await this.#device.write("outbox", async (store) => {
      const record = await found(store, threadId, pendingId);
      store.delete(record.id);
      return record;
    });
    this.#tell("chatMessageCanceled", record);
  }

  /** Forgets everything, in every tab, and keeps nothing from here on. */
  async clear() {
    this.#device.tell({ event: "cleared" });
    this.#close();
    await this.#device.destroy();
  }

  /** The line may be back. */
  wake() {
    this.#outbox.reachable();
    this.#pump();
  }

  /** The newest messages of a thread, as far as they are kept, the newest first. */
  async cached(threadId) {
    this.#expectOpen();
    if (!this.#history) throw notEnabled("history");
    return this.#history.messages(threadId);
  }

  /** A page of a thread's messages was read. */
  page(threadId, page) {
    return this.#history?.page(threadId, page);
  }

  /** A thread is no longer there for this user. */
  gone(threadId) {
    return this.#history?.gone(threadId);
  }

  /** Something happened in a thread. */
  event(name, event, sequenceId) {
    return this.#history?.event(name, event, sequenceId);
  }

  /** Events were missed, or will be. */
  missed() {
    this.#history?.missed();
  }

  #expectOpen() {
    if (this.#stop.signal.aborted) throw closed();
  }

  #expectOutbox() {
    this.#expectOpen();
    if (!this.#queues) throw notEnabled("outbox");
  }

  #tell(event, record, extra) {
    const message = { event, message: { ...shown(record), ...extra } };
    this.#device.tell(message);
    this.#heard(message);
    return message.message;
  }

  #heard({ event, message }) {
    if (event === "cleared") return this.#close();
    if (event === "retried") return this.wake();
    if (event === "chatMessagePending" && this.#sends) {
      this.#outbox.add(Number(message.pendingId), message.threadId, Number(message.queuedOn));
    } else if (event === "chatMessageCanceled") {
      this.#outbox.remove(Number(message.pendingId));
    }
    this.#app.host.emit(event, message);
    this.#pump();
  }

  async #waitForTurn() {
    const { signal } = this.#stop;
    const send = async () => {
      await this.#begin();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    // Without locks every tab sends. The server knows the ids, so that nothing is there twice.
    const turn = navigator.locks ? navigator.locks.request(this.#device.name, { signal }, send) : send();
    await Promise.resolve(turn).catch(() => undefined);
  }

  async #begin() {
    this.#sends = true;
    for (const record of await this.#kept()) {
      if (!record.error) this.#outbox.add(record.id, record.threadId, Number(record.queuedOn));
    }
    this.#caughtUp = true;
    this.#pump();
  }

  /** What is in the outbox, as soon as the browser gives it out. */
  async #kept() {
    for (let attempt = 0; !this.#stop.signal.aborted; attempt++) {
      const records = await this.#device.read("outbox", (store) => store.getAll()).catch(() => undefined);
      if (records) return records;
      await new Promise((resolve) => setTimeout(resolve, backOff(attempt, Math.random())));
    }
    return [];
  }

  #pump() {
    if (!this.#caughtUp || this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    for (let id; (id = this.#outbox.nextExpired(Date.now())) !== undefined; ) {
      this.#fail(id, { code: "tooOld", message: "It could not be sent for a week. Send it again if it is still wanted." });
    }
    for (let id; (id = this.#outbox.nextToSend(performance.now())) !== undefined; ) this.#send(id);
    const wait = this.#outbox.wait(performance.now());
    if (wait !== undefined) this.#timer = setTimeout(() => this.#pump(), Math.min(Math.max(wait, 0), 2 ** 31 - 1));
  }

  async #send(id) {
    let sent, failure;
    try {
      // A browser that cannot read now is as a server that cannot be reached: it is tried again.
      const record = await this.#device.read("outbox", (store) => store.get(id));
      if (!record || this.#stop.signal.aborted) {
        this.#outbox.remove(id);
        return this.#pump();
      }
      if ((await identity(this.#app.credential)) !== this.#user) throw new Error("The token is somebody else's.");
      sent = await this.#post(record);
    } catch (reason) {
      failure = reason;
      if (reason?.code === "disposed") return this.#close();
    }
    const wait = retryAfter(failure?.response?.headers?.get("retry-after"));
    const status = sent ? 201 : (failure?.statusCode ?? 0);
    const settled = this.#outbox.answered(id, status, wait, performance.now(), Math.random());
    if (settled && sent) await this.#sent(id, sent.id);
    if (settled && failure) await this.#fail(id, described(failure));
    this.#pump();
  }

  #post({ threadId, body: { content, ...options }, requestId }) {
    const { ChatThreadClient, endpoint, credential, clientOptions } = this.#app;
    // When to try again is decided here.
    const ownOptions = { ...clientOptions, retryOptions: { maxRetries: 0 } };
    const client = new ChatThreadClient(endpoint, threadId, credential, ownOptions);
    const customHeaders = { "repeatability-request-id": requestId };
    return client.sendMessage({ content }, { ...options, requestOptions: { customHeaders } });
  }

  async #sent(id, messageId) {
    const record = await this.#settle(id, (store) => store.delete(id));
    if (record) this.#tell("chatMessageSent", record, { state: "sent", messageId });
  }

  async #fail(id, reason) {
    const record = await this.#settle(id, (store, record) => store.put(Object.assign(record, { error: reason })));
    if (record) this.#tell("chatMessageFailed", record);
  }

  /** Changes a message that was not taken back meanwhile. What cannot be written now is settled after the next start. */
  #settle(id, change) {
    return this.#device
      .write("outbox", async (store) => {
        const record = await answer(store.get(id));
        if (record) change(store, record);
        return record;
      })
      .catch(() => undefined);
  }

  #close() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#history = undefined;
    this.#device.close();
  }
}

/**
 * Decides which message is sent when: in order within its thread, and not for ever. Every attempt of a message carries
 * the same id, by which the server knows a repeat for seven days. Reads no clock; times are in milliseconds.
 */
export class Outbox {
  /** By their numbers, which grow in the order in which they were queued. */
  #waiting = [];
  /** Nothing is sent before: the server said so. */
  #busyUntil = 0;
  /** Nothing is sent before: it was not reached, so many times in a row. */
  #unreachableUntil = 0;
  #unreached = 0;

  /** Takes a message; one that is known already is left as it is. */
  add(id, threadId, queuedOn) {
    if (this.#find(id)) return;
    this.#waiting.push({ id, threadId, queuedOn, underWay: false, notBefore: 0, serverFailures: 0 });
    this.#waiting.sort((one, other) => one.id - other.id);
  }

  /** Forgets a message. */
  remove(id) {
    this.#waiting = this.#waiting.filter((message) => message.id !== id);
  }

  /** A message that is too old; it is forgotten with this. `wall`: since 1970. */
  nextExpired(wall) {
    const id = this.#waiting.find(({ underWay, queuedOn }) => !underWay && wall - queuedOn >= MAX_AGE_MS)?.id;
    this.remove(id);
    return id;
  }

  /** A message to send now. It is under way until `answered` or `remove`. */
  nextToSend(now) {
    const underWay = this.#waiting.filter((message) => message.underWay).length;
    if (Math.max(this.#busyUntil, this.#unreachableUntil) > now || underWay >= MAX_UNDER_WAY) return undefined;
    const next = this.#first().find((message) => !message.underWay && message.notBefore <= now);
    if (next) next.underWay = true;
    return next?.id;
  }

  /** How long there is nothing to do unless something happens. */
  wait(now) {
    const times = this.#first()
      .filter((message) => !message.underWay)
      .map((message) => message.notBefore);
    if (times.length === 0) return undefined;
    return Math.max(Math.min(...times), this.#busyUntil, this.#unreachableUntil) - now;
  }

  /**
   * An attempt ended: with that status, 0 without an answer, and when to come back, if it says. Whether it was the last.
   * `jitter`, from 0 to 1, spreads out those who come back.
   */
  answered(id, status, retryAfter, now, jitter) {
    // Nor does a token that is refused say anything of the message, or a proxy that got no answer itself.
    const isUnreachable = [0, 401, 408, 502, 504].includes(status);
    if (!isUnreachable) this.reachable();
    const message = this.#find(id);
    if (!message) return false;
    message.underWay = false;
    if (isUnreachable) this.#unreachableUntil = now + backOff(this.#unreached++, jitter);
    else if (status === 429) message.notBefore = now + (retryAfter ?? backOff(0, jitter));
    else if (status === 503) this.#busyUntil = now + (retryAfter ?? backOff(0, jitter));
    else if (status < 500 || ++message.serverFailures === MAX_SERVER_FAILURES) {
      this.remove(id);
      return true;
    } else message.notBefore = now + backOff(message.serverFailures, jitter);
    return false;
  }

  /** The server may be within reach. */
  reachable() {
    this.#unreached = 0;
    this.#unreachableUntil = 0;
  }

  #find(id) {
    return this.#waiting.find((message) => message.id === id);
  }

  /** The oldest message of each thread. */
  #first() {
    const threads = new Set();
    return this.#waiting.filter(({ threadId }) => !threads.has(threadId) && threads.add(threadId));
  }
}

/** Twice as long every time, up to a minute; `jitter` takes away up to a half. */
function backOff(attempt, jitter) {
  return Math.min(1_000 * 2 ** attempt, 60_000) * (1 - jitter / 2);
}

/** The newest messages of threads: of each an unbroken row that ends where it was when it was last looked at. */
class History {
  #device;
  #user;
  #limits;
  /** Threads whose newest page was read since events arrive: what happens in them comes after it. */
  #current = new Set();
  /** What happened last to messages that are not kept: they may be on a page that is on its way. */
  #early = [];

  constructor(device, user, limits) {
    this.#device = device;
    this.#user = user;
    this.#limits = { maxThreads: 50, maxMessagesPerThread: 200, maxBytes: 10_000_000, ...limits };
  }

  missed() {
    this.#current.clear();
    this.#early = [];
  }

  async messages(threadId) {
    const thread = await this.#device.read("threads", (store) => store.get(threadId));
    return thread?.messages ?? [];
  }

  /** `page`: newest first; whether it is the newest one, the oldest one, and read while events arrived. */
  page(threadId, { messages, first, last, live }) {
    if (first && live) this.#current.add(threadId);
    return this.#change(threadId, (known) => {
      const latest = merged(known, messages, first, last);
      return first ? this.#caughtUp(latest, threadId) : latest;
    });
  }

  /** What happened since the page was read. */
  #caughtUp(messages, threadId) {
    const early = this.#early.filter((event) => event.threadId === threadId);
    this.#early = this.#early.filter((event) => event.threadId !== threadId);
    return early.reduce((known, { name, message }) => this.#after(name, known, message, threadId) ?? known, messages);
  }

  gone(threadId) {
    this.#current.delete(threadId);
    return this.#change(threadId, () => []);
  }

  event(name, event, sequenceId) {
    const wasRemoved = event.participantsRemoved?.some(({ id }) => id.communicationUserId === this.#user);
    if (name === "chatThreadDeleted" || wasRemoved) return this.gone(event.threadId);
    const message = eventMessage(name, event, sequenceId);
    if (message) return this.#change(event.threadId, (known) => this.#happened(name, known, message, event.threadId));
  }

  #happened(name, known, message, threadId) {
    const messages = this.#after(name, known, message, threadId);
    if (messages) return messages;
    this.#early = [...this.#early, { name, message, threadId }].slice(-MAX_EARLY);
    return known;
  }

  /** The messages after an event; nothing if it has no place among them. */
  #after(name, known, message, threadId) {
    const index = known.findIndex(({ id }) => id === message.id);
    if (index >= 0) {
      if (Number(known[index].version) >= Number(message.version)) return known;
      const { content: _content, metadata: _metadata, ...kept } = known[index];
      return known.with(index, { ...(name === "chatMessageDeleted" ? kept : known[index]), ...message });
    }
    const follows =
      this.#current.has(threadId) || Number(known[0]?.sequenceId) + 1 === Number(message.sequenceId);
    const isNewest = !known[0] || Number(message.id) > Number(known[0].id);
    return name === "chatMessageReceived" && follows && isNewest ? [message, ...known] : undefined;
  }

  /** Failures are no concern of whoever reads or listens: what is kept is a copy, and what comes next does not follow it. */
  #change(threadId, change) {
    return this.#device
      .write("threads", async (store) => {
        const known = (await answer(store.get(threadId)))?.messages ?? [];
        const messages = change(known);
        if (messages === known) return;
        const { kept, size } = this.#fitting(messages);
        if (kept.length === 0) store.delete(threadId);
        else store.put({ threadId, messages: kept, size, usedOn: Date.now() });
        await this.#evict(store);
      })
      .catch(() => void this.#current.delete(threadId));
  }

  /** As many of the newest ones as there is room for. */
  #fitting(messages) {
    const { maxMessagesPerThread, maxBytes } = this.#limits;
    const kept = [];
    let size = 0;
    for (const message of messages.slice(0, maxMessagesPerThread)) {
      const bytes = JSON.stringify(message).length * 2;
      if (size + bytes > maxBytes) break;
      kept.push(message);
      size += bytes;
    }
    return { kept, size };
  }

  /** Lets go of the threads that were not used for the longest time. */
  async #evict(store) {
    let count = 0;
    let size = 0;
    const cursor = store.index("use").openKeyCursor(null, "prev");
    await new Promise((resolve, reject) => {
      cursor.onerror = () => reject(cursor.error);
      cursor.onsuccess = () => {
        if (!cursor.result) return resolve();
        const { key, primaryKey } = cursor.result;
        count += 1;
        size += key[1];
        if (count > this.#limits.maxThreads || size > this.#limits.maxBytes) store.delete(primaryKey);
        cursor.result.continue();
      };
    });
  }
}

/** What is known of a thread after a page of it was read. */
function merged(known, page, first, last) {
  if (page.length === 0) return first && last ? [] : known;
  const newest = Number(page[0].id);
  const oldest = Number(page.at(-1).id);
  const newer = known.filter(({ id }) => Number(id) > newest);
  const older = known.filter(({ id }) => Number(id) < oldest);
  const touches = known.some(({ id }) => Number(id) >= oldest && Number(id) <= newest);
  // A page that is not the newest one says nothing of what is kept unless they touch.
  if (!first && !touches && Number(known.at(-1)?.sequenceId) !== Number(page[0].sequenceId) + 1) return known;
  const versions = new Map(known.map((message) => [message.id, message]));
  const latest = page.map((message) => {
    const before = versions.get(message.id);
    return before && Number(before.version) > Number(message.version) ? before : message;
  });
  const goesOn = touches || Number(older[0]?.sequenceId) + 1 === Number(page.at(-1).sequenceId);
  return [...newer, ...latest, ...(!last && goesOn ? older : [])];
}

/** The message that an event tells of, as the list of messages has it. */
function eventMessage(name, event, sequenceId) {
  const { id, type, version, createdOn, sender, senderDisplayName, metadata } = event;
  if (name === "chatMessageDeleted") return { id, version, deletedOn: event.deletedOn };
  const content = { message: event.message, attachments: event.attachments ?? [] };
  if (name === "chatMessageEdited") return { id, version, content, metadata, editedOn: event.editedOn };
  if (name === "chatMessageReceived") {
    return { id, type, sequenceId, version, content, senderDisplayName, createdOn, sender, metadata };
  }
}

/** The database and the channel of one user at one server. */
class Device {
  #channel;
  #database;
  #closed = false;

  constructor(name) {
    this.name = name;
  }

  read(store, work) {
    return this.#transaction(store, "readonly", (store) => answer(work(store)));
  }

  write(store, work) {
    return this.#transaction(store, "readwrite", work);
  }

  listen(heard) {
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }) => heard(data);
    this.#channel.unref?.();
  }

  tell(message) {
    this.#channel.postMessage(message);
  }

  close() {
    this.#closed = true;
    this.#channel.close();
    this.#database?.then((database) => database.close());
  }

  async destroy() {
    await answer(indexedDB.deleteDatabase(this.name));
  }

  async #transaction(name, mode, work) {
    const database = await this.#opened();
    // What was confirmed is on disk.
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    try {
      const result = await work(transaction.objectStore(name));
      await done;
      return result;
    } catch (reason) {
      done.catch(() => undefined);
      try {
        transaction.abort();
      } catch {
        // It is over already.
      }
      throw reason;
    }
  }

  #opened() {
    if (this.#closed) throw closed();
    this.#database ??= this.#open().catch((reason) => {
      this.#database = undefined;
      throw reason;
    });
    return this.#database;
  }

  async #open() {
    const request = indexedDB.open(this.name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
      const threads = request.result.createObjectStore("threads", { keyPath: "threadId" });
      threads.createIndex("use", ["usedOn", "size"]);
    };
    const database = await answer(request);
    const forget = () => (this.#database = undefined);
    database.onclose = forget;
    // Another tab clears it, or has a newer version of it.
    database.onversionchange = ({ newVersion }) => {
      forget();
      this.#closed ||= newVersion === null;
      database.close();
    };
    return database;
  }
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Who a token stands for, as a raw id. */
async function identity(credential) {
  const { token } = await credential.getToken();
  const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  const { skypeid } = JSON.parse(atob(payload));
  return skypeid && `8:${skypeid}`;
}

async function found(store, threadId, pendingId) {
  const record = await answer(store.get(Number(pendingId) || 0));
  if (record?.threadId === threadId) return record;
  throw error("notFound", "No such message waits in this thread: it was sent or taken back.");
}

/** A kept message, as applications get it. */
function shown({ id, threadId, body, queuedOn, error: reason }) {
  const message = { pendingId: String(id), threadId, type: "text", ...body, queuedOn };
  return reason ? { ...message, state: "failed", error: reason } : { ...message, state: "pending" };
}

/** Why a message was refused, as plain data that can be kept. */
function described({ code, message, statusCode, requestId }) {
  return { code: String(code), message, statusCode, requestId };
}

/** In milliseconds; the header has seconds or a date. */
function retryAfter(text) {
  const wait = Number(text ?? NaN) * 1000 || Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

function closed() {
  return error("closed", "The local data was cleared, or the credential disposed. Make another client.");
}

function notEnabled(what) {
  return error("notEnabled", `Give ChatClient the option { localData: { ${what}: true } } to use this.`);
}

function error(code, message) {
  return Object.assign(new Error(message), { name: "LocalDataError", code });
}
