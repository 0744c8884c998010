// Every number of the network by its name, as `course/interactive/data.py` has it for the table.
// Pure functions.

import { afterUpdate, each, loss, tanhBackward, workOut } from "./network.js";
import { allElements, elements } from "./writing.js";

// Puts elements back together; `shape` is any network, whose numbers do not matter.
export function networkOf(named, shape) {
  const build = (name, part) =>
    Array.isArray(part) ? part.map((item, i) => build(`${name}[${i}]`, item)) : named[name];
  return Object.fromEntries(Object.keys(shape).map((name) => [name, build(name, shape[name])]));
}

// The central differences beside the gradients; as in Python, dL_dw1 goes with W1.
export function differences(network, epsilon) {
  const named = allElements(network);
  const lossAt = (name, value) => loss(networkOf({ ...named, [name]: value }, network));
  const names = Object.keys(named).filter((name) => /^[Wbx]/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const [high, low] = [named[name] + epsilon, named[name] - epsilon];
      const slope = (lossAt(name, high) - lossAt(name, low)) / (2 * epsilon);
      return [`numeric_dL_d${name.replace("W", "w")}`, slope];
    }),
  );
}

export function numbers(network) {
  const values = workOut(network);
  return {
    ...allElements(network),
    ...allElements(values),
    ...elements("dz_da", tanhBackward(each(() => 1, values.z), values.z)),
    loss_updated: loss(afterUpdate(network, values)),
    1: 1, // a factor of its own, where a bias is added
  };
}
