// Every number of the network by name, as `course/interactive_data.py` has it for the table, and
// how numbers are written. Pure functions.

import { afterUpdate, loss, tanhBackward, workOut } from "./network.js";

// {"W1[0][0]": …, "W1[0][1]": …}, as `walkthrough.elements`.
export function elements(name, value) {
  if (!Array.isArray(value)) return { [name]: value };
  return Object.assign({}, ...value.map((item, i) => elements(`${name}[${i}]`, item)));
}

export function flatten(fields) {
  return Object.assign({}, ...Object.entries(fields).map(([name, v]) => elements(name, v)));
}

// The other way round; `shape` is any network, whose numbers do not matter.
export function networkOf(named, shape) {
  const build = (name, part) =>
    Array.isArray(part) ? part.map((item, i) => build(`${name}[${i}]`, item)) : named[name];
  return Object.fromEntries(Object.keys(shape).map((name) => [name, build(name, shape[name])]));
}

// Named as in Python: dL_dw1 goes with W1.
export const gradientOf = (name) => `dL_d${name.replace("W", "w")}`;

function differences(network, epsilon) {
  const found = {};
  const named = flatten(network);
  for (const name of Object.keys(named)) {
    if (!/^(W|b|x)/.test(name)) continue;
    const at = (value) => loss(networkOf({ ...named, [name]: value }, network));
    const rise = at(named[name] + epsilon) - at(named[name] - epsilon);
    found[`numeric_${gradientOf(name)}`] = rise / (2 * epsilon);
  }
  return found;
}

export function numbers(network, epsilon) {
  const values = workOut(network);
  return {
    ...flatten(network),
    ...flatten(values),
    ...differences(network, epsilon),
    ...elements("dz_da", tanhBackward(values.z.map(() => 1), values.z)), // slopes of tanh
    loss_updated: loss(afterUpdate(network, values)),
    1: 1, // a factor of its own, where a bias is added
  };
}

const minus = (text) => text.replace("-", "−");
const LARGE = 1e4; // from here on a number would not fit its place

// Four decimals, always: for the picture, where numbers stand below each other.
export function fixed(value) {
  return minus(Math.abs(value) < LARGE ? value.toFixed(4) : value.toExponential(2));
}

// Four decimals, or fewer where fewer are all there are.
export function written(value) {
  const exact = String(value);
  const few = !exact.includes("e") && (exact.split(".")[1] ?? "").length < 4;
  return few && Math.abs(value) < LARGE ? minus(exact) : fixed(value);
}

// Puts texts in place of names in braces. With `brackets`, a negative number that does not come
// first gets some, as in `walkthrough.fill`.
export function fill(template, textOf, brackets = false) {
  return template.replace(/\{([^}]+)\}/g, (_, name, start) => {
    const text = String(textOf(name));
    return brackets && start > 0 && text[0] === "−" ? `(${text})` : text;
  });
}
