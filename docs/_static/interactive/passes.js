// What moves: dots along the arrows for each step of the passes, numbers that an update changes,
// and the time for which a step stands while the passes play. The state of the page is exact at
// once; what moves lies over it, in a layer of its own that is taken away at the end.

import { calculation } from "./writing.js";

const SVG = "http://www.w3.org/2000/svg";
const FLOW = 1400; // milliseconds of a wave of dots, at speed 1
const READING = [1500, 170]; // milliseconds for a sentence, and for each of its words
const POINTS = 12; // of a way, between which a dot moves evenly

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

// How long a sentence stands: long enough to be read.
export function readingTime(text, speed) {
  const [least, each] = READING;
  return (least + each * text.trim().split(/\s+/).length) / speed;
}

// The arrows of a step with the numbers that they multiply by; none where nothing flows.
export function legsOf(quantity, places) {
  const [arrows, from, to, factor] = WAYS[quantity] ?? [];
  return Object.entries(places)
    .filter(([name]) => arrows && name.startsWith(arrows))
    .map(([name, { value }]) => ({ arrow: name, from, to, times: factor?.(value) }));
}

// The points of a way along an arrow, as evenly spaced as `getPointAtLength` makes them.
export function pointsOf(path, label, { from, to }) {
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

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const svgElement = (name, attributes, text = "") => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

// Plays waves of dots and changes of numbers, one at a time.
export function createFlow(root, places) {
  let layer; // holds all that moves
  let animations = [];

  function stop() {
    layer?.remove();
    for (const each of animations) each.cancel();
    layer = undefined;
    animations = [];
  }

  // Calls `draw` with the picture in sight and a way to move things, unless nothing may move.
  function play(kind, speed, draw) {
    stop();
    const svg = [...root.querySelectorAll("svg.picture")].find((e) => e.getClientRects().length);
    if (still() || !svg) return;
    layer = svgElement("g", { class: `flow ${kind}`, "aria-hidden": "true" });
    svg.append(layer);
    draw(svg, (element, frames, more = {}) => {
      const options = { duration: FLOW / speed, fill: "both", easing: "ease-in-out", ...more };
      animations.push(element.animate(frames, options));
    });
    const mine = layer;
    const ended = () => mine === layer && stop();
    Promise.all(animations.map(({ finished }) => finished)).then(ended, () => {});
  }

  // The dots of a step; `textOf` gives the text of a number. The new numbers come with them.
  function step({ name, stage }, textOf, speed) {
    const legs = legsOf(name, places);
    if (!legs.length) return stop();
    play(stage, speed, (svg, move) => {
      for (const leg of legs) {
        const path = svg.querySelector(`[data-arrow="${leg.arrow}"]`);
        const ways = pointsOf(path, svg.querySelector(`[data-place="${leg.arrow}"]`), leg);
        const frames = ways.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
        for (const [i, r] of [3, 4.5, 6].entries()) {
          const dot = layer.appendChild(svgElement("circle", { r }));
          move(dot, frames, { delay: ((2 - i) * 90) / speed });
        }
        if (!leg.times) continue;
        const times = calculation(`× {${leg.times}}`, textOf);
        const tag = layer.appendChild(svgElement("text", { y: -11 }, times));
        move(tag, frames);
        const seen = [0, 0, 1, 1, 0].map((opacity, i) => ({ opacity, offset: [0, 0.2, 0.35, 0.8, 1][i] }));
        move(tag, seen);
      }
      const shows = stage === "forward" ? "value" : "gradient";
      for (const [place, numbers] of Object.entries(places)) {
        if (numbers[shows].split("[")[0] !== name) continue;
        const text = svg.querySelector(`[data-place="${place}"] [data-shows="${shows}"]`);
        move(text, [{ opacity: 0 }, { opacity: 0, offset: 0.75 }, { opacity: 1 }]);
      }
    });
  }

  // Old numbers rise from the places where new ones come: `before` has their texts by place.
  function update(before, speed = 1) {
    play("update", speed, (svg, move) => {
      for (const [place, text] of Object.entries(before)) {
        const now = svg.querySelector(`[data-place="${place}"] [data-shows="value"]`);
        const old = layer.appendChild(now.cloneNode(false));
        old.removeAttribute("data-shows");
        old.textContent = text;
        move(old, [
          { transform: "translate(0, 0)", opacity: 1 },
          { transform: "translate(0, -22px)", opacity: 0.9, offset: 0.6 },
          { transform: "translate(0, -26px)", opacity: 0 },
        ]);
        move(now, [{ opacity: 0 }, { opacity: 0, offset: 0.2 }, { opacity: 1, offset: 0.5 }, { opacity: 1 }]);
      }
    });
  }

  return { step, stop, update };
}

// The scrubber, the button that plays, and the speed. `walk` shows a step, exactly and at once;
// `told` holds the sentence of the step.
export function createPasses(root, { words, quantities, places }, { walk, told, textOf }) {
  const find = (selector) => root.querySelector(selector);
  const [scrubber, button, speeds] = ["[name=step]", ".play", "[name=speed]"].map(find);
  const last = quantities.length;
  const flow = createFlow(root, places);
  const speed = () => Number(speeds.value);
  let timer; // while the passes play
  let at = last;

  function rest() {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = words.play;
  }

  function pause() {
    rest();
    flow.stop();
  }

  function forward() {
    const step = at >= last ? 1 : at + 1;
    walk(step);
    flow.step(quantities[step - 1], textOf, speed());
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(play, readingTime(told.textContent, speed()));
  }

  function play() {
    forward();
    if (at >= last) return rest();
    button.textContent = words.pause;
    wait();
  }

  speeds.addEventListener("change", () => timer && wait());
  scrubber.addEventListener("input", (event) => {
    event.stopPropagation();
    pause();
    walk(Number(scrubber.value));
  });

  return {
    back() {
      pause();
      walk(Math.max(0, at - 1));
    },
    forward() {
      pause();
      forward();
    },
    toggle: () => (timer ? pause() : play()),
    pause,
    update: (before) => flow.update(before, speed()),
    show(step) {
      at = step;
      scrubber.value = step;
    },
  };
}
