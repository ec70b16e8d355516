// What is selected: an exposure, a product, or both: why, why not, what to do.

/** Answers what the page does not know: what keeps an exposure out of a product; a live page sets it. */
let ask = null;

{
  const MOST = 8;
  const REASONS = 5;
  const DIFFERENCES = {
    program: "program", instrume: "instrument", exp_type: "exposure type", targprop: "target", targetid: "target",
    obs_num: "observation",
  };
  const host = byId("details");
  const hint = host.firstElementChild;

  function draw() {
    const { exposure, association } = state;
    host.className = exposure === null && association === null ? "empty" : "";
    if (exposure !== null) host.replaceChildren(...aboutExposure(exposure));
    else if (association !== null) host.replaceChildren(...aboutProduct(association));
    else host.replaceChildren(hint);
  }

  function close() {
    const onclick = () => show({ exposure: null, association: state.exposure === null ? null : state.association });
    return html("button", { type: "button", class: "close", "aria-label": "Close", onclick }, "×");
  }

  function aboutExposure(row) {
    const steps = levels.slice(0, -1).map((_, level) => called(level, nodeAt(level, row)));
    const { mode, target } = observations[observationOf[row]];
    const mine = memberships[row].filter(([number]) => number !== state.association);
    const advice = contents.hints.filter(({ rows }) => rows.includes(row));
    const given = [...columns.keys()].map((name) => [name, valueOf(row, name)]);
    return [
      close(),
      html("h2", { class: "file" }, files[row]),
      html("p", { class: "steps" }, steps.join(" › ")),
      html("p", {}, [useOf(row), mode, target].join(" · ")),
      ...(state.association === null || leftOut.has(row) ? [] : pair(row, state.association)),
      ...inProducts(row, mine),
      ...(advice.length ? [html("h3", {}, "What to do")] : []),
      ...advice.map((hint) => html("p", {}, hint.what, ...remedy(hint))),
      html("p", {}, html("button", { type: "button", onclick: () => goTo(row) }, "Show it in the hierarchy")),
      folded("Values in the pool", false, facts(given, "values")),
    ];
  }

  /** Whether and why an exposure is in the product that is selected, or why not and what to do. */
  function pair(row, number) {
    const { product, rule } = associations[number];
    const found = memberships[row].find(([each]) => each === number);
    if (found) {
      const heading = html("h3", {}, `In ${product} as ${roleIn(row, number)}`);
      return [heading, html("p", {}, `By ${rule}:`), list(grounds[associations[number].grounds[found[1]]], "why")];
    }
    return [html("h3", {}, `Not in ${product}`), ...whyNot(row, number)];
  }

  function whyNot(row, number) {
    const known = associations[number].absent.find(({ rows }) => rows.includes(row));
    const [exposure, product] = [shortName(row), associations[number].product].map(quoted);
    const command = `${contents.explain} ${exposure} --association ${product}`;
    if (known) return [list(known.reasons, "why"), html("p", {}, statement(known.fix || command))];
    const host = html("div", {}, html("p", {}, unlike(row, number)), statement(command));
    if (ask) ask(row, number).then((parts) => host.replaceChildren(...parts));
    return [host];
  }

  /** How an exposure differs from all members of a product, as far as the page knows. */
  function unlike(row, number) {
    for (const [column, name] of Object.entries(DIFFERENCES)) {
      const values = [...new Set(rowsOf[number].map((each) => valueOf(each, column)))];
      const own = valueOf(row, column);
      const theirs = values.slice(0, 4).join(", ").toUpperCase();
      if (!values.includes(own)) return `its ${name} is ${own.toUpperCase() || "missing"}, not ${theirs}`;
    }
    return "This command says why:";
  }

  /** A word as a shell takes it. */
  function quoted(word) {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
  }

  /** The products of an exposure, those that are shown first; the same reasons once. */
  function inProducts(row, mine) {
    if (leftOut.has(row)) return [html("h3", {}, "Left out"), stated(leftOut.get(row))];
    if (orphaned.has(row)) return [html("h3", {}, "In no product"), list([orphaned.get(row)], "why")];
    const weight = ([number, place]) => (isShown(number) ? 0 : roles.length) + associations[number].roles[place];
    const sorted = [...mine].sort((a, b) => weight(a) - weight(b) || a[0] - b[0]);
    const groups = Map.groupBy(sorted, ([number, place]) => {
      const { rule, roles: played, grounds: why } = associations[number];
      return `as ${inWords(played[place])} by ${rule}\n${why[place]}`;
    });
    const made = [...groups].map(([key, some]) => membership(row, key.split("\n")[0], some, groups.size));
    const other = state.association !== null && roleIn(row, state.association) ? "other product" : "product";
    const heading = mine.length ? `In ${counted(mine.length, other)}` : `In no ${other}`;
    return [html("h3", {}, heading), ...listUpTo(MOST, made, "more way", "ways")];
  }

  function membership(row, heading, some, many) {
    const products = some.map(([number]) => {
      const { product, type, id } = associations[number];
      const name = link(() => chooseExposure(row, number), swatch(hueClass(type)), product);
      return html("li", {}, name, ` ${type} · ${id}`);
    });
    const [number, place] = some[0];
    const why = list(grounds[associations[number].grounds[place]], "why");
    const open = many === 1 && state.association === null;
    const below = [list(products, "files"), folded("Why", open, why)];
    return html("div", { class: "membership" }, html("b", {}, heading), ...below);
  }

  function aboutProduct(number) {
    const { product, file, rule, type, level, id, target } = associations[number];
    const group = { rule, "what it groups": contents.rules[rule], type: `${type}, Level ${level}` };
    return [
      close(), html("h2", { class: "file" }, product, changeMark(number)),
      ...absent(number),
      html("h3", {}, `Members (${associations[number].size.toLocaleString("en")})`),
      members(number),
      folded("More about it", false, facts(Object.entries({ ...group, candidate: id, target, file }), "values")),
    ];
  }

  /** The exposures of its members' kind that are not in a product, by reason; of those in focus, if there are any. */
  function absent(number) {
    const every = associations[number].absent;
    const inFocus = every.map((each) => ({ ...each, rows: each.rows.filter(isInFocus) }));
    const near = inFocus.filter(({ rows }) => rows.length);
    const shown = near.length ? near : every;
    if (!shown.length) return [];
    const lines = shown.map(({ reasons, fix, rows }) => {
      const places = Map.groupBy(rows, (row) => observations[observationOf[row]].name);
      const names = [...places].flatMap(([name, mine]) => [
        ", ", link(() => chooseExposure(mine[0], number), `${mine.length} of ${name}`),
      ]);
      const why = `: ${reasons.join("; ")}`;
      return html("li", {}, ...names.slice(1), why, ...(fix ? [html("br"), statement(fix)] : []));
    });
    const where = near.length && !isWhole() ? `Not in it, of ${whereabouts()}` : "Not in it";
    return [html("h3", {}, where), ...listUpTo(REASONS, lines, "more reason", "why")];
  }

  views.push(draw);
}
