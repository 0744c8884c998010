// The finder: from a wrong answer to the slip that makes it, where it happened, and how far it
// reaches. Boxes, table and words are in the page already; the address holds what is shown.

import { flatten } from "./boxes.js";
import { course, say, seedOf, steps } from "./course.js";
import { diagnose, reachOf, withSlip } from "./diagnosis.js";
import { SLIPS } from "./mistakes.js";
import { arrivedByLink, load, make, paragraph } from "./page.js";
import { markIn } from "./picture.js";
import { numberOf } from "./typed.js";
import { fill, fillFor, fixed } from "./writing.js";

const PAUSE = 700; // milliseconds without a key, after which a number is taken for whole
const LONGEST = 600; // more characters are no state of ours

const words = course.finder;
const part = document.querySelector(".finder");
const find = (selector) => part.querySelector(selector);
const [form, found, list, told] = [".ask", ".found", ".reach", ".so-far"].map(find);
const examples = find(".try");
const pictures = [...part.querySelectorAll("svg.picture")];
const stepOf = (name) => steps.find((step) => step.name === name);

const FIRST = form.querySelector("option[selected]").value; // a browser may remember another one
const state = { answer: FIRST, seed: null, example: course.example };

const fieldset = () => find(`fieldset[data-answer="${state.answer}"]`);
const inputs = () => [...fieldset().querySelectorAll("input")];
const texts = () => inputs().map(({ value }) => value.trim());

// A link to another state of the finder, with the same numbers.
function link(place, ...content) {
  const seed = state.seed === null ? "" : `&variant=${state.seed}`;
  const made = make("a", "", { href: `#${place}${seed}` });
  made.append(...content);
  return made;
}

const linkTo = (slip) => link(`slip=${slip.key}`, slip.name);
const linkToAnswer = (name) => link(`answer=${name}`, make("code", name));

// Says it, and shows it in the graph and along the twelve answers.
function show(kind, lines, slip = null) {
  found.dataset.found = kind;
  found.replaceChildren(...lines);
  const reach = slip && reachOf(slip, state.example);
  for (const svg of pictures) markIn(svg, course, state.answer, slip, reach?.changed);
  for (const item of list.children) {
    const answer = reach?.answers.find(({ name }) => name === item.dataset.reach);
    item.dataset.state = answer?.state ?? "";
    item.querySelector(".change").textContent = answer ? changeOf(answer) : words.no_change;
  }
  told.textContent = reach ? summary(reach) : words.no_reach;
}

function changeOf({ state, most, isSeen }) {
  if (state === "before") return words.before;
  return fill(isSeen ? words.off : words.off_unseen, { most: fixed(most) });
}

function summary({ answers, lossRight, lossWrong }) {
  const changed = answers.filter(({ state }) => state !== "before");
  const unseen = changed.filter(({ isSeen }) => !isSeen).length;
  const facts = { changed: changed.length, count: answers.length, unseen };
  const said = fillFor(changed.length, unseen ? words.reach_unseen : words.reach, facts);
  return `${said} ${fill(words.after, { wrong: fixed(lossWrong), right: fixed(lossRight) })}`;
}

// What is said of a slip, and of others that make the same numbers.
function about(template, [slip, ...others]) {
  const { where, quantity } = slip;
  const lines = [
    paragraph(make("strong", fill(template, slip))),
    paragraph(fill(words.where, { where, rule: course.rules[quantity] })),
  ];
  if (slip.answer !== state.answer) {
    lines.at(-1).append(" ", ...inserted(words.earlier, { name: linkToAnswer(slip.answer) }));
  }
  if (others.length) lines.push(alternatives(others));
  return lines;
}

function alternatives(slips) {
  return paragraph(...inserted(words.same, { slips: chained(words.or, slips.map(within)) }));
}

// A slip, with its answer where that is not the one that was asked for.
const within = (slip) =>
  slip.answer === state.answer
    ? [linkTo(slip)]
    : inserted(words.within, { name: linkTo(slip), answer: make("code", slip.answer) });

