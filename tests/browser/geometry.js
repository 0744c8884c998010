// Text that stands on other text, or that its box cuts off: run in a page, gives their words.
() => {
  const SMALL = 2; // pixels
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const style = (element) => getComputedStyle(element);
  const ancestors = function* (element) {
    for (let each = element; each; each = each.parentElement) yield each;
  };
  // What stands above the page on purpose, or is there for screen readers alone.
  const apart = (element) =>
    [...ancestors(element)].some((each) => {
      const { position, clipPath, overflow } = style(each);
      const unseen = overflow === "hidden" && each.offsetWidth === 1;
      return unseen || position === "fixed" || position === "sticky" || clipPath !== "none";
    });
  const clips = (overflow) => overflow === "hidden" || overflow === "clip";
  const cuts = (element) =>
    [...ancestors(element)].filter((each) => {
      const { overflowX, overflowY } = style(each); // the window itself scrolls
      return !each.matches("html, body") && (clips(overflowX) || clips(overflowY));
    });
  const scrolls = (element) =>
    [...ancestors(element)].find((each) => /auto|scroll/.test(style(each).overflowX));

  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node; (node = walker.nextNode()); ) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("script, style, noscript, template, math")) continue;
    if (!seen(holder) || apart(holder)) continue;
    range.selectNodeContents(node);
    for (const { left, right, top, bottom, width, height } of range.getClientRects())
      if (width > SMALL && height > SMALL)
        // Letters fill the middle of their line.
        lines.push({ node, holder, left, right, top: top + height / 4, bottom: bottom - height / 4 });
  }
  const words = ({ node }) => node.data.trim().slice(0, 40);

  const overlapping = [];
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((line, i) => {
    for (const other of lines.slice(i + 1)) {
      if (other.top >= line.bottom) break;
      const wide = Math.min(line.right, other.right) - Math.max(line.left, other.left);
      const high = Math.min(line.bottom, other.bottom) - other.top;
      if (line.node !== other.node && wide > SMALL && high > SMALL)
        overlapping.push(`${words(line)} / ${words(other)}`);
    }
  });

  const cut = lines.filter((line) => {
    const box = scrolls(line.holder);
    return cuts(line.holder).some((each) => {
      if (box && each.contains(box)) return false; // one can scroll to it
      const { left, right, top, bottom } = each.getBoundingClientRect();
      const { overflowX, overflowY } = style(each);
      const beside = line.right > right + SMALL || line.left < left - SMALL;
      const below = line.bottom > bottom + SMALL || line.top < top - SMALL;
      return (clips(overflowX) && beside) || (clips(overflowY) && below);
    });
  });
  const outside = lines.filter(
    ({ holder, right }) => !scrolls(holder) && right > document.documentElement.clientWidth + SMALL,
  );
  const found = { overlapping, cut: cut.map(words), outside: outside.map(words) };
  return Object.entries(found).flatMap(([kind, all]) => all.map((each) => `${kind}: ${each}`));
}
