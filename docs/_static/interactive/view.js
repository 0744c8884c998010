// Picture and table: puts the numbers into the elements that the build wrote, and marks what is
// chosen, lit, covered or still to come.

import { strandWidth } from "./drawing.js";
import { differences } from "./quantities.js";
import { brief, fill, fixed, written } from "./writing.js";

// Writes only what has changed: a live region repeats whatever is put in.
const contents = new WeakMap();
export function put(element, html) {
  const before = contents.get(element) ?? element.innerHTML;
  contents.set(element, html);
  if (html !== before && !reword(element, before, html)) element.innerHTML = html;
}

// Where the tags are the same, only texts change: to build elements anew would cost a frame more.
function reword(element, before, html) {
  const [old, now] = [before, html].map((each) => each.split(/(<[^>]*>)/)); // text, tag, text, …
  const isAlike = (part, i) => (i % 2 ? part === old[i] : !part === !old[i]);
  if (old.length !== now.length || !now.every(isAlike) || /&/.test(before + html)) return false;
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (const text of now.filter((part, i) => part && i % 2 === 0)) write(nodes.nextNode(), text);
  return true;
}

export function write(node, text) {
  if (node.data !== text) node.data = text;
}

function mark(element, name, on) {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
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
  return { element, before, text: element.firstChild };
}

export function createView({ root, data }) {
  const { places, quantities, words } = data;
  const secrets = secretsOf(places);
  const cells = [...root.querySelectorAll("[data-quantity]")];
  const befores = [...root.querySelectorAll("[data-before]")];
  const fold = root.querySelector(".all-numbers");
  const marks = [...root.querySelectorAll("[data-place], [data-arrow], [data-row]")];
  let marked; // the place that is marked
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

  function showNode(node, brevity, { state, named, was }) {
    const { group, value, gradient, past, place } = node;
    const number = shown(place.value, state, brevity(named[place.value]));
    const slope = place.gradient
      ? shown(place.gradient, state, brevity(named[place.gradient]))
      : shown("loss", state, brevity(1));
    // What a number was stands beside it until the next change.
    const before = was && number !== "·" ? brevity(was[place.value]) : number;
    if (past) write(past, before === number ? "" : fill(words.was, { value: before }));
    write(value.text, value.before + number);
    write(gradient.text, gradient.before + slope);
    mark(value.element, "later", number === "·");
    mark(gradient.element, "later", slope === "·");
    const now = [place.value, place.gradient].some((name) => steps[name] === state.step - 1);
    mark(group, "now", now && state.step < quantities.length);
  }

  function tell({ group, place, symbol }, brevity, { state, named }) {
    const value = shown(place.value, state, brevity(named[place.value]));
    const slope = place.gradient ? shown(place.gradient, state, brevity(named[place.gradient])) : 1;
    const gradient = slope === "?" ? words.covered : slope;
    const label = fill(words.place, { symbol, value, gradient });
    if (label !== group.ariaLabel) group.ariaLabel = label;
    if (group.role === "slider") group.ariaValueNow = named[place.value];
  }

  // A strand is as wide as the root of its number, and dashed where that is negative. It gives
  // nothing away: of what is covered or still to come, there is none.
  function showStrand(strand, { state, named }) {
    const { element, number } = strand;
    const value = number ? named[number] : 1;
    const open = shown(number ?? "loss", state, "") === "";
    const width = (open ? strandWidth(value, data.strand) : 0).toFixed(2);
    const dashes = value < 0 ? data.strand.dashes : "none";
    if (width !== strand.width) element.setAttribute("stroke-width", (strand.width = width));
    if (dashes !== strand.dashes) element.setAttribute("stroke-dasharray", (strand.dashes = dashes));
  }

  function showTable({ state, named, run }) {
    const all = { ...named, ...differences(run.current, data.epsilon) };
    for (const cell of cells) {
      const name = cell.dataset.quantity;
      cell.dataset.value = all[name];
      put(cell, shown(name, state, written(all[name])));
    }
    for (const cell of befores) {
      const first = state.given[cell.dataset.before];
      put(cell, first === named[cell.dataset.before] ? "" : `${written(first)} → `);
    }
  }

  function showMarks(at) {
    const lit = new Set(places[at]?.path);
    for (const each of marks) {
      const { place, row, arrow } = each.dataset;
      mark(each, "chosen", (place ?? row ?? arrow) === at);
      // A gradient that stops at a node has not gone along the arrow that leads there.
      mark(each, "lit", lit.has(place ?? arrow) && !(arrow === at && !at.includes("_")));
    }
    marked = at;
  }

  function show(facts) {
    const { state, named, at, pressed } = facts;
    const seen = forms.filter(({ svg }) => svg.checkVisibility());
    for (const { nodes, strands, target, brevity } of seen) {
      for (const node of nodes) showNode(node, brevity, facts);
      for (const strand of strands) showStrand(strand, facts);
      write(target.text, target.before + brevity(named["t[0]"]));
      if (!pressed) for (const node of nodes) tell(node, brevity, facts);
    }
    if (fold.open || !pressed) showTable(facts);
    if (at !== marked) showMarks(at);
  }

  return { covered, shown, show, forms };
}

