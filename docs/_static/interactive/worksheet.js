// The worksheet: twelve answers in boxes below their formulas, judged as they are typed, by the
// rule of `mlp_exercise/part1/marking.py`. Boxes and words are in the page already.
// What is wanted now and then is loaded then: help, the graph, other numbers, notebooks.

import { numberOrText, understood } from "./answer.js";
import { nest } from "./boxes.js";
import { course } from "./course.js";
import { mark } from "./marking.js";
import { load, make } from "./page.js";
import { fill } from "./writing.js";

const PAUSE = 900; // milliseconds without a key, after which a half-typed number is taken for whole

const FITS = 10; // characters of a printed box

const words = course.sheet;
const find = (selector) => document.querySelector(selector);
const steps = course.steps.map(({ name, shape }) => {
  const place = find(`.answer[data-step="${name}"]`);
  const inputs = [...place.querySelectorAll("input")];
  const verdict = place.querySelector(".verdict");
  return { name, shape, place, inputs, verdict, link: find(`.strip [data-mark="${name}"]`), said: [] };
});
const inputs = steps.flatMap((step) => step.inputs);
const head = find(".worksheet");
const score = find(".points");

// What the modules that are loaded later work with.
const sheet = { seed: null, example: course.example, texts, answers, right, write, change, announce };

const isRight = ({ mark }) => mark.points > 0;

