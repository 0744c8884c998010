// What each cell of the open notebook shows: run in JupyterLab's page.
() => {
  const SHOWN = ".jp-RenderedMarkdown, .jp-RenderedHTML, .jp-RenderedLatex";
  // The words of an element as a reader sees them, without code and formulas.
  const words = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.matches("code, pre, mjx-container, script, style")) return " ";
    return [...node.childNodes].map(words).join("");
  };
  const { widgets } = jupyterapp.shell.currentWidget.content;
  return widgets.map((cell) => {
    const all = (selector) => [...cell.node.querySelectorAll(selector)];
    for (const fold of all("details")) fold.open = true;
    const text = all(SHOWN).map(words).join("\n");
    const outputs = cell.model.outputs?.toJSON() ?? [];
    const pictures = all("img, .jp-RenderedSVG svg");
    const room = (each) => each.closest(`${SHOWN}, .jp-OutputArea-output`) ?? cell.node;
    const measured = (each) => [each, room(each)].map((one) => one.getBoundingClientRect());
    const beyond = (each) => {
      const [box, inside] = measured(each);
      return box.right > inside.right + 1
        ? [`${each.localName}: ${Math.round(box.width)} in ${Math.round(inside.width)}`]
        : [];
    };
    return {
      id: cell.model.id,
      text,
      settled:
        (cell.model.type !== "markdown" || cell.rendered) &&
        pictures.every((each) => each.complete ?? true) &&
        !/\$|\\\(/.test(text),
      wide: [...pictures, ...all("table, mjx-container[display=true]")].flatMap(beyond),
      broken: pictures.filter((each) => each.naturalWidth === 0).length,
      wrong: all("mjx-merror, [data-mml-node=merror]").map((each) => each.title || each.textContent),
      outputs: outputs.length,
      errors: outputs.filter((each) => each.output_type === "error").map((each) => each.ename),
      stderr: outputs.filter((each) => each.name === "stderr").map((each) => each.text),
      links: all(`:is(${SHOWN}) a:not(.jp-InternalAnchorLink)`).map((link) => link.getAttribute("href") ?? ""),
    };
  });
}
