// Help with one answer, in three rungs: the rule, the rule with numbers, the result. The numbers
// are the reader's own earlier answers where they are, right or wrong, because the next answer
// is marked by them. Loaded when it is first asked for.

import { course } from "./course.js";
import { workOut } from "./network.js";
import { make } from "./page.js";
import { allElements, calculation, fill, written } from "./writing.js";

const words = course.sheet;

const isUsable = (answer) => [answer].flat(2).every((value) => typeof value === "number");

// The earlier answers that the lines of a step name and that can be used, by name.
function ownAnswers(sheet, name) {
  const lines = course.ways[name].map((element) => course.workings[element]).join();
  const before = course.steps.slice(0, course.steps.findIndex((step) => step.name === name));
  const answers = sheet.answers();
  const usable = before.filter((step) => isUsable(answers[step.name]));
  const named = usable.filter((step) => new RegExp(`{${step.name}[[}]`).test(lines));
  return Object.fromEntries(named.map((step) => [step.name, answers[step.name]]));
}

// The parts of one line: the rule with symbols, with numbers, and what comes out.
function line(name, values) {
  const { symbols, workings } = course;
  const into = name.includes("_updated") ? "←" : "=";
  const numbers = calculation(workings[name], (inner) => written(values[inner]));
  const result = `<b data-quantity="${name}" data-value="${values[name]}">${written(values[name])}</b>`;
  const isExact = Math.abs(values[name] - Number(values[name].toFixed(4))) < 1e-9;
  const last = `${isExact ? "=" : "≈"} ${result}`;
  return [`${symbols[name]} ${into} ${fill(workings[name], symbols)}`, `= ${numbers}`, last];
}

const span = (html) => {
  const made = document.createElement("span");
  made.innerHTML = html; // from the build and from numbers, nothing that a reader typed
  return made;
};

// What was taken for the numbers when they were put in, so that the result goes with them.
const taken = new WeakMap();

function take(sheet, name) {
  const own = ownAnswers(sheet, name);
  const values = allElements({ ...sheet.example, ...workOut(sheet.example, own) });
  return { mine: Object.keys(own), values };
}

// Adds one rung to what is shown, so that only this is read out.
function climb(sheet, place, rung) {
  const name = place.dataset.step;
  const panel = place.querySelector(".working");
  if (rung < 3) taken.set(place, take(sheet, name));
  const { mine, values } = taken.get(place);
  const parts = course.ways[name].map((element) => line(element, values)[rung - 1]);
  if (rung === 1) {
    const all = parts.length > 1 ? [make("p", course.rules[name], { className: "of-all" })] : [];
    panel.append(...all, ...parts.map(() => make("p", "", { className: "line" })));
  }
  panel.querySelectorAll(".line").forEach((place, i) => place.append(span(parts[i]), " "));
  if (rung === 2 && mine.length) {
    const told = fill(words.yours, { names: mine.join(", ") });
    panel.append(make("p", told, { className: "yours" }));
  }
}

function turn(place, rung) {
  const button = place.querySelector('[data-action="help"]');
  place.dataset.rung = rung;
  button.ariaExpanded = String(rung > 0);
  button.firstElementChild.textContent = words.rungs[rung];
}

// Shows the next rung of help with a button's answer, and after the last one nothing.
export function help(sheet, button) {
  const place = button.closest(".answer");
  const rung = (Number(place.dataset.rung ?? 0) + 1) % words.rungs.length;
  if (rung === 0) return close(place);
  climb(sheet, place, rung);
  turn(place, rung);
}

export function close(place) {
  place.querySelector(".working").replaceChildren();
  turn(place, 0);
}
