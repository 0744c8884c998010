// What a wrong answer tells: the slip that makes it, how far a slip reaches. Pure functions.

import { halfUnit } from "./answer.js";
import { exactly, explains, flatten, unexplained } from "./boxes.js";
import { constants, say, steps } from "./course.js";
import { isNoStep, isShort, likelyMistake, tooShort, unnamed } from "./feedback.js";
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

// Says what is the matter with the values of one answer. `kind` is "right"; "slip"; "unseen", which
// is right at two decimals but has a slip's digits; "cut", where digits or the step are missing;
// or "none". `slips` are all that make these numbers, those of this very answer first, `off` the
// places of elements that are not right, `said` what the marking would say where no slip is meant.
export function diagnose(step, values, example) {
  const right = flatten(workOut(example)[step.name]);
  const truth = exactly(right);
  const asWritten = (place) => halfUnit(values[place]) + LAST_DIGITS;
  const made = SLIPS.map((slip) => [slip, flatten(withSlip(slip, example)[step.name])]).filter(
    ([, wrong]) => !isNear(wrong, right, () => SAME),
  );
  const exact = made.filter(([, wrong]) => isNear(values, wrong, asWritten));
  const isRight = explains(truth, values);
  if (isNear(values, right, asWritten) || (isRight && !exact.length)) {
    return { kind: "right", slips: [], off: [] };
  }
  const off = unexplained(truth, values);
  if (!isRight && explains(truth, values, { truncated: true })) {
    return { kind: "cut", slips: latestFirst(exact), off, said: say("truncated") };
  }
  const likely = likelyMistake(values, [truth], made);
  if (!isRight && isShort(values, [truth])) {
    return { kind: "cut", slips: latestFirst(exact), off, said: tooShort() };
  }
  if (!isRight && isNoStep(step, values, example)) {
    return { kind: "cut", slips: [], off, said: say("no step") };
  }
  if (!likely) return { kind: "none", slips: [], off, said: unnamed(step, values, [truth]) };
  const [, best] = made.find(([slip]) => slip === likely);
  const alike = made.filter((one) => exact.includes(one) || isNear(one[1], best, () => SAME));
  return { kind: isRight ? "unseen" : "slip", slips: latestFirst(alike), off };
}

const latestFirst = (made) =>
  made
    .map(([slip]) => slip)
    .sort((one, other) => ORDER.indexOf(other.answer) - ORDER.indexOf(one.answer));

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
