// What more than one picture needs.

export function svgElement(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

// A line through points, as the attribute `d` has it.
export function lineThrough(points) {
  const texts = points.map((point) => point.map((each) => each.toFixed(1)).join(" "));
  return texts.length ? `M${texts.join("L")}` : "";
}

// Where a pointer is, in the units of the picture.
export function pointed(svg, { clientX, clientY }) {
  return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
}

// As `strand` of `mlp_reference/network_graph.py`.
export function strandWidth(value, { scale, least, most }) {
  return value ? Math.min(Math.max(scale * Math.sqrt(Math.abs(value)), least), most) : 0;
}

// Whether the reader wants nothing to move.
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
