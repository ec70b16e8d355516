// What is shown: the one place that the views draw from.

const state = {
  /** The rows in focus: from one to before another. */
  from: 0,
  to: 0,
  /** The level of associations that is shown; 0 for all. */
  level: 0,
  /** The row and the number of what is selected; null for nothing. Both may be: then the page is about the pair. */
  exposure: null,
  association: null,
  /** The groups of the drawing that are open. */
  opened: new Set(),
};

/** Up to so many exposures are drawn one by one. */
const CLOSE = 50;

/** What draws when something is selected, and what is made anew for other contents. */
const views = [];
const loaders = [];

/**
 * Shows these contents. What was selected stays so if it is there still.
 * @param {{contents: any, hues: any, changes?: any}} data
 */
function render(data) {
  const whole = isWhole();
  const names = [state.from, state.to - 1, state.exposure].map((row) => files[row]);
  const key = keyOf(associations[state.association]);
  const first = !total;
  load(data);
  const [from, last, exposure] = names.map((name) => files.indexOf(name));
  const number = associations.findIndex((each) => keyOf(each) === key);
  const known = new Set(associations.map(({ level }) => level));
  if (first || (state.level && !known.has(state.level))) state.level = Math.max(0, ...known);
  Object.assign(state, whole || from < 0 || last < from ? { from: 0, to: total } : { from, to: last + 1 });
  Object.assign(state, { exposure: exposure < 0 ? null : exposure, association: number < 0 ? null : number });
  [...loaders, ...views].forEach((make) => make());
}

function keyOf(association) {
  return association && [association.product, association.type, association.id].join(" ");
}

/** Changes what is shown, and draws it. */
function show(changes) {
  Object.assign(state, changes);
  inPlace(() => views.forEach((draw) => draw()));
}

/** Draws so that the part of the page in which something was clicked, or else the first that is seen, does not move. */
function inPlace(draw) {
  const parts = "#workbench, #answer, main > section";
  const seen = ({ bottom, top }) => bottom > 0 && top < window.innerHeight;
  const kept = [document.activeElement?.closest(parts), ...document.querySelectorAll(parts)].find(
    (each) => each && seen(each.getBoundingClientRect()),
  );
  const top = kept?.getBoundingClientRect().top;
  draw();
  if (kept) window.scrollBy({ top: kept.getBoundingClientRect().top - top, behavior: "instant" });
}

function isShown(number) {
  return state.level === 0 || associations[number].level === state.level;
}

function isWhole() {
  return state.from === 0 && state.to === total;
}

function isInFocus(row) {
  return row >= state.from && row < state.to;
}

/** The numbers of the products that are shown and have an exposure in focus, and of the one that is selected. */
function inView() {
  const numbers = [...associations.keys()].filter(isShown);
  return isWhole() ? numbers : numbers.filter((each) => each === state.association || rowsOf[each].some(isInFocus));
}

/** The number of products in focus of each level. */
function levelCounts() {
  const seen = [...associations.keys()].filter((number) => isWhole() || rowsOf[number].some(isInFocus));
  return tally(seen.map((number) => associations[number].level));
}

function focus(from, to) {
  show({ from, to });
  announce(`${whereabouts()}: ${counted(to - from, "exposure")}`);
}

/** Looks at an observation, or if that is what is looked at, at everything. */
function chooseObservation({ start, end }) {
  if (start <= state.from && state.to <= end) focus(0, total);
  else focus(start, end);
}

/** Goes one step out: to the smallest node that is larger, or the whole pool. */
function stepOut() {
  const larger = chain(state.from, state.to).findLast(({ from, to }) => to - from > state.to - state.from);
  focus(larger?.from ?? 0, larger?.to ?? total);
}

/** The place that is looked at, in words. */
function whereabouts() {
  if (isWhole()) return "whole pool";
  const found = chain(state.from, state.to);
  const last = found.at(-1);
  if (last && last.from === state.from && last.to === state.to) return called(last.level, last.node);
  const level = last ? last.level + 1 : 0;
  return calledAll(level, nodeAt(level, state.from), nodeAt(level, state.to - 1));
}

/** Selects an exposure, with a product or the one that is selected; steps back if it is outside of what is seen. */
function chooseExposure(row, association = state.association) {
  if (!isInFocus(row)) Object.assign(state, { from: 0, to: total });
  show({ exposure: row, association });
  announce(`${files[row]}: ${belonging(row)}`);
}

/** Selects an exposure and looks at it closely enough to see it in the hierarchy. */
function goTo(row, association = state.association) {
  const { from, to } = chain(row, row + 1).find((each) => each.to - each.from <= CLOSE);
  if (!isInFocus(row) || state.to - state.from > CLOSE) Object.assign(state, { from, to });
  chooseExposure(row, association);
  byId("hierarchy-title").scrollIntoView();
}

/** Selects a product, or nothing if it is the one that is selected. */
function chooseAssociation(number) {
  if (number === state.association && state.exposure === null) {
    show({ association: null });
    return;
  }
  const level = isShown(number) ? state.level : associations[number].level;
  show({ association: number, level, exposure: null });
  announce(`${describe(number)}: ${counted(associations[number].rows.length, "member")}`);
}

/** The class of a colour: one for each type of product; where a product is selected, one for each role in it. */
function colourOf(number, role) {
  if (state.association === null) return hueClass(associations[number].type);
  return number === state.association ? hueClass(roles[role]) : "faint";
}

/** The class of the colour of a role or a type of product. */
function hueClass(name) {
  return hues[name] === null ? "no-hue" : `hue-${hues[name]}`;
}

/** The colours of an exposure: of its products that are shown, or of some numbers, or of none. */
function coloursOf(row, only = null) {
  const mine = memberships[row].filter(([number]) => (only ? only.includes(number) : isShown(number)));
  const colours = new Set(mine.map(([number, place]) => colourOf(number, associations[number].roles[place])));
  if (colours.size > 1) colours.delete("faint");
  return colours.size ? [...colours] : [orphaned.has(row) ? "lost" : "plain"];
}
