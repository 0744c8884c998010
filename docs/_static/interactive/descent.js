// Updates, one after another from the numbers given, and the curve of their losses.

import { afterUpdate, loss, workOut } from "./network.js";
import { fill, flatten, written } from "./values.js";

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
    const fits = Object.values(flatten(next)).every((v) => Math.abs(v) <= bounds.address);
    if (fits) current = next;
    diverged = !fits || !(reached < bounds.loss || falls);
  }
  return { losses, current, diverged };
}

export function createDescent(root, { words, bounds }) {
  const told = root.querySelector(".updates");
  const curve = root.querySelector(".curve");

  function sentence({ losses, diverged }, next) {
    const updates = losses.length - 1;
    const [before, after] = losses.slice(-2);
    const say = (key) =>
      fill(words[key], (name) =>
        ({ updates, before: written(before), after: written(after) })[name]);
    if (updates === 0) {
      return fill(words.start, (name) => ({ loss: written(losses[0]), next: written(next) })[name]);
    }
    if (diverged) return say("diverged");
    const change = after > before ? "rose" : after < before ? "fell" : "stayed";
    return updates < bounds.updates ? say(change) : `${say(change)} ${say("enough")}`;
  }

  return function show(run, next) {
    const updates = run.losses.length - 1;
    const rises = run.losses.filter((value, i) => i > 0 && value > run.losses[i - 1]).length;
    const text = sentence(run, next);
    if (told.textContent !== text) told.textContent = text;
    told.classList.toggle("rising", run.diverged || run.losses.at(-1) > run.losses.at(-2));
    curve.classList.toggle("empty", updates === 0);
    const facts = {
      updates,
      first: written(run.losses[0]),
      last: written(run.losses.at(-1)),
      change: fill(rises ? words.curveRose : words.curveFell, () => rises),
    };
    curve.setAttribute("aria-label", fill(words.curve, (name) => facts[name]));
    curve.innerHTML = updates ? drawing(run.losses) : "";
  };
}

const LEFT = 70;
const RIGHT = 628;
const TOP = 14;
const BOTTOM = 168;

function drawing(losses) {
  const finite = losses.filter(Number.isFinite);
  const most = Math.max(...finite) || 1;
  const x = (i) => LEFT + ((RIGHT - LEFT) * i) / (losses.length - 1);
  const y = (value) => BOTTOM - ((BOTTOM - TOP) * Math.min(value, most)) / most;
  const point = (value, i) =>
    `${x(i).toFixed(1)} ${y(Number.isFinite(value) ? value : most).toFixed(1)}`;
  const dots = losses.map((value, i) => {
    const [cx, cy] = point(value, i).split(" ");
    const rises = i > 0 && !(value <= losses[i - 1]);
    const radius = losses.length > 60 ? 2 : 4;
    return `<circle cx="${cx}" cy="${cy}" r="${radius}" class="${rises ? "rise" : ""}"/>`;
  });
  const label = (at, height, anchor, text) =>
    `<text x="${at}" y="${height}" text-anchor="${anchor}">${text}</text>`;
  return (
    `<path class="axes" d="M${LEFT} ${TOP - 8}V${BOTTOM}H${RIGHT}"/>` +
    `<path class="line" d="M${losses.map(point).join("L")}"/>${dots.join("")}` +
    label(LEFT - 8, TOP + 6, "end", written(most)) +
    label(LEFT - 8, BOTTOM + 4, "end", "0") +
    label(LEFT - 8, (TOP + BOTTOM) / 2, "end", "loss") +
    label(LEFT, BOTTOM + 22, "middle", "0") +
    label(RIGHT, BOTTOM + 22, "end", losses.length - 1) +
    label((LEFT + RIGHT) / 2, BOTTOM + 22, "middle", "updates")
  );
}
