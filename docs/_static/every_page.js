// What every page does: boxes that scroll can be reached with keys, words that were searched for
// are marked, and what a reader has done is ticked in the sidebar and on the home page. It is kept
// in this browser and sent nowhere.

// -- What scrolls sideways: code, outputs, formulas, tables, figures
// Only where something is wider than its box does it become a stop of the Tab key.
{
  const boxes = document.querySelectorAll(
    "pre, .math-wrapper, .math math, .card, .table-wrapper, .wide-picture",
  );
  const observer = new ResizeObserver((entries) => {
    const wide = entries.map(({ target }) => target.scrollWidth > target.clientWidth);
    entries.forEach(({ target }, i) => {
      if (wide[i]) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    });
  });
  boxes.forEach((box) => observer.observe(box));
}

// -- Words that were searched for
// Sphinx's own program would put elements around them, into pictures and labels that programs
// write; these marks leave the page as it is. Escape takes them away.
if (CSS.highlights && typeof Search === "undefined") {
  const KEY = "sphinx_highlight_terms";
  let terms = [];
  try {
    terms = (localStorage.getItem(KEY) ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    localStorage.removeItem(KEY);
  } catch {
    // Then the search could not hand them on.
  }
  const found = new Highlight();
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (terms.length && texts.nextNode()) {
    const node = texts.currentNode;
    for (const term of terms) {
      let at = -1;
      while ((at = node.data.toLowerCase().indexOf(term, at + 1)) >= 0) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, Math.min(at + term.length, node.length));
        found.add(range);
      }
    }
  }
  CSS.highlights.set("found", found);
  addEventListener("keydown", ({ key }) => key === "Escape" && found.clear());
}

// -- Sentences with numbers, as `writing.js` makes them for modules; the search uses this too.
const fill = (template, texts) => template.replace(/\{(\w+)\}/g, (_, name) => texts[name]);
const kinds = new Intl.PluralRules(document.documentElement.lang || "en");
const fillFor = (count, forms, texts) =>
  fill(forms[kinds.select(count)] ?? forms.other ?? forms, texts);

// -- Progress
{
  const PREFIX = "gradients-by-hand:";
  const SEEN = 2_000; // milliseconds for which the end of a page stands in sight until it is read
  const SEEN_AT_ONCE = 10_000; // the same where a page needs no scrolling

  const words = JSON.parse(document.getElementById("progress-words").textContent);
  const here = document.querySelector(".sidebar-tree .current-page .ticks")?.dataset.page;

  const make = (className, textContent) =>
    Object.assign(document.createElement("span"), { className, textContent });

  // A browser may refuse to keep anything, and anything may be found there.
  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name));
    } catch {
      return null;
    }
  }

  function everything() {
    try {
      return Object.entries(localStorage).filter(([key]) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  }

  const wasRead = (page) => [kept("read")].flat().includes(page);

  function read(page) {
    if (wasRead(page)) return;
    const pages = [kept("read")].flat().filter((each) => typeof each === "string");
    try {
      localStorage.setItem(`${PREFIX}read`, JSON.stringify([...pages, page]));
    } catch {
      return;
    }
    dispatchEvent(new Event("progress"));
  }

  // A page is read, its checkpoints are answered, its worksheet has points.
  function mark(place) {
    const { page, ...mosts } = place.dataset;
    const right = ([name, verdict]) => name.startsWith(`${page}/`) && verdict === "right";
    const found = {
      checkpoints: Object.entries(Object(kept("checkpoints"))).filter(right).length,
      points: Math.max(Number(kept("points")), 0) || 0,
    };
    const counts = ["checkpoints", "points"]
      .filter((kind) => Number(mosts[kind]) && found[kind])
      .map((kind) => ({ kind, most: Number(mosts[kind]) }))
      .map(({ kind, most }) => ({ kind, most, done: Math.min(found[kind], most) }));
    const parts = counts.map((count) => fillFor(count.most, words[count.kind], count));
    if (wasRead(page)) parts.unshift(words.read);
    const isDone = wasRead(page) || counts.some(({ done, most }) => done === most);
    const short = make("count", counts.map(({ done, most }) => `${done}/${most}`).join(" "));
    const all = parts.join(", ");
    const long = make("long", all && place.closest("a") ? `(${all})` : all); // behind a title
    const tick = make("tick", isDone ? "✓" : "");
    tick.ariaHidden = short.ariaHidden = "true";
    place.replaceChildren(tick, short, long);
  }

  function show() {
    document.querySelectorAll(".ticks").forEach(mark);
    const some = everything().length > 0;
    for (const part of document.querySelectorAll(".progress")) {
      part.classList.toggle("some", some);
      if (some) part.querySelector(".forgotten").textContent = "";
    }
  }

  // Removes everything, and offers to put it back.
  function forget(part) {
    const [button, said] = ["button", ".forgotten"].map((each) => part.querySelector(each));
    const before = everything();
    const told = () => ["forgotten", "progress"].forEach((name) => dispatchEvent(new Event(name)));
    for (const [key] of before) localStorage.removeItem(key);
    told(); // the worksheet empties its boxes, or fills them again
    const undo = Object.assign(document.createElement("button"), { textContent: words.undo });
    undo.type = "button";
    undo.addEventListener("click", () => {
      for (const [key, value] of before) localStorage.setItem(key, value);
      told();
      button.focus();
    });
    said.replaceChildren(`${words.forgotten} `, undo);
    undo.focus(); // the button that was pressed has gone
  }

  for (const part of document.querySelectorAll(".progress")) {
    part.querySelector("button").addEventListener("click", () => forget(part));
  }
  addEventListener("progress", show);
  addEventListener("storage", show); // another tab
  show();

  // Lessons and exercises are read once their end has been in sight.
  if (here) {
    let scrolled = false;
    addEventListener("scroll", () => (scrolled = true), { once: true, passive: true });
    let waiting;
    new IntersectionObserver((entries) => {
      clearTimeout(waiting);
      if (!entries.at(-1).isIntersecting) return;
      waiting = setTimeout(read, scrolled ? SEEN : SEEN_AT_ONCE, here);
    }).observe(document.querySelector("article ~ footer, footer"));
  }
}
