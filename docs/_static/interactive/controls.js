// Sliders and boxes: that of the chosen number, that of the learning rate, and those of all numbers.

import { put } from "./view.js";
import { fill } from "./writing.js";

export function createControls({ root, data, change, named, state }) {
  const { bounds, places, symbols, words } = data;
  const problem = root.querySelector(".problem");
  const fold = root.querySelector(".all-numbers");
  const handle = root.querySelector(".handle");
  const [label, hint] = ["label", ".hint"].map((part) => handle.querySelector(part));
  const chosen = [...handle.querySelectorAll("input")];
  const controls = [...root.querySelectorAll("[data-control]")];

  // -- What is typed or moved

  function complain(control, text) {
    control.ariaInvalid = text ? "true" : null;
    if (text) control.setAttribute("aria-describedby", problem.id);
    else control.removeAttribute("aria-describedby");
    put(problem, text);
  }

  root.addEventListener("input", ({ target }) => {
    const name = target.dataset.control;
    if (!name) return;
    const value = target.value.trim() === "" ? NaN : Number(target.value);
    const [least, most] = [name === "learning_rate" ? 0 : -bounds.box, bounds.box];
    if (!(value >= least && value <= most)) {
      complain(target, fill(words.notANumber, { least, most, example: words.numberExample }));
      return;
    }
    for (const each of [...controls, ...chosen]) if (each.ariaInvalid) complain(each, "");
    change(moved(name, value, { data, named, state }), { by: name, source: target });
  });

  // Left with something that is no number, a box shows the network's again.
  root.addEventListener("focusout", ({ target }) => {
    if (!target.dataset.control || target.type !== "text") return;
    complain(target, "");
    write(target, named()[target.dataset.control], state());
  });

  // -- What is shown

  function write(control, value, { updates }) {
    const text = String(updates ? Number(value.toFixed(4)) : value);
    if (control.value !== text) control.value = text;
    if (control.type !== "range") return;
    // The track is filled from zero to the middle of the thumb.
    const [low, high] = [Number(control.min), Number(control.max)];
    const along = (number) => Math.min(Math.max((number - low) / (high - low), 0), 1);
    const ends = [along(0), along(value)].sort();
    control.style.setProperty("--from", ends[0]);
    control.style.setProperty("--to", ends[1]);
  }

  function showHandle(at) {
    const name = places[at]?.value;
    const isGiven = data.names.includes(name);
    put(label, isGiven ? symbols[name] : "");
    const computed = name ? fill(words.computed, { symbol: places[at].symbol }) : words.handle;
    put(hint, isGiven ? "" : computed);
    for (const control of chosen) {
      if (isGiven) control.dataset.control = name;
      else delete control.dataset.control;
    }
  }

  return function show({ state, named, source }) {
    showHandle(state.at);
    for (const control of [...chosen, ...controls]) {
      const name = control.dataset.control;
      const isFolded = !fold.open && fold.contains(control);
      if (name && control !== source && !isFolded) write(control, named[name], state);
    }
  };
}

// What a number that was moved makes of the state. Another step length: the same updates are made
// with it. Any other number: a new start from the numbers reached.
export function moved(name, value, { data, named, state }) {
  if (name === "learning_rate") return { given: { ...state().given, [name]: value } };
  const reached = Object.fromEntries(data.names.map((each) => [each, named()[each]]));
  return { given: { ...reached, [name]: value }, updates: 0 };
}
