// The contents of the report, and what follows from them. Rows are in canonical order: a node is a run of rows.

const { contents, hues: HUES, roleHues } = JSON.parse(byId("data").textContent);
const { levels, associations, texts, grounds, roles, columns } = contents;
const files = levels[levels.length - 1].labels;
const total = files.length;

/** For each row the associations that it is in, as [number, place among the members]. */
const memberships = files.map(() => []);
associations.forEach((association, number) => {
  association.rows.forEach((row, place) => {
    if (row >= 0) memberships[row].push([number, place]);
  });
});

/** The rows of each association, each once, ascending. */
const rowsOf = associations.map(({ rows }) => [...new Set(rows.filter((row) => row >= 0))].sort((a, b) => a - b));

/** For each row why it is in no association; undefined if it is in one. */
const orphaned = new Map(contents.orphans.flatMap(({ reason, rows }) => rows.map((row) => [row, reason])));

/** The ending that all file names have; it tells nothing. */
const ending = (() => {
  const cut = files[0].lastIndexOf("_");
  const common = cut > 0 ? files[0].slice(cut) : "";
  return files.every((file) => file.endsWith(common)) ? common : "";
})();

/** The file of an exposure without the ending that all have. */
function shortName(row) {
  return files[row].slice(0, files[row].length - ending.length);
}

/** In how many associations an exposure is. */
function belonging(row) {
  const many = memberships[row].length;
  return many ? `in ${counted(many, "association")}` : "in no association";
}

/** Where a node ends: the row after its last. */
function endOf(level, node) {
  return levels[level].starts[node + 1] ?? total;
}

/** The node of a level in which a row is. */
function nodeAt(level, row) {
  const { starts } = levels[level];
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The node of each level that holds all rows from one to before another, down to the first that is no larger. */
function chain(from, to) {
  const found = [];
  for (let level = 0; level < levels.length; level += 1) {
    const node = nodeAt(level, from);
    if (endOf(level, node) < to) break;
    found.push({ level, node, from: levels[level].starts[node], to: endOf(level, node) });
    if (levels[level].starts[node] === from && endOf(level, node) === to) break;
  }
  return found;
}

/** The rows of the smallest node that is larger than these rows; the whole pool if there is none. */
function around(from, to) {
  const larger = chain(from, to).filter((each) => each.to - each.from > to - from);
  const last = larger[larger.length - 1];
  return last ? { from: last.from, to: last.to } : { from: 0, to: total };
}

/** The largest node around a row that has no more rows than these. */
function nearby(row, most) {
  const found = chain(row, row + 1);
  return found.find(({ from, to }) => to - from <= most) ?? found[found.length - 1];
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
  const many = name === "activity" ? "activities" : `${name}s`;
  return `${many} ${labels[first]}–${labels[last]}`;
}

/** An association as a reader knows it. */
function describe(number) {
  const { product, type, candidate } = associations[number];
  return `${product} (${type}, ${candidate})`;
}
