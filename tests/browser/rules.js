// What a style sheet asks for: its media queries, and its selectors without states of the moment.
(text) => {
  const MOMENT =
    /::?(before|after|marker|placeholder|selection|backdrop|details-content|highlight\(\w+\)|-webkit-[\w-]+|-moz-[\w-]+)|:(hover|focus-visible|focus-within|focus|active|visited|target|checked|disabled|indeterminate|invalid|popover-open)(?![\w-])/g;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const media = new Set();
  const selectors = new Set();
  const read = (rules, within) => {
    for (const rule of rules) {
      if (rule instanceof CSSMediaRule) media.add(rule.conditionText);
      let here = within;
      if (rule instanceof CSSStyleRule) {
        const own = rule.selectorText.replace(MOMENT, "").replace(/:(not|is|where|has)\(\s*\)/g, "") || "*";
        here = within ? own.replaceAll("&", `:is(${within})`) : own;
        selectors.add(here);
      }
      if (rule.cssRules && !(rule instanceof CSSKeyframesRule)) read(rule.cssRules, here);
    }
  };
  read(sheet.cssRules, "");
  return { media: [...media], selectors: [...selectors] };
}
