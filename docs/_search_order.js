// The order in which a search lists what it found: Sphinx sorts by these scores.
// First counts where the words stand, then what kind of page it is. A learner is shown lessons
// before names of the packages, unless one with an underscore was. An index knows that a page has a
// word, not how often: so the glossary's sentence stands before lessons that only mention it.

const TYPED_NAME = 400; // such as tanh_backward: no word of a language
const IN_TITLE = 300; // all words are in the title of the page, or in its address
const IN_HEADING = 200; // all words are in one heading of a lesson
const DEFINED = 199; // what was typed is an entry of the glossary
const KINDS = [
  [/^tutorials\//, 50],
  [/^exercises\//, 40],
  [/^glossary$/, 20],
  [/^/, 30], // all other pages
];

var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: {},
  objPrioDefault: 0,
  title: 8,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score([docname, title, , , score, , kind]) {
    if (kind === "object" && score === Scorer.objNameMatch && /_/.test(title.split(".").pop()))
      return TYPED_NAME;
    if (/^(api\/|genindex$)/.test(docname)) return Math.min(score, 19);
    if (kind === "index" && score === 100) return DEFINED; // all of the entry was typed
    const [, stems] = Search._parseQuery(new URLSearchParams(location.search).get("q"));
    const beginnings = [...stems].map((stem) => stem.replace(/i$/, "")); // "glossari": glossary
    const hasAll = (text) => {
      const there = text.toLowerCase().split(/[^\p{Letter}\p{Number}]+/u);
      return beginnings.every((word) => there.some((each) => each.startsWith(word)));
    };
    const { alltitles, docnames, titles } = Search._index;
    const page = docnames.indexOf(docname);
    const [, place] = KINDS.find(([pattern]) => pattern.test(docname));
    let where = 0;
    if (hasAll(`${titles[page]} ${docname}`)) where = IN_TITLE;
    else if (docname.startsWith("tutorials/") && Object.entries(alltitles).some(
      ([heading, places]) => hasAll(heading) && places.some(([file]) => file === page),
    )) where = IN_HEADING;
    return where + place + (kind === "title" ? 9 : Math.min(score, 8)); // a section leads further
  },
};
