// What the report shows, and what follows from it. Rows are in canonical order: a node is a run of rows.

/** @type {any} */
let contents;
let levels = [];
let associations = [];
let texts = [];
let grounds = [];
/** By name of a role or of a type of product the number of its colour, or null. */
let hues = {};
let roles = [];
let files = [];
let observations = [];
let total = 0;

/** For each row the products that it is in, as [number, place among the members]; and its observation. */
let memberships = [];
let observationOf = [];

/** The rows of each product, each once, ascending. */
let rowsOf = [];

/** For each row that is in no association why; and for each that is left out, by which statement. */
let orphaned = new Map();
let leftOut = new Map();

/** The columns of the pool by name. */
let columns = new Map();

/** For each product that changed: whether it is new, the rows that it gained and lost, and all that are marked. */
let changed = new Map();
let gone = [];

/** The ending that all file names have; it says nothing. */
let ending = "";

function load(data) {
  ({ contents, hues } = data);
  ({ levels, associations, texts, grounds, roles, observations } = contents);
  files = levels[levels.length - 1].labels;
  total = files.length;
  columns = new Map(Object.entries(contents.columns));
  memberships = files.map(() => []);
  associations.forEach((association, number) => {
    association.size = association.rows.length;
    association.rows.forEach((row, place) => {
      if (row >= 0) memberships[row].push([number, place]);
    });
  });
  rowsOf = associations.map(({ rows }) => [...new Set(rows.filter((row) => row >= 0))].sort((a, b) => a - b));
  const each = (groups) => Object.entries(groups).flatMap(([why, rows]) => rows.map((row) => [row, why]));
  leftOut = new Map(each(contents.left_out));
  orphaned = new Map(each(contents.orphans));
  leftOut.forEach((option, row) => orphaned.set(row, `left out: ${option}`));
  observationOf = [];
  observations.forEach((each, number) => {
    each.end = observations[number + 1]?.start ?? total;
    observationOf.push(...range(each.start, each.end).map(() => number));
  });
  const [common = ""] = files[0].match(/(?<=.)_[^_]*$/) ?? [];
  ending = files.every((file) => file.endsWith(common)) ? common : "";
  compare(data.changes ?? {});
}

/** Takes over the members that products gained and lost since the page was drawn before; new ones gained all. */
function compare({ gained = {}, lost = {} }) {
  const stem = (name) => name.replace(/_[a-z0-9]+\.fits(\.gz)?$/, "");
  const rowBy = new Map(files.map((file, row) => [stem(file), row]));
  const rowsBy = (names) => new Set((names ?? []).map((name) => rowBy.get(stem(name)) ?? -1));
  const names = new Set(associations.map(({ product }) => product));
  gone = Object.keys(lost).filter((name) => !names.has(name));
  changed = new Map();
  associations.forEach(({ product, files: members }, number) => {
    const [more, less] = [rowsBy(gained[product]), rowsBy(lost[product])];
    const isNew = !less.size && gained[product]?.length === new Set(members).size;
    const rows = new Set([...more, ...less]);
    if (rows.size) changed.set(number, { isNew, gained: more, lost: less, rows });
  });
}

/** A mark for a product that changed, such as `new` or `+2 −1`; null for others. */
function changeMark(number) {
  const change = changed.get(number);
  if (!change) return null;
  const counts = [change.gained.size && `+${change.gained.size}`, change.lost.size && `−${change.lost.size}`];
  return html("span", { class: "change" }, change.isNew ? "new" : counts.filter(Boolean).join(" "));
}

/** Whether a product that is shown gained or lost, or came with, any of these exposures. */
function haveChanged(rows) {
  return [...changed].some(([number, change]) => isShown(number) && rows.some((row) => change.rows.has(row)));
}

/** The value of an exposure in a column of the pool; "" where it has none. */
function valueOf(row, name) {
  const [values, codes] = columns.get(name) ?? [[""], []];
  return values[codes[row] ?? 0];
}

/** What an exposure is for, by its headers. */
function useOf(row) {
  if (!["", "science"].includes(valueOf(row, "pntgtype"))) return "acquisition";
  const flags = { is_imprt: "imprint", is_psf: "PSF reference", bkgdtarg: "background" };
  return Object.entries(flags).find(([name]) => valueOf(row, name))?.[1] ?? "science";
}

/** The file of an exposure without the ending that all have. */
function shortName(row) {
  return files[row].slice(0, files[row].length - ending.length);
}

/** The same as a view shows it, with a mark if the exposure is left out. */
function labelFor(row) {
  return (leftOut.has(row) ? "✕ " : "") + shortName(row);
}

/** A product without its program, where that is all that products begin with. */
function title(number) {
  const { product, program } = associations[number];
  const alike = levels[0].labels.length === 1 && product.startsWith(`jw${program}-`);
  return alike ? product.slice(program.length + 3) : product;
}

/** In how many products an exposure is, or that it is left out. */
function belonging(row) {
  if (leftOut.has(row)) return `left out by ${leftOut.get(row)}`;
  return `in ${memberships[row].length ? counted(memberships[row].length, "product") : "no product"}`;
}

/** The role of an exposure in a product, in words; "" if it is not in it. */
function roleIn(row, number) {
  const found = memberships[row].find(([each]) => each === number);
  return found ? inWords(associations[number].roles[found[1]]) : "";
}

function inWords(role) {
  return roles[role].replaceAll("_", " ");
}

/** Where a node ends: the row after its last. */
function endOf(level, node) {
  return levels[level].starts[node + 1] ?? total;
}

/** The node of a level in which a row is. */
function nodeAt(level, row) {
  return levels[level].starts.findLastIndex((start) => start <= row);
}

/** The node of each level that holds all rows from one to before another, down to the first that is no larger. */
function chain(from, to) {
  const every = levels.map((_, level) => {
    const node = nodeAt(level, from);
    return { level, node, from: levels[level].starts[node], to: endOf(level, node) };
  });
  const around = every.filter((each) => each.to >= to);
  const same = around.findIndex((each) => each.from === from && each.to === to);
  return same < 0 ? around : around.slice(0, same + 1);
}

/** What a node is called: `observation 12`. */
function called(level, node) {
  const { name, labels } = levels[level];
  return level === levels.length - 1 ? labels[node] : `${name} ${labels[node]}`;
}

/** What some nodes in a row of a level are called: `observations 12–15`. */
function calledAll(level, first, last) {
  if (first === last) return called(level, first);
  const { name, labels } = levels[level];
  if (level === levels.length - 1) return counted(last - first + 1, "exposure");
  return `${calledMany(name)} ${labels[first]}–${labels[last]}`;
}

function calledMany(name) {
  return name === "activity" ? "activities" : `${name}s`;
}

/** A product as a reader knows it. */
function describe(number) {
  const { product, type, id } = associations[number];
  return `${product} (${type}, ${id})`;
}
