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
  const kept = total ? inNames() : null;
  load(data);
  const known = new Set(associations.map(({ level }) => level));
  const level = known.has(state.level) || (kept && state.level === 0) ? state.level : Math.max(0, ...known);
  Object.assign(state, { from: 0, to: total, exposure: null, association: null, level }, kept && inNumbers(kept));
  loaders.forEach((make) => make());
  show({});
}

/** What is selected, by names. */
function inNames() {
  const file = (row) => (row === null ? null : files[row]);
  const number = state.association;
  const key = number === null ? null : keyOf(associations[number]);
  const whole = state.from === 0 && state.to === total;
  return { key, exposure: file(state.exposure), ends: whole ? null : [file(state.from), file(state.to - 1)] };
}

function keyOf({ product, type, candidate }) {
  return [product, type, candidate].join(" ");
}

/** The same in numbers; null for what is no longer there. */
function inNumbers({ key, exposure, ends }) {
  const found = (name) => (files.includes(name) ? files.indexOf(name) : null);
  const number = associations.findIndex((each) => keyOf(each) === key);
  const [from, last] = (ends ?? []).map(found);
  const place = from !== null && last !== null && from <= last ? { from, to: last + 1 } : {};
  return { exposure: found(exposure), association: number < 0 ? null : number, ...place };
}

/** Changes what is shown, and draws it. */
function show(changes) {
  Object.assign(state, changes);
  views.forEach((draw) => draw());
}

/** Whether products of this one's level are shown. */
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

/** The level to show so that something is seen of these rows: the one that is shown, else their highest. */
function levelFor(rows) {
  const found = new Set(rows.flatMap((row) => memberships[row].map(([number]) => associations[number].level)));
  return state.level === 0 || found.has(state.level) || !found.size ? state.level : Math.max(...found);
}

/** Looks at these rows. */
function focus(from, to) {
  show({ from, to, level: levelFor(range(from, to)) });
  announce(`${whereabouts()}: ${counted(to - from, "exposure")}`);
}

/** Goes one step out: to the smallest node that is larger, or the whole pool. */
function stepOut() {
  const larger = chain(state.from, state.to).filter((each) => each.to - each.from > state.to - state.from);
  const { from, to } = larger[larger.length - 1] ?? { from: 0, to: total };
  focus(from, to);
}

/** The place that is looked at, in words. */
function whereabouts() {
  if (isWhole()) return "whole pool";
  const found = chain(state.from, state.to);
  const last = found[found.length - 1];
  if (last && last.from === state.from && last.to === state.to) return called(last.level, last.node);
  const level = last ? last.level + 1 : 0;
  return calledAll(level, nodeAt(level, state.from), nodeAt(level, state.to - 1));
}

/** Selects an exposure, with a product or the one that is selected; steps back if it is outside of what is seen. */
function chooseExposure(row, association = state.association) {
  if (!isInFocus(row)) Object.assign(state, { from: 0, to: total });
  const level = association === null ? levelFor([row]) : state.level;
  show({ exposure: row, association, level });
  announce(`${files[row]}: ${belonging(row)}`);
}

/** Selects an exposure and looks at it closely enough to see it in the hierarchy. */
function goTo(row, association = state.association) {
  const found = chain(row, row + 1);
  const { from, to } = found.find((each) => each.to - each.from <= CLOSE) ?? found[found.length - 1];
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
