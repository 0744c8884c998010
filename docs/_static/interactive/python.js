// An answer as Python code: as a box's text is written into a notebook, and as the texts for its
// boxes are read out of one. Nothing is executed. Decimal commas: `part1/commas.py`.

import { isBlank, numberOf, tokensOf, withAsciiSigns } from "./typed.js";

const LARGEST_CELL = 10_000; // characters; what is longer is no answer to this exercise

// Writes what stands in a box as a learner would; what is no number becomes a text, for both to
// be marked as the page does.
export function inPython(text) {
  if (isBlank(text)) return "None";
  if (numberOf(text) === undefined) return JSON.stringify(text);
  const tokens = tokensOf(text);
  return tokens.map((token, place) => tokenInPython(token, tokens[place - 1])).join("");
}

const POWERS = { "²": "**2", "³": "**3" };

function tokenInPython({ number, name, sign }, before) {
  if (number !== undefined) return number.replace(/^0+(?=\d)/, "");
  if (name !== undefined) return `math.${name}`;
  const isFactor = sign === "(" && (before?.number !== undefined || before?.sign === ")");
  return isFactor ? "*(" : (POWERS[sign] ?? sign);
}

// Reads the texts for the boxes of one answer, row by row; undefined where they cannot be filled.
export function textsIn(source, { name, shape }) {
  const pieces = source.split(new RegExp(`^${name}[ \\t]*=(?!=)`, "m"));
  if (pieces.length < 2 || source.length > LARGEST_CELL) return undefined;
  return texts(withAsciiSigns(statement(pieces.at(-1).replace(/#.*/g, ""))), shape);
}

// Takes the first statement of some code: one line, or more while brackets are open.
function statement(code) {
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    if ("[(".includes(code[at])) depth++;
    else if ("])".includes(code[at])) depth--;
    else if (depth === 0 && "\n;".includes(code[at])) return code.slice(0, at);
  }
  return code;
}

function texts(code, shape) {
  if (!shape.length) return single(code);
  const [count, ...inner] = shape;
  const inside = within(code);
  // (0.3) is a number, (0.3,) is a tuple, and so is 0.3, 0.24 without brackets.
  const isBracketed = inside !== undefined && code.trim()[0] === "[";
  const items = inside ?? code;
  const isTuple = count > 1 || items.trim().endsWith(",");
  if (!isBracketed && !isTuple) return undefined;
  const pieces = inner.length ? split(items) : row(items, count);
  const read = pieces.map((piece) => (inner.length ? texts(piece, inner) : element(piece)));
  return read.length === count && !read.includes(undefined) ? read.flat() : undefined;
}

// A single number may stand in brackets, and with a decimal comma.
function single(code) {
  const read = row(code, 1).map(element);
  if (read.length === 1 && read[0] !== undefined) return read;
  const inside = within(code);
  return inside === undefined ? undefined : single(inside);
}

// Takes away the brackets that stand around the whole of some code.
function within(code) {
  const whole = code.trim();
  let depth = 0;
  for (let at = 0; at < whole.length; at++) {
    if ("[(".includes(whole[at])) depth++;
    else if ("])".includes(whole[at])) depth--;
    if (depth === 0) return at > 0 && at === whole.length - 1 ? whole.slice(1, -1) : undefined;
  }
  return undefined;
}

// Cuts code at the commas that no bracket and no quote encloses.
function cut(code) {
  let depth = 0;
  const pieces = [""];
  for (const character of code) {
    if ("[(".includes(character)) depth++;
    else if ("])".includes(character)) depth--;
    if (character === "," && depth === 0 && !isQuoting(pieces.at(-1))) pieces.push("");
    else pieces[pieces.length - 1] += character;
  }
  return pieces.map((piece) => piece.trim());
}

// A comma at the end separates nothing.
function split(code) {
  const pieces = cut(code);
  return pieces.at(-1) === "" ? pieces.slice(0, -1) : pieces;
}

const isQuoting = (piece) => /^\s*(?:"[^"]*|'[^']*)$/.test(piece);

// What is a number in a box and none in Python: powers with ^, and 007.
const NO_CODE = /[\^=]|(^|[^\d.])0+[1-9]\d*(?![\d.e])/i;

// Reads one element: the text for its box, undefined where it is neither a number nor a text.
function element(code) {
  if (code === "None") return "";
  const [quoted] = code.match(/^(["']).*\1$/) ?? [];
  if (quoted) return textOf(quoted);
  return numberOf(code) !== undefined && !NO_CODE.test(code) ? code : undefined;
}

// What a text says: this page writes what it cannot read as JSON.
function textOf(quoted) {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted.slice(1, -1);
  }
}

// Splits a row, with points in place of decimal commas if that makes it as wide as is asked for
// in one way only.
function row(code, width) {
  const pieces = split(code);
  if (pieces.length === width) return pieces;
  const tight = split(code.replace(/([0-9]),(?=[0-9])/g, "$1."));
  if (tight.length === width && tight.every((piece) => numberOf(piece) !== undefined)) return tight;
  const found = ways(pieces, width);
  return found.length === 1 ? found[0] : pieces;
}

// All ways to make so many numbers of some pieces, two of which may be one number.
function ways(pieces, width) {
  if (!pieces.length && !width) return [[]];
  if (!width || pieces.length > 2 * width) return [];
  const [first = "", second = ""] = pieces;
  const after = (taken, number) => ways(pieces.slice(taken), width - 1).map((rest) => [number, ...rest]);
  const isPair = /^[-+]?[ \t]*[0-9]+$/.test(first) && /^[0-9]+$/.test(second);
  return [
    ...(numberOf(first) !== undefined ? after(1, first) : []),
    ...(isPair ? after(2, `${first}.${second}`) : []),
  ];
}
