// The explorer: the exercise's network to touch. What it shows is one plain state (`state.js`);
// every control makes a new one, and all that is on the page follows from it at once.

import { createDescent, descend } from "./descent.js";
import { createPanel, judge, reason } from "./panel.js";
import { initial, read, write } from "./state.js";
import { fill, networkOf, numbers, written } from "./values.js";
import { createView, stepOf } from "./view.js";

const root = document.querySelector(".explorer");
const find = (selector) => root.querySelector(selector);
const data = JSON.parse(document.getElementById("course-data").textContent);
const { bounds, quantities, symbols, words, workings } = data;
const last = quantities.length;

const view = createView(root, data);
const showPanel = createPanel(root, data, view.covered);
const showDescent = createDescent(root, data);
const controls = [...root.querySelectorAll("[data-control]")];
const problem = find(".problem");
const told = find(".told");
const allShown = told.textContent;

let state = read(location.hash, data) ?? initial(data);
let hovered = "";
let named; // every number of the current network
let losses;

function show() {
  const run = descend(networkOf(state.given, data.example), state.updates, bounds);
  state.updates = run.losses.length - 1; // it may have diverged before
  losses = run.losses;
  named = numbers(run.current, data.epsilon);
  look();
  showDescent(run, named.loss_updated);
  for (const control of controls) {
    if (control === document.activeElement && control.type === "number") continue;
    const value = named[control.dataset.control];
    control.value = state.updates ? Number(value.toFixed(4)) : value;
  }
}

// What does not change the numbers.
function look() {
  const at = hovered || state.at;
  view.show(state, named, at);
  showPanel(state, named, at);
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

function current() {
  return Object.fromEntries(data.names.map((name) => [name, named[name]]));
}

function complain(control, text) {
  control.toggleAttribute("aria-invalid", Boolean(text));
  if (text) control.setAttribute("aria-invalid", "true");
  if (text) control.setAttribute("aria-describedby", problem.id);
  else control.removeAttribute("aria-describedby");
  if (text) control.parentElement.after(problem);
  problem.textContent = text;
}

root.addEventListener("input", ({ target }) => {
  const name = target.dataset.control;
  if (!name) return;
  const value = target.value.trim() === "" ? NaN : Number(target.value);
  const [least, most] = [Number(target.min), Number(target.max)];
  if (!(value >= least && value <= most)) {
    const facts = { least, most, example: words.numberExample };
    complain(target, fill(words.notANumber, (key) => facts[key]));
    return;
  }
  controls.filter((each) => each.hasAttribute("aria-invalid")).forEach((each) => complain(each, ""));
  change({ given: { ...current(), [name]: value }, updates: 0 });
});

// Left with something that is no number, a box shows the network's again.
root.addEventListener("focusout", ({ target }) => {
  if (!target.hasAttribute("aria-invalid")) return;
  complain(target, "");
  target.value = named[target.dataset.control];
});

// -- Places

const placeOf = (element) => {
  const { place, row } = element.closest?.("[data-place], [data-row]")?.dataset ?? {};
  return place ?? row ?? "";
};
const choose = ({ target }) => {
  const at = placeOf(target);
  if (at && at !== state.at) change({ at }, look);
};
const hover = (at) => {
  if (at === hovered) return;
  hovered = at;
  look();
};
root.addEventListener("pointerover", ({ target, pointerType }) => {
  // In the guessing mode the form belongs to the chosen place: it must not wander off.
  if (pointerType === "mouse" && !state.predict) hover(placeOf(target));
});
root.addEventListener("pointerleave", () => hover(""));
root.addEventListener("click", choose);
root.addEventListener("focusin", choose);

// -- The walk

let playing;
function tell() {
  const { step } = state;
  if (step === 0) return words.given;
  const { name, title, rule, stage } = quantities[step - 1];
  const facts = { step, steps: last, title, stage };
  const results = Object.keys(workings)
    .filter((element) => stepOf(element, quantities) === step - 1)
    .map((element) => {
      const hidden = view.covered(element, state);
      const number = hidden ? "?" : written(named[element]);
      const text = (inner) => (view.covered(inner, state) ? "?" : written(named[inner]));
      return `<span>${symbols[element]} = ${fill(workings[element], text, true)} = ${number}</span>`;
    });
  return `<strong>${fill(words.step, (key) => facts[key])}</strong> <span>${rule}</span> ${results.join(" ")}`;
}

function walk(step) {
  change({ step }, look);
  told.innerHTML = tell();
}

function pause() {
  clearInterval(playing);
  playing = undefined;
  find(".play").textContent = words.play;
}

function play() {
  if (playing) return pause();
  walk(state.step >= last ? 1 : state.step + 1);
  find(".play").textContent = words.pause;
  playing = setInterval(() => {
    walk(state.step + 1);
    if (state.step >= last) pause();
  }, 2500);
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
});

root.addEventListener("change", ({ target }) => {
  if (target.name === "predict") change({ predict: target.checked, seen: [], guessed: 0, right: 0 }, look);
});

// -- Buttons and keys

const actions = {
  back: () => walk(Math.max(0, state.step - 1)),
  forward: () => walk(state.step >= last ? 1 : state.step + 1),
  all: () => {
    change({ step: last }, look);
    told.textContent = allShown;
  },
  update: () => change({ updates: Math.min(state.updates + 1, bounds.updates) }),
  updates: () => change({ updates: Math.min(state.updates + 10, bounds.updates) }),
  start: () => change({ updates: 0 }),
  reset: () => change({ given: initial(data).given, updates: 0 }),
  reveal: () => change({ seen: Object.keys(data.places) }, look),
};

root.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-do]")?.dataset.do;
  if (!action) return;
  if (action === "play") return;
  pause();
  actions[action]();
});
find(".play").addEventListener("click", play);

root.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  const action = { ArrowLeft: "back", ArrowRight: "forward" }[event.key];
  if (action) {
    event.preventDefault();
    pause();
    actions[action]();
  }
  if (placeOf(event.target) && [" ", "Enter"].includes(event.key)) {
    event.preventDefault();
    choose(event);
  }
});

// -- The address

function arrive() {
  const wanted = read(location.hash, data);
  if (!wanted) return;
  pause();
  state = wanted;
  hovered = "";
  show();
  told.innerHTML = state.step < last ? tell() : allShown;
  const links = [...root.querySelectorAll("[data-question]")];
  const opened = links.find(({ hash }) => hash === location.hash);
  if (opened) find(".question").textContent = opened.dataset.question;
  root.scrollIntoView();
}

show();
arrive();
addEventListener("hashchange", arrive);
