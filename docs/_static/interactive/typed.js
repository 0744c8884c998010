// One number as a person types it: 0.1*0.3+0.05, 1/3, −0,29. `mlp_exercise/typed.py` reads the
// same texts as the same numbers and says why; nothing is ever evaluated as code.

const LONGEST = 200; // characters
const DEEPEST = 25; // brackets, signs and powers inside each other
const MOST_FACTORS = 64; // a whole power is multiplied out, so that each machine gets the same

const WIDE = 0xfee0; // so far from ASCII are the characters of East Asian keyboards
const SIGNS = [
  [/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, " "],
  [/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-"],
  [/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDE)],
];
const OPERATORS = [
  [/[×·⋅∙]/g, "*"],
  [/[÷∕⁄∶:]/g, "/"],
  [/[\u200b-\u200f\u2060\ufeff]/g, ""], // what has no width comes along when one copies
];
const NOTHING = /^[ \t\n\r\f\v\u00a0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]*$/;
const TOKEN = /[ \t\n\r\f\v]*(?:((?:\d+(?:\.\d*|,\d+)?|[.,]\d+)(?:e[+-]?\d+)?)|((?:math\.|np\.)?[a-z]+)|(\*\*|[-+*/^²³()]))/iy;
const FUNCTIONS = { exp: Math.exp, tanh: Math.tanh };

const replaced = (text, pairs) => pairs.reduce((so_far, pair) => so_far.replace(...pair), text);

// Writes signs that were copied from a page or typed elsewhere as Python knows them.
export const withAsciiSigns = (text) => replaced(text, SIGNS);

// Whether a text holds nothing that can be seen.
export const isBlank = (text) => NOTHING.test(text);

// Takes a text apart: numbers with a decimal point, names, signs; undefined where there is more.
export function tokensOf(text) {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const ascii = replaced(withAsciiSigns(text), OPERATORS);
  const trimmed = ascii.replace(/^[ \t\n\r\f\v]*=?|[ \t\n\r\f\v]+$/g, "");
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (!found) return undefined;
    const [, number, name, sign] = found;
    if (number) tokens.push({ number: number.replace(",", ".") });
    else if (name) tokens.push({ name: name.toLowerCase().replace(/^.*\./, "") });
    else tokens.push({ sign: sign === "^" ? "**" : sign });
  }
  return tokens;
}

// Reads a text as a number; undefined where it is none, or where it might be two.
export function numberOf(text) {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  try {
    return new Reader(tokens).whole();
  } catch (error) {
    if (error instanceof NoNumber) return undefined;
    throw error;
  }
}

class NoNumber extends Error {}

function finite(value) {
  if (!Number.isFinite(value)) throw new NoNumber();
  return value;
}

function power(base, exponent) {
  const count = Math.abs(exponent);
  if (!Number.isInteger(exponent) || count > MOST_FACTORS) return finite(base ** exponent);
  let result = 1;
  for (let factor = 0; factor < count; factor++) result = finite(result * base);
  return exponent < 0 ? finite(1 / result) : result;
}

// Reads sums of products of signed powers, from left to right, with Python's precedence.
class Reader {
  constructor(tokens) {
    this.tokens = tokens;
    this.place = 0;
    this.depth = 0;
  }

  // Takes the next token if it is one of these signs.
  take(...signs) {
    const sign = this.tokens[this.place]?.sign;
    if (!signs.includes(sign)) return undefined;
    this.place += 1;
    return sign;
  }

  whole() {
    const value = this.sum();
    if (this.place < this.tokens.length) throw new NoNumber();
    return value;
  }

  sum() {
    let value = this.product();
    for (let sign; (sign = this.take("+", "-")); ) {
      const term = this.product();
      value = finite(sign === "+" ? value + term : value - term);
    }
    return value;
  }

  product() {
    let value = this.signed();
    let divided = false;
    for (;;) {
      // 2(0.3 − 0.5) is a product, but nobody knows what 1/2(3) is.
      const sign = this.take("*", "/") ?? (!divided && this.isBeforeBracket() ? "*" : undefined);
      if (!sign) return value;
      const factor = this.signed();
      divided ||= sign === "/";
      value = finite(sign === "*" ? value * factor : value / factor);
    }
  }

  isBeforeBracket() {
    const before = this.tokens[this.place - 1];
    const isValue = before?.number !== undefined || before?.sign === ")";
    return isValue && this.tokens[this.place]?.sign === "(";
  }

  signed() {
    if (++this.depth > DEEPEST) throw new NoNumber();
    const sign = this.take("+", "-");
    const value = sign ? this.signed() : this.raised();
    this.depth -= 1;
    return sign === "-" ? -value : value;
  }

  raised() {
    const base = this.single();
    const small = this.take("²", "³");
    if (small) return power(base, small === "²" ? 2 : 3);
    return this.take("**") ? power(base, this.signed()) : base;
  }

  single() {
    const { number, name } = this.tokens[this.place] ?? {};
    if (number !== undefined || name === "e") {
      this.place += 1;
      return number === undefined ? Math.E : finite(Number(number));
    }
    if (name !== undefined) {
      if (!Object.hasOwn(FUNCTIONS, name)) throw new NoNumber();
      this.place += 1;
    }
    if (!this.take("(")) throw new NoNumber();
    const value = this.sum();
    if (!this.take(")")) throw new NoNumber();
    return name === undefined ? value : finite(FUNCTIONS[name](value));
  }
}
