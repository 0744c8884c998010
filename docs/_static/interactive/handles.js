// The numbers of the picture as handles: dragged sideways, stepped and typed with keys. The Tab key
// stops at the picture once; up and down go from place to place, in the order of the forward pass.

import { moved } from "./controls.js";
import { placeOf } from "./view.js";
import { written } from "./writing.js";

const THRESHOLD = 4; // pixels from which a press is a drag
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };

export function createHandles(explorer, { forms }) {
  const { root, data, change, named, state } = explorer;
  const { bounds, names, places } = data;
  const network = root.querySelector(".network");
  const typing = root.querySelector(".typing");
  let drag; // the number below the pointer, and where it was taken
  let before; // the state to which Escape goes back, for as long as nobody has gone on

  const givenAt = (at) => (names.includes(places[at]?.value) ? places[at].value : undefined);

  function set(name, value, by) {
    const within = Math.min(Math.max(Number(value.toFixed(4)), -bounds.box), bounds.box);
    const kept = before;
    change(moved(name, within, explorer), { by });
    before = kept;
  }

  function remember() {
    const { given, updates } = state();
    before = { given, updates };
  }

  // -- The pointer

  network.addEventListener("pointerdown", ({ target, clientX, pointerId, button }) => {
    const at = placeOf(target);
    const name = givenAt(at);
    if (!button && name) drag = { at, name, target, pointerId, from: clientX, value: named()[name] };
  });

  network.addEventListener("pointermove", ({ clientX, pointerId, buttons }) => {
    if (!buttons) drag = undefined; // it came up where no browser tells, such as over a menu
    if (drag?.pointerId !== pointerId) return;
    const way = clientX - drag.from;
    if (!drag.moves) {
      if (Math.abs(way) < THRESHOLD) return;
      drag.moves = true;
      drag.from += Math.sign(way) * THRESHOLD; // so that it does not jump
      remember();
      drag.target.setPointerCapture(pointerId);
      if (drag.at !== state().at) change({ at: drag.at });
    }
    set(drag.name, drag.value + (clientX - drag.from) * bounds.step, drag);
  });

  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (drag = undefined));

  // -- Keys

  function go(group, way) {
    const all = [...group.parentElement.querySelectorAll("[data-place]")];
    const at = { Home: 0, End: all.length - 1 }[way] ?? all.indexOf(group) + way;
    all[at]?.focus();
  }

  function press(event) {
    const { key, shiftKey, target } = event;
    const name = givenAt(placeOf(target));
    const way = { ArrowUp: -1, ArrowDown: 1, Home: "Home", End: "End" }[key];
    if (way) go(target, way);
    else if (STEPS[key] && name) {
      if (!event.repeat) remember();
      const step = STEPS[key] * (shiftKey ? 10 : 1) * bounds.step;
      set(name, named()[name] + step, event.repeat ? before : undefined);
    } else if (key === "Enter" && name) type(target);
    else if (key === "Escape" && before) giveBack();
    else if (key !== " ") return;
    event.preventDefault();
  }

  function giveBack() {
    drag = undefined;
    if (before) change(before); // which it is not kept for
  }

  network.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("[data-place]")) press(event);
  });
  // A drag is given back too, wherever the focus is.
  addEventListener("keydown", ({ key }) => key === "Escape" && drag?.moves && giveBack());

  // -- Typed in place

  function type(group) {
    const at = placeOf(group);
    const box = group.getBoundingClientRect();
    const whole = network.getBoundingClientRect();
    typing.hidden = false;
    typing.dataset.control = givenAt(at);
    typing.ariaLabel = data.symbols[givenAt(at)].replace(/<[^>]+>/g, "");
    typing.value = written(named()[givenAt(at)]);
    typing.style.left = `clamp(3.5rem, ${box.x + box.width / 2 - whole.x}px, 100% - 3.5rem)`;
    typing.style.top = `${box.y + box.height / 2 - whole.y}px`;
    typing.focus();
    typing.select();
    remember();
  }

  function leave() {
    const svg = forms.map((form) => form.svg).find((each) => each.checkVisibility());
    svg.querySelector(`[data-place="${state().at}"]`)?.focus();
  }

  network.addEventListener("dblclick", ({ target }) => {
    const group = target.closest("[data-place]");
    if (group && givenAt(placeOf(group))) type(group);
  });
  typing.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") giveBack();
    if (key === "Escape" || (key === "Enter" && !typing.ariaInvalid)) leave();
  });
  // The controls have heard of it before: what was wrong in the box is over.
  root.addEventListener("focusout", ({ target, relatedTarget }) => {
    // Who has typed a number comes back to its place, and may still give it back.
    const isBack = target === typing && relatedTarget && placeOf(relatedTarget) === state().at;
    if (!isBack) before = undefined;
    if (target !== typing) return;
    typing.hidden = true;
    delete typing.dataset.control;
  });

  // -- What is shown: the place where the Tab key stops

  let stop; // its name
  let shown = {}; // the state before

  return function show({ state, source }) {
    const isOther = state.given !== shown.given || state.updates !== shown.updates;
    if (isOther && source !== typing) before = undefined; // changed from elsewhere
    shown = state;
    if (stop === state.at) return;
    stop = state.at;
    for (const { nodes } of forms) {
      const chosen = nodes.find(({ group }) => group.dataset.place === stop) ?? nodes[0];
      for (const { group } of nodes) group.tabIndex = group === chosen.group ? 0 : -1;
    }
  };
}
