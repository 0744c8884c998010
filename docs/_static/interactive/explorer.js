// The explorer: the network of lesson 1 to touch. What it shows is one plain state (`state.js`);
// every control makes a new one, and all that is on the page follows from it at once.

import { createDescent, descend } from "./descent.js";
import { createExperiments } from "./experiments.js";
import { createPanel, judge, reason } from "./panel.js";
import { createPasses } from "./passes.js";
import { networkOf, numbers } from "./quantities.js";
import { initial, read, write } from "./state.js";
import { createView, put, stepOf } from "./view.js";
import { calculation, fill, written } from "./writing.js";

const root = document.querySelector(".explorer");
const find = (selector) => root.querySelector(selector);
const data = JSON.parse(document.getElementById("course-data").textContent);
const { bounds, quantities, symbols, words, workings } = data;
const last = quantities.length;

const view = createView(root, data);
const showPanel = createPanel(root, data, view);
const showDescent = createDescent(root, data);
const controls = [...root.querySelectorAll("[data-control]")];
const problem = find(".problem");
const allShown = find(".told").innerHTML;
const showExperiment = createExperiments(root, {
  data,
  view,
  // While its valley is open, every other step starts from the network that is shown.
  onRate: (value) => change({ given: { ...reached(), learning_rate: value }, updates: 0 }),
});
const passes = createPasses(root, data, {
  walk,
  told: find(".told"),
  textOf: (name) => view.shown(name.replace("dz_da", "z"), state, written(named[name])),
});

let state = read(location.hash, data) ?? initial(data);
let hovered = ""; // a place below the mouse, for as long as it is there
let lit = ""; // the same, or the place of a row of the table
let telling = false; // whether the sentence is that of a step
let named; // every number of the current network

function show() {
  const run = descend(networkOf(state.given, data.example), state.updates, bounds);
  state.updates = run.losses.length - 1; // it may have diverged before
  named = numbers(run.current, data.epsilon);
  look();
  showDescent(run, named.loss_updated);
  showExperiment(state, run.current);
  for (const control of controls) {
    if (control === document.activeElement && control.type === "number") continue;
    const value = named[control.dataset.control];
    control.value = state.updates ? Number(value.toFixed(4)) : value;
  }
}

// What does not change the numbers.
function look() {
  view.show(state, named, lit || state.at);
  // A row lights up only: with the height of the panel, the table would move below the mouse.
  showPanel(state, named, hovered || state.at);
  put(find(".told"), telling ? sentence() : allShown);
  passes.show(state.step);
  find("[name=predict]").checked = state.predict;
}

// Writes the address when things have come to rest: browsers allow only so many writes.
let resting;
function change(part, redraw = show) {
  state = { ...state, ...part };
  redraw();
  clearTimeout(resting);
  resting = setTimeout(() => history.replaceState(history.state, "", write(state, data)), 50);
}

// -- Numbers

function complain(control, text) {
  control.ariaInvalid = text ? "true" : null;
  if (text) {
    control.setAttribute("aria-describedby", problem.id);
    control.parentElement.after(problem);
  } else {
    control.removeAttribute("aria-describedby");
  }
  problem.textContent = text;
}

root.addEventListener("input", ({ target }) => {
  const name = target.dataset.control;
  if (!name) return;
  const value = target.value.trim() === "" ? NaN : Number(target.value);
  const [least, most] = [Number(target.min), Number(target.max)];
  if (!(value >= least && value <= most)) {
    complain(target, fill(words.notANumber, { least, most, example: words.numberExample }));
    return;
  }
  for (const control of controls) if (control.ariaInvalid) complain(control, "");
  // Another step length: the same updates are made with it. Any other number: a new start.
  if (name === "learning_rate") return change({ given: { ...state.given, [name]: value } });
  change({ given: { ...reached(), [name]: value }, updates: 0 });
});

// The numbers that the updates have come to, as those to start from.
const reached = () => Object.fromEntries(data.names.map((each) => [each, named[each]]));

// Left with something that is no number, a box shows the network's again.
root.addEventListener("focusout", ({ target }) => {
  if (!target.ariaInvalid) return;
  complain(target, "");
  target.value = named[target.dataset.control];
});

// -- Places

function placeOf(element) {
  const { place, row } = element.closest?.("[data-place], [data-row]")?.dataset ?? {};
  return place ?? row ?? "";
}

function choose({ target }) {
  const at = placeOf(target);
  if (!at || at === state.at) return;
  hovered = lit = ""; // what is chosen goes before what the mouse rests on
  change({ at }, look);
}

