// The graph with letters fills in: a right answer stands at its place, as the reader wrote it.
// Loaded with the first right answer.

import { course } from "./course.js";
import { fill, written } from "./writing.js";

const pictures = () => document.querySelectorAll("svg.picture:has([data-place])");

function write(text, what, number) {
  text.dataset.letters ??= text.innerHTML;
  const { letters } = text.dataset;
  const number_ = what === "value" ? `${letters} = ${number}` : `∂ ${number}`;
  text.innerHTML = number === undefined ? letters : number_;
  text.classList.toggle("filled", number !== undefined);
}

// Shows the numbers of right answers, by box, and letters in all other places.
export function show(right) {
  const told = Object.keys(course.shown).filter((name) => name in right);
  for (const picture of pictures()) {
    for (const [name, [place, what]] of Object.entries(course.shown)) {
      const text = picture.querySelector(`[data-place="${place}"] [data-shows="${what}"]`);
      write(text, what, name in right ? written(right[name]) : undefined);
    }
    picture.dataset.alt ??= picture.ariaLabel;
    const places = told.map((name) => `${name} = ${written(right[name])}`).join(", ");
    const more = told.length ? ` ${fill(course.sheet.filled, { places })}` : "";
    picture.ariaLabel = picture.dataset.alt + more;
  }
}
