// The 3-2-1 network in plain arithmetic: `mlp_reference/manual.py`, function by
// function. Vectors are arrays, matrices are arrays of rows; every sum is added up in the same
// order, so that the same digits come out.

// Applies a function to numbers, vectors or matrices of one shape, element by element.
export function each(change, ...values) {
  if (!Array.isArray(values[0])) return change(...values);
  return values[0].map((_, place) => each(change, ...values.map((value) => value[place])));
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export function linearForward(W, zPrev, b) {
  return W.map((row, j) => sum(row.map((weight, k) => weight * zPrev[k])) + b[j]);
}

export function linearBackwardWeight(dL_da, zPrev) {
  return dL_da.map((upstream) => zPrev.map((value) => upstream * value));
}

export function linearBackwardInput(W, dL_da) {
  return W[0].map((_, k) => sum(W.map((row, j) => row[k] * dL_da[j])));
}

export function tanhForward(a) {
  return a.map(Math.tanh);
}

export function tanhBackward(dL_dz, z) {
  return each((upstream, value) => upstream * (1 - value * value), dL_dz, z);
}

export function mseForward(y, t) {
  return sum(each((output, target) => (output - target) * (output - target), y, t)) / t.length;
}

function mseBackward(y, t) {
  return each((output, target) => (2 * (output - target)) / t.length, y, t);
}

const update = (parameter, gradient) => (e, v) =>
  each((value, slope) => value - e.learning_rate * slope, e[parameter], v[gradient]);

// One formula for each quantity, in the order in which they are computed: from the network `e`
// and the values `v` before it. ∂a/∂b = 1, so the gradient of a bias is the one that arrives.
export const FORMULAS = {
  a: (e) => linearForward(e.W1, e.x, e.b1),
  z: (e, v) => tanhForward(v.a),
  y: (e, v) => linearForward(e.W2, v.z, e.b2),
  loss: (e, v) => mseForward(v.y, e.t),
  dL_dy: (e, v) => mseBackward(v.y, e.t),
  dL_dw2: (e, v) => linearBackwardWeight(v.dL_dy, v.z),
  dL_db2: (e, v) => [...v.dL_dy],
  dL_dz: (e, v) => linearBackwardInput(e.W2, v.dL_dy),
  dL_da: (e, v) => tanhBackward(v.dL_dz, v.z),
  dL_dw1: (e, v) => linearBackwardWeight(v.dL_da, e.x),
  dL_db1: (e, v) => [...v.dL_da],
  dL_dx: (e, v) => linearBackwardInput(e.W1, v.dL_da),
  W2_updated: update("W2", "dL_dw2"),
  b2_updated: update("b2", "dL_db2"),
  W1_updated: update("W1", "dL_dw1"),
  b1_updated: update("b1", "dL_db1"),
};

// Goes through the whole chain; `given` values stand in place of computed ones.
export function workOut(example, given = {}) {
  const values = {};
  for (const [name, formula] of Object.entries(FORMULAS)) {
    values[name] = given[name] ?? formula(example, values);
  }
  return values;
}

export function loss(example) {
  const values = {};
  for (const name of ["a", "z", "y", "loss"]) values[name] = FORMULAS[name](example, values);
  return values.loss;
}

// The network after an update, ready for another one.
export function afterUpdate(example, values) {
  const updated = ["W1", "b1", "W2", "b2"].map((name) => [name, values[`${name}_updated`]]);
  return { ...example, ...Object.fromEntries(updated) };
}
