// Small things that several programs do with the page.

export const make = (tag, textContent, more = {}) =>
  Object.assign(document.createElement(tag), { textContent, ...more });

export function paragraph(...parts) {
  const made = make("p", "");
  made.append(...parts);
  return made;
}

// Whether the reader came by a link, and not by a reload or the way back: only then is what the
// address asks for brought into view, because else the browser knows where one was.
export function arrivedByLink() {
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  return type === "navigate";
}

const loading = {};
const failures = {};

// Imports a module, once. A failure is forgotten, and a later call tries again, by another address,
// because some browsers remember which ones have failed.
export function load(name) {
  const again = failures[name] ? `?again=${failures[name]}` : "";
  loading[name] ??= import(`./${name}.js${again}`).catch((error) => {
    failures[name] = (failures[name] ?? 0) + 1;
    delete loading[name];
    throw error;
  });
  return loading[name];
}
