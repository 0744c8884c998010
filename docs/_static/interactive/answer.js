// An answer as it was written: `values.py` for what JSON or an input of the page can hold, and
// `part1/marking.py` and `part1/boxes.py`. A text among the values says what stood there instead of a number.

import { constants, say } from "./course.js";
import { isBlank, numberOf } from "./typed.js";
import { tuple, written } from "./writing.js";

const { BY_ZERO, COMPUTED, DEPTH, DOUBTFUL, FORMULA, SEVERAL, SIZE, TEXT_LENGTH } = constants;

const PLAIN_NUMBER = /^[-+−]?(\d+(\.\d*)?|\.\d+)$/;
const NOT_PRINTABLE = /(?! )[\p{C}\p{Z}]/u;
const KINDS = [
  ["several", new RegExp(SEVERAL)],
  ["by zero", new RegExp(BY_ZERO)],
  ["doubtful", new RegExp(DOUBTFUL)],
  ["formula", new RegExp(FORMULA)],
  ["text", /(?:)/],
];

// Reads what was typed into one input: null if it is empty, a number, or words for all else.
export const numberOrText = (typed) => plain(typed);

// Tells how a text has been read, for a place beside its box: "= 0.35". Empty where the text
// is just that number, or none.
export function understood(typed) {
  const value = numberOf(typed);
  if (value === undefined || PLAIN_NUMBER.test(typed.trim())) return "";
  const shown = written(Number(value.toFixed(4)));
  return `${Math.abs(value - Number(value.toFixed(4))) < 1e-9 ? "=" : "≈"} ${shown}`;
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
  if (typeof value === "string") return numberIn(value);
  if (typeof value !== "number") return say("type", { name: "dict" }); // JSON has nothing else
  return Number.isFinite(value) ? value : say("not finite");
}

function numberIn(text) {
  if (isBlank(text)) return null;
  const [kind] = KINDS.find(([, pattern]) => pattern.test(text));
  return numberOf(text) ?? say(kind, { text: quoted(text) });
}

// The first characters of a text as Python's `repr` writes them.
function quoted(text) {
  const start = [...text.slice(0, 2 * TEXT_LENGTH + 2)]; // a character may take two places
  const isLong = start.length > TEXT_LENGTH;
  const characters = [...start.slice(0, TEXT_LENGTH), ...(isLong ? ["…"] : [])];
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

// Holds plain values against the shape of a step: `values` row by row, or null if they are of
// no use. `problem` tells why, `detail` or `found` what came, `places` where, if that is known.
export function read(given, { shape }) {
  const found = shapeOf(given);
  // Whatever reached us as plain is looked at once more: true and NaN are no numbers.
  const leaves = [given].flat(Infinity).map((leaf) => (isWords(leaf) ? leaf : plain(leaf)));
  const where = (isSought) =>
    same(found, shape) ? [...leaves.keys()].filter((place) => isSought(leaves[place])) : [];
  const strange = leaves.find(isWords);
  if (leaves.includes(null)) {
    const isPart = !leaves.every(isNone);
    const [gaps, places] = isPart ? [isNone, isNoNumber].map(where) : [[], []];
    return { values: null, problem: "missing", places, gaps, isPart, found: strange };
  }
  if (strange !== undefined) {
    const problem = strange === say("too many") ? "wrong shape" : "invalid";
    return { values: null, problem, found: strange, places: where(isWords) };
  }
  return { places: [], ...inShape(leaves, found, shape) };
}

const isNone = (leaf) => leaf === null;

const isNoNumber = (leaf) => typeof leaf !== "number";

const isWords = (leaf) => typeof leaf === "string";

const useless = (detail) => ({ values: null, problem: "invalid", detail });

const same = (shape, other) => shape !== null && String(shape) === String(other);

const withoutUnits = (shape) => shape.filter((size) => size !== 1);

function inShape(values, found, shape) {
  if (found === null) return useless(say("ragged"));
  if (same(found, shape) || (!shape.length && values.length === 1)) return { values, problem: "" };
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
  return useless(say(twice ? "twice as many" : "shape", words));
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
