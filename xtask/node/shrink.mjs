// Shortens the names between core.js and core_bg.wasm, and minifies core.js: node shrink.mjs <folder>
//
// wasm-bindgen names every import and export at length, most with a hash that no compression shortens. Nobody but
// the two files ever sees these names, so both get the same short ones.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { minify } from "terser";

const IMPORT_SECTION = 2;
const EXPORT_SECTION = 7;
const HEADER_BYTES = 8;

/** The file with short names, and which name became which. */
function renameWasm(bytes) {
  const imports = new Map();
  const exports = new Map();
  const parts = [bytes.subarray(0, HEADER_BYTES)];
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    const id = bytes[at];
    const reader = new Reader(bytes, at + 1);
    const end = reader.number() + reader.at;
    if (id === IMPORT_SECTION) {
      parts.push(section(id, reader, (item) => [item.name(), item.renamed(imports), item.importKind()]));
    } else if (id === EXPORT_SECTION) {
      parts.push(section(id, reader, (item) => [item.renamed(exports), item.exportKind()]));
    } else {
      parts.push(bytes.subarray(at, end));
    }
    if (id === IMPORT_SECTION || id === EXPORT_SECTION) {
      expect(reader.at === end, `section ${id} is not as long as it says`);
    }
    at = end;
  }
  return { wasm: Buffer.concat(parts), names: { imports, exports } };
}

/** The section with every item as `item` has it. */
function section(id, reader, item) {
  const count = reader.number();
  const items = Array.from({ length: count }, () => item(reader)).flat();
  const body = Buffer.concat([number(count), ...items]);
  return Buffer.concat([Buffer.from([id]), number(body.length), body]);
}

/** The glue with the same names. */
function renameJs(source, { imports, exports }) {
  const used = new Set();
  const renamed = source
    .replace(/\bwasm\.([A-Za-z_$][\w$]*)/g, (_whole, name) => {
      expect(exports.has(name), `core.js uses ${name}, which the wasm file does not export`);
      return `wasm.${exports.get(name)}`;
    })
    // The members of the object of imports: one a line, all with wasm-bindgen's prefix.
    .replace(/^( +)(__wb\w+):/gm, (_whole, indent, name) => {
      used.add(name);
      return `${indent}${imports.get(name) ?? name}:`;
    });
  for (const name of imports.keys()) {
    expect(used.has(name), `core.js has no import ${name}`);
  }
  return renamed;
}

async function minified(source) {
  const { code } = await minify(source, { module: true, keep_classnames: true });
  return `${code}\n`;
}

/** a to Z, then two letters. */
function shortName(index) {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const last = letters[index % letters.length];
  const rest = Math.floor(index / letters.length);
  return rest === 0 ? last : shortName(rest - 1) + last;
}

/** Unsigned LEB128. */
function number(value) {
  const bytes = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push((value % 128) | (rest > 0 ? 128 : 0));
    value = rest;
  } while (value > 0);
  return Buffer.from(bytes);
}

function text(value) {
  return Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);
}

function expect(condition, otherwise) {
  if (!condition) {
    throw new Error(`${otherwise}: wasm-bindgen writes its files in another way than this script knows.`);
  }
}

/** Reads on through the binary format; each method returns the bytes of what it read, `number` the number. */
class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  name() {
    return this.take(() => {
      const length = this.number();
      this.at += length;
    });
  }

  renamed(names) {
    const length = this.number();
    const name = this.bytes.toString("utf8", this.at, (this.at += length));
    if (!names.has(name)) names.set(name, shortName(names.size));
    return text(names.get(name));
  }

  exportKind() {
    return this.take(() => {
      this.at += 1;
      this.number();
    });
  }

  importKind() {
    return this.take(() => {
      const kind = this.bytes[this.at++];
      if (kind === 0) {
        this.number();
      } else if (kind === 1) {
        this.at += 1;
        this.limits();
      } else if (kind === 2) {
        this.limits();
      } else if (kind === 3) {
        this.at += 2;
      } else {
        expect(kind === 4, `an import of kind ${kind}`);
        this.at += 1;
        this.number();
      }
    });
  }

  limits() {
    const flags = this.number();
    this.number();
    if (flags & 1) this.number();
  }

  take(skip) {
    const start = this.at;
    skip();
    return this.bytes.subarray(start, this.at);
  }
}

const [folder] = process.argv.slice(2);
const wasmPath = join(folder, "core_bg.wasm");
const jsPath = join(folder, "core.js");
const { wasm, names } = renameWasm(readFileSync(wasmPath));
const js = await minified(renameJs(readFileSync(jsPath, "utf8"), names));
writeFileSync(wasmPath, wasm);
writeFileSync(jsPath, js);
