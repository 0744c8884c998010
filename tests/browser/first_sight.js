// What a reader finds before anything is unfolded: run in the page, gives a plain object.
() => {
  const article = document.querySelector("article");
  const all = (selector) => [...article.querySelectorAll(selector)];
  const height = (element) => element.getBoundingClientRect().height;
  const isShown = (element) => element.checkVisibility({ contentVisibilityAuto: true });
  const code = all("div.highlight").filter((e) => isShown(e) && !e.closest(".cell_output"));

  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (holder.closest("pre, math, svg, script, style, .with-script") || !isShown(holder)) continue;
    words += walker.currentNode.textContent.split(/\s+/).filter(Boolean).length;
  }
  return {
    words,
    minutes: parseInt(all(".minutes")[0]?.textContent ?? "0", 10),
    checkpoints: all(".checkpoint").length,
    code_share: code.reduce((sum, each) => sum + height(each), 0) / height(article),
  };
}
