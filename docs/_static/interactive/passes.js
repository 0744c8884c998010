// The passes step by step: which step is shown, and what is said of it.

import { put, stepOf } from "./view.js";
import { calculation, fill, written } from "./writing.js";

const PAUSE = 2500; // milliseconds for which each step stands while the walk plays

export function createPasses({ root, data, change, named, state }, view) {
  const { quantities, symbols, words, workings } = data;
  const last = quantities.length;
  const told = root.querySelector(".told");
  const playButton = root.querySelector(".play");
  const allShown = told.innerHTML;
  let telling = state().step < last; // whether the sentence is that of a step
  let playing;

  // What is said of the step that the walk has come to.
  function sentence({ state, named }) {
    const { step } = state;
    if (step === 0) return words.given;
    const { title, rule, stage } = quantities[step - 1];
    const text = (name) => view.shown(name, state, written(named[name]));
    const results = Object.entries(workings)
      .filter(([name]) => stepOf(name, quantities) === step - 1)
      .map(([name, working]) => {
        const line = `${symbols[name]} = ${calculation(working, text)} = ${text(name)}`;
        return `<span>${line}</span>`;
      });
    const head = fill(words.step, { step, steps: last, title, stage });
    return `<strong>${head}</strong> <span>${rule}</span> ${results.join(" ")}`;
  }

  function walk(step) {
    telling = true;
    change({ step });
  }

  function pause() {
    clearInterval(playing);
    playing = undefined;
    playButton.textContent = words.play;
  }

  function play() {
    actions.forward();
    if (state().step >= last) return;
    playButton.textContent = words.pause;
    playing = setInterval(() => {
      walk(state().step + 1);
      if (state().step >= last) pause();
    }, PAUSE);
  }

  const actions = {
    back: () => walk(Math.max(0, state().step - 1)),
    forward: () => walk(state().step >= last ? 1 : state().step + 1),
    play: (wasPlaying) => wasPlaying || play(),
    all() {
      telling = false;
      change({ step: last });
    },
  };

  function act(action) {
    if (!(action in actions)) return;
    const wasPlaying = Boolean(playing);
    pause();
    actions[action](wasPlaying);
  }

  root.addEventListener("click", ({ target }) => act(target.closest("[data-do]")?.dataset.do));
  addEventListener("hashchange", () => {
    pause();
    telling = state().step < last;
  });
  root.addEventListener("keydown", (event) => {
    const action = { ArrowLeft: "back", ArrowRight: "forward" }[event.key];
    const isFree = event.target.matches("button, a") && !event.altKey && !event.ctrlKey;
    if (!action || !isFree || event.metaKey) return;
    event.preventDefault();
    act(action);
  });

  return (facts) => put(told, telling ? sentence(facts) : allShown);
}
