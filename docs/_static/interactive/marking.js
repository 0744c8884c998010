// The follow-through rule: from a sheet of answers to its marks. `part1/marking.py`
// with an instructor's default options.
//
// An answer is correct if it lies within τ of the original value. It follows through if one
// route explains it. Both pay alike. Every answer is recorded with what it may stand for, right
// or wrong, and later answers are judged by that record.

import { halfUnit, read } from "./answer.js";
import { exactly, explains, flatten, leadsTo, nest, plausible } from "./boxes.js";
import { constants, say, shapes, steps } from "./course.js";
import * as feedback from "./feedback.js";
import { workOut } from "./network.js";

const { POINTS, TOLERANCE, TRIVIAL } = constants;

// Marks answers by step, each as `plain` or `numberOrText` made it, in nested arrays; absent
// ones are missing. Returns a mark for each of the twelve steps, in order; its `elements` name
// the boxes where something is to be done, as far as that is known.
export function mark(answers, example) {
  const sheet = { example, original: workOut(example), records: {} };
  return steps.map((step) => judge(sheet, step, read(answers[step.name] ?? null, step)));
}

const pays = (verdict) => ["correct", "follow-through"].includes(verdict);

// Judges one answer by the records of those before it, and records it. Its box is null where
// later steps cannot use it.
function judge(sheet, step, answer) {
  const { values, problem } = answer;
  let places = answer.places;
  let [verdict, box, flags] = [problem === "missing" ? "missing" : "wrong", null, []];
  let words;
  if (values === null) {
    words = feedback.unusable(step, answer);
  } else {
    const truth = exactly(flatten(sheet.original[step.name]));
    const correct = explains(truth, values);
    const routes = openRoutes(sheet, step, correct, values);
    const follows = routes.filter((route) => explains(route.box, values));
    const isBlocked = lacking(sheet, step).length > 0;
    if (isBlocked) verdict = "blocked";
    else if (!problem && correct) verdict = "correct";
    else if (!problem && follows.length) verdict = "follow-through";
    const isEasy = follows.every(({ route }) => isTrivial(sheet, route));
    if (verdict === "follow-through" && isEasy) flags = ["trivial"];
    const boxes = [truth, ...routes.map((route) => route.box)];
    [words, places] = wordsFor(sheet, step, answer, verdict, boxes);
    if (flags.length) words = say("trivial");
    box = plausible(values, [...(correct ? [truth] : []), ...follows.map((route) => route.box)]);
  }
  if (["invalid", "wrong shape"].includes(problem)) flags = [problem, ...flags];
  sheet.records[step.name] = { values, verdict, box };
  return {
    name: step.name,
    verdict,
    points: pays(verdict) ? POINTS : 0,
    max_points: POINTS,
    flags,
    feedback: words,
    expected: expected(sheet, step),
    elements: places.map((place) => step.elements[place]),
  };
}

// Follows every route whose earlier answers can be used.
function openRoutes({ example, records }, step, correct, values) {
  // Computed to the last digit: nothing else needs to explain it.
  if (correct && !values.some(halfUnit)) return [];
  const boxes = Object.fromEntries(Object.entries(records).map(([name, { box }]) => [name, box]));
  return step.routes
    .filter((route) => route.needs.every((name) => boxes[name]))
    .map((route) => ({ route, box: leadsTo(route, example, boxes) }))
    .filter(({ box }) => box);
}

// The earlier answers that block a step; none if some route is open.
function lacking({ records }, step) {
  const needed = step.routes.map(({ needs }) => needs.filter((name) => !records[name].box));
  return needed.length && needed.every((names) => names.length) ? needed[0] : [];
}

// Whether a route starts from a wrong answer that is all zero, or huge.
function isTrivial({ records }, route) {
  return route.needs.some((name) => {
    const sizes = records[name].values.map(Math.abs);
    const isZero = sizes.every((size) => size <= TOLERANCE);
    return !pays(records[name].verdict) && (isZero || sizes.some((size) => size > TRIVIAL));
  });
}

// Words for an answer in numbers, and the places that they speak of.
function wordsFor(sheet, step, answer, verdict, boxes) {
  if (verdict === "blocked") return [feedback.blocked(lacking(sheet, step)), []];
  if (answer.problem) return [feedback.wrongShape(step, answer, boxes), []];
  if (verdict !== "wrong") return [say(verdict), []];
  const usable = Object.entries(sheet.records).filter(([, { values }]) => values);
  const earlier = usable.map(([name, { values }]) => [name, nest(values, shapes[name])]);
  return feedback.wrong(step, answer.values, boxes, sheet.example, Object.fromEntries(earlier));
}

// Works the answer out from the earlier ones, right or wrong.
function expected({ example, original, records }, step) {
  for (const route of step.routes) {
    const needed = route.needs.map((name) => [name, records[name]]);
    if (needed.every(([, { verdict }]) => verdict === "correct")) break;
    if (!needed.every(([, { box }]) => box)) continue;
    const points = Object.fromEntries(needed.map(([name, { values }]) => [name, exactly(values)]));
    const box = leadsTo(route, example, points);
    if (box) return nest(box.map(([low]) => low), step.shape);
  }
  return original[step.name];
}
