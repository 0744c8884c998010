// Answers go into the student's notebook, as a learner would write them, and come back out of
// one. The notebook to save comes from this site; what the reader opens is not executed. Neither
// goes anywhere. Loaded when it is first asked for.

import { course } from "./course.js";
import { inPython, textsIn } from "./python.js";
import { turn } from "./seeds.js";
import { fill } from "./writing.js";

const LARGEST = 5_000_000; // bytes of a file
const words = course.sheet;

const sourceOf = (cell) => [cell.source].flat().join("");

// Names the boxes of a step among all of them.
function boxesOf(texts, step) {
  return Object.keys(texts).filter((name) => name.split("[")[0] === step);
}

// Finds the cells of the twelve answers: by their names, or by the lines that they open with.
function answerCells(notebook) {
  const opened = Object.fromEntries(course.steps.map(({ name }) => [course.openings[name], name]));
  const nameOf = (cell) => {
    const lines = sourceOf(cell).split("\n");
    const named = [cell.metadata?.nbgrader?.grade_id, cell.id];
    const told = [...named, ...lines.map((line) => opened[line.trim()])];
    return told.find((name) => Object.hasOwn(course.openings, name));
  };
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  return new Map(cells.map((cell) => [nameOf(cell), cell]).filter(([name]) => name));
}

// Puts answers in place of every None, and takes the last line away, which would hide them all.
function filled(source, answers) {
  const literals = answers.map(inPython);
  if (literals.every((each) => each === "None")) return source;
  const last = /\n?raise NotImplementedError\(\)/;
  const text = source.join("").replace(/\bNone\b/g, () => literals.shift() ?? "None").replace(last, "");
  return text.match(/[^\n]*\n|[^\n]+/g);
}

// Fills the notebook of this site and lets the reader save it.
export async function save(sheet) {
  if (sheet.seed !== null) return sheet.announce(fill(words.variant_not_saved, sheet));
  const response = await fetch(course.notebook).catch(() => undefined);
  const notebook = response?.ok && (await response.json().catch(() => undefined));
  if (!notebook) return sheet.announce(words.unreachable);
  const texts = sheet.texts();
  for (const [name, cell] of answerCells(notebook)) {
    cell.source = filled(cell.source, boxesOf(texts, name).map((box) => texts[box]));
  }
  // As Jupyter writes it; its keys are sorted already.
  const content = `${JSON.stringify(notebook, null, 1)}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/x-ipynb+json" }));
  link.download = `${course.exercise}.ipynb`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers take their time
  sheet.announce(words.saved);
}

// Reads the texts for the boxes of one answer; undefined where they cannot be filled.
function read(cell, step) {
  try {
    return textsIn(sourceOf(cell), step);
  } catch {
    return undefined; // anything may stand in a file
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
  if (file.size > LARGEST) return sheet.announce(words.too_large);
  const { cells, seed } = await opened(file).catch(() => ({}));
  if (!cells || (seed !== sheet.seed && !turn(sheet, seed))) return sheet.announce(words.no_notebook);
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
  const count = fill(words.read, { count: answered.length, most: course.steps.length });
  const rest = unread.length ? ` ${fill(words.not_read, { names: unread.join(", ") })}` : "";
  sheet.announce(count + rest, before);
}

// Lets the reader choose a file.
export function open(sheet) {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".ipynb";
  chooser.addEventListener("change", () => fillFrom(sheet, chooser.files[0]));
  chooser.click();
}
