// Texts that are neither marked, nor content of the data, nor on the page as the build wrote it.
async (WORDS) => {
  const SAID = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const WORD = /[\p{Lu}\p{Ll}]{2}/u;
  const NAMES = /\b(tanh|math|dL_\w+|\w+_updated|None)\b/g; // of functions and quantities
  const UNSEEN = "script, style, code, noscript, .copybtn"; // copy buttons bring their own translations

  // Calls `seen` with every text and every attribute that is read out, in the order of the page.
  function read(root, seen) {
    const kinds = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
    const walk = document.createTreeWalker(root, kinds);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.localName === "template") read(node.content, seen);
      if (node.nodeType === Node.ELEMENT_NODE) {
        for (const name of SAID) seen(node.getAttribute(name) ?? "", node, true);
      } else if (!node.parentElement?.closest(UNSEEN)) {
        seen(node.data, node.parentElement, false);
      }
    }
  }

  // Numbers change, and what stands for one that is not to be seen.
  const NUMBER = /[−-]?\d[\d.]*(e[-+−]?\d+)?|[?·]/g;
  const kindOf = (text) => text.replace(NUMBER, "#").trim();
  async function learned() {
    const known = new Set();
    const learn = (text) => known.add(kindOf(text));
    function learnAll(data) {
      if (typeof data === "string") data.split(/<[^>]*>/).forEach(learn);
      else Object.values(data ?? {}).forEach(learnAll);
    }
    const html = await (await fetch(location.pathname)).text();
    const page = new DOMParser().parseFromString(html, "text/html");
    read(page.body, learn);
    const data = JSON.parse(page.getElementById("course-data")?.textContent ?? "{}");
    for (const [name, value] of Object.entries(data)) {
      if (!WORDS.includes(name) && typeof value === "object") learnAll(value);
    }
    return known;
  }
  window.learned ??= learned();
  const known = await window.learned;

  const found = new Set();
  let depth = 0; // of marks, which may begin in one element and end in another
  read(document.body, (text, element, isAlone) => {
    let [at, rest] = [isAlone ? 0 : depth, ""];
    for (const letter of text) {
      if (letter === "⟦") at += 1;
      if (at === 0) rest += letter;
      if (letter === "⟧") at -= 1;
    }
    if (!isAlone) depth = at;
    const isKnown = [text, rest].some((each) => known.has(kindOf(each)));
    if (!isKnown && WORD.test(rest.replace(NAMES, ""))) {
      found.add(`${element.localName} ${element.getAttribute("class") ?? ""}: ${text.trim()}`);
    }
  });
  if (depth) found.add(`${depth} marks are not closed`);
  return [...found];
}
