// How the right values of one step are computed: a line for each element, with the symbols, with
// the numbers, and with what comes out. Loaded when it is first asked for.

import { course } from "./course.js";
import { workOut } from "./network.js";
import { allElements, calculation, fill, written } from "./writing.js";

function line(name, values) {
  const { symbols, workings } = course;
  const into = name.includes("_updated") ? "←" : "=";
  const numbers = calculation(workings[name], (inner) => written(values[inner]));
  const result = `<b data-quantity="${name}" data-value="${values[name]}">${written(values[name])}</b>`;
  const parts = [`${into} ${fill(workings[name], symbols)}`, `= ${numbers}`, `= ${result}`];
  return `<p>${[symbols[name], ...parts].map((each) => `<span>${each}</span>`).join(" ")}</p>`;
}

// Shows the working of a button's step, or hides it again.
export function working(sheet, button) {
  const step = button.closest("[data-step]");
  const shown = button.getAttribute("aria-expanded") === "true";
  const values = allElements({ ...sheet.example, ...workOut(sheet.example) });
  const lines = course.ways[step.dataset.step].map((name) => line(name, values));
  // All of this comes from the build and from numbers, nothing from a reader.
  const html = `<p>${course.sheet.working}</p>${lines.join("")}`;
  step.querySelector(".working").innerHTML = shown ? "" : html;
  button.setAttribute("aria-expanded", String(!shown));
}
