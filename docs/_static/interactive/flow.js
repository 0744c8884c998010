// What moves: dots along the arrows for each step of the passes, and numbers that an update
// changes. The state of the page is exact at once; what moves lies over it, in a layer of
// its own that is taken away at the end.

import { svgElement } from "./drawing.js";
import { calculation } from "./writing.js";

const FLOW = 1400; // milliseconds of a wave of dots, at speed 1
const POINTS = 96; // of a way, between which a dot moves evenly

// Which arrows carry a quantity, from where to where, and by what each multiplies what it
// carries: the name of a number, from that of the value on the arrow.
const itself = (value) => value;
const WAYS = {
  a: ["W1_", "start", "end", itself],
  z: ["z", "start", "end"],
  y: ["W2_", "start", "end", itself],
  loss: ["L", "start", "end"],
  dL_dy: ["L", "end", "start", () => "dL_dy[0]"],
  dL_dw2: ["W2_", "end", "label", (value) => value.replace("W2[0]", "z")],
  dL_dz: ["W2_", "end", "start", itself],
  dL_da: ["z", "end", "start", (value) => value.replace("z", "dz_da")],
  dL_dw1: ["W1_", "end", "label", (value) => value.replace(/W1\[\d\]/, "x")],
  dL_dx: ["W1_", "end", "start", itself],
};

// The arrows of a step with the numbers that they multiply by; none where nothing flows.
function legsOf(quantity, places) {
  const [arrows, from, to, factor] = WAYS[quantity] ?? [];
  return Object.entries(places)
    .filter(([name]) => arrows && name.startsWith(arrows))
    .map(([name, { value }]) => ({ arrow: name, from, to, times: factor?.(value) }));
}

// The points of a way along an arrow, as evenly spaced as `getPointAtLength` makes them.
function pointsOf(path, label, { from, to }) {
  const whole = path.getTotalLength();
  const at = { start: 0, end: whole };
  if (to === "label") at.label = nearest(path, label, whole);
  return Array.from({ length: POINTS + 1 }, (_, i) =>
    path.getPointAtLength(at[from] + ((at[to] - at[from]) * i) / POINTS),
  );
}

// How far along a path it comes nearest to the middle of a label.
function nearest(path, label, whole) {
  const { x, y, width, height } = label.getBBox();
  const lengths = Array.from({ length: 41 }, (_, i) => (whole * i) / 40);
  const distance = (length) => {
    const point = path.getPointAtLength(length);
    return Math.hypot(point.x - x - width / 2, point.y - y - height / 2);
  };
  return lengths.reduce((best, each) => (distance(each) < distance(best) ? each : best));
}

const DOTS = [3, 4.5, 6]; // radii of the dots of one wave, the last one first
const BEHIND = 90; // milliseconds from one of them to the next
const SEEN = [0, 0, 1, 1, 0].map((opacity, i) => ({ opacity, offset: [0, 0.2, 0.35, 0.8, 1][i] }));
const COMES = [{ opacity: 0 }, { opacity: 0, offset: 0.75 }, { opacity: 1 }];
const HIDDEN = [{ opacity: 0 }, { opacity: 0 }];

// Plays waves of dots and changes of numbers, one at a time. Where nothing may move, it is not
// even loaded.
export function createFlow(places, forms) {
  let layer; // holds all that moves
  let animations = [];

  function stop() {
    layer?.remove();
    for (const each of animations) each.cancel();
    layer = undefined;
    animations = [];
  }

  // Calls `draw` with the form in sight and a way to move things.
  function play(kind, speed, draw) {
    stop();
    const form = forms.find(({ svg }) => svg.getClientRects().length);
    if (!form) return;
    layer = svgElement("g", { class: `flow ${kind}`, "aria-hidden": "true" });
    form.svg.append(layer);
    draw(form, (element, frames, more = {}) => {
      const options = { duration: FLOW / speed, fill: "both", easing: "ease-in-out", ...more };
      animations.push(element.animate(frames, options));
    });
    const mine = layer;
    const ended = () => mine === layer && stop();
    Promise.all(animations.map(({ finished }) => finished)).then(ended, () => {});
  }

  // The dots of a step, with the factors they meet; its numbers appear when the dots arrive.
  function step({ name, stage }, textOf, speed) {
    play(stage, speed, ({ svg, nodes }, move) => {
      for (const { arrow, from, to, times } of legsOf(name, places)) {
        const [path, label] = ["arrow", "place"].map((kind) =>
          svg.querySelector(`[data-${kind}="${arrow}"]`),
        );
        const frames = pointsOf(path, label, { from, to }).map(({ x, y }) => ({
          transform: `translate(${x}px, ${y}px)`,
        }));
        for (const [i, r] of DOTS.entries()) {
          const dot = layer.appendChild(svgElement("circle", { r }));
          move(dot, frames, { delay: ((DOTS.length - 1 - i) * BEHIND) / speed });
        }
        if (!times) continue;
        const text = calculation(`× {${times}}`, textOf);
        const tag = layer.appendChild(svgElement("text", { y: -11 }, text));
        move(tag, frames);
        move(tag, SEEN);
      }
      const shows = stage === "forward" ? "value" : "gradient";
      for (const node of nodes) {
        if (node.place[shows].split("[")[0] === name) move(node[shows].element, COMES);
      }
    });
  }

  // Numbers roll from where they were to where an update has brought them; `on` the way, from 0
  // to 1, they are those of a network.
  function update(on, speed) {
    play("update", speed, ({ nodes, brevity }, move) => {
      const texts = ({ place }) => [0, 1].map((share) => brevity(on(share)[place.value]));
      const changed = nodes.filter((node) => new Set(texts(node)).size > 1);
      const rolling = changed.map(({ value, place }) => {
        const line = value.element.closest("text");
        const copy = layer.appendChild(line.cloneNode(true));
        const text = copy.querySelector("[data-shows]") ?? copy;
        for (const each of [copy, text]) each.removeAttribute("data-shows");
        move(line, HIDDEN);
        return { text, name: place.value, before: text.textContent.replace(/\S+$/, "") };
      });
      const [mine, start] = [layer, performance.now()];
      requestAnimationFrame(function roll(now) {
        if (layer !== mine) return;
        const share = Math.min(Math.max(((now - start) * speed) / FLOW, 0), 1);
        const numbers = on(share * share * (3 - 2 * share));
        for (const { text, name, before } of rolling) text.textContent = before + brevity(numbers[name]);
        if (share < 1) requestAnimationFrame(roll);
      });
    });
  }

  return { step, stop, update };
}
