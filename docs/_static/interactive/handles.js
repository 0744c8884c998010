// The numbers of the picture as handles: dragged sideways, stepped by keys.

import { moved } from "./controls.js";
import { placeOf } from "./view.js";

const THRESHOLD = 4; // pixels from which a press is a drag

export function createHandles(explorer) {
  const { root, data, change, named } = explorer;
  const { bounds, names, places } = data;
  let drag; // the number being dragged, from where

  root.addEventListener("pointerdown", ({ target, clientX, pointerId, button }) => {
    const at = target.closest("svg.picture") && placeOf(target);
    const name = places[at]?.value;
    if (button || !names.includes(name)) return;
    drag = { at, name, pointerId, from: clientX, value: named()[name], target };
  });

  root.addEventListener("pointermove", ({ clientX, pointerId }) => {
    if (drag?.pointerId !== pointerId) return;
    const way = clientX - drag.from;
    if (!drag.moves && Math.abs(way) < THRESHOLD) return;
    if (!drag.moves) {
      drag.moves = {};
      drag.target.setPointerCapture(pointerId);
    }
    const value = Number((drag.value + way * bounds.step).toFixed(4));
    const within = Math.min(Math.max(value, -bounds.box), bounds.box);
    change({ at: drag.at, ...moved(drag.name, within, explorer) }, { by: drag });
  });

  for (const end of ["pointerup", "pointercancel"]) {
    root.addEventListener(end, () => (drag = undefined));
  }

  return () => {};
}
