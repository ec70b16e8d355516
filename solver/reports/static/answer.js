// The first screen: what is in the pool, what was made of it, what is odd, what to do.

{
  const MOST = 6;

  function card(name, ...children) {
    return html("section", { class: "card" }, html("h2", {}, name), ...children);
  }

  /** A list of which the rest is folded away. */
  function list(items) {
    const rest = items.slice(MOST);
    const more = rest.length
      ? html("details", {}, html("summary", {}, `${counted(rest.length, "more line")}`), html("ul", {}, ...rest))
      : null;
    return [html("ul", {}, ...items.slice(0, MOST)), ...(more ? [more] : [])];
  }

  function inIt() {
    const targets = new Set(observations.map(({ target }) => target));
    const counts = { exposure: total, observation: observations.length, target: targets.size };
    const sentence = Object.entries(counts).map(([what, count]) => counted(count, what)).join(", ");
    const lines = [...groupedBy(observations, ({ mode }) => mode)].map(([mode, mine]) => {
      const exposures = sumOf(mine.map(({ start, end }) => end - start));
      const every = mine.map(({ name }) => name);
      const names = every.length > 3 ? `${every[0]} … ${every[every.length - 1]}` : every.join(", ");
      return html("li", {}, html("b", {}, mode), `: ${names}, ${counted(exposures, "exposure")}`);
    });
    return card("What is in it", html("p", {}, sentence), ...list(lines));
  }

  function made() {
    const lines = [...groupedBy(associations.keys(), (number) => associations[number].level)]
      .sort(([a], [b]) => b - a)
      .map(([level, mine]) => {
        const types = [...tally(mine.map((number) => associations[number].type))].map(([type, count]) => {
          const { hue } = associations.find((each) => each.type === type);
          return html("span", { class: "part" }, swatch(hueClass(hue)), `${count} ${type} `);
        });
        const heading = html("b", {}, `Level ${level}: ${counted(mine.length, "product")}`);
        return html("li", {}, heading, html("br"), ...types);
      });
    for (const [why, number] of Object.entries(contents.dropped)) {
      lines.push(html("li", { class: "lesser" }, `${counted(number, "association")} left out: ${why} as another`));
    }
    const none = associations.length ? [] : [html("p", {}, "No association.")];
    return card("What was made", ...none, ...list(lines));
  }

  function odd() {
    const lines = contents.orphans.map(({ reason, rows }) =>
      html("li", {}, link(() => goTo(rows[0]), counted(rows.length, "exposure")), ` in no association: ${reason}`),
    );
    const further = contents.oddities.filter((sentence) => !sentence.includes(" for no rule")); // they are above
    lines.push(...further.map((sentence) => html("li", {}, sentence)));
    const none = html("p", {}, "Nothing: every exposure is in a product.");
    return card("What is odd", ...(lines.length ? list(lines) : [none]));
  }

  function advice() {
    const lines = contents.hints.map((hint) => {
      const { what, rows } = hint;
      const which = rows.length ? [" (", link(() => goTo(rows[0]), counted(rows.length, "exposure")), ")"] : [];
      return html("li", {}, what, ...which, ...remedy(hint));
    });
    return card("What to do", ...(lines.length ? list(lines) : [html("p", {}, "Nothing to state or to look into.")]));
  }

  /** What changed since the page was drawn before. */
  function changes() {
    if (!changed.size && !gone.length) return [];
    const lines = [...changed.keys()].map((number) =>
      html("li", {}, link(() => chooseAssociation(number), title(number)), changeMark(number)),
    );
    lines.push(...gone.map((name) => html("li", {}, html("s", {}, name), html("span", { class: "change" }, "gone"))));
    return [card("What changed", ...list(lines))];
  }

  /** The exposures in no association, by reason. */
  function leftOut() {
    const groups = contents.orphans.map(({ reason, rows }) => {
      const names = rows.map((row) => html("li", {}, link(() => chooseExposure(row), files[row])));
      const count = html("span", { class: "badge" }, rows.length.toLocaleString("en"));
      const heading = html("summary", {}, `${reason} `, count);
      return html("details", { open: rows.length <= 12 }, heading, html("ul", { class: "files" }, ...names));
    });
    return groups.length ? groups : [html("p", {}, "Every exposure is in an association.")];
  }

  loaders.push(() => {
    byId("answer").replaceChildren(...changes(), inIt(), made(), odd(), advice());
    byId("left-out").replaceChildren(...leftOut());
  });
}
