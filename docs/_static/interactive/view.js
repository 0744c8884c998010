// Picture and table: puts the numbers into the elements that the build wrote, and marks what is
// chosen, lit, covered or still to come.

import { fill, fixed, written } from "./writing.js";

// Writes only what has changed: a live region repeats whatever is put in.
const contents = new WeakMap();
export function put(element, html) {
  if (html === (contents.get(element) ?? element.innerHTML)) return;
  contents.set(element, html);
  element.innerHTML = html;
}

// The index of the quantity in the walk that an element belongs to; −1 where it is given.
export function stepOf(name, quantities) {
  if (name === "loss_updated") return quantities.length - 1;
  const base = name.replace("numeric_", "").split("[")[0];
  return quantities.findIndex((quantity) => quantity.name === base);
}

// The place whose gradient a number gives away, if it does.
function secretsOf(places) {
  const open = Object.entries(places).filter(([, { gradient }]) => gradient);
  const secrets = open.flatMap(([place, { value, gradient }]) =>
    [gradient, `numeric_${gradient}`, value.replace("[", "_updated[")].map((name) => [name, place]),
  );
  return Object.fromEntries(secrets);
}

// A text of the picture whose number changes, and what stands before it, such as "bias ".
function labelOf(element) {
  const [before] = element.textContent.match(/^[^−\d]*/);
  return { element, before };
}

export function createView(root, data) {
  const { places, quantities, words } = data;
  const secrets = secretsOf(places);
  const svg = root.querySelector("svg.picture");
  const target = labelOf(svg.querySelector("[data-shows=target]"));
  const cells = [...root.querySelectorAll("[data-quantity]")];
  const befores = [...root.querySelectorAll("[data-before]")];
  const marks = [...root.querySelectorAll("[data-place], [data-arrow], [data-row]")];
  const nodes = [...svg.querySelectorAll("[data-place]")].map((group) => ({
    group,
    value: labelOf(group.querySelector("[data-shows=value]")),
    gradient: labelOf(group.querySelector("[data-shows=gradient]")),
    place: places[group.dataset.place],
    symbol: places[group.dataset.place].symbol.replace(/<[^>]+>/g, ""),
  }));
  const numbers = [
    ...cells.map((cell) => cell.dataset.quantity),
    ...Object.values(places).map(({ gradient }) => gradient),
  ];
  const steps = Object.fromEntries(numbers.map((name) => [name, stepOf(name, quantities)]));

  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", words.graph);
  for (const { group } of nodes) {
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
  }

  // What a reader may see of a number: the number, or what stands for it.
  function shown(name, state, text) {
    if (steps[name] >= state.step) return "·";
    return covered(name, state) ? "?" : text;
  }

  function covered(name, { predict, seen }) {
    return predict && name in secrets && !seen.includes(secrets[name]);
  }

  function showNode({ group, value, gradient, place, symbol }, state, named) {
    const number = shown(place.value, state, fixed(named[place.value]));
    const slope = place.gradient
      ? shown(place.gradient, state, fixed(named[place.gradient]))
      : fixed(1);
    for (const [{ element, before }, text] of [[value, number], [gradient, slope]]) {
      put(element, before + text);
      element.classList.toggle("later", text === "·");
    }
    const said = slope === "?" ? words.covered : slope;
    group.setAttribute("aria-label", fill(words.place, { symbol, value: number, gradient: said }));
    const now = [place.value, place.gradient].some((name) => steps[name] === state.step - 1);
    group.classList.toggle("now", now && state.step < quantities.length);
  }

  function show(state, named, at) {
    for (const node of nodes) showNode(node, state, named);
    put(target.element, target.before + fixed(named["t[0]"]));
    for (const cell of cells) {
      const name = cell.dataset.quantity;
      cell.dataset.value = named[name];
      put(cell, shown(name, state, written(named[name])));
    }
    for (const cell of befores) {
      const first = state.given[cell.dataset.before];
      put(cell, first === named[cell.dataset.before] ? "" : `${written(first)} → `);
    }
    const lit = new Set(places[at]?.path);
    for (const { dataset, classList } of marks) {
      classList.toggle("chosen", (dataset.place ?? dataset.row) === at);
      classList.toggle("lit", lit.has(dataset.place ?? dataset.arrow));
    }
  }

  return { covered, shown, show };
}
