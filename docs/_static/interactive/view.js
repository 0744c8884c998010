// Picture and table: puts the numbers into the elements that the build wrote, and marks what is
// chosen, lit, covered or still to come.

import { brief, fixed, fill, written } from "./writing.js";

// Writes only what has changed: a live region repeats whatever is put in.
const contents = new WeakMap();
export function put(element, html) {
  if (html === (contents.get(element) ?? element.innerHTML)) return;
  contents.set(element, html);
  element.innerHTML = html;
}

export function placeOf(element) {
  const { place, row } = element.closest?.("[data-place], [data-row]")?.dataset ?? {};
  return place ?? row ?? "";
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

export function createView({ root, data }) {
  const { places, quantities, words } = data;
  const secrets = secretsOf(places);
  const cells = [...root.querySelectorAll("[data-quantity]")];
  const befores = [...root.querySelectorAll("[data-before]")];
  const marks = [...root.querySelectorAll("[data-place], [data-arrow], [data-row]")];
  const names = [
    ...cells.map((cell) => cell.dataset.quantity),
    ...Object.values(places).map(({ gradient }) => gradient),
  ];
  const steps = Object.fromEntries(names.map((name) => [name, stepOf(name, quantities)]));
  const forms = [...root.querySelectorAll("svg.picture")].map((svg) => formOf(svg, data));

  // What a reader may see of a number: the number, or what stands for it.
  function shown(name, state, text) {
    if (steps[name] >= state.step) return "·";
    return covered(name, state) ? "?" : text;
  }

  function covered(name, { predict, seen }) {
    return predict && name in secrets && !seen.includes(secrets[name]);
  }

  function showNode({ group, value, gradient, place, symbol }, write, { state, named }) {
    const number = shown(place.value, state, write(named[place.value]));
    const slope = place.gradient
      ? shown(place.gradient, state, write(named[place.gradient]))
      : write(1);
    for (const [{ element, before }, text] of [[value, number], [gradient, slope]]) {
      put(element, before + text);
      element.classList.toggle("later", text === "·");
    }
    const said = slope === "?" ? words.covered : slope;
    const label = fill(words.place, { symbol, value: number, gradient: said });
    if (label !== group.ariaLabel) group.ariaLabel = label;
    const now = [place.value, place.gradient].some((name) => steps[name] === state.step - 1);
    group.classList.toggle("now", now && state.step < quantities.length);
  }

  function show(facts) {
    const { state, named, at } = facts;
    for (const { nodes, target, write } of forms) {
      for (const node of nodes) showNode(node, write, facts);
      put(target.element, target.before + write(named["t[0]"]));
    }
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

  return { covered, shown, show, forms };
}

// The parts of one form of the picture; where it is upright, numbers are brief.
function formOf(svg, { places, words }) {
  const nodes = [...svg.querySelectorAll("[data-place]")].map((group) => ({
    group,
    value: labelOf(group.querySelector("[data-shows=value]")),
    gradient: labelOf(group.querySelector("[data-shows=gradient]")),
    place: places[group.dataset.place],
    symbol: places[group.dataset.place].symbol.replace(/<[^>]+>/g, ""),
  }));
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", words.graph);
  for (const { group } of nodes) {
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
  }
  const write = svg.classList.contains("upright") ? brief : fixed;
  return { svg, nodes, target: labelOf(svg.querySelector("[data-shows=target]")), write };
}
