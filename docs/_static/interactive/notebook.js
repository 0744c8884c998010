// Puts the answers into the student's notebook, as a learner would, for the reader to save. The
// notebook comes from this site, and goes nowhere but to the reader. Loaded when it is first
// asked for.

import { numberOrText } from "./answer.js";
import { course } from "./course.js";

const PYTHON_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const LEADING_ZERO = /^[+-]?0+\d+$/;
const words = course.sheet;

// Names the boxes of a step among all of them.
export function boxesOf(texts, step) {
  return Object.keys(texts).filter((name) => name.split("[")[0] === step);
}

// Finds the cells of the twelve answers: by their names, or by the lines that they open with.
export function answerCells(notebook) {
  const opened = Object.fromEntries(course.steps.map(({ name }) => [course.openings[name], name]));
  const nameOf = (cell) => {
    const lines = [cell.source].flat().join("").split("\n");
    const named = [cell.metadata?.nbgrader?.grade_id, cell.id];
    const told = [...named, ...lines.map((line) => opened[line.trim()])];
    return told.find((name) => Object.hasOwn(course.openings, name));
  };
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  return new Map(cells.map((cell) => [nameOf(cell), cell]).filter(([name]) => name));
}

// Writes down an answer as a learner would; what is no number becomes a text, for both to be
// marked as the page does.
function literal(text) {
  const value = numberOrText(text);
  if (value === null) return "None";
  const asTyped = text.trim();
  if (PYTHON_NUMBER.test(asTyped) && !LEADING_ZERO.test(asTyped)) return asTyped;
  return typeof value === "number" ? String(value) : JSON.stringify(text);
}

// Puts answers in place of every None, and takes the last line away where none is left.
function filled(source, answers) {
  const literals = answers.map(literal);
  if (literals.every((each) => each === "None")) return source;
  const rest = [...literals];
  let text = source.join("").replace(/\bNone\b/g, () => rest.shift() ?? "None");
  if (!literals.includes("None")) text = text.replace(/\n?raise NotImplementedError\(\)/, "");
  return text.match(/[^\n]*\n|[^\n]+/g);
}

// Fills the notebook of this site and lets the reader save it.
export async function save(sheet) {
  if (sheet.seed !== null) {
    sheet.say(words.variant_not_saved.replace("{seed}", sheet.seed));
    return;
  }
  const response = await fetch(course.notebook).catch(() => undefined);
  const notebook = response?.ok && (await response.json().catch(() => undefined));
  if (!notebook) {
    sheet.say(words.unreachable);
    return;
  }
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
  sheet.say(words.saved);
}
