// What each cell of the open notebook shows: run in JupyterLab's page.
() => {
  const CODE = "code, pre, mjx-container, .cm-editor, script, style";
  const shown = ".jp-RenderedMarkdown, .jp-RenderedHTML, .jp-RenderedLatex";
  // The words of an element as a reader sees them, without code and formulas.
  const words = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.matches(CODE)) return " ";
    return [...node.childNodes].map(words).join("");
  };
  const local = (link) => {
    const parts = JSON.parse(link.dataset.commandlinkerArgs ?? "{}");
    return { text: link.textContent, href: link.getAttribute("href"), path: parts.path ?? "", id: parts.id ?? "" };
  };
  const { widgets } = jupyterapp.shell.currentWidget.content;
  return widgets.map((cell) => {
    const all = (selector) => [...cell.node.querySelectorAll(selector)];
    for (const fold of all("details")) fold.open = true;
    const blocks = all(shown).filter((block) => !block.closest(".jp-mod-hidden"));
    const text = blocks.map(words).join("\n");
    const outputs = cell.model.outputs?.toJSON() ?? [];
    const pictures = all("img, .jp-OutputArea svg").filter((each) => !each.parentElement.closest("svg"));
    const beyond = (each) => {
      const room = (each.closest(".jp-RenderedMarkdown, .jp-OutputArea-output") ?? cell.node).getBoundingClientRect();
      const box = each.getBoundingClientRect();
      return { width: Math.round(box.width), room: Math.round(room.width), over: box.right - room.right };
    };
    return {
      id: cell.model.id,
      kind: cell.model.type,
      text,
      settled:
        pictures.every((each) => each.localName !== "img" || each.complete) &&
        (cell.model.type !== "markdown" || cell.rendered) &&
        !/\$|\\\(/.test(text),
      pictures: pictures.map(beyond),
      broken: pictures.filter((each) => each.localName === "img" && !each.naturalWidth).length,
      wide: all("table, mjx-container[display=true], pre").map(beyond).filter(({ over }) => over > 1),
      formulas: all("mjx-container").length,
      wrong: all("mjx-merror, [data-mml-node=merror]").map((each) => each.title || each.textContent),
      errors: outputs.filter((each) => each.output_type === "error").map((each) => each.ename),
      stderr: outputs.filter((each) => each.name === "stderr").map((each) => each.text),
      links: all(`:is(${shown}) a:not(.jp-InternalAnchorLink)`).map(local),
      headings: all(":is(h1, h2, h3, h4)").map((each) => each.id || each.dataset.jupyterId),
    };
  });
}
