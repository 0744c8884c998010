// Where the update leads: the loss on the straight way from the old parameters to the new ones,
// computed at each point, and played. Loaded at full points.

import { course } from "./course.js";
import { isStill, lineThrough } from "./drawing.js";
import { afterUpdate, each, loss, workOut } from "./network.js";
import { allElements, fill, fixed } from "./writing.js";

const TIME = 2400; // milliseconds for the whole step
const POINTS = 60; // of the curve
const [LEFT, RIGHT, TOP, BOTTOM] = [12, 328, 16, 170]; // of the curve in the picture

const words = course.sheet;
const part = document.querySelector(".landing");
const find = (selector) => part.querySelector(selector);
const slider = find("input");

let landed; // the network whose update is shown
let way; // from its parameters to the new ones
let frame = 0;

// The network after a share of the step.
function along(share) {
  const between = (name) => each((old, now) => old + share * (now - old), way.from[name], way.to[name]);
  const moved = ["W1", "b1", "W2", "b2"].map((name) => [name, between(name)]);
  return { ...way.from, ...Object.fromEntries(moved) };
}

const x = (share) => LEFT + share * (RIGHT - LEFT);
const y = (height) => BOTTOM - (height / way.highest) * (BOTTOM - TOP);

function draw() {
  const shares = Array.from({ length: POINTS + 1 }, (_, n) => n / POINTS);
  const losses = shares.map((share) => loss(along(share)));
  way.highest = Math.max(...losses) || 1;
  const curve = shares.map((share, n) => [x(share), y(losses[n])]);
  const level = y(way.before).toFixed(1);
  find("svg").innerHTML = `
    <path class="level" d="M${LEFT} ${level}H${RIGHT}"/>
    <path class="curve" d="${lineThrough(curve)}"/>
    <path class="floor" d="M${LEFT} ${BOTTOM}H${RIGHT}"/>
    <text x="${LEFT}" y="192">${words.old}</text>
    <text x="${RIGHT}" y="192" text-anchor="end">${words.new}</text>
    <text class="loss"></text>
    <circle r="7"/>`;
}

// Shows the parameters and the loss after a share of the step.
function show(share) {
  const here = along(share);
  const height = loss(here);
  const isHigher = height > way.before;
  const dot = find("circle");
  dot.setAttribute("cx", x(share));
  dot.setAttribute("cy", y(height));
  const text = find(".loss");
  text.setAttribute("text-anchor", share > 0.5 ? "end" : "start");
  text.setAttribute("x", x(share) + (share > 0.5 ? -14 : 14));
  text.setAttribute("y", y(height) - (share > 0.5 ? -5 : 8));
  text.textContent = fixed(height);
  find("svg").classList.toggle("higher", isHigher);
  for (const [name, value] of Object.entries(allElements(here))) {
    const cell = find(`[data-now="${name}"]`);
    if (cell) cell.textContent = fixed(value);
  }
  slider.value = 100 * share;
  const percent = Math.round(100 * share);
  slider.ariaValueText = fill(words.along, { percent, loss: fixed(height) });
}

function tell() {
  const [before, after] = [fixed(way.before), fixed(way.after)];
  const change = before === after ? "stayed" : way.after > way.before ? "rose" : "fell";
  find(".told").textContent = fill(words[change], { before, after });
  find(".told").dataset.change = change;
  find(".why").hidden = false;
  find(".why strong").textContent = change === "rose" ? words.so_why : words.so_far;
  const own = workOut(course.example);
  const elsewhere = { before: fixed(own.loss), after: fixed(loss(afterUpdate(course.example, own))) };
  find(".why span").textContent = change === "rose" ? "" : fill(words.elsewhere, elsewhere);
  find("button").textContent = words.again;
}

// Plays the step; at once where nothing is to move.
export function play() {
  cancelAnimationFrame(frame);
  const start = performance.now();
  const go = (now) => {
    const share = isStill() ? 1 : Math.min(Math.max((now - start) / TIME, 0), 1);
    show(share);
    if (share < 1) frame = requestAnimationFrame(go);
    else tell();
  };
  go(start);
}

const seen = new IntersectionObserver(([{ isIntersecting }]) => {
  if (!isIntersecting) return;
  seen.disconnect();
  play();
}, { threshold: 0.6 });

// Shows the stage at full points, and plays the step when the reader gets there.
export function land(sheet, isComplete) {
  find(".teaser").hidden = isComplete;
  find(".stage").hidden = !isComplete;
  if (isComplete) find("details").open = matchMedia("(min-width: 46em)").matches;
  if (isComplete && landed === sheet.example) return;
  cancelAnimationFrame(frame);
  seen.disconnect();
  landed = isComplete ? sheet.example : undefined;
  if (!isComplete) return;
  const values = workOut(landed);
  const to = afterUpdate(landed, values);
  way = { from: landed, to, before: values.loss, after: loss(to) };
  for (const cell of part.querySelectorAll("[data-before]")) {
    cell.textContent = fixed(allElements(landed)[cell.dataset.before]);
  }
  find(".told").textContent = "";
  find(".why").hidden = true;
  find("button").textContent = words.play;
  draw();
  show(0);
  seen.observe(find(".stage"));
}

slider.addEventListener("input", () => {
  cancelAnimationFrame(frame);
  show(slider.value / 100);
  if (slider.value === "100") tell();
});
