// What the page knows: data that the build took from the Python package, `rules.as_data()` and
// the exercise's network among it. Steps, names, words and constants are not typed here.

export const course = JSON.parse(document.getElementById("course-data").textContent);

export const { steps, constants } = course;

export const shapes = Object.fromEntries(steps.map((step) => [step.name, step.shape]));

// Fills in a phrase, as `say` in phrases.py.
export function say(key, filled = {}) {
  return course.words[key].replace(/\{(\w+)\}/g, (_, name) => filled[name]);
}

// A shape as Python writes a tuple: (2, 3), (2,) or ().
export function written(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
