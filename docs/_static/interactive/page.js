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
