// The record of a computation, forward and backward. What is seen at which step, what is said of it
// and all numbers stand on the page, from `course/interactive/record.py`.

const READING = [1500, 170]; // milliseconds for a sentence, and for each of its words

const words = JSON.parse(document.getElementById("course-data").textContent);
const root = document.querySelector(".record");
const [scrubber, told] = ["input", ".told"].map((selector) => root.querySelector(selector));
const [back, forth, play] = root.querySelectorAll("[data-do]");
const choices = [...root.querySelectorAll("[data-show]")];

let picture; // of the computation that is shown
let lines; // its steps in words, what there is before the first one among them
let step = 0;
let timer = 0; // while the steps play

// `live` says whether a screen reader is to hear the sentence.
function show(live = "polite") {
  for (const each of picture.querySelectorAll("[data-from]")) {
    const { from, until = lines.length } = each.dataset;
    each.classList.toggle("absent", step < Number(from) || step > Number(until));
  }
  for (const each of picture.querySelectorAll("[data-at]")) {
    each.classList.toggle("now", each.dataset.at.split(" ").includes(String(step)));
  }
  root.dataset.stage = lines[step].dataset.stage;
  told.setAttribute("aria-live", live);
  told.innerHTML = lines[step].innerHTML;
  scrubber.value = step;
  scrubber.setAttribute("aria-valuetext", told.querySelector("strong").textContent);
  back.setAttribute("aria-disabled", step === 0);
  forth.setAttribute("aria-disabled", step === lines.length - 1);
  play.textContent = timer ? words.pause : words.play;
}

function pause() {
  clearTimeout(timer);
  timer = 0;
}

function walk(to, live) {
  pause();
  step = Math.min(Math.max(to, 0), lines.length - 1);
  show(live);
}

// Each sentence stands long enough to be read.
function advance() {
  step = step < lines.length - 1 ? step + 1 : 1;
  const [least, each] = READING;
  const reading = least + each * lines[step].textContent.trim().split(/\s+/).length;
  timer = step < lines.length - 1 ? setTimeout(advance, reading) : 0;
  show();
}

function open(name, live) {
  for (const each of choices) each.setAttribute("aria-pressed", each.dataset.show === name);
  for (const each of root.querySelectorAll("[data-record]")) {
    const isShown = each.dataset.record === name;
    each.classList.toggle("aside", !isShown);
    each.setAttribute("aria-hidden", !isShown);
    if (isShown) picture = each;
  }
  lines = [...root.querySelectorAll(`[data-steps="${name}"] li`)];
  scrubber.max = lines.length - 1;
  walk(0, live);
}

for (const each of choices) each.addEventListener("click", () => open(each.dataset.show));
back.addEventListener("click", () => walk(step - 1));
forth.addEventListener("click", () => walk(step + 1));
scrubber.addEventListener("input", () => walk(scrubber.valueAsNumber));
play.addEventListener("click", () => {
  if (!timer) return advance();
  pause();
  show();
});
open(choices[0].dataset.show, "off");
