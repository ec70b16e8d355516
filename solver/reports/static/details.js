// What is chosen: an exposure and why it is where it is, or an association and its members.

{
  const host = byId("details");

  function draw() {
    host.className = state.exposure === null && state.association === null ? "empty" : "";
    const shown = state.exposure === null ? aboutAssociation() : aboutExposure(state.exposure);
    host.replaceChildren(...shown);
  }

  function close() {
    return html(
      "button",
      {
        type: "button",
        class: "close",
        "aria-label": "Close",
        onclick: () => show({ exposure: null, association: null }),
      },
      "×",
    );
  }

  function aboutExposure(row) {
    const mine = [...memberships[row]].sort(([a, one], [b, other]) => weight(a, one) - weight(b, other) || a - b);
    const steps = levels.slice(0, -1).map((_, level) => called(level, nodeAt(level, row)));
    const reason = orphaned.get(row);
    const outside = grounds[contents.outside[row]].map((sentence) => texts[sentence]);
    const title = reason === undefined ? `In ${counted(mine.length, "association")}` : "In no association";
    const more = reason === undefined ? outside : [reason, ...outside.filter((sentence) => sentence !== reason)];
    return [
      close(),
      html("h2", { class: "file" }, files[row]),
      html("p", { class: "steps" }, steps.join(" › ")),
      html("h3", {}, title),
      ...mine.map(([number, place]) => membership(number, place)),
      html("p", {}, html("button", { type: "button", onclick: () => goTo(row) }, "Show it in the hierarchy")),
      ...(more.length ? [html("h3", {}, mine.length ? "Why in no other" : "Why"), sentences(more)] : []),
      html("details", {}, html("summary", {}, "What the pool says of it"), values(row)),
    ];
  }

  /** What is shown comes first, then what an exposure is science in. */
  function weight(number, place) {
    return (isShown(number) ? 0 : roles.length) + associations[number].roles[place];
  }

  function membership(number, place) {
    const { product, rule, type, candidate, roles: played, grounds: why, hue } = associations[number];
    const told = grounds[why[place]].map((sentence) => texts[sentence]);
    const role = roles[played[place]].replaceAll("_", " ");
    const chosen = state.association === number;
    return html(
      "details",
      { class: chosen ? "membership taken" : "membership", open: chosen || memberships[state.exposure].length <= 3 },
      html(
        "summary",
        {},
        html("span", { class: `swatch hue-${hue}` }),
        html("span", { class: "file" }, product),
        html("br"),
        `as ${role} · ${type} · ${candidate}`,
      ),
      html("p", {}, `${rule} takes it as ${role}${told.length ? ":" : "."}`),
      sentences(told),
      html(
        "p",
        {},
        html("button", { type: "button", onclick: () => chooseAssociation(number) }, "Show this association"),
      ),
    );
  }

  function sentences(told) {
    return html("ul", { class: "why" }, ...told.map((sentence) => html("li", {}, sentence)));
  }

  function values(row) {
    const list = html("dl", { class: "values" });
    for (const { name, values: known, codes } of columns) {
      if (codes[row]) list.append(html("dt", {}, name), html("dd", {}, known[codes[row]]));
    }
    return list;
  }

  function aboutAssociation() {
    if (state.association === null) {
      return [html("p", { class: "hint" }, "Choose an exposure or an association to see more about it here.")];
    }
    const { product, file, rule, type, level, candidate, target } = associations[state.association];
    const about = contents.rules.find((each) => each.rule === rule);
    const facts = { rule, "what it groups": about.summary, type: `${type}, level ${level}`, candidate, target, file };
    return [
      close(),
      html("h2", { class: "file" }, product),
      html(
        "dl",
        { class: "values" },
        ...Object.entries(facts).flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]),
      ),
      html("h3", {}, "Members"),
      members(state.association),
    ];
  }

  views.push(draw);
}
