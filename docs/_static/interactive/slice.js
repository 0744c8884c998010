// The valley of one step: the loss after an update over the length η of the step, from the network
// as it stands, and a ball that sets η. Loaded only where it is opened.

import { lineThrough, pointed } from "./drawing.js";
import { afterUpdate, loss, workOut } from "./network.js";
import { allElements, apart, fill, written, writtenRate } from "./writing.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [12, 308, 26, 160]; // where the curve stands in `explorer.html`
const SAMPLES = 120;
const FINE = 200; // how many places for the ball a pointer can reach; keys reach every fifth
const KEYS = {
  ...{ ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 },
  ...{ PageDown: -25, PageUp: 25, Home: -Infinity, End: Infinity },
};

// K of lesson 1, the sum of the squares of ∂y/∂θ: these are the gradients for ∂L/∂y = 1.
export function strength(network) {
  const { dL_dw1, dL_db1, dL_dw2, dL_db2 } = workOut(network, { dL_dy: [1] });
  const slopes = Object.values(allElements({ dL_dw1, dL_db1, dL_dw2, dL_db2 }));
  return slopes.reduce((sum, slope) => sum + slope * slope, 0);
}

export function lossAfter(network, rate) {
  const stepped = { ...network, learning_rate: rate };
  return loss(afterUpdate(stepped, workOut(stepped)));
}

// The largest η and the largest loss in the picture: both marks and the way back up are in it.
function frameOf(K, now) {
  const least = 1.4 / K;
  const power = 10 ** Math.floor(Math.log10(least));
  const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= least);
  return { rate: Number((round * power).toPrecision(3)), loss: 2.6 * now || 1 };
}

// What one step does, and whether K foretells it.
export function verdict(network, K) {
  const rate = network.learning_rate;
  const [before, after] = [loss(network), lossAfter(network, rate)];
  const change = after > before ? "Rose" : after < before ? "Fell" : "Stayed";
  const foretold = rate * K > 1 ? "Rose" : "Fell";
  const misleads = change !== "Stayed" && foretold !== change;
  return { rate, before, after, change, misleads, factor: 1 - 2 * rate * K };
}

// From the level of now to the ball, for those who do not see the colours.
function arrow(x, level, y) {
  const way = Math.sign(y - level);
  const tip = y - 9 * way;
  const [left, right, barb] = [x - 4, x + 4, tip - 6 * way].map((each) => each.toFixed(1));
  if (Math.abs(y - level) < 18) return "";
  return `M${x} ${level}V${tip}M${left} ${barb}L${x} ${tip}L${right} ${barb}`;
}

