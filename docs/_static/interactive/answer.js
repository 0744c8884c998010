// An answer as it was written: `values.py` for what JSON or an input of the page can hold, and
// `part1/marking.py` and `part1/boxes.py`. A text among the values says what stood there instead of a number.

import { constants, say } from "./course.js";
import { tuple } from "./writing.js";

const { COMPUTED, DEPTH, MINUS, SIZE, TEXT_LENGTH } = constants;

const NUMBER = /^[+-]?[ \t]*(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const WIDE = 0xfee0; // so far from ASCII are the characters of East Asian keyboards
const NOT_PRINTABLE = /(?! )[\p{C}\p{Z}]/u;

// Writes signs that were copied from a page or typed elsewhere as Python knows them: `signs.py`.
export function withAsciiSigns(text) {
  return text
    .replace(/\p{Zs}/gu, " ")
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDE))
    .replace(/[^ -~]/g, (sign) => (MINUS.includes(sign) ? "-" : sign));
}

// Reads what was typed into one input: null if it is empty, a number, or words for all else.
export function numberOrText(typed) {
  const text = typed.trim();
  if (!text) return null;
  const ascii = withAsciiSigns(text);
  return plain(NUMBER.test(ascii) ? Number(ascii.replace(/[ \t]/g, "")) : text);
}

export function plain(value) {
  const budget = { left: SIZE };
  const read = plainWithin(value, DEPTH, budget);
  return budget.left < 0 ? say("too many") : read;
}

function plainWithin(value, depth, budget) {
  budget.left -= 1;
  if (budget.left < 0) return undefined; // nobody looks at the others
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return number(value);
  if (depth === 0) return say("too deep");
  const items = [];
  for (const item of value) {
    items.push(plainWithin(item, depth - 1, budget));
    if (budget.left < 0) break;
  }
  return items;
}

function number(value) {
  if (typeof value === "boolean") return say("truth", { value: value ? "True" : "False" });
  if (typeof value === "string") return say("text", { text: quoted(value) });
  if (typeof value !== "number") return say("type", { name: "dict" }); // JSON has nothing else
  return Number.isFinite(value) ? value : say("not finite");
}

// The first characters of a text as Python's `repr` writes them.
function quoted(text) {
  const start = text.slice(0, 2 * TEXT_LENGTH); // a character may take two places
  const characters = [...start].slice(0, TEXT_LENGTH);
  const quote = characters.includes("'") && !characters.includes('"') ? '"' : "'";
  return quote + characters.map((character) => escaped(character, quote)).join("") + quote;
}

function escaped(character, quote) {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", [quote]: `\\${quote}` };
  if (character in short) return short[character];
  if (!NOT_PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

// Holds plain values against the shape asked for: `values` row by row, or null if they are of
// no use; `problem` and `detail` say why.
export function read(given, shape) {
  const leaves = [given].flat(Infinity);
  if (leaves.includes(null)) {
    const partly = leaves.some((leaf) => leaf !== null);
    return useless("missing", partly ? say("partly missing") : "");
  }
  // Whatever reached us as plain is looked at once more: true and NaN are no numbers.
  const found = leaves
    .map((leaf) => (typeof leaf === "string" ? leaf : plain(leaf)))
    .find((leaf) => typeof leaf === "string");
  if (found !== undefined) {
    const problem = found === say("too many") ? "wrong shape" : "invalid";
    return useless(problem, say("holds", { found }));
  }
  return inShape(leaves, shapeOf(given), shape);
}

const useless = (problem, detail) => ({ values: null, problem, detail });

const same = (shape, other) => String(shape) === String(other);

const withoutUnits = (shape) => shape.filter((size) => size !== 1);

function inShape(values, found, shape) {
  if (found === null) return useless("invalid", say("ragged"));
  if (same(found, shape) || (!shape.length && values.length === 1)) {
    return { values, problem: "", detail: "" };
  }
  const [problem, words] = ["wrong shape", { shape: tuple(found) }];
  if (same(withoutUnits(found), withoutUnits(shape))) {
    return { values, problem, detail: say("shape", words) };
  }
  if (shape.length === 2 && !shape.includes(1) && same(found, [...shape].reverse())) {
    const columns = [...Array(found[1]).keys()];
    const inRow = (column) => values.filter((_, place) => place % found[1] === column);
    return { values: columns.flatMap(inRow), problem, detail: say("transpose", words) };
  }
  const twice = values.length === 2 * shape.reduce((product, size) => product * size, 1);
  return useless("invalid", say(twice ? "twice as many" : "shape", words));
}

// Measures nested arrays; null where they are ragged.
function shapeOf(given) {
  if (!Array.isArray(given)) return [];
  if (!given.length) return [0];
  const [inner, ...others] = given.map(shapeOf);
  const ragged = inner === null || others.some((other) => other === null || !same(other, inner));
  return ragged ? null : [given.length, ...inner];
}

// Half a unit of the last decimal that a number was written with, at most 0.005.
export function halfUnit(value) {
  const decimals = decimalsOf(value);
  // A power of ten that is read, and not computed, is the nearest float.
  return decimals >= COMPUTED ? 0 : 0.5 * Number(`1e-${Math.max(decimals, 2)}`);
}

// Counts the decimals of a number as it is written: 0.25 has two, and so has 25e-2.
export function decimalsOf(value) {
  const [digits, exponent = 0] = String(value).split("e");
  const [, fraction = ""] = digits.split(".");
  return Math.max(0, fraction.length - exponent);
}
