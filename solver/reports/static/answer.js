// The first screen: what is in the pool, what was made of it, what is odd, what to do.

{
  const MOST = 6;

  function card(name, lines, ...before) {
    return html("section", { class: "card" }, html("h2", {}, name), ...before, ...listUpTo(MOST, lines, "more line"));
  }

  function inIt() {
    const targets = new Set(observations.map(({ target }) => target));
    const counts = { exposure: total, observation: observations.length, target: targets.size };
    const sentence = Object.entries(counts).map(([what, count]) => counted(count, what)).join(", ");
    const lines = [...Map.groupBy(observations, ({ mode }) => mode)].map(([mode, mine]) => {
      const [first, ...more] = mine.map(({ name }) => name);
      const names = more.length > 2 ? `${first} … ${more[more.length - 1]}` : [first, ...more].join(", ");
      const exposures = counted(sumOf(mine.map(({ start, end }) => end - start)), "exposure");
      return html("li", {}, html("b", {}, mode), `: ${names}, ${exposures}`);
    });
    const out = Object.entries(contents.left_out).map(([option, rows]) =>
      html("li", {}, link(() => goTo(rows[0]), counted(rows.length, "exposure")), " left out: ", stated(option)),
    );
    return card("What is in it", [...out, ...lines], html("p", {}, sentence));
  }

  function made() {
    const lines = [...Map.groupBy(associations.keys(), (number) => associations[number].level)]
      .sort(([a], [b]) => b - a)
      .map(([level, mine]) => {
        const types = [...tally(mine.map((number) => associations[number].type))].map(([type, count]) =>
          html("span", { class: "part" }, swatch(hueClass(type)), `${count} ${type} `),
        );
        const heading = html("b", {}, `Level ${level}: ${counted(mine.length, "product")}`);
        return html("li", {}, heading, html("br"), ...types);
      });
    for (const [why, number] of Object.entries(contents.dropped)) {
      const reason = why === "same product name" ? "a larger one has the same product" : `${why} as another`;
      lines.push(html("li", { class: "lesser" }, `${counted(number, "association")} left out: ${reason}`));
    }
    return card("What was made", lines, associations.length ? "" : html("p", {}, "No association."));
  }

  function odd() {
    const odd = Object.entries(contents.orphans).filter(([reason]) => !reason.startsWith("no association is expected"));
    const lines = odd.map(([reason, rows]) =>
      html("li", {}, link(() => goTo(rows[0]), counted(rows.length, "exposure")), ` in no association: ${reason}`),
    );
    lines.push(...contents.oddities.filter((sentence) => !sentence.startsWith("no rule for"))); // they are above
    const nothing = orphaned.size ? "Nothing." : "Nothing: every exposure is in a product.";
    return card("What is odd", lines, lines.length ? "" : html("p", {}, nothing));
  }

  function advice() {
    const lines = contents.hints.map((hint) => {
      const { what, rows } = hint;
      const which = rows.length ? [" ", link(() => goTo(rows[0]), `(${counted(rows.length, "exposure")})`)] : [];
      return html("li", {}, what, ...which, ...remedy(hint));
    });
    return card("What to do", lines, lines.length ? "" : html("p", {}, "No suggestions."));
  }

  function changes() {
    if (!changed.size && !gone.length) return [];
    const lines = gone.map((name) => html("li", {}, html("s", {}, name), html("span", { class: "change" }, "gone")));
    const numbers = [...changed.keys()].sort((a, b) => associations[b].level - associations[a].level || a - b);
    lines.push(...numbers.map((number) =>
      html("li", {}, link(() => chooseAssociation(number), title(number)), changeMark(number)),
    ));
    return [filled(card("What changed", lines), { id: "changes" }, [])];
  }

  function orphans() {
    const groups = [...Map.groupBy(orphaned.keys(), (row) => orphaned.get(row))].map(([reason, rows]) => {
      const names = list(rows.map((row) => link(() => chooseExposure(row), files[row])), "files");
      return folded(`${reason} (${rows.length.toLocaleString("en")})`, rows.length <= 12, names);
    });
    return groups.length ? groups : ["Every exposure is in an association."];
  }

  loaders.push(() => {
    byId("answer").replaceChildren(...changes(), inIt(), made(), odd(), advice());
    byId("left-out").replaceChildren(...orphans());
  });
}
