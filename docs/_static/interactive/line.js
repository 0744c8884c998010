// What the bar says where the panel is out of sight: the gradient of the chosen place in one line,
// and on a phone, from step to step, the sentence of the step.

import { put } from "./view.js";
import { calculation, written } from "./writing.js";

export function createLine({ root, data: { places, symbols, workings } }, { shown }) {
  const [product, sentence, told] = [".product", ".sentence", ".told"].map((part) =>
    root.querySelector(part),
  );
  const beside = matchMedia("(width >= 75em)"); // then the panel says it

  return function show({ state, named, at }) {
    const telling = Boolean(root.dataset.stage); // set by the passes
    root.classList.toggle("telling", telling);
    if (telling) put(sentence, told.innerHTML);
    if (beside.matches) return;
    const gradient = places[at]?.gradient;
    const text = (name) => shown(name.replace("dz_da", "z"), state, written(named[name]));
    const working = () => calculation(workings[gradient].replaceAll("·", "×"), text);
    const line = () => `<i>${symbols[gradient]} = </i>${working()} = ${text(gradient)}`;
    put(product, gradient ? line() : "");
  };
}