// A sentence with nodes in place of names in braces.
const inserted = (text, nodes) =>
  text.split(/\{(\w+)\}/).flatMap((part, i) => (i % 2 ? nodes[part] : part));

// Some nodes for each part of a list, such as "this, or that".
const chained = (text, parts) => parts.reduce((one, other) => inserted(text, { one, other }));

// Nothing fits: which elements are off, and where to look next.
function helpless(step, { said, off }) {
  const [route] = step.routes;
  // Before the first answer there is nothing that it could follow from.
  const more = said === say("wrong") ? [] : [" ", said];
  const first = paragraph(make("strong", fill(words.none, { count: SLIPS.length })), ...more);
  if (off.length < inputs().length) return [first, paragraph(words.try_some)];
  if (!route) return [first, paragraph(words.try_given)];
  const names = chained(words.and, route.needs.map((name) => [linkToAnswer(name)]));
  return [first, paragraph(...inserted(words.try, { names }))];
}

function markBoxes(bad) {
  inputs().forEach((input, place) => {
    if (bad.includes(place)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  });
}

// Reads the boxes of the chosen answer and says what they tell.
function judge({ complete = false } = {}) {
  clearTimeout(waiting);
  const typed = texts();
  const values = typed.map(numberOf);
  const unread = typed.findIndex((text, place) => text && values[place] === undefined);
  if (unread >= 0) {
    markBoxes([unread]);
    show("unread", [paragraph(fill(words.unreadable, { text: typed[unread] }))]);
  } else if (typed.includes("")) {
    markBoxes([]);
    if (complete && typed.some(Boolean)) show("", [named(words.incomplete)]);
    else show("", [named(words.start), examples]);
  } else {
    report(stepOf(state.answer), values);
  }
}

// A paragraph with the symbol of the chosen answer.
function named(text) {
  const symbol = fieldset().querySelector(".symbol").cloneNode(true);
  return paragraph(...inserted(text, { name: [...symbol.childNodes] }));
}

function report(step, values) {
  const diagnosis = diagnose(step, values, state.example);
  const { kind, slips, off } = diagnosis;
  markBoxes(kind === "unseen" ? [] : off);
  if (kind === "right") show(kind, [paragraph(make("strong", words.right))]);
  else if (kind === "none") show(kind, helpless(step, diagnosis));
  else if (kind === "cut") show(kind, cutOff(diagnosis));
  else show(kind, about(words[kind], slips), slips[0]);
}

// Digits cut off in place of rounded; a slip that makes the same numbers is named beside it.
const cutOff = ({ said, slips }) => [
  paragraph(make("strong", said)),
  ...(slips.length ? [alternatives(slips)] : []),
];

// What a reader has done is judged, and kept in the address; once, for what is said anew takes
// away the link that somebody leaves a box for.
let judged;
function act(options) {
  if (held) return void (afterwards = () => act(options));
  const doing = JSON.stringify([options, state.answer, state.seed, texts()]);
  if (doing === judged) return;
  judged = doing;
  judge(options);
  keep();
}

// While a finger or the main button of the mouse is down, nothing moves away from under it. Who
// opens a menu lets go: some browsers do not tell when the button comes up there.
let held = false;
let afterwards;
addEventListener("pointerdown", ({ button }) => (held ||= !button), true);
for (const end of ["pointerup", "pointercancel", "contextmenu"]) {
  addEventListener(end, () => setTimeout(release), true); // once the click has come
}
function release() {
  held = false;
  afterwards?.();
  afterwards = undefined;
}

let waiting;
function pause() {
  clearTimeout(waiting);
  waiting = setTimeout(act, PAUSE);
}

// -- The address

function keep() {
  const parts = [`answer=${state.answer}`];
  const numbers = texts();
  if (numbers.some(Boolean)) parts.push(`numbers=${numbers.map(encodeURIComponent).join(";")}`);
  if (state.seed !== null) parts.push(`variant=${state.seed}`);
  const isStart = parts.length === 1 && state.answer === FIRST;
  const here = location.pathname + location.search;
  const hash = `#${parts.join("&")}`;
  // What `follow` would refuse is not written; the address then holds no numbers.
  const brief = parts.filter((part) => !part.startsWith("numbers="));
  const kept = hash.length > LONGEST ? `#${brief.join("&")}` : hash;
  history.replaceState(null, "", isStart ? here : kept);
}

// The parts of an address as they stand there, because a number may have a semicolon in it.
const partsOf = (hash) =>
  Object.fromEntries(hash.slice(1).split("&").map((part) => part.split(/=(.*)/s)));

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let runs = 0;

// Turns to the answer, the numbers or the slip that the address asks for; says whether it does.
async function follow() {
  const hash = location.hash || `#answer=${FIRST}`;
  judged = undefined;
  if (!/^#(answer|slip)=/.test(hash) || hash.length > LONGEST) return false;
  const parts = partsOf(hash);
  const run = ++runs;
  await turnTo(parts.variant);
  if (run !== runs) return undefined; // a later address has been asked for
  const slip = SLIPS.find(({ key }) => key === parts.slip);
  if (slip) {
    choose(slip.answer);
    const made = flatten(withSlip(slip, state.example)[slip.answer]);
    inputs().forEach((input, place) => (input.value = fixed(made[place])));
    markBoxes([]);
    show("shown", about(words.shown, [slip]), slip);
    return true;
  }
  if (!stepOf(parts.answer)) return false;
  choose(parts.answer);
  const numbers = (parts.numbers ?? "").split(";").map(decoded);
  inputs().forEach((input, place) => {
    input.value = (numbers[place] ?? "").slice(0, input.maxLength);
  });
  judge();
  return true;
}

function choose(name) {
  form.answer.value = state.answer = name;
  for (const each of part.querySelectorAll("fieldset")) each.hidden = each.dataset.answer !== name;
}

let turns = 0;

// Takes the numbers of a variant, or the exercise's own if the text is empty.
async function turnTo(text) {
  const run = ++turns;
  const seed = seedOf(text ?? "") ?? null;
  const isWrong = Boolean(text?.trim()) && seed === null;
  find(".problem").textContent = isWrong ? words.no_seed : "";
  form.variant.ariaInvalid = isWrong ? "true" : null;
  if (isWrong) return;
  if (seed === state.seed) return void (form.variant.value = seed ?? ""); // it may hold another text
  // Variants are drawn only for those who ask.
  const module = seed === null ? null : await load("variants").catch(() => undefined);
  if (run !== turns) return;
  if (module === undefined) {
    find(".problem").textContent = words.unreachable;
    return;
  }
  state.example = module?.variant(seed) ?? course.example;
  state.seed = seed;
  form.variant.value = seed ?? "";
  find(".whose").textContent = seed === null ? words.own : fill(words.variant, { seed });
}

form.addEventListener("input", ({ target }) => {
  if (target.closest("fieldset")) pause();
});
form.addEventListener("change", async ({ target }) => {
  if (target === form.answer) choose(target.value);
  if (target === form.variant) await turnTo(target.value);
  act();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  [held, afterwards] = [false, undefined]; // the button is pressed
  act({ complete: true });
  look();
});
find('[data-do="clear"]').addEventListener("click", () => {
  inputs().forEach((input) => (input.value = ""));
  act();
  inputs()[0].focus();
});

// Who follows a link, or asks, wants to see what comes of it: the words, and the graph below.
function look() {
  const cross = [...part.querySelectorAll(".cross")].find((each) => each.checkVisibility());
  const isSeen = cross && cross.getBoundingClientRect().bottom < innerHeight;
  if (cross && !isSeen) found.scrollIntoView({ block: "start", behavior: "instant" });
}

addEventListener("hashchange", async () => {
  if (!(await follow()) || !location.hash) return;
  part.scrollIntoView({ block: "start", behavior: "instant" });
  look();
  found.focus({ preventScroll: true });
});

const followed = await follow();
if (followed === false) judge();
else if (followed && location.hash && arrivedByLink()) {
  part.scrollIntoView({ block: "start", behavior: "instant" });
  look();
}
part.classList.add("ready");
