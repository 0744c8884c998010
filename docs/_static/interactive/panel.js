// The panel below the picture: the gradient of one place as a product of factors, how its value
// came about, and the guess that comes before. Sentences come from Python: `words.py`.

import { fill, written } from "./values.js";

export function createPanel(root, data, covered) {
  const { chains, places, symbols, words, workings, bounds } = data;
  const [title, chain, note, guess, verdict, legend, score] = [
    ".title", ".chain", ".note", ".guess", ".verdict", ".guess legend", ".score",
  ].map((selector) => root.querySelector(`.panel ${selector}`));
  let shownFor = ""; // a verdict holds for the place and the numbers it was given for

  // Numbers that the reader is to guess are covered here too.
  const textOf = (state, named) => (name) => covered(name, state) ? "?" : written(named[name]);

  function factorCard({ symbol, working, number }, text, kind) {
    const filled = fill(working, text, true);
    const plain = text(number) === filled ? "" : `<small>${filled}</small>`;
    const inBrackets = text(number).startsWith("−") ? `(${text(number)})` : text(number);
    return `<span class="factor ${kind}"><i>${symbol}</i><b>${plain ? text(number) : inBrackets}</b>${plain}</span>`;
  }

  // Everything but the last factor is what comes from upstream.
  function pathLine(factors, text, named) {
    const local = factorCard(factors.at(-1), text, "local");
    const upstream = factors.slice(0, -1);
    if (!upstream.length) return `<span class="group local">${local}<em>${words.local}</em></span>`;
    const cards = upstream.map((factor) => factorCard(factor, text, "")).join(" × ");
    const known = upstream.every(({ number }) => text(number) !== "?");
    const product = upstream.reduce((value, { number }) => value * named[number], 1);
    // ∂a/∂W is local, so what comes from upstream is ∂L/∂a.
    const whole = `∂L/${factors.at(-1).symbol.split("/∂")[0]} = ${known ? written(product) : "?"}`;
    const sum = upstream.length > 1 ? ` ${whole}` : "";
    return (
      `<span class="group upstream"><span>${cards}</span><em>${words.upstream}${sum}</em></span> × ` +
      `<span class="group local"><span>${local}</span><em>${words.local}</em></span>`
    );
  }

  function chainOf(gradient, text, named) {
    const paths = chains[gradient].map((factors) => pathLine(factors, text, named));
    // A sum of paths has a line for each.
    chain.classList.toggle("sum", paths.length > 1);
    const rows = paths.map((line, i) => `<div class="row">${i ? "+ " : "= "}${line}</div>`);
    return `${rows.join("")}<div class="row result">= <b>${text(gradient)}</b></div>`;
  }

  function remarks({ value, gradient }, text, named) {
    const found = [];
    if (value in workings) {
      found.push(`${symbols[value]} = ${fill(workings[value], text, true)} = ${text(value)}`);
    }
    if (chains[gradient]?.length > 1) found.push(words.paths);
    const factors = (chains[gradient] ?? []).flat().map(({ number }) => number);
    for (const number of new Set(factors)) {
      if (!number.startsWith("dz_da") || named[number] >= bounds.slope) continue;
      const j = Number(number.match(/\d+/)[0]);
      const [a, z] = [`a[${j}]`, `z[${j}]`];
      const facts = { a: symbols[a], z: symbols[z], value: text(a), slope: text(number) };
      found.push(`<strong>${fill(words.saturated, (name) => facts[name])}</strong>`);
    }
    const zero = chains[gradient]?.length === 1 && factors.some((number) => named[number] === 0);
    if (zero && text(gradient) !== "?") found.push(words.zero);
    return found.map((line) => `<span>${line}</span>`).join("");
  }

  return function show(state, named, at) {
    const place = places[at];
    const text = textOf(state, named);
    const open = place && place.gradient && covered(place.gradient, state);
    guess.hidden = !state.predict;
    guess.classList.toggle("idle", !open);
    for (const control of guess.querySelectorAll("input, button:not([data-do])")) control.disabled = !open;
    const asked = open ? fill(words.predict, () => symbols[place.gradient]) : words.choosePredict;
    if (legend.innerHTML !== asked) legend.innerHTML = asked;
    const facts = { right: state.right, guessed: state.guessed };
    score.textContent = state.guessed ? fill(words.score, (name) => facts[name]) : "";
    const key = `${at} ${named.loss}`;
    if (key !== shownFor) {
      verdict.textContent = "";
      if (open) guess.reset();
    }
    shownFor = key;
    if (!place) {
      title.textContent = words.choose;
      chain.textContent = note.textContent = "";
      return;
    }
    title.innerHTML = place.gradient ? symbols[place.gradient] : words.loss;
    chain.innerHTML = place.gradient ? chainOf(place.gradient, text, named) : "";
    note.innerHTML = remarks(place, text, named);
  };
}

// Judges a guess; `number` is a sign or, where `exact`, a value.
export function judge(number, exact, gradient, bounds) {
  if (exact) return Math.abs(number - gradient) <= bounds.value * (1 + 2 * Math.abs(gradient));
  if (number === 0) return Math.abs(gradient) < bounds.sign;
  return number === Math.sign(gradient);
}

// Says what the gradient is, and which signs of its factors make its sign.
export function reason(right, name, named, { chains, symbols, words }) {
  const facts = { gradient: symbols[name], number: written(named[name]) };
  const answer = fill(right ? words.right : words.wrong, (key) => facts[key]);
  const product = (path) => path.reduce((value, { number }) => value * named[number], 1);
  if (chains[name].length > 1) {
    const parts = chains[name].map((path) => written(product(path))).join(", ");
    return `${answer} ${fill(words.sum, () => parts)}`;
  }
  const factors = chains[name][0].map(({ number }) => named[number]);
  const count = factors.filter((factor) => factor < 0).length;
  const key = factors.includes(0) ? "hasZero" : ["noMinus", "oneMinus"][count] ??
    (count % 2 ? "oddMinus" : "evenMinus");
  const negative = fill(words[key], () => count);
  const because = { factors: factors.map(written).join(", "), negative };
  return `${answer} ${fill(words.because, (part) => because[part])}`;
}
