// What one looks up while answering: the given numbers and the graph, in a panel of the strip.
// Loaded when it is first opened.

// Shows copies while the panel is open.
export function toggle(_sheet, details) {
  const panel = details.querySelector(".panel");
  const shown = ".worksheet .given, figure .both-forms";
  const originals = details.open ? [...document.querySelectorAll(shown)] : [];
  panel.replaceChildren(...originals.map((each) => each.cloneNode(true)));
}

document.addEventListener("click", ({ target }) => {
  const details = document.querySelector(".look-up[open]");
  if (details && !details.contains(target)) details.open = false;
});

document.addEventListener("keydown", ({ key }) => {
  const details = document.querySelector(".look-up[open]");
  if (key !== "Escape" || !details) return;
  details.open = false;
  details.querySelector("summary").focus();
});
