// What the explorer shows, as a plain object, and its address: the part behind the #.
// Whatever the address holds, `read` gives a state within bounds or null; it never throws.

const LONGEST = 2000; // more characters are no state of ours
const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/;
const WHOLE = /^\d{1,7}$/;

// `given` are the sixteen numbers by name, `step` the number of quantities of the walk that are
// shown, `at` the chosen place, `seen` the places whose gradient is open, `guessed` how many were
// guessed and `right` how many rightly, `experiment` the name of the one that is open.
export function initial(data) {
  const numberAt = (name) => name.match(/\w+/g).reduce((value, key) => value[key], data.example);
  const given = Object.fromEntries(data.names.map((name) => [name, numberAt(name)]));
  const guesses = { predict: false, seen: [], guessed: 0, right: 0 };
  return { given, updates: 0, step: data.quantities.length, at: "", ...guesses, experiment: "" };
}

// What is shown where the address says nothing: there is a chain of factors to read at once.
export const arrival = (data) => ({ ...initial(data), at: data.arrival });

// All numbers, and of the rest what is not as usual.
export function write(state, data) {
  const { given: _, ...usual } = initial(data);
  const text = (value) => (value === true ? "1" : [value].flat().join("."));
  const rest = Object.keys(usual)
    .filter((key) => text(state[key]) !== text(usual[key]))
    .map((key) => `${key}=${text(state[key])}`);
  return `#${[`numbers=${data.names.map((name) => state.given[name])}`, ...rest].join("&")}`;
}

export function read(fragment, data) {
  if (!fragment.startsWith("#numbers=") || fragment.length > LONGEST) return null;
  const parts = new URLSearchParams(fragment.slice(1));
  const texts = parts.get("numbers").split(",");
  const numbers = texts.map((text) => (NUMBER.test(text) ? Number(text) : NaN));
  const inBounds = (number) => Math.abs(number) <= data.bounds.address; // NaN is not
  if (numbers.length !== data.names.length || !numbers.every(inBounds)) return null;
  const state = initial(data);
  state.given = Object.fromEntries(data.names.map((name, i) => [name, numbers[i]]));
  state.given.learning_rate = Math.max(0, state.given.learning_rate);
  const whole = (key, most, usual) =>
    WHOLE.test(parts.get(key)) ? Math.min(Number(parts.get(key)), most) : usual;
  state.updates = whole("updates", data.bounds.updates, 0);
  state.step = whole("step", state.step, state.step);
  const known = (name) => Object.hasOwn(data.places, name);
  if (known(parts.get("at"))) state.at = parts.get("at");
  state.predict = parts.get("predict") === "1";
  state.seen = [...new Set((parts.get("seen") ?? "").split("."))].filter(known);
  state.guessed = whole("guessed", state.seen.length, 0);
  state.right = whole("right", state.guessed, 0);
  const name = parts.get("experiment") ?? "";
  if (Object.hasOwn(data.experiments, name)) state.experiment = name;
  return state;
}