export function createSlice(box, { words, bounds }, onRate) {
  box.replaceChildren(box.nextElementSibling.content.cloneNode(true));
  const find = (selector) => box.querySelector(selector);
  const [svg, ball, told, note] = ["svg", ".ball", ".step-told", ".step-note"].map(find);
  let network;
  let frame;
  let K;
  let drawn = ""; // the network whose curve stands there

  const toX = (rate) => LEFT + ((RIGHT - LEFT) * rate) / frame.rate;
  const toY = (value) => BOTTOM - ((BOTTOM - TOP) * value) / frame.loss;

  function draw() {
    const now = loss(network);
    K = strength(network);
    frame = frameOf(K, now);
    const rates = Array.from({ length: SAMPLES + 1 }, (_, i) => (frame.rate * i) / SAMPLES);
    const losses = rates.map((rate) => lossAfter(network, rate));
    // Far above the frame a curve goes on straight: no number is too large for a picture.
    const at = (rate, value) => [toX(rate), Math.max(toY(value), -BOTTOM)];
    const points = rates.map((rate, i) => at(rate, losses[i]));
    find(".curve").setAttribute("d", lineThrough(points));
    const parts = losses.map((value, i) => (i && value > now ? lineThrough(points.slice(i - 1, i + 1)) : ""));
    find(".rises").setAttribute("d", parts.join(""));
    const byK = (rate) => (1 - 2 * rate * K) ** 2 * now;
    find(".foretold").setAttribute("d", lineThrough(rates.map((rate) => at(rate, byK(rate)))));
    find(".level").setAttribute("d", `M${LEFT} ${toY(now)}H${RIGHT}`);
    find(".level-name").setAttribute("y", toY(now) + 17);
    find(".level-name").textContent = fill(words.sliceNow, { now: apart(now, 0)[0] });
    const label = (x, y, text, anchor) =>
      `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${text}</text>`;
    const half = Number((frame.rate / 2).toPrecision(3));
    find(".ticks").innerHTML =
      label(LEFT, BOTTOM + 18, "η = 0", "start") +
      label(toX(half), BOTTOM + 18, half, "middle") +
      label(RIGHT, BOTTOM + 18, frame.rate, "end");
    const marks = [["1/(2K)", 1 / (2 * K)], ["1/K", 1 / K]];
    find(".marks").innerHTML = marks
      .map(([name, rate]) => {
        const x = toX(rate).toFixed(1);
        return `<path d="M${x} ${TOP - 8}V${BOTTOM}" data-rate="${rate}"/>${label(toX(rate), 13, name, "middle")}`;
      })
      .join("");
    const [best, limit] = marks.map(([, rate]) => writtenRate(rate));
    svg.setAttribute("aria-label", fill(words.slice, { now: apart(now, 0)[0], best, limit }));
    note.textContent = fill(words.sliceNote, { strength: K.toFixed(2) });
  }

  function place() {
    const { rate, before, after, change, misleads, factor } = verdict(network, K);
    const isOut = rate > frame.rate || !(after <= frame.loss);
    const x = toX(Math.min(rate, frame.rate));
    const [level, y] = [before, Math.min(after, frame.loss)].map((value) => toY(value));
    ball.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    for (const kind of ["Rose", "Fell"]) svg.classList.toggle(kind.toLowerCase(), kind === change);
    svg.classList.toggle("out", isOut);
    find(".drop").setAttribute("d", arrow(x, level, y));
    const [from, to] = apart(before, after);
    const facts = { rate: writtenRate(rate), before: from, after: to, factor: written(factor) };
    const said = [
      fill(words[`slice${change}`], facts),
      fill(words.sliceFacts, facts),
      ...(misleads ? [words[change === "Rose" ? "sliceShouldFall" : "sliceShouldRise"]] : []),
      ...(isOut ? [words.sliceOver] : []),
    ];
    told.innerHTML = said.map((each, i) => `<span class="${i ? "" : "verdict"}">${each}</span>`).join(" ");
    told.className = `step-told ${change.toLowerCase()}`;
    ball.setAttribute("aria-valuemax", frame.rate);
    ball.setAttribute("aria-valuenow", Math.min(rate, frame.rate));
    ball.setAttribute("aria-valuetext", said[0]);
  }

  // Sets η to a place on the axis, counted from 0 to `FINE`.
  function roll(steps) {
    const at = Math.min(Math.max(Math.round(steps), 0), FINE);
    const rate = Number(((frame.rate * at) / FINE).toPrecision(6));
    if (rate !== network.learning_rate) onRate(rate);
  }

  function follow(event) {
    const { x } = pointed(svg, event);
    roll(((x - LEFT) / (RIGHT - LEFT)) * FINE);
  }

  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault(); // no text is marked
    svg.setPointerCapture(event.pointerId);
    ball.focus({ preventScroll: true });
    follow(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.buttons && svg.hasPointerCapture(event.pointerId)) follow(event);
  });
  ball.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const from = (Math.min(network.learning_rate, frame.rate) / frame.rate) * FINE;
    roll(Math.min(Math.max(from + KEYS[event.key], 0), FINE));
  });

  return function show(current) {
    network = current;
    const { learning_rate: _, ...rest } = network;
    const key = JSON.stringify(rest);
    if (key !== drawn) draw();
    drawn = key;
    place();
  };
}
