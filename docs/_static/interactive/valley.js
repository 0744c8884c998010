// The valley: the loss of one linear neuron as a map, a ball to put anywhere on it, and gradient
// descent from there. Points, map, words and bounds come from `course/interactive/valley.py`.

import { isStill, lineThrough, pointed } from "./drawing.js";
import { fill, fixed } from "./writing.js";

const PAUSE = 150; // milliseconds between the steps of a run
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const data = JSON.parse(document.getElementById("course-data").textContent);
const { words, moves, picture } = data;
const edges = [data.frame.w, data.frame.b];

const root = document.querySelector(".valley");
const [map, ball, trail, arrow, told, slider, rate] = [
  ".map", ".ball", ".walked", ".ahead", ".told", "input", ".number",
].map((selector) => root.querySelector(selector));
const [step, run, again] = root.querySelectorAll("[data-do]");
const settings = [...root.querySelectorAll("[data-rate]")];

let path = [data.start]; // every place that was visited, as [w, b]
let timer = 0; // of a run
let remaining = 0; // steps of it
let grip = null; // from the pointer that drags the ball to the ball

// -- The loss is the mean squared error of y = w x + b

const mean = (numbers) => numbers.reduce((total, number) => total + number, 0) / numbers.length;
const errors = ([w, b]) => data.x.map((x, n) => w * x + b - data.t[n]);
const loss = (at) => mean(errors(at).map((error) => error * error));

function gradient(at) {
  const twice = errors(at).map((error) => 2 * error);
  return [mean(twice.map((error, n) => error * data.x[n])), mean(twice)];
}

function next(at) {
  const slopes = gradient(at);
  return at.map((value, i) => value - slider.valueAsNumber * slopes[i]);
}

// Beyond every contour line of the map, and about to rise: then it rises with every step, because
// the loss is a sum of two powers of the number of steps.
function hasLeft() {
  const at = path.at(-1);
  return path.length > 1 && loss(at) > data.steepest && loss(next(at)) > loss(at);
}

// -- The map: from [w, b] to pixels and back

const onMap = (at) => at.map((value, i) => Math.min(Math.max(value, edges[i][0]), edges[i][1]));

const toPixels = ([w, b]) => [
  picture.left + (w - edges[0][0]) * picture.scale,
  picture.top + (edges[1][1] - b) * picture.scale,
];

function under(event) {
  const { x, y } = pointed(map, event);
  const [right, down] = [x - picture.left, y - picture.top].map((each) => each / picture.scale);
  return [edges[0][0] + right, edges[1][1] - down];
}

// As `arrow` in `valley.py`.
function arrowTo(start, end) {
  const [x, y] = [end[0] - start[0], end[1] - start[1]];
  const head = Math.min(9, Math.hypot(x, y) / 2);
  const barbs = [-0.5, 0.5].map((turn) => {
    const angle = Math.atan2(y, x) + turn;
    return [end[0] - head * Math.cos(angle), end[1] - head * Math.sin(angle)];
  });
  return lineThrough([start, end]) + lineThrough([barbs[0], end, barbs[1]]);
}

// -- What is shown

const shown = (value) => fixed(Number(value.toFixed(4))); // no "−0.0000"

function sentence(facts) {
  if (path.length === 1) return fill(words.start, facts);
  const [before, now] = path.slice(-2).map(loss);
  const change = shown(before) === shown(now) ? "same" : now < before ? "fell" : "rose";
  const said = fill(words[change], { ...facts, before: shown(before) });
  const all = fill(words.step, { ...facts, steps: path.length - 1, change: said });
  return hasLeft() ? `${all} ${words.left}` : all;
}

// `live` says whether a screen reader is to hear the sentence.
function show(live = "polite") {
  const at = path.at(-1);
  const left = hasLeft();
  const [dL_dw, dL_db] = gradient(at);
  const length = Math.hypot(dL_dw, dL_db);
  const named = Object.entries({ w: at[0], b: at[1], loss: loss(at), dL_dw, dL_db, length });
  const facts = Object.fromEntries(named.map(([name, value]) => [name, shown(value)]));
  told.setAttribute("aria-live", live);
  told.textContent = sentence(facts);
  const [x, y] = toPixels(onMap(at));
  ball.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  ball.classList.toggle("out", onMap(at).some((value, i) => value !== at[i]));
  ball.setAttribute("aria-valuenow", onMap(at)[0].toFixed(4));
  ball.setAttribute("aria-valuetext", fill(words.place, facts));
  trail.setAttribute("d", lineThrough(path.map(toPixels)));
  arrow.setAttribute("d", left ? "" : arrowTo(toPixels(at), toPixels(next(at))));
  rate.textContent = slider.valueAsNumber.toFixed(2);
  for (const button of settings) {
    button.setAttribute("aria-pressed", Number(button.dataset.rate) === slider.valueAsNumber);
  }
  for (const button of [step, run]) button.setAttribute("aria-disabled", left);
  run.textContent = timer ? words.pause : words.run;
}

// -- Steps

function stop() {
  clearInterval(timer);
  timer = 0;
}

// Puts the ball somewhere; the trail begins there.
function begin(at, live) {
  stop();
  path = [at];
  show(live);
}

function advance() {
  path.push(next(path.at(-1)));
  remaining -= 1;
  if (remaining === 0 || hasLeft()) stop();
  else if (!timer) return advance(); // all at once
  show(timer ? "off" : "polite");
}

step.addEventListener("click", () => {
  if (hasLeft()) return;
  stop();
  remaining = 1;
  advance();
});
run.addEventListener("click", () => {
  if (hasLeft()) return;
  if (timer) {
    stop();
    show();
    return;
  }
  remaining = data.steps;
  if (!isStill()) timer = setInterval(advance, PAUSE);
  advance();
});
again.addEventListener("click", () => begin(path[0]));
slider.addEventListener("input", () => show(timer ? "off" : "polite"));
for (const button of settings) {
  button.addEventListener("click", () => {
    slider.value = button.dataset.rate;
    begin(data.start);
  });
}

// -- The ball

const put = (at, live) =>
  begin(onMap(at.map((value) => Math.round(value / moves.drag) * moves.drag)), live);

ball.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  stop();
  show();
  ball.setPointerCapture(event.pointerId);
  const at = under(event);
  grip = onMap(path.at(-1)).map((value, i) => value - at[i]);
});
ball.addEventListener("pointermove", (event) => {
  if (grip && event.buttons) put(under(event).map((value, i) => value + grip[i]), "off");
});
ball.addEventListener("lostpointercapture", () => {
  grip = null;
  show();
});
// A finger on the ball is not to scroll the page; `touch-action` does nothing inside an SVG.
ball.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
ball.addEventListener("keydown", (event) => {
  const way = KEYS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const by = event.shiftKey ? moves.shift : moves.key;
  put(onMap(path.at(-1)).map((value, i) => value + by * way[i]), "off"); // its own text is read
});

map.setAttribute("role", "group");
map.setAttribute("aria-label", words.map);
for (const [name, value] of [
  ["role", "slider"],
  ["tabindex", 0],
  ["aria-label", words.ball],
  ["aria-valuemin", edges[0][0]],
  ["aria-valuemax", edges[0][1]],
]) {
  ball.setAttribute(name, value);
}
show("off");
