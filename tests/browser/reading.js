// What a loaded page says of itself: run in the page, gives a plain object.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  const name = (element) => {
    const holder = element.parentElement?.closest("[id]");
    const classes = [...element.classList].map((each) => `.${each}`).join("");
    const own = element.localName + (element.id ? `#${element.id}` : classes);
    return holder && !element.id ? `#${holder.id} ${own}` : own;
  };
  const widest = (element) =>
    element.innerText.split("\n").reduce((a, b) => (a.length >= b.length ? a : b), "");
  const tooWide = (element) => element.scrollWidth > element.clientWidth;
  const scrolls = (element) =>
    tooWide(element) && /auto|scroll/.test(getComputedStyle(element).overflowX);
  const reachable = (element) =>
    element.tabIndex >= 0 || element.querySelector("a[href], button, input, [tabindex='0']");
  const anchored = (heading) =>
    heading.id || (heading.closest("section[id]")?.querySelector("h1,h2,h3,h4,h5,h6") === heading);

  all("details").forEach((details) => (details.open = true)); // what is folded has no size
  // Buttons and results come from scripts; what stands in for scripts is no content.
  const scripted = all(
    "article :is(button, noscript, #search-results, .with-script, .without-script)",
  );
  const text = () => {
    scripted.forEach(({ style }) => style.setProperty("display", "none", "important"));
    const found = document.querySelector("article").innerText.replace(/\s+/g, " ").trim();
    scripted.forEach(({ style }) => style.removeProperty("display"));
    return found;
  };
  const formulas = all("math");
  const loaded = [...document.fonts].filter(({ status }) => status === "loaded");
  const fonts = new Set(loaded.map(({ family }) => family.replaceAll('"', "")));
  const family = (element) =>
    getComputedStyle(element).fontFamily.split(",")[0].replaceAll('"', "");
  const edge = (element) => element.getBoundingClientRect().right;
  const empty = (formula) => {
    const { width, height } = formula.getBoundingClientRect();
    return width === 0 || height === 0;
  };
  return {
    text: text(),
    // On a phone, Furo lets the content scroll sideways where the page does not.
    scroll_width: Math.max(...all("html, .content").map((element) => element.scrollWidth)),
    unreachable: all("body *").filter((e) => scrolls(e) && !reachable(e)).map(name),
    wide_code: all("article pre").filter(tooWide).map((pre) => `${name(pre)}: ${widest(pre)}`),
    // What one has to scroll to see whole.
    cut_formulas: all("article :is(.math math, .card)").filter(tooWide).map(name),
    cut_results: all("article .cell_output pre").filter(tooWide).map(widest),
    displayed: all("article :is(.math math, .card)").length,
    formulas: formulas.length,
    bad_formulas: [...formulas.filter(empty), ...all("math merror, .math .error")].map(name),
    // The line of a root ends with what is below it; a gap would follow if its box were wider.
    loose_roots: all("msqrt")
      .filter((root) => edge(root) - edge(root.lastElementChild) > 1)
      .map(name),
    math_font: formulas.every((formula) => fonts.has(family(formula))),
    headings: all("h1").length,
    without_anchor: all("article :is(h1, h2, h3, h4, h5, h6)")
      .filter((heading) => !anchored(heading))
      .map((heading) => heading.textContent),
    icon: (({ pathname, search }) => pathname + search)(
      new URL(document.querySelector("link[rel~=icon]")?.href ?? "/favicon.ico", location),
    ),
    title: document.title,
    description: document.querySelector("meta[name=description]")?.content ?? "",
    language: document.documentElement.lang,
  };
}
