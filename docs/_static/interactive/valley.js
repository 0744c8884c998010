// The valley: the loss of one linear neuron as a map, a ball to put anywhere on it, and gradient
// descent from there. Points, map, words and bounds come from `course/valley_data.py`.

import { fill, fixed } from "./writing.js";

const data = JSON.parse(document.getElementById("course-data").textContent);
const { words, moves, frame, picture } = data;
const PAUSE = 150; // milliseconds between the steps of a run
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const root = document.querySelector(".valley");
const [svg, ball, trail, arrow, told, slider, rate] = [
  ..."svg.map,.ball,.walked,.ahead,.told,input,.number".split(","),
].map((selector) => root.querySelector(selector));
const buttons = Object.fromEntries(
  [...root.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]),
);
const settings = [...root.querySelectorAll("[data-rate]")];

let path = [data.start]; // the places that were visited: [w, b] each
let timer = 0; // of a run
let remaining = 0; // steps of the run

// -- The loss: the mean squared error of y = w x + b

const mean = (numbers) => numbers.reduce((total, number) => total + number, 0) / numbers.length;
const errors = ([w, b]) => data.x.map((x, n) => w * x + b - data.t[n]);
const loss = (at) => mean(errors(at).map((error) => error * error));

function gradient(at) {
  const all = errors(at);
  return [mean(all.map((error, n) => 2 * error * data.x[n])), mean(all.map((error) => 2 * error))];
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

// -- The map

const onMap = (at) => at.map((value, i) => Math.min(Math.max(value, edges[i][0]), edges[i][1]));
const edges = [frame.w, frame.b];
const toPixels = ([w, b]) => [
  picture.left + (w - frame.w[0]) * picture.scale,
  picture.top + (frame.b[1] - b) * picture.scale,
];
const toPlace = (x, y) => [
  frame.w[0] + (x - picture.left) / picture.scale,
  frame.b[1] - (y - picture.top) / picture.scale,
];
const line = (points) => `M${points.map((point) => point.map((v) => v.toFixed(1)).join(" ")).join("L")}`;

function arrowTo(start, end) {
  const [x, y] = [0, 1].map((i) => end[i] - start[i]);
  const head = Math.min(9, Math.hypot(x, y) / 2);
  const barbs = [-0.5, 0.5].map((turn) => {
    const angle = Math.atan2(y, x) + turn;
    return [end[0] - head * Math.cos(angle), end[1] - head * Math.sin(angle)];
  });
  return line([start, end]) + line([barbs[0], end, barbs[1]]);
}

// -- What is shown. `live` says whether a screen reader hears the sentence.

const shown = (value) => fixed(Number(value.toFixed(4))); // no "−0.0000"

function sentence(at, facts) {
  if (path.length === 1) return fill(words.start, facts);
  const [before, now] = [loss(path.at(-2)), loss(at)];
  const change = shown(before) === shown(now) ? "same" : now < before ? "fell" : "rose";
  const told = fill(words[change], { ...facts, before: shown(before) });
  const parts = [fill(words.step, { ...facts, steps: path.length - 1, change: told })];
  return [...parts, ...(hasLeft() ? [words.left] : [])].join(" ");
}

function show(live = "polite") {
  const at = path.at(-1);
  const [dL_dw, dL_db] = gradient(at);
  const numbers = { w: at[0], b: at[1], loss: loss(at), dL_dw, dL_db };
  numbers.length = Math.hypot(dL_dw, dL_db);
  const facts = Object.fromEntries(Object.entries(numbers).map(([k, value]) => [k, shown(value)]));
  told.setAttribute("aria-live", live);
  told.textContent = sentence(at, facts);
  ball.setAttribute("transform", `translate(${toPixels(onMap(at)).map((v) => v.toFixed(1))})`);
  ball.classList.toggle("out", onMap(at).some((value, i) => value !== at[i]));
  ball.setAttribute("aria-valuenow", facts.w.replace("−", "-"));
  ball.setAttribute("aria-valuetext", fill(words.place, facts));
  trail.setAttribute("d", line(path.map(toPixels)));
  arrow.setAttribute("d", hasLeft() ? "" : arrowTo(toPixels(at), toPixels(next(at))));
  rate.textContent = slider.valueAsNumber.toFixed(2);
  for (const button of settings) {
    button.setAttribute("aria-pressed", Number(button.dataset.rate) === slider.valueAsNumber);
  }
  for (const button of [buttons.step, buttons.run]) {
    button.setAttribute("aria-disabled", hasLeft());
  }
  buttons.run.textContent = timer ? words.pause : words.run;
}

// -- Steps

function stop() {
  clearInterval(timer);
  timer = 0;
}

function advance() {
  path.push(next(path.at(-1)));
  remaining -= 1;
  if (remaining <= 0 || hasLeft()) stop();
  else if (!timer) return advance();
  show(timer ? "off" : "polite");
}

function run() {
  remaining = data.steps;
  const atOnce = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!atOnce) timer = setInterval(advance, PAUSE);
  advance();
}

function begin(at, live) {
  stop();
  path = [at];
  show(live);
}

function step() {
  stop();
  remaining = 1;
  advance();
}

function pause() {
  stop();
  show();
}

buttons.step.addEventListener("click", () => hasLeft() || step());
buttons.run.addEventListener("click", () => hasLeft() || (timer ? pause() : run()));
buttons.again.addEventListener("click", () => begin(path[0]));
slider.addEventListener("input", () => show(timer ? "off" : "polite"));
for (const button of settings) {
  button.addEventListener("click", () => {
    slider.value = button.dataset.rate;
    begin(data.start);
  });
}

// -- The ball

const put = (at, fineness) =>
  begin(onMap(at).map((value) => Number((Math.round(value / fineness) * fineness).toFixed(4))), "off");

let grip = null; // from the pointer to the ball
const pointed = ({ clientX, clientY }) => {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return toPlace(x, y);
};

ball.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  stop();
  ball.setPointerCapture(event.pointerId);
  const under = pointed(event);
  grip = onMap(path.at(-1)).map((value, i) => value - under[i]);
});
ball.addEventListener("pointermove", (event) => {
  if (grip) put(pointed(event).map((value, i) => value + grip[i]), moves.drag);
});
ball.addEventListener("lostpointercapture", () => {
  grip = null;
  show();
});
ball.addEventListener("keydown", (event) => {
  const way = KEYS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const by = event.shiftKey ? moves.shift : moves.key;
  put(onMap(path.at(-1)).map((value, i) => value + by * way[i]), moves.drag);
});

svg.setAttribute("role", "group");
svg.setAttribute("aria-label", words.map);
for (const [name, value] of Object.entries({
  role: "slider",
  tabindex: 0,
  "aria-label": words.ball,
  "aria-valuemin": frame.w[0],
  "aria-valuemax": frame.w[1],
})) {
  ball.setAttribute(name, value);
}
show("off");
