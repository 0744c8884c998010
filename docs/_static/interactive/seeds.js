// Other numbers for the worksheet: variants by their seed. The address says which are shown, so
// a link, a bookmark and the way back lead to them. Loaded when they are first asked for.

import { course, seedOf } from "./course.js";
import { arrivedByLink } from "./page.js";
import { variant } from "./variants.js";
import { close } from "./working.js";
import { allElements, elements, fill, written } from "./writing.js";

const IN_ADDRESS = /^#variant=(\d+)$/;

const find = (selector) => document.querySelector(selector);
const box = () => find(".seed input");

function complain(text) {
  find(".problem").textContent = text;
  box().ariaInvalid = text ? "true" : null;
}

// Tables of numbers in the formulas of the page that are one of the given quantities follow it.
function nameGivenNumbers() {
  const matrices = Object.entries(course.example).filter(([, value]) => Array.isArray(value));
  const namesOf = new Map(
    matrices.map(([name, value]) => {
      const named = elements(name, value);
      return [String(Object.values(named).map(written)), Object.keys(named)];
    }),
  );
  for (const table of document.querySelectorAll("article mtable:not(:has([data-quantity]))")) {
    const cells = [...table.querySelectorAll("mtd")];
    const names = namesOf.get(String(cells.map(({ textContent }) => textContent)));
    names?.forEach((name, i) => {
      const number = document.createElementNS(cells[i].namespaceURI, "mn");
      number.dataset.quantity = name;
      number.textContent = cells[i].textContent;
      cells[i].replaceChildren(number);
    });
  }
}

function display(sheet, seed) {
  sheet.announce(""); // a way back would lead to the answers of other numbers
  complain("");
  const own = seed === null;
  const example = own ? course.example : variant(seed);
  for (const [name, value] of Object.entries(allElements(example))) {
    for (const place of document.querySelectorAll(`mn[data-quantity="${name}"]`)) {
      place.textContent = written(value);
      place.dataset.value = value;
    }
  }
  const { sheet: words } = course;
  find(".whose").textContent = own ? words.own : fill(words.variant, { seed });
  find("[data-whose]").textContent = own ? words.own_here : fill(words.variant_here, { seed });
  box().value = seed ?? "";
  document.documentElement.classList.toggle("varied", !own);
  // Help with the numbers before is out of date.
  document.querySelectorAll(".answer[data-rung]").forEach(close);
  sheet.change(seed, example);
}

nameGivenNumbers();

function turnTo(sheet, seed) {
  complain("");
  if (seed === sheet.seed) return;
  const here = location.pathname + location.search;
  history.pushState(null, "", seed === null ? here : `#variant=${seed}`);
  display(sheet, seed);
}

export function draw(sheet) {
  turnTo(sheet, Math.floor(Math.random() * course.drawn_below));
}

export function own(sheet) {
  turnTo(sheet, null);
  find('[data-action="draw"]').focus(); // its own button is gone
}

// Shows the variant whose seed stands in the box.
export function show(sheet) {
  const seed = seedOf(box().value);
  if (seed === undefined) complain(course.sheet.no_seed);
  else turnTo(sheet, seed);
}

// Shows what the address asks for, and leaves the numbers where it asks for something else.
// Who arrives by such an address wants the sheet, and not the top of the page.
export function follow(sheet, arriving) {
  const { hash } = location;
  const seed = hash === "" ? null : seedOf(IN_ADDRESS.exec(hash)?.[1] ?? "");
  if (seed === undefined || seed === sheet.seed) return;
  display(sheet, seed);
  if (arriving && arrivedByLink()) find(".worksheet").scrollIntoView({ behavior: "instant" });
}

// Turns to the numbers of a notebook; false if no variant belongs to its seed.
export function turn(sheet, seed) {
  const known = seed === null || (typeof seed === "number" && seedOf(String(seed)) === seed);
  if (known) turnTo(sheet, seed);
  return known;
}
