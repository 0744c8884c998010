// Experiments: two states of the network side by side, a question, and an answer to reveal.
// Which one is open is part of the state; titles, questions and answers come from
// `course/interactive/experiments.py`.

import { descend } from "./descent.js";
import { later, seldom } from "./later.js";
import { afterUpdate, workOut } from "./network.js";
import { load } from "./page.js";
import { networkOf, numbers } from "./quantities.js";
import { read } from "./state.js";
import { put } from "./view.js";
import { apart, fill, written } from "./writing.js";

// The numbers of both sides: of another network and this one, or of this one and its next.
export function sides(experiment, network, data) {
  if (!experiment.before) return [network, afterUpdate(network, workOut(network))].map(numbers);
  const { given, updates } = read(experiment.before, data);
  const { current } = descend(networkOf(given, data.example), updates, data.bounds);
  return [current, network].map(numbers);
}

// How a number has changed, in words; what is about a gradient or the loss is marked as such.
export function changed(name, before, now, words) {
  if (name === "loss" && now > before) return words.rises;
  if (now === before) return words.same;
  if (before === 0) return words.fromZero;
  return fill(words.times, { ratio: written(Number((now / before).toPrecision(3))) });
}

// A bar from zero to a number: its sign and its size beside the other one of its row.
function bar(value, most) {
  const width = most ? (50 * Math.abs(value)) / most : 0;
  const left = value < 0 ? 50 - width : 50;
  return `<i class="size" style="left:${left.toFixed(1)}%;width:${width.toFixed(1)}%"></i>`;
}

function row([name, symbol], [before, now], textOf, words) {
  const pair = [before[name], now[name]];
  const most = Math.max(...pair.map(Math.abs));
  const texts = apart(...pair);
  const cells = pair.map((value, side) => {
    const text = side ? textOf(name, texts[1]) : texts[0];
    const isCovered = text !== texts[side];
    return `<td data-side="${side}">${text}<span>${isCovered ? "" : bar(value, most)}</span></td>`;
  });
  const covered = textOf(name, texts[1]) !== texts[1];
  const said = covered ? "" : changed(name, ...pair, words);
  const kind = name.startsWith("dL_") ? "gradient" : "value";
  const rises = said === words.rises ? " rises" : "";
  const last = `<td class="change${rises}">${said}</td>`;
  return `<tr class="${kind}"><th scope="row">${symbol}</th>${cells.join("")}${last}</tr>`;
}

export function createExperiments({ root, data, change, named }, view) {
  const { words, experiments } = data;
  const box = root.querySelector(".opened");
  const find = (selector) => box.querySelector(selector);
  const question = root.querySelector(".question");
  const invitation = question.innerHTML;
  const chips = [...root.querySelectorAll("[data-experiment]")];
  let open = ""; // the name of the one that is shown
  const showSlice = later(
    (network) => network,
    async () => (await load("slice")).createSlice(find(".slice-box"), data, onRate),
    () => put(find(".slice-box"), words.unreachable),
  );

  function start(name) {
    open = name;
    for (const chip of chips) chip.ariaCurrent = chip.dataset.experiment === name ? "true" : null;
    box.hidden = !name;
    find(".slice-box").hidden = !experiments[name] || Boolean(experiments[name].before);
    if (!name) return put(question, invitation);
    const { title, heads } = experiments[name];
    find(".title").textContent = title;
    find(".answer").open = false;
    find("thead tr").innerHTML = [words.number, ...heads, words.change]
      .map((head) => `<th scope="col">${head}</th>`)
      .join("");
  }

  // While the valley is open, another step starts from the network that it shows.
  function onRate(rate) {
    const reached = Object.fromEntries(data.names.map((name) => [name, named()[name]]));
    change({ given: { ...reached, learning_rate: rate }, updates: 0 }, { by: showSlice });
  }

  const showRows = seldom(({ state, run }) => {
    const experiment = experiments[open];
    if (!experiment) return;
    const both = sides(experiment, run.current, data);
    const textOf = (name, text) => view.shown(name, state, text);
    const rows = Object.entries(experiment.rows).map((each) => row(each, both, textOf, words));
    put(find("tbody"), rows.join(""));
  });

  // Its texts are about the numbers that it opened with; its link has them.
  function showWhen({ given, updates }) {
    const { hash } = chips.find((chip) => chip.dataset.experiment === open);
    const opening = read(hash, data);
    const isMoved =
      opening.updates !== updates ||
      data.names.some((name) => opening.given[name] !== given[name]);
    const { question: asked, answer } = experiments[open];
    const when = isMoved ? `<em>${words.asOpened}</em> ` : "";
    put(question, when + asked);
    put(find(".answer p"), when + answer);
  }

  return function show(facts) {
    const { state, run } = facts;
    if (state.experiment !== open) start(state.experiment);
    if (open) showWhen(state);
    showRows(facts);
    if (experiments[open] && !experiments[open].before) showSlice(run.current);
  };
}
