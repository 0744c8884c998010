// Text and controls that are too pale on what is behind them: run in a page, or on one element.
(within) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = new Map();
  const rgba = (colour) => {
    if (!read.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      read.set(colour, [r, g, b, a / 255]);
    }
    return read.get(colour);
  };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((each, i) => each * a + below[i] * (1 - a));
  const linear = (each) =>
    each <= 10.3 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4;
  const light = (colour) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, part, i) => sum + part * linear(colour[i]), 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    return over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const faint = (element) =>
    element ? Number(getComputedStyle(element).opacity) * faint(element.parentElement) : 1;
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1;
  const name = (element) =>
    `${element.localName}.${[...element.classList].join(".")} ${element.textContent.trim().slice(0, 30)}`;
  const contrast = (colour, element, ground) => {
    const [r, g, b, a] = rgba(colour);
    return ratio(over([r, g, b, a * faint(element)], ground), ground);
  };

  const found = [];
  const judge = (kind, element, value, least) => {
    if (value < least - 0.005) found.push(`${kind} ${value.toFixed(2)}: ${name(element)}`);
  };
  const all = (selector) => [within ?? document.body, ...(within ?? document).querySelectorAll(selector)];
  for (const element of all("*")) {
    if (!element.closest("body") || element.closest("svg, script, style, noscript, template")) continue;
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!says && !element.matches("button, input, select, textarea")) continue;
    const style = getComputedStyle(element);
    if (says && seen(element) && style.clipPath === "none") {
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      judge("text", element, contrast(style.color, element, behind(element)), large ? 3 : 4.5);
    }
    if (!element.matches("button, input, select, textarea") || !seen(element)) continue;
    const ground = behind(element.parentElement);
    if (element.placeholder) {
      const { color, opacity } = getComputedStyle(element, "::placeholder");
      const [r, g, b, a] = rgba(color);
      const paper = behind(element);
      judge("placeholder", element, ratio(over([r, g, b, a * opacity], paper), paper), 4.5);
    }
    if (element.matches("button") && !element.textContent.trim()) continue; // its icon is seen
    // A box is known by its edge or by its background; browsers draw their own sliders and ticks.
    if (element.matches("[type=range], [type=radio], [type=checkbox]")) continue;
    const edge = ["Top", "Bottom"].map((side) =>
      parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none"
        ? contrast(style[`border${side}Color`], element, ground)
        : 1,
    );
    const filled = ratio(behind(element), ground);
    const outlined = Math.max(...edge, filled);
    if (element.matches("input, textarea, select") || edge.some((each) => each > 1))
      judge("edge", element, outlined, 3);
  }
  return [...new Set(found)];
}
