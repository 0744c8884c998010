// The order in which a search lists what it found: Sphinx sorts by these scores.
// A learner is shown lessons before names of the packages, unless one with an underscore was typed.

const PLACES = [
  [/^tutorials\//, 500],
  [/^exercises\//, 400],
  [/^(api\/|genindex$)/, 100],
  [/^glossary$/, 200],
  [/^/, 300], // all other pages
];
const TYPED_NAME = 560; // such as tanh_backward: no word of a language
const TYPED_WORD = 510; // of the glossary: below headings of lessons, above their texts
const IN_TITLE = 30; // all that was typed is in the title of the page, not only of a section
const WHOLE = 100; // Sphinx's score for an entry of an index that is all of what was typed

var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: {},
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score([docname, title, , , score, , kind]) {
    if (kind === "object" && score === Scorer.objNameMatch && /_/.test(title.split(".").pop()))
      return TYPED_NAME;
    if (kind === "index" && docname === "glossary" && score === WHOLE) return TYPED_WORD;
    const [, place] = PLACES.find(([pattern]) => pattern.test(docname));
    const typed = new URLSearchParams(location.search).get("q").toLowerCase().trim();
    const named = kind === "text" && title.toLowerCase().includes(typed);
    return place + Math.min(score, WHOLE - 1 - IN_TITLE) + (named ? IN_TITLE : 0);
  },
};
