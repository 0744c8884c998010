// Marks in the graph with letters: where a slip happened, and what it reaches.

import { svgElement } from "./drawing.js";

const at = (element, name) => Number(element.getAttribute(name));

// Where a cross stands: on an arrow near its end, at the corner of a box or a label.
function crossing(element) {
  if (element.localName === "path") {
    return element.getPointAtLength(0.72 * element.getTotalLength());
  }
  const box = element.querySelector("rect");
  return { x: at(box, "x") + at(box, "width"), y: at(box, "y") };
}

// Shows in a picture what a slip has broken and what it reaches, or else where an answer stands.
// `changed` holds the names of the elements that the slip changes.
export function markIn(svg, { places, starts }, answer, slip, changed = new Set()) {
  const size = svg.viewBox.baseVal.width > 500 ? 11 : 6;
  svg.querySelectorAll(".cross").forEach((cross) => cross.remove());
  const isChanged = (name) => Boolean(name) && changed.has(name);
  const touches = (name) => ["value", "gradient"].some((key) => isChanged(places[name]?.[key]));
  for (const element of svg.querySelectorAll("[data-place], [data-arrow]")) {
    const { place, arrow } = element.dataset;
    const isBroken = Boolean(place ? slip?.places.includes(place) : slip?.arrows.includes(arrow));
    const isReached = place
      ? touches(place)
      : touches(starts[arrow]) || isChanged(places[arrow]?.gradient);
    element.classList.toggle("broken", isBroken);
    element.classList.toggle("reached", isReached && !isBroken);
    for (const key of place ? ["value", "gradient"] : []) {
      const name = places[place][key];
      const text = element.querySelector(`[data-shows="${key}"]`);
      text.classList.toggle("off", isChanged(name));
      const isAsked = !slip && name.split("[")[0] === answer.replace("_updated", "");
      text.classList.toggle("asked", isAsked);
    }
    if (isBroken) svg.append(crossAt(crossing(element), size));
  }
}

// A cross in a disc; smaller in the form for phones, which has smaller numbers for everything.
function crossAt({ x, y }, size) {
  const arm = 0.45 * size;
  const cross = svgElement("g", { class: "cross", transform: `translate(${x} ${y})` });
  const lines = `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}`;
  cross.append(svgElement("circle", { r: size }), svgElement("path", { d: lines, "stroke-width": arm / 2 }));
  return cross;
}