// The parts of one form of the picture; where it is upright, numbers are brief.
function formOf(svg, { names, places, words, bounds }) {
  const brevity = svg.classList.contains("upright") ? brief : fixed;
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", words.graph);
  addTurnedHead(svg);
  const nodes = [...svg.querySelectorAll("[data-place]")].map((group) => {
    const place = places[group.dataset.place];
    const isGiven = names.includes(place.value);
    group.setAttribute("role", isGiven ? "slider" : "button");
    group.classList.toggle("given", isGiven);
    if (isGiven) [group.ariaValueMin, group.ariaValueMax] = [-bounds.box, bounds.box];
    return {
      group,
      value: labelOf(group.querySelector("[data-shows=value]")),
      gradient: labelOf(group.querySelector("[data-shows=gradient]")),
      past: brevity === fixed && pastOf(group, place),
      place,
      symbol: place.symbol.replace(/<[^>]+>/g, ""),
    };
  });
  const strands = [...svg.querySelectorAll("[data-strand]")].map((element) => ({
    element,
    number: places[element.dataset.of][element.dataset.strand],
  }));
  return { svg, nodes, strands, target: labelOf(svg.querySelector("[data-shows=target]")), brevity };
}

// A head for the arrows of a lit path: they lead back, as its gradient goes.
function addTurnedHead(svg) {
  const head = svg.querySelector("marker");
  const turned = head.cloneNode(true);
  turned.id += "-turned";
  const look = { orient: "auto-start-reverse", viewBox: "0 0 11 10", class: "turned" };
  for (const [name, value] of Object.entries({ ...look, markerWidth: 18, markerHeight: 17 })) {
    turned.setAttribute(name, value);
  }
  head.after(turned);
  svg.style.setProperty("--turned", `url("#${turned.id}")`);
}

// A place for what a number was: in a box beside its name, elsewhere in a line of its own.
function pastOf(group, place) {
  const name = group.querySelector("rect[stroke] ~ text:not([data-shows])");
  const past = name ? document.createElementNS(name.namespaceURI, "tspan") : lineOf(group, place);
  if (name) {
    past.setAttribute("dx", 4);
    if (name.querySelector("[dy]")) past.setAttribute("dy", -4);
    name.append(past);
  }
  past.setAttribute("class", "was");
  past.replaceChildren("");
  return past.firstChild;
}

// Below the bias of y there is its box.
function lineOf(group, place) {
  const isAbove = place.value.startsWith("b2");
  const beside = group.querySelector(isAbove ? "[data-shows=value]" : "[data-shows=gradient]");
  const line = beside.cloneNode();
  line.dataset.shows = "was";
  line.setAttribute("y", Number(beside.getAttribute("y")) + (isAbove ? -19 : 19));
  group.append(line);
  return line;
}
