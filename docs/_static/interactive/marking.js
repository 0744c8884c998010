// The follow-through rule: from a sheet of answers to its marks. `pen_and_paper/marking.py`
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
// ones are missing. Gives a mark for each of the twelve steps, in order.
export function mark(answers, example) {
  const sheet = new Sheet(example);
  return steps.map((step) => sheet.judge(step, answers[step.name] ?? null));
}

function pays(verdict) {
  return verdict === "correct" || verdict === "follow-through";
}

// The answers judged so far, and what they mean for the next. A record's box is null where
// later steps cannot use it.
class Sheet {
  constructor(example) {
    this.example = example;
    this.original = workOut(example);
    this.records = {};
  }

  judge(step, given) {
    const answer = read(given, step.shape);
    const { values } = answer;
    if (values === null) {
      const verdict = answer.problem === "missing" ? "missing" : "wrong";
      this.records[step.name] = { answer, verdict, box: null };
      return this.mark(step, answer, verdict, [], feedback.unusable(step, answer));
    }

    const truth = exactly(flatten(this.original[step.name]));
    const correct = explains(truth, values);
    const routes = this.routes(step, correct, values);
    const follows = routes.filter(({ box }) => explains(box, values));
    const explanations = [...(correct ? [truth] : []), ...follows.map(({ box }) => box)];
    const verdict = this.verdict(step, answer, correct, follows.length > 0);

    const trivial = follows.every(({ route }) => this.isTrivial(route));
    const flags = verdict === "follow-through" && trivial ? ["trivial"] : [];
    const words = this.words(step, answer, verdict, [truth, ...routes.map(({ box }) => box)]);
    this.records[step.name] = { answer, verdict, box: plausible(values, explanations) };
    return this.mark(step, answer, verdict, flags, words);
  }

  // Follows every route whose earlier answers can be used.
  routes(step, correct, values) {
    // Computed to the last digit: nothing else needs to explain it.
    if (correct && !values.some(halfUnit)) return [];
    const boxes = {};
    for (const [name, { box }] of Object.entries(this.records)) boxes[name] = box;
    return step.routes
      .filter((route) => route.needs.every((name) => boxes[name]))
      .map((route) => ({ route, box: leadsTo(route, this.example, boxes) }))
      .filter(({ box }) => box);
  }

  verdict(step, answer, correct, follows) {
    if (this.lacking(step).length) return "blocked";
    if (answer.problem) return "wrong";
    if (correct) return "correct";
    return follows ? "follow-through" : "wrong";
  }

  // The earlier answers that block a step; none if some route is open.
  lacking(step) {
    const lacking = step.routes.map((route) =>
      route.needs.filter((name) => !this.records[name].box),
    );
    return lacking.length && lacking.every((names) => names.length) ? lacking[0] : [];
  }

  // Whether a route starts from a wrong answer that is all zero, or huge.
  isTrivial(route) {
    return route.needs.some((name) => {
      const { answer, verdict } = this.records[name];
      const sizes = answer.values.map(Math.abs);
      const isZero = sizes.every((size) => size <= TOLERANCE);
      return !pays(verdict) && (isZero || sizes.some((size) => size > TRIVIAL));
    });
  }

  words(step, answer, verdict, boxes) {
    if (verdict === "blocked") return feedback.blocked(this.lacking(step));
    if (answer.problem) return feedback.wrongShape(step, answer, boxes);
    if (verdict !== "wrong") return say(verdict);
    return feedback.wrong(step, answer.values, boxes, this.example, this.earlier());
  }

  // The recorded answers that hold numbers, in their shapes.
  earlier() {
    const usable = Object.entries(this.records).filter(([, { answer }]) => answer.values);
    return Object.fromEntries(
      usable.map(([name, { answer }]) => [name, nest(answer.values, shapes[name])]),
    );
  }

  // Works the answer out from the earlier ones, right or wrong.
  expected(step) {
    for (const route of step.routes) {
      const needed = route.needs.map((name) => this.records[name]);
      if (needed.every(({ verdict }) => verdict === "correct")) break;
      if (!needed.every(({ box }) => box)) continue;
      const points = {};
      for (const name of route.needs) points[name] = exactly(this.records[name].answer.values);
      const box = leadsTo(route, this.example, points);
      if (box) return nest(box.map(([low]) => low), step.shape);
    }
    return this.original[step.name];
  }

  mark(step, answer, verdict, flags, words) {
    const isFlagged = ["invalid", "wrong shape"].includes(answer.problem);
    return {
      name: step.name,
      verdict,
      points: pays(verdict) ? POINTS : 0,
      max_points: POINTS,
      flags: isFlagged ? [answer.problem, ...flags] : flags,
      feedback: words,
      expected: this.expected(step),
    };
  }
}