function hover(at, inPicture) {
  if (at === lit) return;
  lit = at;
  hovered = inPicture ? at : "";
  look();
}

root.addEventListener("pointerover", ({ target, pointerType }) => {
  // In the guessing mode the form belongs to the chosen place: it must not wander off.
  if (pointerType === "mouse" && !state.predict) {
    hover(placeOf(target), Boolean(target.closest("svg")));
  }
});
root.addEventListener("pointerleave", () => hover("", false));
root.addEventListener("click", choose);
root.addEventListener("focusin", choose);

// -- The walk

// What is said of the step that the walk has come to.
function sentence() {
  const { step } = state;
  if (step === 0) return words.given;
  const { title, rule, stage } = quantities[step - 1];
  const text = (name) => view.shown(name, state, written(named[name]));
  const results = Object.entries(workings)
    .filter(([name]) => stepOf(name, quantities) === step - 1)
    .map(([name, working]) => {
      const line = `${symbols[name]} = ${calculation(working, text)} = ${text(name)}`;
      return `<span>${line}</span>`;
    });
  const head = fill(words.step, { step, steps: last, title, stage });
  return `<strong>${head}</strong> <span>${rule}</span> ${results.join(" ")}`;
}

function walk(step) {
  telling = true;
  change({ step }, look);
}

// -- Guesses

find(".guess").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const typed = form.get("guess")?.trim().replace("−", "-");
  const number = typed ? Number(typed) : Number(form.get("sign") ?? NaN);
  const verdict = find(".verdict");
  if (Number.isNaN(number)) {
    verdict.textContent = words.guessFirst;
    return;
  }
  const { gradient } = data.places[state.at];
  const right = judge(number, Boolean(typed), named[gradient], bounds);
  const seen = [...state.seen, state.at];
  change({ seen, guessed: state.guessed + 1, right: state.right + right }, look);
  verdict.innerHTML = reason(right, gradient, named, data);
  verdict.classList.toggle("right", right);
  verdict.focus(); // the form is done with
});

root.addEventListener("change", ({ target }) => {
  if (target.name !== "predict") return;
  hovered = lit = "";
  change({ predict: target.checked, seen: [], guessed: 0, right: 0 }, look);
});

// -- Buttons and keys

// What stands in the picture of all that an update changes.
function parameterTexts() {
  const texts = Object.entries(data.places)
    .filter(([name]) => /^([Wb]|L$)/.test(name))
    .map(([name]) => [name, find(`[data-place="${name}"] [data-shows=value]`).textContent]);
  return Object.fromEntries(texts);
}

const actions = {
  back: passes.back,
  forward: passes.forward,
  all() {
    telling = false;
    change({ step: last }, look);
  },
  close: () => change({ experiment: "" }),
  update() {
    const before = parameterTexts();
    change({ updates: Math.min(state.updates + 1, bounds.updates) });
    passes.update(before);
  },
  updates: () => change({ updates: Math.min(state.updates + 10, bounds.updates) }),
  start: () => change({ updates: 0 }),
  reset: () => change({ given: initial(data).given, updates: 0 }),
  reveal: () => change({ seen: Object.keys(data.places) }, look),
};

function act(action) {
  if (action === "play") return passes.toggle();
  passes.pause();
  actions[action]();
}

root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) act(button.dataset.do);
});

root.addEventListener("keydown", (event) => {
  const { target } = event;
  // A box that is wider than the page scrolls with these keys.
  if (target.matches(".wide-picture, .table-wrapper") && target.scrollWidth > target.clientWidth) {
    return;
  }
  if (target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  const action = { ArrowLeft: "back", ArrowRight: "forward" }[event.key];
  const isChosen = placeOf(target) && [" ", "Enter"].includes(event.key);
  if (action || isChosen) event.preventDefault();
  if (action) act(action);
  if (isChosen) choose(event);
});

// -- The address

function arrive(event) {
  clearTimeout(resting); // the address has gone on
  // Back to an address without a state is back to the beginning.
  const wanted = event && !location.hash ? initial(data) : read(location.hash, data);
  if (!wanted) return;
  passes.pause();
  state = wanted;
  hovered = lit = "";
  telling = state.step < last;
  show();
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (!location.hash || (!event && type !== "navigate")) return;
  const bring = () => root.scrollIntoView({ behavior: "instant" });
  bring();
  // Where the page is still loading, it will be moved once more.
  if (document.readyState !== "complete") addEventListener("load", bring, { once: true });
}

show();
arrive();
addEventListener("hashchange", arrive);
