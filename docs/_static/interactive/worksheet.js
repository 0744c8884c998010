// The worksheet: twelve answers in boxes, judged as they are typed, by the rule of
// `mlp_exercise/part1/marking.py`. Boxes and words are in the page already.
// What is wanted now and then is loaded then: workings, other numbers, notebooks.

import { numberOrText } from "./answer.js";
import { nest } from "./boxes.js";
import { course } from "./course.js";
import { mark } from "./marking.js";
import { fill } from "./writing.js";

const PAUSE = 900; // milliseconds without a key, after which a half-typed number is taken for whole

const words = course.sheet;
const part = document.querySelector(".worksheet");
const find = (selector) => part.querySelector(selector);
const steps = course.steps.map(({ name, shape }) => {
  const place = find(`[data-step="${name}"]`);
  const inputs = [...place.querySelectorAll("input")];
  return { name, shape, place, inputs, verdict: place.querySelector(".verdict"), said: [] };
});
const inputs = steps.flatMap((step) => step.inputs);

// What the modules that are loaded later work with.
const sheet = { part, seed: null, example: course.example, texts, write, change, say };

function texts() {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

function judge() {
  const answers = steps.map(({ name, shape, inputs }) => [
    name,
    nest(inputs.map(({ value }) => numberOrText(value)), shape),
  ]);
  const marks = mark(Object.fromEntries(answers), sheet.example);
  steps.forEach((step, i) => {
    step.mark = marks[i];
    step.place.dataset.verdict = marks[i].verdict;
  });
  const sum = (key) => marks.reduce((total, each) => total + each[key], 0);
  const [points, most] = [sum("points"), sum("max_points")];
  find(".points").dataset.points = points;
  find(".points output").textContent = fill(words.points, { points, most });
}

const make = (tag, textContent) => Object.assign(document.createElement(tag), { textContent });

// What is said of a step: a title, and lines below it. An empty one is left in peace.
function findings({ mark: { verdict, feedback }, inputs }) {
  if (inputs.every(({ value }) => value === "")) return [];
  if (verdict === "missing") return ["", feedback];
  if (verdict === "correct") return [words.correct];
  return [words[verdict], feedback];
}

// Says it, unless it has been said: a live region repeats whatever is put in.
function tell(step, said = findings(step)) {
  if (String(said) === String(step.said)) return;
  step.said = said;
  const [title, ...lines] = said;
  const strong = title ? [make("strong", title)] : [];
  step.verdict.replaceChildren(...strong, ...lines.map((line) => make("span", line)));
  step.verdict.dataset.told = said.length ? step.mark.verdict : "";
}

// Good news at once; the rest when the number looks finished, for "0." is no wrong answer.
let waiting;
function typed(input) {
  judge();
  keep();
  say("");
  for (const step of steps) {
    if (step.mark.points > 0) tell(step);
    else if (step.inputs.includes(input)) tell(step, []);
  }
  clearTimeout(waiting);
  waiting = setTimeout(settle, PAUSE);
}

function settle() {
  clearTimeout(waiting);
  steps.forEach((step) => tell(step));
}

// Progress has one entry for each set of numbers. A browser may refuse to keep anything, and
// anything may be found there.
const key = () => `gradients-by-hand:worksheet:${sheet.seed ?? "own"}`;

function keep() {
  const filled = Object.entries(texts()).filter(([, text]) => text !== "");
  try {
    if (filled.length) localStorage.setItem(key(), JSON.stringify(Object.fromEntries(filled)));
    else localStorage.removeItem(key());
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

// Says something below the boxes, perhaps with a way back to the answers before.
function say(text, before) {
  const place = find(".message");
  place.textContent = text;
  if (!before) return;
  const undo = make("button", words.undo);
  undo.addEventListener("click", () => {
    write(before);
    say("");
    find('[data-action="clear"]').focus();
  });
  place.append(" ", undo);
}

// Loads what a button needs, as the page says, and lets it act.
async function act({ module, action }, detail) {
  const loaded = await import(`./${module}.js`).catch(() => say(words.unreachable));
  await loaded?.[action](sheet, detail);
}

function clear() {
  const before = texts();
  write({});
  say(words.cleared, before);
}

// Shows the numbers that the address asks for.
function follow(arriving) {
  const isAsked = location.hash.startsWith("#variant=") || sheet.seed !== null;
  if (isAsked) act({ module: "seeds", action: "follow" }, arriving);
}

part.addEventListener("input", ({ target }) => target.closest("fieldset") && typed(target));
part.addEventListener("change", settle); // also by Enter
part.addEventListener("focusout", settle);
part.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-action]");
  if (!button) return;
  say("");
  if (button.dataset.action === "clear") clear();
  else act(button.dataset, button);
});
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.target.dataset);
});
addEventListener("hashchange", () => follow(false));

write(kept());
follow(true);
part.classList.add("ready");
