// Pages of rules come last in a search for what stands in their text: each has a whole association file, and so every
// key of one. A search for a rule's name finds it by its title.
var Scorer = {
  score: ([page, , , , score]) => (page.startsWith("reference/rules/") && score <= 5 ? score - 20 : score),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
