// Sliders and boxes: that of the chosen number, that of the learning rate, and those of all numbers.

import { numberOf } from "./typed.js";
import { seldom } from "./later.js";
import { put } from "./view.js";
import { fill, fillFor, written, writtenRate } from "./writing.js";

export function createControls({ root, data, change, named, state }) {
  const { bounds, places, symbols, words } = data;
  const problem = root.querySelector(".problem");
  const fold = root.querySelector(".all-numbers");
  const handle = root.querySelector(".handle");
  const [label, hint] = ["label", ".hint"].map((part) => handle.querySelector(part));
  const past = root.querySelector(".bar .past");
  const chosen = [...handle.querySelectorAll("input")];
  const controls = [...chosen, ...root.querySelectorAll("[data-control]")];
  const [sliders, boxes] = ["range", "text"].map((type) => controls.filter((each) => each.type === type));
  const folded = new Set(fold.querySelectorAll("[data-control]"));

  // -- What is typed or moved

  function judge(control, isNumber) {
    control.ariaInvalid = isNumber ? null : "true";
    if (isNumber) control.removeAttribute("aria-describedby");
    else control.setAttribute("aria-describedby", problem.id);
  }

  root.addEventListener("input", ({ target }) => {
    const name = target.dataset.control;
    if (!name) return;
    const value = numberOf(target.value);
    const isNumber = value >= least(name) && value <= bounds.box;
    judge(target, isNumber);
    if (!isNumber) return;
    change(moved(name, value, { data, named, state }), { by: target, source: target });
  });

  // It is told once somebody has done typing; then the box shows the network's number again.
  root.addEventListener("change", ({ target }) => {
    const name = target.dataset.control;
    if (!name) return;
    const facts = { least: written(least(name)), most: bounds.box, example: words.numberExample };
    put(problem, target.ariaInvalid ? fill(words.notANumber, facts) : "");
  });
  root.addEventListener("focusout", ({ target }) => {
    if (!target.dataset.control || target.type !== "text") return;
    judge(target, true);
    write(target, named()[target.dataset.control]);
  });

  const least = (name) => (name === "learning_rate" ? 0 : -bounds.box);

  // -- What is shown

  function write(control, value) {
    const isSlider = control.type === "range";
    const textOf = control.dataset.control === "learning_rate" ? writtenRate : written;
    const text = isSlider ? String(Number(value.toFixed(4))) : textOf(value);
    if (control.value !== text) control.value = text;
    if (!isSlider) return;
    // The track is filled from zero to the middle of the thumb.
    const [low, high] = [Number(control.min), Number(control.max)];
    const along = (number) => Math.min(Math.max((number - low) / (high - low), 0), 1);
    const ends = [along(0), along(value)];
    control.style.setProperty("--from", Math.min(...ends) || -1); // from the very edge
    control.style.setProperty("--to", Math.max(...ends));
  }

  function showHandle(at) {
    const name = places[at]?.value;
    const isGiven = data.names.includes(name);
    put(label, isGiven ? symbols[name] : "");
    const computed = name ? fill(words.computed, { symbol: places[at].symbol }) : words.handle;
    put(hint, isGiven ? "" : computed);
    handle.classList.toggle("idle", !isGiven);
    for (const control of chosen) {
      if (control.dataset.control === name) continue;
      if (isGiven) control.dataset.control = name;
      else delete control.dataset.control;
    }
  }

  let since = 0; // the number of updates before the last change
  let last = {};

  function showChange({ state, named, was }) {
    const made = state.updates - since;
    const line = () => {
      const facts = { before: written(was.loss), after: written(named.loss), updates: made };
      return made > 1 ? fillFor(made, words.pastMany, facts) : fill(words.past, facts);
    };
    const rises = was && named.loss > was.loss;
    const isOpen = was && state.step >= data.quantities.length && was.loss !== named.loss;
    put(past, isOpen ? line() : "");
    past.classList.toggle("rising", Boolean(isOpen && rises));
  }

  function showControls(all, { named, source }) {
    for (const control of all) {
      const name = control.dataset.control;
      const isFolded = folded.has(control) && !fold.open;
      if (name && control !== source && !isFolded) write(control, named[name]);
    }
  }

  // Sliders follow at once, digits when there is time.
  const showDigits = seldom((facts) => {
    showControls(boxes, facts);
    showChange(facts);
  });

  let shown = {}; // a problem is over once there are other numbers, or another is chosen

  return function show(facts) {
    const { state, named, was } = facts;
    if (was !== last.was) since = last.updates ?? 0;
    last = { was, updates: state.updates };
    if (shown.named !== named || shown.at !== state.at) put(problem, "");
    shown = { named, at: state.at };
    showHandle(state.at);
    showControls(sliders, facts);
    showDigits(facts);
  };
}

// What a number that was moved makes of the state. Another step length: the same updates are made
// with it. Any other number: a new start from the numbers reached.
export function moved(name, value, { data, named, state }) {
  if (name === "learning_rate") return { given: { ...state().given, [name]: value } };
  const reached = Object.fromEntries(data.names.map((each) => [each, named()[each]]));
  return { given: { ...reached, [name]: value }, updates: 0 };
}
