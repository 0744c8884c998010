// Checkpoints: judges an answer, shows the reply that belongs to it, and keeps the tick in this
// browser. Without this program a checkpoint is a fold.

import { numberOf } from "./typed.js";

const words = JSON.parse(document.getElementById("checkpoint-words").textContent);
const KEY = "gradients-by-hand:checkpoints";

// Which of the numbers was typed, to so many decimals; -1 if none of them.
export function whichOf(values, typed, digits) {
  const far = (value) => Math.abs(value - typed);
  const nearest = values.reduce((best, value, i) => (far(value) < far(values[best]) ? i : best), 0);
  return far(values[nearest]) <= 0.5 * 10 ** -digits + 1e-9 ? nearest : -1;
}

const unkept = {}; // where storage is full or forbidden, a tick lasts as long as the page

function stored() {
  try {
    return { ...Object(JSON.parse(localStorage.getItem(KEY))), ...unkept };
  } catch {
    return unkept;
  }
}

function keep(name) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: "right" }));
  } catch {
    unkept[name] = "right";
  }
  dispatchEvent(new Event("progress"));
}

// The reply is told beside the verdict, and not once more in the fold below it.
function tell(verdict, text, replies, told) {
  verdict.textContent = text;
  replies.forEach((reply) => reply.classList.toggle("told", reply === told));
  if (told) verdict.append(...[...told.children].map((part) => part.cloneNode(true)));
}

function start(checkpoint) {
  const find = (selector) => checkpoint.querySelector(selector);
  const { right, values, digits, again } = JSON.parse(checkpoint.dataset.judge);
  const name = checkpoint.dataset.checkpoint;
  const [verdict, answer, done] = [".verdict", "details", ".done"].map(find);
  const replies = [...checkpoint.querySelectorAll(".reply")];

  function chosen() {
    if (!values) return Number(find("input:checked")?.value ?? NaN);
    const typed = numberOf(find(".commit input").value);
    return typed === undefined ? NaN : whichOf(values, typed, digits);
  }

  find(".commit").addEventListener("submit", (event) => {
    event.preventDefault();
    const choice = chosen();
    checkpoint.dataset.verdict = choice === right ? "right" : "wrong";
    if (Number.isNaN(choice)) {
      delete checkpoint.dataset.verdict;
      tell(verdict, values ? words.number : words.choose, replies);
    } else if (choice === right) {
      tell(verdict, words.right, replies);
      keep(name);
      answer.open = true;
    } else if (choice < 0) {
      tell(verdict, words.other, replies);
    } else {
      const told = replies.find((reply) => Number(reply.dataset.choice) === choice);
      tell(verdict, words.wrong, replies, told);
      answer.open = !again; // where one goes on looking, the answer stays closed
    }
  });
  const show = () => (done.textContent = stored()[name] === "right" ? words.done : "");
  addEventListener("progress", show); // it may also be forgotten
  show();
}

document.querySelectorAll(".checkpoint").forEach(start);
