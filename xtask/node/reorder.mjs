// Names the functions of a wasm file so that in the order of their names each follows one that it resembles:
// node reorder.mjs <file>. wasm-opt's --reorder-functions-by-name then puts them so.
//
// gzip remembers 32 KB. What a function has in common with one that stands farther away it does not find.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const CODE_SECTION = 10;
const CUSTOM_SECTION = 0;
const HEADER_BYTES = 8;

/** Two functions have a piece in common where they have this many bytes in a row. */
const PIECE_BYTES = 4;
/**
 * What is tried. Which one is the best changes with every change to the code, by some hundred bytes, and nothing tells before.
 * `common`: pieces that more functions than these have say nothing. `weights`: how much the last functions count, the very
 * last first. `shortest`: added to a function's length, so that the shortest do not seem the most alike.
 */
const TRIES = [
  { common: 400, weights: [1, 0.5], shortest: 60 },
  { common: 600, weights: [1, 0.5, 0.3, 0.2], shortest: 45 },
  { common: 1200, weights: [1, 0.5], shortest: 90 },
  { common: 1200, weights: [1, 0.3], shortest: 90 },
];

/** The order in which each function resembles those before it, beginning with the longest. */
function order({ bodies, pieces, owners }, { common, weights, shortest }) {
  const left = new Set(bodies.keys());
  const longest = () => [...left].reduce((best, index) => (bodies[index].length > bodies[best].length ? index : best));
  const ordered = [];
  while (left.size > 0) {
    const scores = scoresOf(ordered, left, { pieces, owners, common, weights });
    let next;
    let highest = 0;
    for (const [index, score] of scores) {
      const share = score / (pieces[index].size + shortest);
      if (share > highest) [next, highest] = [index, share];
    }
    next ??= longest();
    ordered.push(next);
    left.delete(next);
  }
  return ordered;
}

/** What each function that is left has in common with the last ones. */
function scoresOf(ordered, left, { pieces, owners, common, weights }) {
  const scores = new Map();
  weights.forEach((weight, back) => {
    for (const piece of pieces[ordered.at(-1 - back)] ?? []) {
      const having = owners.get(piece);
      if (having.length >= common) continue;
      for (const index of having) {
        if (left.has(index)) scores.set(index, (scores.get(index) ?? 0) + weight);
      }
    }
  });
  return scores;
}

/** The functions, the pieces of each, and which have a piece. */
function resemblances(bodies) {
  const pieces = bodies.map(piecesOf);
  const owners = new Map();
  pieces.forEach((set, index) => {
    for (const piece of set) {
      if (!owners.has(piece)) owners.set(piece, []);
      owners.get(piece).push(index);
    }
  });
  return { bodies, pieces, owners };
}

/** Of the orders that are tried, the one that gzip makes least of. */
function bestOrder(bodies) {
  const functions = resemblances(bodies);
  const sizeOf = (ordered) => gzipSync(Buffer.concat(ordered.map((index) => bodies[index])), { level: 9 }).length;
  const tried = TRIES.map((how) => order(functions, how)).map((ordered) => ({ ordered, size: sizeOf(ordered) }));
  return tried.reduce((best, other) => (other.size < best.size ? other : best)).ordered;
}

function piecesOf(body) {
  const pieces = new Set();
  for (let at = 0; at + PIECE_BYTES <= body.length; at += 1) pieces.add(body.readUIntLE(at, PIECE_BYTES));
  return pieces;
}

/** The sections of the file: their ids, and where their contents begin and end. */
function sectionsOf(bytes) {
  const sections = [];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const id = bytes[at];
    const [length, start] = number(bytes, at + 1);
    sections.push({ id, start, end: start + length });
    at = start + length;
  }
  return sections;
}

function bodiesOf(bytes, { start }) {
  let [count, at] = number(bytes, start);
  const bodies = [];
  for (; count > 0; count -= 1) {
    const [length, body] = number(bytes, at);
    at = body + length;
    bodies.push(bytes.subarray(body, at));
  }
  return bodies;
}

/** A number in LEB128, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
  }
}

/** The same, written. */
function leb(value) {
  const rest = Math.floor(value / 128);
  return rest === 0 ? [value] : [(value % 128) | 128, ...leb(rest)];
}

function vector(items) {
  return Buffer.concat([Buffer.from(leb(items.length)), ...items]);
}

function sized(content) {
  return Buffer.concat([Buffer.from(leb(content.length)), content]);
}

/** A section that names the function `index` by its place in the order. */
function nameSection(ordered, imported) {
  const places = new Map(ordered.map((index, place) => [index, place]));
  const names = ordered.map((_, index) => {
    const name = String(places.get(index)).padStart(6, "0");
    return Buffer.concat([Buffer.from(leb(imported + index)), sized(Buffer.from(name))]);
  });
  const functions = Buffer.concat([Buffer.from([1]), sized(vector(names))]);
  return Buffer.concat([Buffer.from([CUSTOM_SECTION]), sized(Buffer.concat([sized(Buffer.from("name")), functions]))]);
}

const [path] = process.argv.slice(2);
const bytes = readFileSync(path);
const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
const code = sectionsOf(bytes).find(({ id }) => id === CODE_SECTION);
writeFileSync(path, Buffer.concat([bytes, nameSection(bestOrder(bodiesOf(bytes, code)), imported)]));
