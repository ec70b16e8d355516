// What is selected: an exposure, a product, or both: why, why not, what to do.

/** Answers what the page does not know: what keeps an exposure out of a product; a live page sets it. */
let ask = null;

{
  const MOST = 8;
  const host = byId("details");

  function draw() {
    const { exposure, association } = state;
    host.className = exposure === null && association === null ? "empty" : "";
    const hint = "Select an exposure or a product to read more about it here; with a product selected, an exposure that is not in it, to read why.";
    const none = [html("p", { class: "hint" }, hint)];
    host.replaceChildren(...(exposure !== null ? aboutExposure(exposure) : association !== null ? aboutProduct(association) : none));
  }

  function close() {
    const take = () => show(state.exposure !== null && state.association !== null ? { exposure: null } : { exposure: null, association: null });
    return html("button", { type: "button", class: "close", "aria-label": "Close", onclick: take }, "×");
  }

  function listed(sentences) {
    return html("ul", { class: "why" }, ...sentences.map((sentence) => html("li", {}, sentence)));
  }

  function folded(name, open, ...below) {
    return html("details", { open }, html("summary", {}, name), ...below);
  }

  function aboutExposure(row) {
    const steps = levels.slice(0, -1).map((_, level) => called(level, nodeAt(level, row)));
    const { mode, target } = observations[observationOf[row]];
    const mine = memberships[row].filter(([number]) => number !== state.association);
    const advice = contents.hints.filter(({ rows }) => rows.includes(row));
    return [
      close(),
      html("h2", { class: "file" }, files[row]),
      html("p", { class: "steps" }, steps.join(" › ")),
      html("p", {}, [useOf(row), mode, target].join(" · ")),
      ...(state.association === null ? [] : pair(row, state.association)),
      ...inProducts(row, mine),
      ...(advice.length ? [html("h3", {}, "What to do")] : []),
      ...advice.map(({ what, action }) => html("p", {}, what, ...(action ? [html("br"), statement(action)] : []))),
      html("p", {}, html("button", { type: "button", onclick: () => goTo(row) }, "Show it in the hierarchy")),
      folded("What the pool says of it", false, values(row)),
    ];
  }

  /** Whether and why an exposure is in the product that is selected, or why not and what to do. */
  function pair(row, number) {
    const { product, rule } = associations[number];
    const found = memberships[row].find(([each]) => each === number);
    if (found) {
      const sentences = sentencesOf(associations[number].grounds[found[1]]);
      return [html("h3", {}, `In ${product} as ${roleIn(row, number)}`), html("p", {}, `${rule} takes it:`), listed(sentences)];
    }
    return [html("h3", {}, `Not in ${product}`), ...whyNot(row, number)];
  }

  function whyNot(row, number) {
    const known = associations[number].absent.find(({ rows }) => rows.includes(row));
    const command = `asnsolve explain ${quoted(contents.pool)} ${quoted(shortName(row))} --association ${quoted(associations[number].product)}`;
    if (known) {
      const { ground, fix } = known;
      return [listed(sentencesOf(ground)), html("p", {}, fix ? statement(fix) : statement(command))];
    }
    const host = html("div", {}, html("p", {}, unlike(row, number)), statement(command));
    if (ask) ask(row, number).then((parts) => host.replaceChildren(...parts));
    return [host];
  }

  /** How an exposure differs from all members of a product, as far as the page knows. */
  function unlike(row, number) {
    const names = { exp_type: "exposure type", program: "program", instrume: "instrument", targetid: "target", obs_num: "observation" };
    for (const [column, name] of Object.entries(names)) {
      const values = [...new Set(rowsOf[number].map((each) => valueOf(each, column)))];
      const own = valueOf(row, column);
      if (!values.includes(own)) return `its ${name} is ${own.toUpperCase() || "missing"}, not ${values.slice(0, 4).join(", ").toUpperCase()}`;
    }
    return "This command says why:";
  }

  /** A word as a shell takes it. */
  function quoted(word) {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
  }

  /** The products of an exposure, those that are shown first; the same reasons once. */
  function inProducts(row, mine) {
    const reason = orphaned.get(row);
    const outside = sentencesOf(contents.outside[row]);
    if (reason !== undefined) {
      const sentences = outside.some((sentence) => sentence.startsWith(reason)) ? outside : [reason, ...outside];
      return [html("h3", {}, "In no product"), listed(sentences)];
    }
    const weight = ([number, place]) => (isShown(number) ? 0 : roles.length) + associations[number].roles[place];
    const sorted = [...mine].sort((a, b) => weight(a) - weight(b) || a[0] - b[0]);
    const groups = groupedBy(sorted, ([number, place]) => {
      const { rule, roles: played, grounds: why } = associations[number];
      return `as ${inWords(played[place])} by ${rule}\n${why[place]}`;
    });
    const made = [...groups].map(([key, some]) => membership(row, key.split("\n")[0], some, groups.size));
    const other = state.association !== null && roleIn(row, state.association) ? "other product" : "product";
    const heading = mine.length ? `In ${counted(mine.length, other)}` : other === "product" ? "" : "In no other product";
    const rest = made.slice(MOST);
    const more = rest.length ? [folded(counted(rest.length, "more way"), false, ...rest)] : [];
    return [html("h3", {}, heading), ...made.slice(0, MOST), ...more, ...(outside.length ? [listed(outside)] : [])];
  }

  function membership(row, heading, some, many) {
    const products = some.map(([number]) => {
      const { product, type, candidate, hue } = associations[number];
      const swatch = html("span", { class: `swatch ${hueClass(hue)}` });
      return html("li", {}, link(() => chooseExposure(row, number), swatch, product), ` ${type} · ${candidate}`);
    });
    const [number, place] = some[0];
    const sentences = sentencesOf(associations[number].grounds[place]);
    const why = sentences.length ? folded("Why", many === 1 && state.association === null, listed(sentences)) : "";
    return html("div", { class: "membership" }, html("b", {}, heading), html("ul", { class: "files" }, ...products), why);
  }

  function values(row) {
    const given = [...columns.keys()].filter((name) => valueOf(row, name) !== "");
    return html("dl", { class: "values" }, ...given.flatMap((name) => [html("dt", {}, name), html("dd", {}, valueOf(row, name))]));
  }

  function aboutProduct(number) {
    const { product, file, rule, type, level, candidate, target } = associations[number];
    const about = contents.rules.find((each) => each.rule === rule);
    const facts = { rule, "what it groups": about.summary, type: `${type}, Level ${level}`, candidate, target, file };
    const lines = Object.entries(facts).flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]);
    return [
      close(), html("h2", { class: "file" }, product, changeMark(number)),
      ...absent(number),
      html("h3", {}, `Members (${associations[number].rows.length.toLocaleString("en")})`),
      members(number),
      folded("More about it", false, html("dl", { class: "values" }, ...lines)),
    ];
  }

  /** The exposures of its members' kind that are not in a product, by reason; of those in focus, if there are any. */
  function absent(number) {
    const every = associations[number].absent;
    const near = every.map((each) => ({ ...each, rows: each.rows.filter(isInFocus) })).filter(({ rows }) => rows.length);
    const shown = near.length ? near : every;
    if (!shown.length) return [];
    const lines = shown.map(({ ground, fix, rows }) => {
      const names = [...groupedBy(rows, (row) => observations[observationOf[row]].name)].flatMap(([name, mine], place) => [
        place ? ", " : "", link(() => chooseExposure(mine[0], number), `${mine.length} of ${name}`),
      ]);
      return html("li", {}, ...names, `: ${sentencesOf(ground).join("; ")}`, ...(fix ? [html("br"), statement(fix)] : []));
    });
    const where = near.length && !isWhole() ? `Not in it, of ${whereabouts()}` : "Not in it";
    const rest = lines.splice(5);
    const more = rest.length ? [folded(counted(rest.length, "more reason"), false, html("ul", { class: "why" }, ...rest))] : [];
    return [html("h3", {}, where), html("ul", { class: "why" }, ...lines), ...more];
  }

  views.push(draw);
}
