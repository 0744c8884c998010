// The panel below the picture: the gradient of one place as a product of factors, how its value
// came about, and the guess that comes before. Sentences come from Python: `words.py`.

import { numberOf } from "./typed.js";
import { put, write } from "./view.js";
import { calculation, fill, written } from "./writing.js";

export function createPanel({ root, data, change, named, state }, { covered, shown }) {
  const { chains, places, symbols, words, workings, bounds } = data;
  const panel = root.querySelector(".panel");
  const [title, chain, note, guess, verdict, legend, score] = [
    ".title", ".chain", ".note", ".guess", ".verdict", ".guess legend", ".score",
  ].map((selector) => panel.querySelector(selector));
  let shownFor = ""; // a verdict holds for the place and the numbers it was given for

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

  function showGuess(state, place, isOpen) {
    if (guess.hidden && !state.predict) return;
    guess.hidden = !state.predict;
    guess.classList.toggle("idle", !isOpen);
    for (const control of guess.querySelectorAll("input, button:not([data-do])")) {
      control.disabled = !isOpen;
    }
    const gradient = symbols[place?.gradient];
    const closed = state.seen.includes(state.at) ? words.chooseAnother : words.choosePredict;
    put(legend, isOpen ? fill(words.predict, { gradient }) : closed);
    score.textContent = state.guessed ? fill(words.score, state) : "";
  }

  guess.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(guess);
    const [typed, sign] = [form.get("guess")?.trim(), form.get("sign")];
    const number = numberOf(typed || sign);
    if (number === undefined) {
      verdict.textContent = typed ? fill(words.guessUnread, { typed }) : words.guessFirst;
      return;
    }
    const { at, seen, guessed, right: before } = state();
    const { gradient } = places[at];
    const right = judge(number, Boolean(typed), named()[gradient], bounds);
    change({ seen: [...seen, at], guessed: guessed + 1, right: before + right });
    verdict.innerHTML = reason(right, gradient, named(), data);
    verdict.classList.toggle("right", right);
    verdict.focus(); // the form is done with
  });

  const predict = root.querySelector("[name=predict]");
  predict.addEventListener("change", () =>
    change({ predict: predict.checked, seen: [], guessed: 0, right: 0 }),
  );
  guess.querySelector("[data-do=reveal]").addEventListener("click", () =>
    change({ seen: Object.keys(places) }),
  );

  return function show({ state, named, at }) {
    const place = places[at];
    predict.checked = state.predict;
    panel.classList.toggle("empty", !place);
    const isOpen = Boolean(place?.gradient && covered(place.gradient, state));
    showGuess(state, place, isOpen);
    const key = `${at} ${named.loss}`;
    if (key !== shownFor) {
      verdict.textContent = "";
      if (isOpen) guess.reset();
    }
    shownFor = key;
    // What is to be guessed or still to come is covered here too; a slope comes with its z.
    const text = (name) => shown(name.replace("dz_da", "z"), state, written(named[name]));
    const heading = place?.gradient ? symbols[place.gradient] : words.loss;
    put(title, place ? heading : words.choose);
    showChain(place?.gradient ?? "", text);
    put(note, place ? remarks(place, text, named) : "");
  };
}

// Judges a guess; `number` is a sign or, where `exact`, a value.
export function judge(number, exact, gradient, bounds) {
  if (exact) return Math.abs(number - gradient) <= bounds.value * (1 + 2 * Math.abs(gradient));
  if (number === 0) return Math.abs(gradient) < bounds.sign;
  return number === Math.sign(gradient);
}

// Says what the gradient is, and which signs of its factors make its sign.
function reason(right, name, named, { chains, symbols, words }) {
  const facts = { gradient: symbols[name], number: written(named[name]) };
  const answer = fill(right ? words.right : words.wrong, facts);
  const paths = chains[name].map((path) => path.map(({ number }) => named[number]));
  if (paths.length > 1) {
    const products = paths.map((factors) => factors.reduce((value, factor) => value * factor, 1));
    return `${answer} ${fill(words.sum, { parts: products.map(written).join(", ") })}`;
  }
  const [factors] = paths;
  const count = factors.filter((factor) => factor < 0).length;
  const signs = ["noMinus", "oneMinus"][count] ?? (count % 2 ? "oddMinus" : "evenMinus");
  const negative = fill(words[factors.includes(0) ? "hasZero" : signs], { count });
  const listed = factors.map(written).join(", ");
  return `${answer} ${fill(words.because, { factors: listed, negative })}`;
}
