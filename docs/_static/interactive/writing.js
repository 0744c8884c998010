// Numbers, names and sentences for reading, as `mlp_reference/walkthrough` writes them.
// Pure functions.

const LARGE = 1e4; // from here on a number would not fit its place

// With a true minus, and none before a zero.
const withMinus = (text) => text.replace(/^-(?=[0.]+$)/, "").replaceAll("-", "−");

// Four decimals, always: for the picture, where numbers stand below each other.
export const fixed = (value) =>
  withMinus(Math.abs(value) < LARGE ? value.toFixed(4) : value.toExponential(2));

// Two decimals, or fewer where more would not fit: for the picture on a phone.
export function brief(value) {
  const size = Math.abs(value);
  if (size >= LARGE) return withMinus(value.toExponential(0));
  return withMinus(value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0));
}

// Four decimals, or fewer where fewer are all there are.
export function written(value) {
  const exact = String(value);
  return /^-?\d{1,4}(\.\d{1,3})?$/.test(exact) ? withMinus(exact) : fixed(value);
}

// A learning rate: one that is not zero is not written as zero.
export const writtenRate = (rate) =>
  rate && !Number(rate.toFixed(4)) ? withMinus(String(Number(rate.toPrecision(2)))) : written(rate);

// Two numbers with as many digits as it takes to see that they differ.
export function apart(first, second) {
  let texts = [first, second].map(written);
  for (let digits = 3; first !== second && texts[0] === texts[1]; digits += 1) {
    texts = [first, second].map((value) => withMinus(value.toPrecision(digits)));
  }
  return texts;
}

// A shape as Python writes a tuple: (2, 3), (2,) or ().
export const tuple = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);

// Puts texts in place of their names in braces.
export const fill = (template, texts) =>
  template.replace(/\{([^}]+)\}/g, (_, name) => texts[name]);

// A sentence about a number may have a form for each kind of number that the page's language knows.
const kinds = new Intl.PluralRules(document.documentElement.lang || "en");
export const fillFor = (count, forms, texts) =>
  fill(forms[kinds.select(count)] ?? forms.other ?? forms, texts);

// Puts numbers in place of their names. A negative one that does not come first gets brackets.
export function calculation(working, textOf) {
  return working.replace(/\{([^}]+)\}/g, (_, name, start) => {
    const text = textOf(name);
    return start > 0 && text.startsWith("−") ? `(${text})` : text;
  });
}

// The elements of a quantity by the names under which Python reaches them: "W1[0][0]", …
export function elements(name, value) {
  if (!Array.isArray(value)) return { [name]: value };
  return Object.assign({}, ...value.map((item, i) => elements(`${name}[${i}]`, item)));
}

// The elements of several quantities.
export const allElements = (quantities) =>
  Object.assign({}, ...Object.entries(quantities).map(([name, value]) => elements(name, value)));