function texts() {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

// What stands in the boxes, by step: numbers, null for an empty box, words for all else.
function answers() {
  const read = ({ name, shape, inputs }) => [
    name,
    nest(inputs.map(({ value }) => numberOrText(value)), shape),
  ];
  return Object.fromEntries(steps.map(read));
}

// The numbers of right answers, by box.
function right() {
  const boxes = steps.filter(isRight).flatMap((step) => step.inputs);
  return Object.fromEntries(boxes.map(({ name, value }) => [name, numberOrText(value)]));
}

function judge() {
  const marks = mark(answers(), sheet.example);
  steps.forEach((step, i) => {
    step.mark = marks[i];
    step.place.dataset.verdict = marks[i].verdict;
  });
  const sum = (key) => marks.reduce((total, each) => total + each[key], 0);
  const [points, most] = [sum("points"), sum("max_points")];
  score.dataset.points = points;
  score.querySelector("output").textContent = fill(words.points, { points, most });
  score.querySelector("a").hidden = points < most;
  for (const { name, value, parentElement } of inputs) {
    document.getElementById(`understood-${name}`).textContent = understood(value);
    if (value.length > FITS) parentElement.dataset.long = value;
    else delete parentElement.dataset.long;
  }
  use("graph", points > 0, (graph) => graph.show(right()));
  use("landing", points === most, (landing) => landing.land(sheet, points === most));
}

// Calls a module that is loaded when it is first needed, and whenever something changes after that.
const used = new Set();
async function use(name, needed, call) {
  if (needed) used.add(name);
  if (!used.has(name)) return;
  const module = await load(name).catch(() => announce(words.unreachable));
  if (module) call(module);
}

const isUnread = ({ value }) => typeof numberOrText(value) === "string";

// What is said of a step: a title, and lines below it. An empty one is left in peace.
function findings({ mark: { verdict, feedback }, inputs }) {
  if (inputs.every(({ value }) => value === "")) return [];
  if (verdict === "missing") return ["", feedback];
  if (verdict === "correct") return [words.correct];
  return [words[verdict], feedback];
}

// Says it, unless it has been said: a live region repeats whatever is put in.
function tell(step, said = findings(step)) {
  const { place, link, inputs, mark } = step;
  const isWrong = said.length > 0 && mark.verdict === "wrong";
  for (const input of inputs) {
    const isMarked = (isWrong && mark.elements.includes(input.name)) || isUnread(input);
    input.ariaInvalid = said.length && isMarked ? "true" : null;
  }
  if (String(said) === String(step.said)) return;
  step.said = said;
  const [title, ...lines] = said;
  const strong = title ? [make("strong", title)] : [];
  step.verdict.replaceChildren(...strong, ...lines.map((line) => make("span", line)));
  place.dataset.told = link.dataset.told = said.length ? mark.verdict : "";
  const short = said.length ? title || lines[0] : words.empty;
  link.ariaLabel = fill(words.mark, { step: step.name, said: short });
}

// Good news at once; the rest when the number looks finished, for "0." is no wrong answer.
let waiting;
function typed(input) {
  judge();
  keep();
  announce("");
  for (const step of steps) {
    if (isRight(step)) tell(step);
    else if (step.inputs.includes(input)) tell(step, []);
  }
  clearTimeout(waiting);
  waiting = setTimeout(settle, PAUSE);
}

function settle() {
  clearTimeout(waiting);
  steps.forEach((step) => tell(step));
}

// Progress has one entry for each set of numbers, and the points of the exercise's own. A browser
// may refuse to keep anything, and anything may be found there.
const KEPT = "gradients-by-hand";
const key = () => `${KEPT}:worksheet:${sheet.seed ?? "own"}`;

function store(name, text) {
  if (text) localStorage.setItem(name, text);
  else localStorage.removeItem(name);
}

function keep() {
  const filled = Object.entries(texts()).filter(([, text]) => text !== "");
  try {
    store(key(), filled.length ? JSON.stringify(Object.fromEntries(filled)) : "");
    const points = Number(score.dataset.points) ? score.dataset.points : "";
    if (sheet.seed === null) store(`${KEPT}:points`, points);
    dispatchEvent(new Event("progress"));
  } catch {
    // Then it is not kept.
  }
}

function kept() {
  try {
    return Object(JSON.parse(localStorage.getItem(key())));
  } catch {
    return {};
  }
}

function write(texts) {
  for (const input of inputs) {
    const text = Object.hasOwn(texts, input.name) ? texts[input.name] : "";
    input.value = typeof text === "string" && text.length <= input.maxLength ? text : "";
  }
  judge();
  settle();
  keep();
}

// Turns to other numbers, and to the answers that were given to them before.
function change(seed, example) {
  Object.assign(sheet, { seed, example });
  write(kept());
}

// Says something in the head, perhaps with a way back to the answers before.
function announce(text, before) {
  const place = find(".message");
  place.textContent = text;
  if (!before) return;
  const undo = make("button", words.undo);
  undo.addEventListener("click", () => {
    write(before);
    announce("");
    find('[data-action="clear"]').focus();
  });
  place.append(" ", undo);
}

// Loads what a button needs, as the page says, and lets it act.
async function act({ module, action }, detail) {
  const loaded = await load(module).catch(() => announce(words.unreachable));
  await loaded?.[action](sheet, detail);
}

const here = {
  clear() {
    const before = texts();
    write({});
    announce(words.cleared, before);
  },
  print: () => print(),
};

// Shows the numbers that the address asks for.
function follow(arriving) {
  const isAsked = location.hash.startsWith("#variant=") || sheet.seed !== null;
  if (isAsked) act({ module: "seeds", action: "follow" }, arriving);
}

// Leads to the boxes of an answer, and leaves the address, which may name a variant.
function visit(event, { dataset }) {
  event.preventDefault();
  const { place, inputs } = steps.find(({ name }) => name === dataset.mark);
  const wanted = inputs.find(({ value, ariaInvalid }) => value === "" || ariaInvalid) ?? inputs[0];
  place.scrollIntoView({ block: "center", behavior: "instant" });
  wanted.focus({ preventScroll: true });
}

for (const { place, inputs } of steps) {
  place.addEventListener("input", ({ target }) => typed(target));
  for (const input of inputs) input.addEventListener("change", settle); // also by Enter
  place.addEventListener("focusout", settle);
}
document.addEventListener("click", (event) => {
  if (event.target.closest('.strip [href="#landing"]')) find(".landing").focus();
  const link = event.target.closest("[data-mark]");
  if (link) return visit(event, link);
  const button = event.target.closest("button[data-action]");
  if (!button?.closest(".with-script")) return;
  const { action } = button.dataset;
  announce("");
  if (here[action]) here[action]();
  else act(button.dataset, button);
});
find(".seed").addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.target.dataset);
});
find(".look-up").addEventListener("toggle", ({ target }) =>
  act({ module: "lookup", action: "toggle" }, target),
);
addEventListener("hashchange", () => follow(false));
addEventListener("forgotten", () => write(kept())); // or brought back
// What another tab keeps stands here too, else the next key would delete it.
addEventListener("storage", (event) => event.key === key() && write(kept()));

write(kept());
follow(true);
head.classList.add("ready");
