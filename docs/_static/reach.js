// What scrolls sideways can be scrolled with the keyboard: code, outputs, formulas, tables,
// figures.
// Only where something is wider than its box does it become a stop of the Tab key.
{
  const boxes = document.querySelectorAll("pre, .math math, .card, .table-wrapper, .wide-picture");
  const observer = new ResizeObserver((entries) => {
    const wide = entries.map(({ target }) => target.scrollWidth > target.clientWidth);
    entries.forEach(({ target }, i) => {
      if (wide[i]) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    });
  });
  boxes.forEach((box) => observer.observe(box));
}
