// One start for all entries: whichever entry loads first, there is one wasm instance.
import initCore, * as core from "./core.js";

let loading;
let ready = false;

/** Loads the core once; a failed load is forgotten, so that the next call tries again. */
export function start(source) {
  loading ??= load(source).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(source) {
  await initCore({ module_or_path: await source() });
  hideFree();
  core.provideLocalData(localData);
  core.providePipeline(throughPipeline, readable);
  ready = true;
}

/** Opens what is kept on the device when it is first asked for, and again where that failed. */
function localData(host, credential, endpoint, clientOptions) {
  const { ChatThreadClient } = core;
  let opened;
  const ask = async (method, originals) => {
    // Applications may change theirs before it is written. What they queue may be wrapped in a Proxy, which JSON unwraps.
    const args = method === "queue" ? JSON.parse(JSON.stringify(originals)) : structuredClone(originals);
    opened ??= import("./local_data.js").then(({ open }) =>
      open({ host, credential, endpoint, clientOptions, ChatThreadClient }),
    );
    const local = await opened.catch((error) => {
      opened = undefined;
      throw error;
    });
    return local[method](...args);
  };
  return (waits, method, ...args) => {
    const answer = ask(method, args);
    if (!waits) answer.catch(() => undefined);
    return answer;
  };
}

function throughPipeline(options) {
  return async (url, settings) => {
    const { send } = await import("./pipeline.js");
    return send(options, url, settings);
  };
}

/** Headers as the published chat client has them. */
export class HttpHeaders extends Headers {
  get(name) {
    return super.get(name) ?? undefined;
  }

  toJSON() {
    return Object.fromEntries(this);
  }
}

function readable(headers) {
  const copy = new HttpHeaders(headers);
  copy.delete("authorization");
  return copy;
}

// UI libraries wrap these objects in a Proxy. `free` called through one drops the Rust side but
// leaves the finalizer armed, which then drops it a second time; garbage collection is enough.
function hideFree() {
  for (const value of Object.values(core)) {
    const prototype = typeof value === "function" ? value.prototype : undefined;
    if (prototype && Object.hasOwn(prototype, "free")) {
      delete prototype.free;
      if (Symbol.dispose) delete prototype[Symbol.dispose];
    }
  }
}

/** The same class or function, except that using it before `init` says what to do. `extra`: an own argument, after its one. */
export function whenReady(name, target, extra) {
  return new Proxy(target, {
    construct(constructor, args, newTarget) {
      assertReady(name);
      return Reflect.construct(constructor, extra ? [args[0], extra] : args, newTarget);
    },
    apply(func, self, args) {
      assertReady(name);
      return Reflect.apply(func, self, args);
    },
  });
}

function assertReady(name) {
  if (!ready) {
    throw new Error(`Call "await init()", imported from where ${name} is, before you use it.`);
  }
}
