// Boxes: what an earlier answer may stand for once rounding is allowed for, element by element.
// `boxes.py`, the routes of `steps.py` and `tolerance.py`. A box is an array of intervals
// [low, high]; Python's docstrings say why its ends are exact.

import { decimalsOf, halfUnit } from "./answer.js";
import { constants, shapes } from "./course.js";
import { FORMULAS } from "./network.js";

const { AGREE, CARRIED, CENT, LAST_DIGITS, TOLERANCE } = constants;

export function flatten(value) {
  return [value].flat(Infinity);
}

export function nest(elements, shape) {
  if (!shape.length) return elements[0];
  if (shape.length === 1) return [...elements];
  const [height, width] = shape;
  const rows = [...Array(height).keys()];
  return rows.map((row) => elements.slice(row * width, (row + 1) * width));
}

export function exactly(values) {
  return values.map((value) => [value, value]);
}

// Where a route leads from what its earlier answers may stand for; null where it does not exist.
export function leadsTo(route, example, boxes) {
  const inputs = route.needs.map((name) => boxes[name]);
  if (!route.through.length) return biasFromWeights(example, inputs[0]);
  const compute = (points) => flatten(along(route, example, points));
  const turns = [0, ...example.t];
  const points = route.each ? pointsTogether(inputs, turns) : pointsApart(inputs, turns);
  return useful(hull(points.map(compute)));
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
    let [low, high] = [-Infinity, Infinity];
    example.x.forEach((x, k) => {
      if (!x) return;
      const ends = dL_dw1[row * width + k].map((end) => end / x);
      low = Math.max(low, Math.min(...ends));
      high = Math.min(high, Math.max(...ends));
    });
    if (!(low <= high + AGREE)) return null;
    const steps = [low, high].map((end) => bias - example.learning_rate * end);
    return [Math.min(...steps), Math.max(...steps)];
  });
  return rows.includes(null) ? null : useful(rows);
}

// Every choice of one point for each input, where all elements of an input move together…
function pointsTogether(boxes, turns) {
  return product(boxes.map((box) => levels(box, turns)));
}

// …and where each element moves on its own.
function pointsApart(boxes, turns) {
  return product(boxes.map((box) => product(box.map((one) => levels([one], turns).flat()))));
}

function product(choices) {
  return choices.reduce(
    (chosen, next) => chosen.flatMap((some) => next.map((one) => [...some, one])),
    [[]],
  );
}

// The points of a box that matter: its ends, and the turns inside.
function levels(box, turns) {
  const low = box.map((interval) => interval[0]);
  const high = box.map((interval) => interval[1]);
  const ends = box.some(([low, high]) => low !== high) ? [low, high] : [low];
  const inside = turns.filter((turn) => box.some(([low, high]) => low < turn && turn < high));
  const between = (turn) => box.map(([low, high]) => Math.min(Math.max(turn, low), high));
  return [...ends, ...inside.map(between)];
}

function hull(results) {
  return results[0].map((_, place) => {
    const column = results.map((result) => result[place]);
    return [Math.min(...column), Math.max(...column)];
  });
}

// Ends that are not finite explain nothing.
function useful(box) {
  return box.flat().every(Number.isFinite) ? box : null;
}

export function explains(box, values, { truncated = false } = {}) {
  return !unexplained(box, values, { truncated }).length;
}

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
    const window = windowOf(value);
    const shared = explanations.map((box) => common(window, box[place]));
    const ends = [value, ...(shared.length ? shared : [window]).flat()];
    return [Math.min(...ends), Math.max(...ends)];
  });
}

function windowOf(value) {
  const half = halfUnit(value);
  const slack = half ? LAST_DIGITS : 0;
  return [value - half - slack, value + half + slack];
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
