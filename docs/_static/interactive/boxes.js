// Boxes: what an earlier answer may stand for once rounding is allowed for, element by element.
// `part1/boxes.py` and the routes of `part1/steps.py`. A box is an array of intervals
// [low, high]; Python's docstrings say why its ends are exact.

import { decimalsOf, halfUnit } from "./answer.js";
import { constants, shapes } from "./course.js";
import { FORMULAS } from "./network.js";

const { AGREE, CARRIED, CENT, LAST_DIGITS, TOLERANCE } = constants;

export const flatten = (value) => [value].flat(Infinity);

export function nest(elements, shape) {
  if (!shape.length) return elements[0];
  const [height, width] = shape;
  if (width === undefined) return [...elements];
  const rows = [...Array(height).keys()];
  return rows.map((row) => elements.slice(row * width, (row + 1) * width));
}

export const exactly = (values) => values.map((value) => [value, value]);

// Where a route leads from what its earlier answers may stand for; null where it does not exist.
export function leadsTo(route, example, boxes) {
  const inputs = route.needs.map((name) => boxes[name]);
  if (!route.through.length) return biasFromWeights(example, inputs[0]);
  const turns = [0, ...example.t];
  // Every choice of one point for each input: its elements move together, or each on its own.
  const together = (box) => levels(box, turns);
  const apart = (box) => product(box.map((one) => levels([one], turns).flat()));
  const points = product(inputs.map(route.each ? together : apart));
  return useful(hull(points.map((chosen) => flatten(along(route, example, chosen)))));
}

function along(route, example, points) {
  const values = {};
  route.needs.forEach((name, place) => {
    values[name] = nest(points[place], shapes[name]);
  });
  for (const name of route.through) values[name] = FORMULAS[name](example, values);
  return values[route.through.at(-1)];
}

// Updates b1 with the ∂L/∂a that all of ∂L/∂W1 = ∂L/∂a xᵀ agree on, row by row.
function biasFromWeights(example, dL_dw1) {
  const width = example.x.length;
  const rows = example.b1.map((bias, row) => {
    const intervals = example.x.flatMap((x, k) =>
      x ? [dL_dw1[row * width + k].map((end) => end / x).sort((one, other) => one - other)] : [],
    );
    const low = Math.max(...intervals.map(([least]) => least));
    const high = Math.min(...intervals.map(([, most]) => most));
    if (!(low <= high + AGREE)) return null;
    const [one, other] = [low, high].map((end) => bias - example.learning_rate * end);
    return [Math.min(one, other), Math.max(one, other)];
  });
  return rows.includes(null) ? null : useful(rows);
}

function product(choices) {
  return choices.reduce(
    (chosen, next) => chosen.flatMap((some) => next.map((one) => [...some, one])),
    [[]],
  );
}

// The points of a box that matter: its ends, and the turns inside.
function levels(box, turns) {
  const ends = box.some(([low, high]) => low !== high) ? [0, 1] : [0];
  const inside = turns.filter((turn) => box.some(([low, high]) => low < turn && turn < high));
  return [
    ...ends.map((end) => box.map((interval) => interval[end])),
    ...inside.map((turn) => box.map(([low, high]) => Math.min(Math.max(turn, low), high))),
  ];
}

function hull(results) {
  return results[0].map((_, place) => {
    const column = results.map((result) => result[place]);
    return [Math.min(...column), Math.max(...column)];
  });
}

// Ends that are not finite explain nothing.
const useful = (box) => (box.flat().every(Number.isFinite) ? box : null);

export const explains = (box, values, options) => !unexplained(box, values, options).length;

// The places of the elements that a box does not account for.
export function unexplained(box, values, { truncated = false } = {}) {
  const isExplained = ([low, high], value) =>
    (low - TOLERANCE <= value && value <= high + TOLERANCE) ||
    (truncated && isCutOff([low, high], value));
  return [...values.keys()].filter((place) => !isExplained(box[place], values[place]));
}

function isCutOff([from, to], value) {
  if (decimalsOf(value) > 2) return false;
  const low = value <= 0 ? value - CENT : value;
  const high = value >= 0 ? value + CENT : value;
  return low - LAST_DIGITS < to && from < high + LAST_DIGITS;
}

// What an answer may stand for: itself, and whatever explains it and rounds to it.
export function plausible(values, explanations) {
  return values.map((value, place) => {
    const half = halfUnit(value);
    const slack = half ? LAST_DIGITS : 0;
    const window = [value - half - slack, value + half + slack];
    const shared = explanations.map((box) => common(window, box[place]));
    const ends = [value, ...(shared.length ? shared : [window]).flat()];
    return [Math.min(...ends), Math.max(...ends)];
  });
}

// The ends of what an interval, as carried, shares with the window; none if nothing.
function common(window, [from, to]) {
  const carried = (end) => CARRIED.map((decimals) => round(end, decimals));
  const lowest = from > window[0] ? Math.min(from, ...carried(from)) : from;
  const highest = to < window[1] ? Math.max(to, ...carried(to)) : to;
  const [low, high] = [Math.max(window[0], lowest), Math.min(window[1], highest)];
  return low <= high ? [low, high] : [];
}

// Rounds as Python does: a tie goes to the even digit. `toFixed` takes it away from zero.
export function round(value, decimals) {
  const isTie = Math.abs(value * 2 ** (decimals + 1)) % 2 === 1;
  const away = value.toFixed(decimals);
  const isOdd = "13579".includes(away.at(-1));
  return Number(isTie && isOdd ? value.toFixed(decimals + 1).slice(0, -1) : away);
}
