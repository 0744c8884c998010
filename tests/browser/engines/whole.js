// Formulas that this engine breaks over lines, or draws too large: run in a page, gives their text.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const text = (element) => element.textContent.slice(0, 60);
  const broken = all("math:not([display=block])").filter(
    (formula) => formula.getClientRects().length > 1,
  );

  // Firefox draws some signs larger in a displayed formula, as is right for sums alone.
  const SUMS = "∑∏∐∫∬∭∮⋀⋁⋂⋃⨀⨁⨂";
  const signs = all("math[display=block] mo").filter((sign) => !SUMS.includes(sign.textContent));
  const heights = () => signs.map((sign) => sign.getBoundingClientRect().height);
  const drawn = heights();
  const given = signs.map((sign) => sign.getAttribute("largeop"));
  signs.forEach((sign) => sign.setAttribute("largeop", "false"));
  const plain = heights();
  signs.forEach((sign, i) => {
    if (given[i] === null) sign.removeAttribute("largeop");
    else sign.setAttribute("largeop", given[i]);
  });
  const oversized = signs.filter((_, i) => drawn[i] > plain[i] + 1);
  return { broken: broken.map(text), oversized: oversized.map(text) };
}
