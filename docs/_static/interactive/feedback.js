// Words for the learner: what is the matter with an answer, never what it should be.
// `part1/feedback.py`; the words themselves come with the page.

import { halfUnit } from "./answer.js";
import { explains, flatten, nest, unexplained } from "./boxes.js";
import { constants, say } from "./course.js";
import { madeIn, SLIPS } from "./mistakes.js";
import { workOut } from "./network.js";
import { elements, tuple } from "./writing.js";

const { LAST_DIGITS, MINUS, RECOGNISED } = constants;

// How `plain` speaks of a number that was written with a comma.
const NUMBER = `'\\s*[-+${MINUS}]?\\s*\\p{Nd}*[,，]\\p{Nd}+\\s*'`;
const DECIMAL_COMMA = new RegExp(say("text", { text: NUMBER }), "u");

export function unusable(step, answer) {
  if (answer.problem === "missing") return answer.detail || say("missing");
  const words = unexpected(step, answer);
  return DECIMAL_COMMA.test(answer.detail) ? say("decimal comma", { words }) : words;
}

export const blocked = (lacking) => say("blocked", { steps: lacking.join(say("and")) });

export function wrongShape(step, answer, boxes) {
  const words = unexpected(step, answer);
  const right = boxes.some((box) => explains(box, answer.values));
  return right ? say("numbers are right", { words }) : words;
}

// Names the likely mistake, or else the elements to look at again.
export function wrong(step, values, boxes, example, earlier) {
  if (boxes.some((box) => explains(box, values, { truncated: true }))) return say("truncated");
  // On the way from the learner's answers, and from the right ones, in case more digits were
  // carried than written.
  const ways = [earlier, {}].map((given) => workOut(example, given));
  const made = SLIPS.filter(({ answer }) => answer === step.name).flatMap((slip) =>
    ways.map((way) => [slip, flatten(madeIn(slip, example, way))]),
  );
  const slip = likelyMistake(values, boxes, made);
  return slip ? say("mistake", { name: slip.name }) : unnamed(step, values, boxes);
}

// Says which elements to look at again, where no mistake is known.
export function unnamed(step, values, boxes) {
  const off = boxes
    .map((box) => unexplained(box, values))
    .reduce((fewest, some) => (some.length < fewest.length ? some : fewest));
  const nested = step.shape.length ? nest(values, step.shape) : values;
  const names = Object.keys(elements(step.name, nested));
  const places = off.map((place) => names[place]).join(", ");
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

function unexpected(step, answer) {
  const wanted = step.shape.length ? say("numbers", { shape: tuple(step.shape) }) : say("one number");
  return say("unexpected", { step: step.name, detail: answer.detail, wanted });
}
