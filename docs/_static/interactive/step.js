// One step of lesson 1's network, and the learning rate to try again with. All that is shown
// follows from the learning rate; numbers, words and measures come from `course/interactive/step.py`.

import { isStill, strandWidth } from "./drawing.js";
import { afterUpdate, workOut } from "./network.js";
import { allElements, brief, fill, fixed } from "./writing.js";

const LASTS = 280; // milliseconds for which one sees the step

const data = JSON.parse(document.getElementById("course-data").textContent);
const { example, words, bowl, strand } = data;

const root = document.querySelector(".step");
const [button, slider, ball, status, result, told, rate, more] = [
  "button", "input", ".now", "[role=status]", ".result", ".told", ".rate", ".more a",
].map((selector) => root.querySelector(selector));
const labels = [...root.querySelectorAll(".network [data-quantity]")];
const strands = [...root.querySelectorAll(".network .weight")]; // in the same order
const was = allElements(example);
const phone = matchMedia("(max-width: 46em)"); // it has no room for what a weight was
const [explorer] = more.href.split("#");

let drawn = 0; // the length of the step in the picture; none has been taken yet

// The network after a step of some length; after one of length 0 it is what it was.
function stepped(learningRate) {
  const given = { ...example, learning_rate: learningRate };
  return afterUpdate(given, workOut(given));
}

function draw(learningRate) {
  drawn = learningRate;
  const network = stepped(learningRate);
  const now = allElements(network);
  labels.forEach((label, i) => {
    const { quantity } = label.dataset;
    const texts = { before: brief(was[quantity]), after: brief(now[quantity]) };
    const moved = phone.matches ? texts.after : fill(words.moved, texts);
    label.textContent = learningRate ? moved : texts.before;
    label.dataset.value = now[quantity];
    strands[i].setAttribute("stroke-width", strandWidth(now[quantity], strand));
    strands[i].classList.toggle("negative", now[quantity] < 0);
  });
  const error = workOut(network).y[0] - example.t[0];
  ball.setAttribute("cx", bowl.left + bowl.across * error);
  ball.setAttribute("cy", bowl.floor - bowl.up * error * error);
}

// Draws every length between two, one after the other, so that one sees the step.
let frame;
function glide(to) {
  cancelAnimationFrame(frame);
  if (isStill()) return draw(to);
  const [from, began] = [drawn, performance.now()];
  const next = (time) => {
    const share = Math.min(Math.max(time - began, 0) / LASTS, 1);
    draw(share < 1 ? from + (to - from) * share * (2 - share) : to);
    if (share < 1) frame = requestAnimationFrame(next);
  };
  frame = requestAnimationFrame(next);
}

// Says what a step of this length does. `live` tells whether a screen reader is to hear it.
function say(taken, live) {
  const learningRate = slider.valueAsNumber;
  const [before, after] = [example, stepped(learningRate)].map((each) => workOut(each).loss);
  const verdict = after > before ? "rose" : "fell";
  const shown = taken ? verdict : "start";
  const facts = {
    before: fixed(before),
    after: fixed(after),
    change: fixed(Math.abs(after.toFixed(4) - before.toFixed(4))), // of what one reads
    output: fixed(workOut(example).y[0]),
    target: example.t[0],
    rate: learningRate.toFixed(2),
  };
  status.setAttribute("aria-live", live);
  result.textContent = fill(words[shown], facts);
  result.dataset.value = taken ? after : before;
  told.textContent = fill(words[`${shown}_told`], facts);
  root.dataset.verdict = taken ? verdict : "";
  button.textContent = taken ? words.back : words.take;
  rate.textContent = facts.rate;
  slider.setAttribute("aria-valuetext", fill(words[`${verdict}_value`], facts));
  const numbers = [...data.numbers.slice(0, -1), learningRate]; // it stands last
  more.href = `${explorer}#numbers=${numbers}&updates=1`;
}

button.addEventListener("click", () => {
  const taken = root.classList.toggle("taken");
  say(taken, "polite");
  glide(taken ? slider.valueAsNumber : 0);
});
slider.addEventListener("input", () => {
  cancelAnimationFrame(frame);
  say(true, "off"); // its own text is read
  draw(slider.valueAsNumber);
});

say(false, "polite");
