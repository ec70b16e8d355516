// What is shown: the one place that the views draw from.

const state = {
  /** The rows in focus: from one to before another. */
  from: 0,
  to: total,
  /** The level of associations that is shown; 0 for all. */
  level: Math.max(0, ...associations.map((each) => each.level)),
  /** What colours stand for: "association" or "type". */
  colours: "association",
  /** The row and the number of what is chosen; null for nothing. */
  exposure: null,
  association: null,
};

/** Up to so many exposures are drawn one by one. */
const CLOSE = 50;

const views = [];

/** Changes what is shown, and draws it. */
function show(changes) {
  Object.assign(state, changes);
  views.forEach((draw) => draw());
}

/** Whether associations of this one's level are shown. */
function isShown(number) {
  return state.level === 0 || associations[number].level === state.level;
}

/** Whether an association has an exposure in focus. */
function isInFocus(number) {
  if (state.from === 0 && state.to === total) return true;
  return rowsOf[number].some((row) => row >= state.from && row < state.to);
}

/** The numbers of the associations that are shown and have an exposure in focus. */
function inView() {
  return associations.map((_, number) => number).filter((number) => isShown(number) && isInFocus(number));
}

/** Looks at these rows. */
function focus(from, to) {
  show({ from, to });
  announce(`${whereabouts()}: ${counted(to - from, "exposure")}`);
}

/** Goes one step out. */
function stepOut() {
  const { from, to } = around(state.from, state.to);
  focus(from, to);
}

/** The place that is looked at, in words. */
function whereabouts() {
  if (state.from === 0 && state.to === total) return "whole pool";
  const found = chain(state.from, state.to);
  const last = found[found.length - 1];
  if (last && last.from === state.from && last.to === state.to) return called(last.level, last.node);
  const level = last ? last.level + 1 : 0;
  return calledAll(level, nodeAt(level, state.from), nodeAt(level, state.to - 1));
}

/** Chooses an exposure; steps back if it is outside of what is seen. */
function chooseExposure(row, association = state.association) {
  if (row < state.from || row >= state.to) Object.assign(state, { from: 0, to: total });
  const mine = memberships[row].some(([number]) => number === association);
  show({ exposure: row, association: mine ? association : null });
  announce(`${files[row]}: ${belonging(row)}`);
}

/** Chooses an exposure and looks at it closely enough to see it in the hierarchy. */
function goTo(row, association = state.association) {
  const { from, to } = nearby(row, CLOSE);
  if (row < state.from || row >= state.to || state.to - state.from > CLOSE) Object.assign(state, { from, to });
  chooseExposure(row, association);
  byId("hierarchy-title").scrollIntoView();
}

/** Chooses an association. */
function chooseAssociation(number) {
  const level = isShown(number) ? state.level : associations[number].level;
  show({ association: number, level, exposure: null });
  announce(`${describe(number)}: ${counted(associations[number].rows.length, "member")}`);
}

/** The kinds of associations at the level that is shown, the most frequent first. */
function types() {
  const counts = new Map();
  associations.forEach(({ type }, number) => {
    if (isShown(number)) counts.set(type, (counts.get(type) ?? 0) + 1);
  });
  return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
}
