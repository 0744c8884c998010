// How the right values of one step come about: a line for each element, with the symbols, with
// the numbers, and with what comes out. Loaded when it is first asked for.

import { course } from "./course.js";
import { workOut } from "./network.js";
import { elements, fill, written } from "./writing.js";

function valuesOf(example) {
  const all = { ...example, ...workOut(example) };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => elements(name, value)));
}

function line(name, values) {
  const working = course.workings[name];
  const into = name.includes("_updated") ? "←" : "=";
  const symbols = fill(working, (inner) => course.symbols[inner]);
  const numbers = fill(working, (inner) => written(values[inner]));
  const result = `<b data-quantity="${name}" data-value="${values[name]}">${written(values[name])}</b>`;
  const parts = [`${into} ${symbols}`, `= ${numbers}`, `= ${result}`];
  return [course.symbols[name], ...parts].map((each) => `<span>${each}</span>`).join(" ");
}

// Shows the working of a button's step, or hides it again.
export function working(sheet, button) {
  const step = button.closest("[data-step]");
  const shown = button.getAttribute("aria-expanded") === "true";
  const values = valuesOf(sheet.example);
  const lines = course.ways[step.dataset.step].map((name) => `<p>${line(name, values)}</p>`);
  // All of this comes from the build and from numbers, nothing from a reader.
  const html = `<p>${course.sheet.working}</p>${lines.join("")}`;
  step.querySelector(".working").innerHTML = shown ? "" : html;
  button.setAttribute("aria-expanded", String(!shown));
}
