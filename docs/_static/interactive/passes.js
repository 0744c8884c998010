// The passes step by step: a scrubber, playing at the reader's speed, and what is said of a step.

import { changeOf } from "./descent.js";
import { isStill, svgElement } from "./drawing.js";
import { loss, workOut } from "./network.js";
import { load } from "./page.js";
import { networkOf } from "./quantities.js";
import { put, stepOf } from "./view.js";
import { allElements, calculation, fill, written, writtenRate } from "./writing.js";

const READING = [1500, 170]; // milliseconds for a sentence, and for each of its words

// How long a sentence stands: long enough to be read.
export function readingTime(text, speed) {
  const [least, each] = READING;
  return (least + each * text.trim().split(/\s+/).length) / speed;
}

// The loss of a network in which some of the parameters are updated, such as "W2_updated".
function lossOnTheWay(network, updated) {
  const values = workOut(network);
  const changes = updated.map((name) => [name.replace("_updated", ""), values[name]]);
  return loss({ ...network, ...Object.fromEntries(changes) });
}

// The numbers of the network that is a share of the way from what was to what is.
function onTheWay(share, { was, named }, { names, example }) {
  const mixed = names.map((name) => [name, was[name] + share * (named[name] - was[name])]);
  const given = Object.fromEntries(mixed);
  return { ...given, ...allElements(workOut(networkOf(given, example))) };
}

export function createPasses({ root, data, change, named, state }, view) {
  const { quantities, symbols, words, workings } = data;
  const last = quantities.length;
  const find = (selector) => root.querySelector(selector);
  const [told, button, scrubber, speeds] = [".told", ".play", "[name=step]", "[name=speed]"].map(find);
  const allShown = told.innerHTML;
  const nexts = view.forms.flatMap(nextsOf);
  const losses = view.forms.flatMap(({ nodes }) => nodes.filter(({ place }) => place.value === "loss"));
  for (const { group } of losses) group.append(signFor(group));
  const speed = () => Number(speeds.value);
  const textOf = (name) => {
    const text = name === "learning_rate" ? writtenRate : written;
    return view.shown(name.replace("dz_da", "z"), state(), text(named()[name]));
  };
  let telling; // whether the sentence is that of a step
  let timer; // while the passes play
  let updates = state().updates; // of the state that is shown
  let shownNumbers; // of it
  let flow; // what moves, loaded when something is to move
  let moves = 0; // counts them: what is no longer wanted does not begin

  async function move(kind, ...facts) {
    const mine = ++moves;
    if (isStill()) return;
    try {
      const { createFlow } = await load("flow");
      flow ??= createFlow(data.places, view.forms);
    } catch {
      return; // all numbers are there without it
    }
    if (mine === moves) flow[kind](...facts);
  }

  function stop() {
    moves += 1;
    flow?.stop();
  }

  // What is said of the step that the walk has come to.
  function sentence(step) {
    if (step === 0) return words.given;
    const { title, rule, stage } = quantities[step - 1];
    const results = Object.entries(workings)
      .filter(([name]) => stepOf(name, quantities) === step - 1)
      .map(([name, working]) => {
        const line = `${symbols[name]} = ${calculation(working, textOf)} = ${textOf(name)}`;
        return `<span>${line}</span>`;
      });
    const head = fill(words.step, { step, steps: last, title, stage: words[stage] });
    return `<strong>${head}</strong> <span>${rule}</span> ${results.join(" ")}`;
  }

  // -- Going from step to step

  function walk(step) {
    telling = true;
    change({ step });
  }

  function rest() {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = words.play;
  }

  function pause() {
    rest();
    stop();
  }

  function forward() {
    const step = state().step >= last ? 1 : state().step + 1;
    walk(step);
    move("step", quantities[step - 1], textOf, speed());
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(play, readingTime(told.textContent, speed()));
  }

  function play() {
    forward();
    if (state().step >= last) return rest();
    button.textContent = words.pause;
    wait();
  }

  const actions = {
    all() {
      telling = false;
      change({ step: last });
    },
  };

  root.addEventListener("click", ({ target }) => {
    const action = target.closest("[data-do]")?.dataset.do;
    const isPlaying = Boolean(timer);
    if (action) pause();
    if (action === "play" && !isPlaying) play();
    actions[action]?.();
  });
  scrubber.addEventListener("input", () => {
    pause();
    walk(Number(scrubber.value));
  });
  speeds.addEventListener("change", () => timer && wait());
  addEventListener("hashchange", pause);

  // -- What is shown

  // In the steps of the update, the new numbers stand where the gradients were.
  function showNext({ group, element, name, brevity }, { state, named, run }, updated) {
    const isNext = name === "loss" ? updated.length > 0 : updated.includes(name.split("[")[0]);
    const reached = name === "loss" && isNext ? lossOnTheWay(run.current, updated) : 0;
    const rises = reached > named.loss;
    group.classList.toggle("next", isNext);
    group.classList.toggle("rises", rises);
    if (!isNext) return put(element, "");
    if (name !== "loss") return put(element, `→ ${view.shown(name, state, brevity(named[name]))}`);
    put(element, `${rises ? "▲" : "▼"} ${brevity(reached)}`);
  }

  return function show(facts) {
    const { step } = facts.state;
    if (facts.arrived) telling = step < last;
    put(told, telling ? sentence(step) : allShown);
    scrubber.value = step;
    scrubber.style.setProperty("--from", -1); // filled from the very edge
    scrubber.style.setProperty("--to", step / last);
    const stage = telling ? quantities[step - 1]?.stage : "";
    if (root.dataset.stage !== stage) root.dataset.stage = stage;
    const done = telling ? quantities.slice(0, step) : [];
    const updated = done.filter(({ stage }) => stage === "update").map(({ name }) => name);
    for (const next of nexts) showNext(next, facts, updated);
    const rose = changeOf(facts.run.losses) === "rose";
    for (const { group } of losses) group.classList.toggle("rose", rose);
    const isUpdate = facts.was && facts.state.updates === updates + 1;
    updates = facts.state.updates;
    if (isUpdate) move("update", (share) => onTheWay(share, facts, data), speed());
    else if (facts.named !== shownNumbers) stop(); // what moves belongs to other numbers
    shownNumbers = facts.named;
  };
}

// The texts for the numbers after an update, one for each parameter and the loss.
function nextsOf({ nodes, brevity }) {
  return nodes
    .filter(({ place }) => /^(W|b|loss)/.test(place.value))
    .map(({ group, place, gradient }) => {
      const element = gradient.element.cloneNode(false);
      element.dataset.shows = "next";
      gradient.element.after(element);
      const name = place.value === "loss" ? "loss" : place.value.replace("[", "_updated[");
      return { group, element, name, brevity };
    });
}

// The sign beside a loss that has risen, in a corner of its box.
function signFor(group) {
  const [x, y, height] = ["x", "y", "height"].map((side) =>
    Number(group.querySelector("rect").getAttribute(side)),
  );
  return svgElement("text", { x: x + 14, y: y + height / 2 + 5, "data-shows": "sign" }, "▲");
}
