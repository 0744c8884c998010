// The panel below the picture: the gradient of one place as a product of factors, and how its
// value came about. Sentences come from Python: `words.py`.

import { put, write } from "./view.js";
import { calculation, fill, written } from "./writing.js";

export function createPanel({ root, data }, { shown }) {
  const { chains, places, symbols, words, workings, bounds } = data;
  const panel = root.querySelector(".panel");
  const [title, chain, note] = [".title", ".chain", ".note"].map((selector) =>
    panel.querySelector(selector),
  );

  // A line is built once for its place; then only its numbers change, which are marked.
  function factorLine({ symbol, working, number }, isFirst) {
    const how = working === `{${number}}` || working === number ? "" : working;
    const sign = isFirst ? "" : "× ";
    return (
      `<span class="factor"><i>${sign}${symbol}</i><small data-working="${how}"></small>` +
      `<b data-number="${number}"></b></span>`
    );
  }

  // Everything but the last factor is what comes from upstream.
  function pathLine(factors, above) {
    const upstream = factors.slice(0, -1);
    const local = factorLine(factors.at(-1), !upstream.length);
    const end = `<div class="group local"><em>${words.local}</em>${local}</div>`;
    if (!upstream.length) return end;
    // ∂a/∂W is local, so what comes from upstream is ∂L/∂a.
    const product = `${symbols[above]} = <span data-number="${above}"></span>`;
    const lines = upstream.map((factor, i) => factorLine(factor, i === 0)).join("");
    const head = `<em>${words.upstream} ${upstream.length > 1 ? product : ""}</em>`;
    return `<div class="group">${head}${lines}</div>${end}`;
  }

  function chainOf(gradient) {
    // The working of a gradient names, for each path, the one that it is computed from.
    const above = workings[gradient].match(/dL_[^}]+/g) ?? [];
    const paths = chains[gradient].map((factors, i) => pathLine(factors, above[i]));
    const result = `<span>${symbols[gradient]} =</span> <b data-number="${gradient}"></b>`;
    return `${paths.join('<div class="plus">+</div>')}<div class="result">${result}</div>`;
  }

  let texts = []; // of the chain, whose numbers change

  function showChain(gradient, text) {
    if (chain.dataset.of !== gradient) {
      chain.dataset.of = gradient;
      put(chain, gradient ? chainOf(gradient) : "");
      texts = [...chain.querySelectorAll("[data-number], [data-working]")].map((element) => {
        element.append("");
        return { ...element.dataset, node: element.firstChild, isFactor: element.matches(".factor b") };
      });
    }
    for (const { number, working, node, isFactor } of texts) {
      const value = number ? text(number) : calculation(working, text);
      write(node, isFactor && value.startsWith("−") ? `(${value})` : value);
    }
  }

  function remarks({ value, gradient }, text, named) {
    const paths = chains[gradient] ?? [];
    const factors = paths.flat().map(({ number }) => number);
    const found = [];
    if (value in workings) {
      found.push(`${symbols[value]} = ${calculation(workings[value], text)} = ${text(value)}`);
    }
    if (paths.length > 1) found.push(words.paths);
    for (const number of new Set(factors)) {
      if (!number.startsWith("dz_da") || named[number] >= bounds.slope) continue;
      if ("?·".includes(text(number))) continue; // it comes with a later step
      const [a, z] = ["a", "z"].map((name) => number.replace("dz_da", name));
      const facts = { a: symbols[a], z: symbols[z], value: text(a), slope: text(number) };
      found.push(`<strong>${fill(words.saturated, facts)}</strong>`);
    }
    const zero = paths.length === 1 && factors.some((number) => named[number] === 0);
    if (zero && !"?·".includes(text(gradient))) found.push(words.zero);
    return found.map((line) => `<span>${line}</span>`).join("");
  }

  return function show({ state, named, at }) {
    const place = places[at];
    panel.classList.toggle("empty", !place);
    // What is to be guessed or still to come is covered here too; a slope comes with its z.
    const text = (name) => shown(name.replace("dz_da", "z"), state, written(named[name]));
    const heading = place?.gradient ? symbols[place.gradient] : words.loss;
    put(title, place ? heading : words.choose);
    showChain(place?.gradient ?? "", text);
    put(note, place ? remarks(place, text, named) : "");
  };
}
