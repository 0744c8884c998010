// Other numbers for the worksheet: variants by their seed. The address says which are shown, so
// a link, a bookmark and the way back lead to them. Loaded when they are first asked for.

import { constants, course } from "./course.js";
import { variant } from "./variants.js";
import { allElements, fill, written } from "./writing.js";

const IN_ADDRESS = /^#variant=(\d+)$/;

// Reads a seed; undefined if a text is none.
function seedOf(text) {
  const seed = /^\s*\d{1,16}\s*$/.test(text) ? Number(text) : Infinity;
  return seed <= constants.LARGEST_SEED ? seed : undefined;
}

const box = (sheet) => sheet.part.querySelector(".seed input");

function complain(sheet, text) {
  sheet.part.querySelector(".problem").textContent = text;
  box(sheet).ariaInvalid = text ? "true" : null;
}

function display(sheet, seed) {
  sheet.say(""); // a way back would lead to the answers of other numbers
  complain(sheet, "");
  const own = seed === null;
  const example = own ? course.example : variant(seed);
  for (const [name, value] of Object.entries(allElements(example))) {
    const place = sheet.part.querySelector(`.given [data-quantity="${name}"]`);
    place.textContent = written(value);
    place.dataset.value = value;
  }
  const title = own ? course.sheet.own : fill(course.sheet.variant, { seed });
  sheet.part.querySelector(".whose").textContent = title;
  box(sheet).value = seed ?? "";
  sheet.part.classList.toggle("varied", !own);
  // Workings of the numbers before are out of date.
  sheet.part.querySelectorAll('[aria-expanded="true"]').forEach((button) => button.click());
  sheet.change(seed, example);
}

function turnTo(sheet, seed) {
  complain(sheet, "");
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
  sheet.part.querySelector('[data-action="draw"]').focus(); // its own button is gone
}

// Shows the variant whose seed stands in the box.
export function show(sheet) {
  const seed = seedOf(box(sheet).value);
  if (seed === undefined) complain(sheet, course.sheet.no_seed);
  else turnTo(sheet, seed);
}

// Shows what the address asks for, and leaves the numbers where it asks for something else.
// Who arrives by such an address wants the sheet, which stands far down the page.
export function follow(sheet, arriving) {
  const { hash } = location;
  const seed = hash === "" ? null : seedOf(IN_ADDRESS.exec(hash)?.[1] ?? "");
  if (seed === undefined || seed === sheet.seed) return;
  display(sheet, seed);
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (arriving && type === "navigate") sheet.part.scrollIntoView({ behavior: "instant" });
}

// Turns to the numbers of a notebook; false if no variant belongs to its seed.
export function turn(sheet, seed) {
  const known = seed === null || (typeof seed === "number" && seedOf(String(seed)) === seed);
  if (known) turnTo(sheet, seed);
  return known;
}
