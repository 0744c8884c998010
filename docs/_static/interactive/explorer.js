// The explorer: the network of lesson 1 to touch. What it shows is one plain state (`state.js`);
// every control makes a new one, and each part of the page is drawn from the new one at once.
// Browsers send moves of a pointer once a frame, so that nothing is drawn more often than seen;
// while the pointer is down, what nobody sees has to wait.

import { createControls } from "./controls.js";
import { createDescent, descend } from "./descent.js";
import { later, seldom } from "./later.js";
import { createHandles } from "./handles.js";
import { createLine } from "./line.js";
import { load } from "./page.js";
import { createPanel } from "./panel.js";
import { createPasses } from "./passes.js";
import { networkOf, numbers } from "./quantities.js";
import { arrival, initial, read, write } from "./state.js";
import { createView, placeOf, put } from "./view.js";

const root = document.querySelector(".explorer");
const data = JSON.parse(document.getElementById("course-data").textContent);
const predict = root.querySelector("[name=predict]");

let state = read(location.hash, data) ?? arrival(data);
let hovered = ""; // a place below the mouse, for as long as it is there
let run; // the updates made from the given numbers
let named; // every number of the current network
let was; // the same before the last change
let pressed = false; // whether the pointer is down
let gesture; // what made that change: moves of one drag are one change

const explorer = { root, data, change, hover, state: () => state, named: () => named };
const view = createView(explorer);
const parts = [
  view.show,
  createControls(explorer),
  createHandles(explorer, view),
  seldom(createPanel(explorer, view)),
  seldom(createDescent(explorer)),
  createPasses(explorer, view),
  seldom(createLine(explorer, view)),
  later(
    ({ state }) => state.predict,
    async () => (await load("guess")).createGuess(explorer, view),
    complain,
  ),
  later(
    ({ state }) => state.experiment,
    async () => (await load("experiments")).createExperiments(explorer, view),
    complain,
  ),
];

function complain() {
  put(root.querySelector(".problem"), data.words.unreachable);
}

const reachedBy = (updates) =>
  descend(networkOf(state.given, data.example), updates, data.bounds);

function compute() {
  run = reachedBy(state.updates);
  state.updates = run.losses.length - 1; // it may have diverged before
  named = numbers(run.current);
}

// `source` is the box that the change was typed into, whose text stays as it is.
// After the address has changed, `arrived` is true: what came before is over.
function draw(source, arrived) {
  const at = hovered || state.at;
  predict.checked = state.predict;
  for (const show of parts) show({ state, named, was, run, at, source, pressed, arrived });
}

function press(isDown) {
  if (pressed === isDown) return;
  pressed = isDown;
  endGesture();
  root.classList.toggle("pressed", pressed); // then widths follow at once
  if (!pressed) draw();
}

root.addEventListener("pointerdown", ({ button }) => !button && press(true), { capture: true });
// Some browsers do not tell when a button comes up over the menu that it has opened.
const ends = ["pointerup", "pointercancel", "contextmenu"];
for (const end of ends) addEventListener(end, () => press(false));

// A gesture ends with the pointer, with the key, or with what is typed.
function endGesture() {
  gesture = undefined;
}

const isTyped = ({ target }) => target.type === "text";
root.addEventListener("focusout", endGesture);
root.addEventListener("change", (event) => isTyped(event) && endGesture());
root.addEventListener("keyup", (event) => isTyped(event) || endGesture());

// Changes parts of the state. Changes of one `by` count as one, such as the moves of one drag.
let resting;
function change(part, { by, source } = {}) {
  state = { ...state, ...part };
  if ("given" in part || "updates" in part) {
    touch();
    if (!by || by !== gesture) was = named;
    gesture = by;
    compute();
  }
  draw(source);
  // The address is written when things have come to rest: browsers allow only so many writes.
  clearTimeout(resting);
  resting = setTimeout(() => history.replaceState(history.state, "", write(state, data)), 50);
}

// -- Places

function hover(at) {
  if (at === hovered) return;
  hovered = at;
  draw();
}

// A phone has no room for more than is wanted.
const touch = () => root.classList.add("touched");

function choose({ target }) {
  const at = placeOf(target);
  if (at) touch();
  if (!at || at === state.at) return;
  hovered = ""; // what is chosen goes before what the mouse rests on
  change({ at });
}

root.addEventListener("pointerover", ({ target, pointerType, buttons }) => {
  // In the guessing mode the form belongs to the chosen place: it must not wander off.
  if (pointerType === "mouse" && !buttons && !state.predict) hover(placeOf(target));
});
root.addEventListener("pointerleave", () => hover(""));
root.addEventListener("click", choose);
root.addEventListener("focusin", choose);
// An experiment that could not be loaded is asked for again by the same link.
root.addEventListener("click", ({ target }) => target.closest("[data-experiment]") && draw());

// -- Updates

const actions = {
  update: () => change({ updates: Math.min(state.updates + 1, data.bounds.updates) }),
  updates: () => change({ updates: Math.min(state.updates + 10, data.bounds.updates) }),
  start: () => goBack({ updates: 0 }),
  // An experiment may have covered the gradients; who leaves it sees them again.
  reset: () =>
    goBack({ given: initial(data).given, updates: 0, ...(state.experiment && uncovered) }),
  close() {
    const chip = root.querySelector(`[data-experiment="${state.experiment}"]`);
    change({ experiment: "", ...uncovered });
    chip.focus(); // the button has gone
  },
};

const uncovered = { predict: false, seen: [], guessed: 0, right: 0 };
predict.addEventListener("change", () => change({ ...uncovered, predict: predict.checked }));

// A way back is no change to compare with.
function goBack(part) {
  change(part);
  was = undefined;
  draw();
}

root.addEventListener("click", ({ target }) => actions[target.closest("[data-do]")?.dataset.do]?.());

// -- The address

function arrive(event) {
  clearTimeout(resting); // the address has gone on
  // Back to an address without a state is back to the beginning.
  const wanted = event && !location.hash ? arrival(data) : read(location.hash, data);
  if (wanted) {
    state = wanted;
    if (location.hash && state.at) touch();
    hovered = "";
    compute();
    was = state.updates ? numbers(reachedBy(state.updates - 1).current) : undefined;
  }
  draw(undefined, true);
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (!wanted || !location.hash || (!event && type !== "navigate")) return;
  bring();
  // Where the page is still loading, it will be moved once more.
  if (document.readyState !== "complete") addEventListener("load", bring, { once: true });
}

// An opened experiment is brought into sight where it is not beside the picture.
function bring() {
  const inSight = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const header = parseFloat(getComputedStyle(root).scrollMarginTop);
    return top >= header && bottom <= innerHeight;
  };
  const isBelow = state.experiment && matchMedia("(width < 75em)").matches;
  const head = matchMedia("(width <= 46em)").matches ? ".chips" : ".question";
  if (isBelow) root.querySelector(head).scrollIntoView({ behavior: "instant" });
  else if (!inSight(root.querySelector(".network"))) root.scrollIntoView({ behavior: "instant" });
}

compute();
arrive();
addEventListener("hashchange", arrive);
root.querySelector(".all-numbers").addEventListener("toggle", () => draw());
for (const media of ["(max-width: 46em)", "print"]) {
  matchMedia(media).addEventListener("change", () => draw());
}
