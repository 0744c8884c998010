// The guess before a gradient is shown: its form, what is said of it, and how many were right.
// Loaded where somebody wants to predict. Sentences come from Python: `words.py`.

import { numberOf } from "./typed.js";
import { put } from "./view.js";
import { fill, fillFor, written } from "./writing.js";

export function createGuess({ root, data, change, named, state }, { covered }) {
  const { places, symbols, words, bounds } = data;
  const guess = root.querySelector(".guess");
  const [verdict, legend, score] = [".verdict", "legend", ".score"].map((selector) =>
    guess.querySelector(selector),
  );
  let shownFor = ""; // a verdict holds for the place and the numbers it was given for

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

  guess.querySelector("[data-do=reveal]").addEventListener("click", () =>
    change({ seen: Object.keys(places) }),
  );

  return function show({ state, named, at }) {
    guess.hidden = !state.predict;
    if (guess.hidden) return;
    const { gradient } = places[at] ?? {};
    const isOpen = Boolean(gradient && covered(gradient, state));
    guess.classList.toggle("idle", !isOpen);
    for (const control of guess.querySelectorAll("input, button:not([data-do])")) {
      control.disabled = !isOpen;
    }
    const closed = state.seen.includes(state.at) ? words.chooseAnother : words.choosePredict;
    put(legend, isOpen ? fill(words.predict, { gradient: symbols[gradient] }) : closed);
    score.textContent = state.guessed ? fill(words.score, state) : "";
    const key = `${at} ${named.loss}`;
    if (key !== shownFor) {
      verdict.textContent = "";
      if (isOpen) guess.reset();
    }
    shownFor = key;
  };
}

// Judges a guess; `number` is a sign or, where `exact`, a value.
function judge(number, exact, gradient, bounds) {
  if (exact) return Math.abs(number - gradient) <= bounds.value * (1 + 2 * Math.abs(gradient));
  if (number === 0) return Math.abs(gradient) < bounds.sign;
  return number === Math.sign(gradient);
}

// Says what the gradient is, and which signs of its factors make its sign.
function reason(right, name, named, { chains, symbols, words }) {
  const found = { gradient: symbols[name], number: written(named[name]) };
  const answer = fill(right ? words.right : words.wrong, found);
  const paths = chains[name].map((path) => path.map(({ number }) => named[number]));
  if (paths.length > 1) {
    const products = paths.map((factors) => factors.reduce((value, factor) => value * factor, 1));
    return `${answer} ${fill(words.sum, { parts: products.map(written).join(", ") })}`;
  }
  const [factors] = paths;
  const count = factors.filter((factor) => factor < 0).length;
  const signs = ["noMinus", "oneMinus"][count] ?? (count % 2 ? "oddMinus" : "evenMinus");
  const facts = { count, factors: factors.map(written).join(", ") };
  return `${answer} ${fillFor(count, words[factors.includes(0) ? "hasZero" : signs], facts)}`;
}
