// Experiments: states to open, each with a question.

import { put } from "./view.js";

export function createExperiments({ root }) {
  const question = root.querySelector(".question");
  const invitation = question.textContent;
  const links = [...root.querySelectorAll("[data-question]")];

  function open() {
    const opened = links.find(({ hash }) => hash === location.hash);
    for (const link of links) link.ariaCurrent = link === opened ? "true" : null;
    put(question, opened?.dataset.question ?? invitation);
  }

  open();
  addEventListener("hashchange", open);
  return () => {};
}
