// Picture and table: puts the numbers into the elements that the build wrote, and marks what is
// chosen, lit, covered or still to come. Only what changes is written.

import { fill, fixed, written } from "./values.js";

const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

// The index of the quantity in the walk that an element belongs to; −1 where it is given.
export function stepOf(name, quantities) {
  if (name === "loss_updated") return quantities.length - 1;
  const base = name.replace("numeric_", "").split("[")[0];
  return quantities.findIndex((quantity) => quantity.name === base);
}

// The place whose gradient a number gives away, if it does.
function secretsOf(places) {
  const secrets = {};
  for (const [place, { value, gradient }] of Object.entries(places)) {
    if (!gradient) continue;
    for (const name of [gradient, `numeric_${gradient}`, value.replace("[", "_updated[")]) {
      secrets[name] = place;
    }
  }
  return secrets;
}

const plain = (html) => html.replace(/<[^>]+>/g, "");

export function createView(root, data) {
  const { places, quantities, words } = data;
  const secrets = secretsOf(places);
  const svg = root.querySelector("svg.picture");
  const target = svg.querySelector("[data-shows=target]");
  const cells = [...root.querySelectorAll("[data-quantity]")];
  const befores = [...root.querySelectorAll("[data-before]")];
  const marks = [...root.querySelectorAll("[data-place], [data-arrow], [data-row]")];
  const nodes = [...svg.querySelectorAll("[data-place]")].map((group) => {
    const value = group.querySelector("[data-shows=value]");
    const gradient = group.querySelector("[data-shows=gradient]");
    const [before] = value.textContent.match(/^[^−\d]*/); // such as "bias "
    return { group, value, gradient, before, place: places[group.dataset.place] };
  });
  const steps = Object.fromEntries(
    [...cells.map((cell) => cell.dataset.quantity), ...Object.values(places).map((p) => p.gradient)]
      .map((name) => [name, stepOf(name, quantities)]));

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

  function showNode({ group, value, gradient, before, place }, state, named) {
    const number = shown(place.value, state, fixed(named[place.value]));
    const slope = place.gradient
      ? shown(place.gradient, state, fixed(named[place.gradient]))
      : fixed(1);
    put(value, before + number);
    put(gradient, `∂ ${slope}`);
    const texts = { symbol: plain(place.symbol), value: number, gradient: slope };
    if (slope === "?") texts.gradient = words.covered;
    group.setAttribute("aria-label", fill(words.place, (name) => texts[name]));
    const now = [place.value, place.gradient].some((name) => steps[name] === state.step - 1);
    group.classList.toggle("now", now && state.step < quantities.length);
    value.classList.toggle("later", number === "·");
    gradient.classList.toggle("later", slope === "·");
  }

  return {
    covered,
    show(state, named, at) {
      for (const node of nodes) showNode(node, state, named);
      put(target, `target ${fixed(named["t[0]"])}`);
      for (const cell of cells) {
        const name = cell.dataset.quantity;
        cell.dataset.value = named[name];
        put(cell, shown(name, state, written(named[name])));
      }
      for (const cell of befores) {
        const first = state.given[cell.dataset.before];
        const moved = first !== named[cell.dataset.before];
        put(cell, moved ? `${written(first)} → ` : "");
      }
      const lit = new Set(places[at]?.path);
      for (const mark of marks) {
        const { place, arrow, row } = mark.dataset;
        mark.classList.toggle("chosen", (place ?? row) === at);
        mark.classList.toggle("lit", lit.has(place ?? arrow));
      }
    },
  };
}
