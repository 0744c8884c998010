// The 3-2-1 network in plain arithmetic: `mlp_reference/manual.py` and `chain.py`, line by line.
// Vectors are arrays, matrices are arrays of rows; every sum is written out in the same order,
// so that the same digits come out.

export function linearForward(W, zPrev, b) {
  return W.map((row, j) => {
    let total = 0;
    row.forEach((weight, k) => {
      total = total + weight * zPrev[k];
    });
    return total + b[j];
  });
}

export function linearBackwardWeight(dL_da, zPrev) {
  return dL_da.map((upstream) => zPrev.map((value) => upstream * value));
}

export function linearBackwardBias(dL_da) {
  return [...dL_da];
}

export function linearBackwardInput(W, dL_da) {
  const dL_dzPrev = W[0].map(() => 0);
  W.forEach((row, j) => {
    row.forEach((weight, k) => {
      dL_dzPrev[k] = dL_dzPrev[k] + weight * dL_da[j];
    });
  });
  return dL_dzPrev;
}

export function tanhForward(a) {
  return a.map(Math.tanh);
}

export function tanhBackward(dL_dz, z) {
  return dL_dz.map((upstream, j) => upstream * (1 - z[j] * z[j]));
}

export function mseForward(y, t) {
  let total = 0;
  y.forEach((prediction, i) => {
    total = total + (prediction - t[i]) * (prediction - t[i]);
  });
  return total / t.length;
}

export function mseBackward(y, t) {
  return y.map((prediction, i) => (2 * (prediction - t[i])) / t.length);
}

export function updateVector(parameter, gradient, learningRate) {
  return parameter.map((value, k) => value - learningRate * gradient[k]);
}

export function updateMatrix(parameter, gradient, learningRate) {
  return parameter.map((row, j) => updateVector(row, gradient[j], learningRate));
}

// One formula for each quantity, in the order in which they are computed: from the network `e`
// and the values `v` so far.
export const FORMULAS = {
  a: (e) => linearForward(e.W1, e.x, e.b1),
  z: (e, v) => tanhForward(v.a),
  y: (e, v) => linearForward(e.W2, v.z, e.b2),
  loss: (e, v) => mseForward(v.y, e.t),
  dL_dy: (e, v) => mseBackward(v.y, e.t),
  dL_dw2: (e, v) => linearBackwardWeight(v.dL_dy, v.z),
  dL_db2: (e, v) => linearBackwardBias(v.dL_dy),
  dL_dz: (e, v) => linearBackwardInput(e.W2, v.dL_dy),
  dL_da: (e, v) => tanhBackward(v.dL_dz, v.z),
  dL_dw1: (e, v) => linearBackwardWeight(v.dL_da, e.x),
  dL_db1: (e, v) => linearBackwardBias(v.dL_da),
  dL_dx: (e, v) => linearBackwardInput(e.W1, v.dL_da),
  W2_updated: (e, v) => updateMatrix(e.W2, v.dL_dw2, e.learning_rate),
  b2_updated: (e, v) => updateVector(e.b2, v.dL_db2, e.learning_rate),
  W1_updated: (e, v) => updateMatrix(e.W1, v.dL_dw1, e.learning_rate),
  b1_updated: (e, v) => updateVector(e.b1, v.dL_db1, e.learning_rate),
};

// Goes through the whole chain; `given` values stand in place of computed ones.
export function workOut(example, given = {}) {
  const values = {};
  for (const [name, formula] of Object.entries(FORMULAS)) {
    values[name] = name in given ? given[name] : formula(example, values);
  }
  return values;
}

export function loss(example) {
  const z = tanhForward(linearForward(example.W1, example.x, example.b1));
  return mseForward(linearForward(example.W2, z, example.b2), example.t);
}

// The network after an update, ready for another one.
export function afterUpdate(example, values) {
  const updated = ["W1", "b1", "W2", "b2"].map((name) => [name, values[`${name}_updated`]]);
  return { ...example, ...Object.fromEntries(updated) };
}
