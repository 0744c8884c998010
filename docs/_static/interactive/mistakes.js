// Slips with pen and paper: `mlp_reference/mistakes.py`. What each is
// called, and the answer it shows in, comes with the page; a name here only finds its formula.

import { course } from "./course.js";
import {
  each, FORMULAS, linearBackwardInput, linearBackwardWeight, linearForward, mseForward, tanhForward,
} from "./network.js";

// Gets a quantity right but for a factor.
const times = (factor, quantity) => (e, v) =>
  each((right) => factor * right, FORMULAS[quantity](e, v));

// Goes back through tanh with another slope than 1 − z².
const slope = (change, of = "z") => (e, v) =>
  each((upstream, value) => upstream * change(value), v.dL_dz, v[of]);

// Updates a parameter wrongly, from its value, its gradient and the learning rate.
function updates(parameter) {
  const gradient = `dL_d${parameter.toLowerCase()}`;
  const step = (change) => (e, v) =>
    each((old, upstream) => change(old, upstream, e.learning_rate), e[parameter], v[gradient]);
  return {
    "added the step": step((old, upstream, rate) => old + rate * upstream),
    "left the learning rate out": step((old, upstream) => old - upstream),
    "gave the step alone": step((old, upstream, rate) => -rate * upstream),
  };
}

const sigmoid = (value) => 0.5 + 0.5 * Math.tanh(value / 2);

// What one computed instead, by quantity and name.
const WRONG = {
  a: {
    "left the biases out": (e) => linearForward(e.W1, e.x, [0, 0]),
    "dropped the minus signs": (e) =>
      linearForward(each(Math.abs, e.W1), each(Math.abs, e.x), each(Math.abs, e.b1)),
  },
  z: {
    "copied a": (e, v) => v.a,
    "took the sigmoid for tanh": (e, v) => each(sigmoid, v.a),
    "took tan for tanh": (e, v) => each(Math.tan, v.a),
  },
  y: {
    "left the bias out": (e, v) => linearForward(e.W2, v.z, [0]),
    "took a for z": (e, v) => linearForward(e.W2, v.a, e.b2),
    "put tanh on the output too": (e, v) => tanhForward(linearForward(e.W2, v.z, e.b2)),
  },
  loss: {
    "did not square": (e, v) => v.y[0] - e.t[0],
    "halved the square": times(0.5, "loss"),
    "took the difference of squares": (e, v) => v.y[0] * v.y[0] - e.t[0] * e.t[0],
  },
  dL_dy: {
    "forgot the factor 2": times(0.5, "dL_dy"),
    "took t − y for y − t": times(-1, "dL_dy"),
    "squared the difference": (e, v) => [2 * mseForward(v.y, e.t)],
  },
  dL_dw2: {
    "turned the sign round": times(-1, "dL_dw2"),
    "took a for z": (e, v) => linearBackwardWeight(v.dL_dy, v.a),
    "left ∂L/∂y out": (e, v) => [[...v.z]],
    "took W2 for z": (e, v) => linearBackwardWeight(v.dL_dy, e.W2[0]),
  },
  dL_db2: {
    "turned the sign round": times(-1, "dL_db2"),
    "left ∂L/∂y out": () => [1],
    "multiplied by the bias": (e, v) => each((g, b) => g * b, v.dL_dy, e.b2),
  },
  dL_dz: {
    "forgot W2": (e, v) => v.z.map(() => v.dL_dy[0]),
    "used the updated W2": (e, v) => linearBackwardInput(FORMULAS.W2_updated(e, v), v.dL_dy),
    "left ∂L/∂y out": (e) => [...e.W2[0]],
  },
  dL_da: {
    "forgot tanh′": (e, v) => v.dL_dz,
    "took 1 − tanh²(z) for 1 − z²": slope((z) => 1 - Math.tanh(z) ** 2),
    "took 1 − a² for 1 − z²": slope((a) => 1 - a * a, "a"),
    "took 1 − z for 1 − z²": slope((z) => 1 - z),
    "took the sigmoid’s z(1 − z)": slope((z) => z * (1 - z)),
  },
  dL_dw1: {
    "turned the sign round": times(-1, "dL_dw1"),
    "left x out": (e, v) => v.dL_da.map((g) => e.x.map(() => g)),
  },
  dL_db1: { "forgot tanh′": (e, v) => v.dL_dz },
  W2_updated: updates("W2"),
  b2_updated: updates("b2"),
  W1_updated: updates("W1"),
  b1_updated: updates("b1"),
};

// All of them, in the order of the package.
export const SLIPS = course.mistakes.map((slip) => ({
  ...slip,
  formula: WRONG[slip.quantity][slip.name],
}));

// The wrong answer: what comes after the slip is worked out anew from the other `values`.
export function madeIn(slip, example, values) {
  const wrong = { ...values, [slip.quantity]: slip.formula(example, values) };
  const names = Object.keys(FORMULAS);
  const [first, last] = [slip.quantity, slip.answer].map((name) => names.indexOf(name));
  for (const name of names.slice(first + 1, last + 1)) wrong[name] = FORMULAS[name](example, wrong);
  return wrong[slip.answer];
}
