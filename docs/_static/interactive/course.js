// What the page knows: data that the build took from the Python package, `rules.as_data()` and
// the exercise's network among it. Steps, names, words and constants are not typed here.

import { fill } from "./writing.js";

export const course = JSON.parse(document.getElementById("course-data").textContent);

export const { steps, constants } = course;

export const shapes = Object.fromEntries(steps.map((step) => [step.name, step.shape]));

// Reads a seed; undefined if a text is none.
export function seedOf(text) {
  const seed = /^\s*\d{1,16}\s*$/.test(text) ? Number(text) : Infinity;
  return seed <= constants.LARGEST_SEED ? seed : undefined;
}

// Fills in a phrase, as `say` in `part1/feedback.py`.
export const say = (key, texts = {}) => fill(course.words[key], texts);
