// What the explorer shows, as a plain object, and its address: the part behind the #.
// Whatever the address holds, `read` gives a state within bounds or null; it never throws.

const LONGEST = 2000; // more characters are no state of ours
const NUMBER = /^-?\d+(\.\d+)?(e-?\d+)?$/;
const WHOLE = /^\d{1,7}$/;

// `given` are the sixteen numbers by name, `step` how many quantities of the walk are shown, `at`
// the chosen place, `seen` the places whose gradient is open, `guessed` how many were
// guessed and `right` how many rightly.
export function initial(data) {
  const given = Object.fromEntries(data.names.map((name) => [name, numberAt(name, data.example)]));
  const step = data.quantities.length;
  return { given, updates: 0, step, at: "", predict: false, seen: [], guessed: 0, right: 0 };
}

function numberAt(name, network) {
  return name.match(/\w+/g).reduce((value, key) => value[key], network);
}

export function write(state, data) {
  const parts = [`numbers=${data.names.map((name) => state.given[name]).join(",")}`];
  const add = (key, value, usual) => value !== usual && parts.push(`${key}=${value}`);
  add("updates", state.updates, 0);
  add("step", state.step, data.quantities.length);
  add("at", state.at, "");
  add("predict", Number(state.predict), 0);
  add("seen", state.seen.join("."), "");
  add("guessed", state.guessed, 0);
  add("right", state.right, 0);
  return `#${parts.join("&")}`;
}

export function read(fragment, data) {
  if (!fragment.startsWith("#numbers=") || fragment.length > LONGEST) return null;
  const parts = new URLSearchParams(fragment.slice(1));
  const texts = parts.get("numbers").split(",");
  const numbers = texts.map((text) => (NUMBER.test(text) ? Number(text) : NaN));
  const inBounds = (number) => Math.abs(number) <= data.bounds.address; // NaN is not
  if (numbers.length !== data.names.length || !numbers.every(inBounds)) return null;
  const state = initial(data);
  data.names.forEach((name, i) => {
    state.given[name] = numbers[i];
  });
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
  return state;
}
