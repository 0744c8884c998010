// Words for the learner: what is the matter with an answer, never what it should be.
// `part1/feedback.py`; the words themselves come with the page.

import { decimalsOf, halfUnit } from "./answer.js";
import { exactly, explains, flatten, unexplained } from "./boxes.js";
import { constants, course, say } from "./course.js";
import { madeIn, SLIPS } from "./mistakes.js";
import { workOut } from "./network.js";
import { tuple } from "./writing.js";

const { LAST_DIGITS, RECOGNISED, TENTH } = constants;

const named = (step, places) => places.map((place) => step.elements[place]).join(", ");

// What is said of an answer without numbers that are of use.
export function unusable(step, { problem, gaps, isPart, found, detail }) {
  const strange = found === undefined ? [] : [unreadable(step, found)];
  if (problem === "missing") return [...strange, missing(step, gaps, isPart)].join(" ");
  return strange[0] ?? unexpected(step, detail);
}

function missing(step, gaps, isPart) {
  if (gaps.length) return say("missing there", { places: named(step, gaps) });
  return say(isPart ? "partly missing" : "missing");
}

// What is said of something that is no number, as `plain` calls it.
function unreadable(step, found) {
  const isA = (kind) => {
    const [before, after] = course.words[kind].split("{text}");
    return found.startsWith(before) && found.endsWith(after);
  };
  const filled = (key) => ({ step: step.name, detail: say(key, { found }) });
  if (isA("formula")) return say("not read", filled("still holds"));
  if (isA("text")) return say("no number", { found });
  if (isA("several")) return say("one each", filled("holds"));
  if (isA("by zero")) return say("zero", filled("holds"));
  if (isA("doubtful")) return say("in doubt", filled("holds"));
  return unexpected(step, say("holds", { found }));
}

// What came and what was expected.
function unexpected(step, detail) {
  const wanted = step.shape.length ? say("numbers", { shape: tuple(step.shape) }) : say("one number");
  return say("unexpected", { step: step.name, detail, wanted });
}

export function blocked(lacking) {
  const steps = lacking.reduce((one, other) => say("and", { one, other }));
  return say("blocked", { steps });
}

export function wrongShape(step, answer, boxes) {
  const words = unexpected(step, answer.detail);
  const right = boxes.some((box) => explains(box, answer.values));
  return right ? say("numbers are right", { words }) : words;
}

// Names the likely mistake, if there is one, and the places to look at again.
export function wrong(step, values, boxes, example, earlier) {
  const off = placesOff(values, boxes);
  if (boxes.some((box) => explains(box, values, { truncated: true }))) return [say("truncated"), off];
  // On the way from the learner's answers, and from the right ones, in case more digits were
  // carried than written.
  const ways = [earlier, {}].map((given) => workOut(example, given));
  const made = SLIPS.filter(({ answer }) => answer === step.name).flatMap((slip) =>
    ways.map((way) => [slip, flatten(madeIn(slip, example, way))]),
  );
  const slip = likelyMistake(values, boxes, made);
  if (isShort(values, boxes)) return [tooShort(slip), off];
  if (isNoStep(step, values, example)) return [say("no step"), off];
  return [slip ? say("mistake", { name: slip.name }) : unnamed(step, values, boxes), off];
}

// Whether all numbers would be right, but for rounding to one decimal.
export const isShort = (values, boxes) =>
  values.every((value) => decimalsOf(value) < 2) &&
  boxes.some((box) => Math.max(...gaps(values, box)) <= TENTH);

// A slip may make the same number with two decimals, 0.30.
export const tooShort = (slip) => (slip ? say("or mistake", slip) : say("one decimal"));

// Whether an update is the parameter as it was.
export function isNoStep({ name }, values, example) {
  const [parameter, updated] = name.split("_");
  if (updated !== "updated") return false;
  return Math.max(...gaps(values, exactly(flatten(example[parameter])))) <= LAST_DIGITS;
}

// The places that the box does not explain which explains most.
const placesOff = (values, boxes) =>
  boxes
    .map((box) => unexplained(box, values))
    .reduce((fewest, some) => (some.length < fewest.length ? some : fewest));

// Says which elements to look at again, where no mistake is known.
export function unnamed(step, values, boxes) {
  const off = placesOff(values, boxes);
  const places = named(step, off);
  const leastGap = Math.min(...boxes.map((box) => Math.max(...gaps(values, box))));
  if (leastGap <= RECOGNISED) return say("close", { places });
  return off.length < values.length ? say("partly right", { places }) : say("wrong");
}

// The slip that an answer matches better than it matches the truth, of those `made`, which are
// pairs of a slip and its values; or nothing.
export function likelyMistake(values, boxes, made) {
  const found = made.map(([slip, wrong]) => {
    const misses = values.map((value, place) => Math.abs(value - wrong[place]));
    return { slip, name: slip.name, misses };
  });
  const { slip, misses } = found.reduce((best, next) => (isNearer(next, best) ? next : best));
  // An answer that is the mistake's own, rounded as it was written, need only be nearer to it
  // than to the truth. Else rounding on the way may have done the same, and it takes more.
  const isRounded = misses.every((miss, i) => miss <= halfUnit(values[i]) + LAST_DIGITS);
  const distance = Math.hypot(...misses) * (isRounded ? 1 : 2);
  const truth = Math.min(...boxes.map((box) => Math.hypot(...gaps(values, box))));
  return Math.max(...misses) <= RECOGNISED && distance < truth ? slip : undefined;
}

// As Python orders pairs: by distance, and by name where two are as near.
function isNearer(one, other) {
  const [distance, least] = [Math.max(...one.misses), Math.max(...other.misses)];
  return distance !== least ? distance < least : one.name < other.name;
}

// How far each value lies outside its interval.
const gaps = (values, box) =>
  values.map((value, place) => Math.max(box[place][0] - value, value - box[place][1], 0));
