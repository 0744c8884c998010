// What a wrong answer tells: the slip that makes it, how far a slip reaches. Pure functions.

import { halfUnit } from "./answer.js";
import { exactly, explains, flatten, unexplained } from "./boxes.js";
import { constants, say, steps } from "./course.js";
import { likelyMistake, unnamed } from "./feedback.js";
import { SLIPS } from "./mistakes.js";
import { afterUpdate, FORMULAS, loss, workOut } from "./network.js";
import { allElements } from "./writing.js";

const { LAST_DIGITS, TOLERANCE } = constants;

const SAME = 1e-9; // results that differ by less differ by rounding

const ORDER = Object.keys(FORMULAS);

const isNear = (one, other, allowed) =>
  one.every((value, place) => Math.abs(value - other[place]) <= allowed(place));

// The whole iteration with one slip in it: what comes after it follows from it.
export function withSlip(slip, example) {
  const values = {};
  for (const [name, formula] of Object.entries(FORMULAS)) {
    values[name] = (name === slip.quantity ? slip.formula : formula)(example, values);
  }
  return values;
}

// Says what is the matter with the values of one answer: `kind` is "right", "slip", "unseen" (right
// at two decimals, but with a slip's digits) or "none"; `slips` are all that make these numbers,
// those of this very answer first; `off` are the places of elements that are not right.
export function diagnose(step, values, example) {
  const right = flatten(workOut(example)[step.name]);
  const asWritten = (place) => halfUnit(values[place]) + LAST_DIGITS;
  const truth = exactly(right);
  const isRight = explains(truth, values);
  if (isNear(values, right, asWritten)) return { kind: "right", slips: [], off: [] };
  const off = unexplained(truth, values);
  const made = SLIPS.map((slip) => [slip, flatten(withSlip(slip, example)[step.name])]).filter(
    ([, wrong]) => !isNear(wrong, right, () => SAME),
  );
  const likely = likelyMistake(values, [truth], made);
  const exact = made.filter(([, wrong]) => isNear(values, wrong, asWritten));
  if (isRight && !exact.length) return { kind: "right", slips: [], off };
  const isCut = explains(truth, values, { truncated: true });
  if (!likely || (isCut && !isRight)) {
    return { kind: "none", slips: [], off, said: isCut ? say("truncated") : unnamed(step, values, [truth]) };
  }
  const [, best] = made.find(([slip]) => slip === likely);
  const alike = made.filter(([slip, wrong]) =>
    slip === likely || exact.some(([one]) => one === slip) || isNear(wrong, best, () => SAME),
  );
  const slips = alike
    .map(([slip]) => slip)
    .sort((one, other) => ORDER.indexOf(other.answer) - ORDER.indexOf(one.answer));
  return { kind: isRight ? "unseen" : "slip", slips, off };
}

// How far a slip reaches: the largest change of each of the twelve answers, the names of all
// elements that change, and the loss after the update, with the slip and without.
export function reachOf(slip, example) {
  const right = workOut(example);
  const wrong = withSlip(slip, example);
  const [before, after] = [right, wrong].map(allElements);
  const changed = Object.keys(before).filter((name) => Math.abs(after[name] - before[name]) > SAME);
  const answers = steps.map(({ name }) => {
    const truth = flatten(right[name]);
    const changes = flatten(wrong[name]).map((value, place) => Math.abs(value - truth[place]));
    const most = Math.max(...changes);
    return { name, most, state: stateOf(name, most, slip), isSeen: most > TOLERANCE };
  });
  const [lossRight, lossWrong] = [right, wrong].map((values) => loss(afterUpdate(example, values)));
  return { answers, changed: new Set(changed), lossRight, lossWrong };
}

function stateOf(name, most, slip) {
  if (most <= SAME) return "before";
  if (name === slip.answer) return "broken";
  return most > TOLERANCE ? "reached" : "hidden";
}
