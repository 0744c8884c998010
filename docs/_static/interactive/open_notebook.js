// Reads answers out of a notebook that the reader opens; nothing of it is executed, and it goes
// nowhere. Loaded when it is first asked for.

import { withAsciiSigns } from "./answer.js";
import { course } from "./course.js";
import { answerCells, boxesOf } from "./notebook.js";

const LARGEST = 5_000_000; // bytes of a file, and characters of an answer:
const LARGEST_CELL = 10_000; // what is larger is no answer to this exercise
const words = course.sheet;

// Takes the first statement of some code: one line, or more while brackets are open.
function statement(code) {
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    if ("[(".includes(code[at])) depth++;
    else if ("])".includes(code[at])) depth--;
    else if (depth === 0 && "\n;".includes(code[at])) return code.slice(0, at);
  }
  return code;
}

// Reads the last thing assigned to a name: texts of numbers, null for None, nested as written.
// Throws where it is anything else.
function assigned(source, name) {
  const pieces = source.split(new RegExp(`^${name}[ \\t]*=(?!=)`, "m"));
  if (pieces.length < 2 || source.length > LARGEST_CELL) throw new SyntaxError("no literal");
  const json = withAsciiSigns(statement(pieces.at(-1).replace(/#.*/g, "")))
    .replace(/(?:[+-][ \t]*)?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi, '"$&"')
    .replace(/\bNone\b/g, "null")
    .replaceAll("(", "[")
    .replaceAll(")", "]")
    .replace(/,\s*\]/g, "]");
  return JSON.parse(json);
}

function fits(value, shape) {
  if (!shape.length) return value === null || typeof value === "string";
  const inner = shape.slice(1);
  return Array.isArray(value) && value.length === shape[0] && value.every((v) => fits(v, inner));
}

// Reads the texts for the boxes of one answer; undefined where they cannot be filled.
function read(cell, { name, shape }) {
  try {
    const value = assigned([cell.source].flat().join(""), name);
    const whole = shape.length ? value : [value].flat(2)[0]; // a loss may stand in brackets
    return fits(whole, shape) ? [whole].flat(2).map((text) => text ?? "") : undefined;
  } catch {
    return undefined;
  }
}

// Gives the answer cells of a file's notebook and the seed of its numbers; throws where it is
// something else.
async function opened(file) {
  const notebook = JSON.parse(await file.text());
  const cells = answerCells(notebook);
  if (2 * cells.size <= course.steps.length) throw new TypeError("another notebook");
  return { cells, seed: notebook.metadata?.mlp_reference?.variant ?? null };
}

async function fillFrom(sheet, file) {
  if (file.size > LARGEST) {
    sheet.say(words.too_large);
    return;
  }
  const { cells, seed } = await opened(file).catch(() => ({}));
  if (!cells || (seed !== sheet.seed && !(await turn(sheet, seed)))) {
    sheet.say(words.no_notebook);
    return;
  }
  const before = sheet.texts();
  const found = {};
  const unread = [];
  for (const step of course.steps) {
    const texts = read(cells.get(step.name), step);
    if (texts) boxesOf(before, step.name).forEach((box, i) => (found[box] = texts[i]));
    else unread.push(step.name);
  }
  sheet.write(found);
  const answered = course.steps.filter(({ name }) => boxesOf(found, name).some((box) => found[box]));
  const say = [words.read.replace("{count}", answered.length).replace("{most}", course.steps.length)];
  if (unread.length) say.push(words.not_read.replace("{names}", unread.join(", ")));
  sheet.say(say.join(" "), before);
}

// Turns to the numbers of the notebook, where it has other ones than the sheet.
async function turn(sheet, seed) {
  const numbers = await import("./numbers.js");
  return numbers.turn(sheet, seed);
}

// Lets the reader choose a file.
export function open(sheet) {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".ipynb";
  chooser.addEventListener("change", () => fillFrom(sheet, chooser.files[0]));
  chooser.click();
}
