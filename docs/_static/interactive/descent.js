// Updates, one after another from the numbers given, and the curve of their losses.

import { lineThrough } from "./drawing.js";
import { afterUpdate, loss, workOut } from "./network.js";
import { put } from "./view.js";
import { allElements, apart, fill, fillFor, written, writtenRate } from "./writing.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [62, 312, 12, 78]; // where the curve stands in its picture

// Stops early where the loss has diverged: `losses` has one more than the updates made.
export function descend(network, updates, bounds) {
  const losses = [loss(network)];
  let diverged = false;
  let current = network;
  while (losses.length <= updates && !diverged) {
    const next = afterUpdate(current, workOut(current));
    const reached = loss(next);
    const falls = reached < losses.at(-1);
    losses.push(reached);
    // Numbers beyond its bounds could not be kept in the address.
    const fits = Object.values(allElements(next)).every((v) => Math.abs(v) <= bounds.address);
    if (fits) current = next;
    diverged = !fits || !(reached < bounds.loss || falls);
  }
  return { losses, current, diverged };
}

export function createDescent({ root, data: { words, bounds } }) {
  const told = root.querySelector(".updates");
  const curve = root.querySelector(".curve");

  function sentence({ losses, diverged, current }, next) {
    const updates = losses.length - 1;
    if (!updates) return fill(words.start, { loss: written(losses[0]), next: written(next) });
    const [before, after] = apart(...losses.slice(-2));
    const enough = updates < bounds.updates ? [] : ["enough"];
    // All are made anew where η changes, so the sentence says with which.
    const facts = { updates, before, after, rate: writtenRate(current.learning_rate) };
    if (diverged) return fillFor(updates, words.diverged, facts);
    const keys = [changeOf(losses), ...enough];
    return keys.map((key) => fill(words[key], facts)).join(" ");
  }

  let drawn; // the losses that are shown, and whether as a whole

  return function show({ run, named, pressed }) {
    const { losses } = run;
    const wanted = `${losses} ${pressed}`;
    if (wanted === drawn) return;
    drawn = wanted;
    const updates = losses.length - 1;
    const rises = losses.filter((value, i) => i > 0 && value > losses[i - 1]).length;
    put(told, sentence(run, named.loss_updated));
    told.classList.toggle("rising", run.diverged || changeOf(losses) === "rose");
    put(curve, updates ? drawing(losses, words) : "");
    if (pressed) return;
    const [first, last] = [losses[0], losses.at(-1)].map(written);
    const from = fillFor(updates, words.curve, { updates, first, last });
    const change = rises ? fillFor(rises, words.curveRose, { rises }) : words.curveFell;
    curve.setAttribute("aria-label", `${from} ${change}`);
  };
}

// What the last update did to the loss.
export function changeOf(losses) {
  const [before, after] = losses.slice(-2);
  if (losses.length < 2 || before === after) return "stayed";
  return after > before ? "rose" : "fell";
}

function drawing(losses, words) {
  const updates = losses.length - 1;
  const most = Math.max(...losses.filter(Number.isFinite)) || 1;
  const points = losses.map((value, i) => {
    const height = Number.isFinite(value) ? value / most : 1;
    const x = LEFT + ((RIGHT - LEFT) * i) / updates;
    return [x, BOTTOM - (BOTTOM - TOP) * height];
  });
  const radius = losses.length > 60 ? 2 : 4;
  const dots = points.map(([x, y], i) => {
    const rises = i > 0 && !(losses[i] <= losses[i - 1]);
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" class="${rises ? "rise" : ""}"/>`;
  });
  const labels = [
    [LEFT - 8, TOP + 6, "end", written(most)],
    [LEFT - 8, (TOP + BOTTOM) / 2, "end", words.lossAxis],
    [LEFT - 8, BOTTOM + 4, "end", 0],
    [LEFT, BOTTOM + 22, "middle", 0],
    [(LEFT + RIGHT) / 2, BOTTOM + 22, "middle", words.updatesAxis],
    [RIGHT, BOTTOM + 22, "end", updates],
  ].map(([x, y, anchor, text]) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`);
  return (
    `<path class="axes" d="M${LEFT} ${TOP - 8}V${BOTTOM}H${RIGHT}"/>` +
    `<path class="line" d="${lineThrough(points)}"/>` +
    [...dots, ...labels].join("")
  );
}
