// Fresh numbers for practice, drawn from a seed: `part1/variants.py`. The same seed
// gives the same numbers as in Python.

import { flatten, leadsTo } from "./boxes.js";
import { constants, course, steps } from "./course.js";
import { madeIn, SLIPS } from "./mistakes.js";
import { workOut } from "./network.js";
import { randomFrom } from "./random.js";

const { HALF, LARGEST_SEED, SEPARATION, TOLERANCE } = constants;

export function variant(seed) {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`the seed is ${seed}, expected a whole number from 0 to ${LARGEST_SEED}`);
  }
  const random = randomFrom(seed);
  for (;;) {
    const example = draw(random);
    if (isAccepted(example)) return example;
  }
}

function draw(random) {
  // From ±0.1 to ±tenths/10, without zero.
  const number = (tenths) => {
    const size = 1 + Math.floor(random() * tenths);
    return (random() < 0.5 ? size : -size) / 10;
  };
  const vector = (length, tenths) => Array.from({ length }, () => number(tenths));
  return {
    W1: [vector(3, 10), vector(3, 10)],
    b1: vector(2, 10),
    W2: [vector(2, 10)],
    b2: vector(1, 10),
    x: vector(3, 20),
    t: vector(1, 10),
    learning_rate: course.example.learning_rate,
  };
}

// Every known mistake must leave a mark that two decimals show, also when the answers before
// it were rounded.
function isAccepted(example) {
  const right = workOut(example);
  const mistakes = SLIPS.map((slip) => ({
    answer: slip.answer,
    wrong: flatten(madeIn(slip, example, right)),
  }));
  const isFarOff = ({ answer, wrong }) => {
    const truth = flatten(right[answer]);
    return wrong.some((value, place) => Math.abs(value - truth[place]) > SEPARATION);
  };
  if (!mistakes.every(isFarOff)) return false;
  const boxes = boxesOfRounded(example, right);
  return mistakes.every(({ answer, wrong }) => boxes[answer].every((box) => standsOut(wrong, box)));
}

// All that may follow from right answers that have been rounded to two decimals.
function boxesOfRounded(example, right) {
  const rounded = Object.fromEntries(
    steps.map(({ name }) => {
      const values = flatten(right[name]);
      return [name, values.map((value) => [value - HALF, value + HALF])];
    }),
  );
  const follow = ({ routes }) => routes.map((route) => leadsTo(route, example, rounded));
  return Object.fromEntries(steps.map((step) => [step.name, follow(step).filter((box) => box)]));
}

// Whether some element stays out of a box even after it has been rounded.
function standsOut(wrong, box) {
  const reach = TOLERANCE + HALF;
  return wrong.some((value, place) => {
    const [low, high] = box[place];
    return !(low - reach <= value && value <= high + reach);
  });
}
