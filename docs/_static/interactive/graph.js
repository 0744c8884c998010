// The graph with letters fills in: a right answer stands at its place, as the reader wrote it.
// Loaded with the first right answer.

import { course } from "./course.js";
import { brief, fill, written } from "./writing.js";

// Both forms of the graph, and their copies in the strip's panel.
const pictures = () => document.querySelectorAll(":is(figure, .panel) .both-forms > svg");

// A value goes on after its letter, which may have an index below the line; a gradient takes the
// place of its own, because it stands below its letter.
function filled(letters, what, number) {
  const lowered = /dy="(\d+)"/.exec(letters)?.[1] ?? 0;
  return what === "value" ? `${letters}<tspan dy="-${lowered}"> = ${number}</tspan>` : `∂ ${number}`;
}

// Four decimals at most: a calculation may end on …00004.
const rounded = (value) => written(Number(value.toFixed(4)));

// Shows the numbers of right answers, by box, and letters in all other places.
export function show(right) {
  const told = Object.keys(course.shown).filter((name) => name in right);
  const places = told.map((name) => `${name} = ${rounded(right[name])}`).join(", ");
  for (const picture of pictures()) {
    const short = picture.matches(".upright") ? brief : rounded;
    for (const [name, [place, what]] of Object.entries(course.shown)) {
      const text = picture.querySelector(`[data-place="${place}"] [data-shows="${what}"]`);
      const isThere = name in right;
      text.dataset.letters ??= text.innerHTML;
      const { letters } = text.dataset;
      text.innerHTML = isThere ? filled(letters, what, short(right[name])) : letters;
      text.classList.toggle("filled", isThere);
    }
    picture.dataset.alt ??= picture.ariaLabel;
    const more = told.length ? ` ${fill(course.sheet.filled, { places })}` : "";
    picture.ariaLabel = picture.dataset.alt + more;
  }
}
