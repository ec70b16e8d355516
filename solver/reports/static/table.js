// The table of associations: sorted, filtered, and drawn a part at a time.

{
  const PART = 50;
  const body = byId("associations").tBodies[0];
  const columnsShown = [
    ["Product", ({ product }) => product],
    ["Type", ({ type }) => type],
    ["Rule", ({ rule }) => rule],
    ["Candidate", ({ candidate }) => candidate],
    ["Target", ({ target }) => target],
    ["Members", ({ rows }) => rows.length],
  ];
  /** What each association can be found by. */
  const words = associations.map((each) =>
    [
      each.product,
      each.file,
      each.type,
      each.rule,
      each.candidate,
      each.target,
      ...each.files.map((file) => texts[file]),
    ]
      .join("\n")
      .toLowerCase(),
  );
  const unfolded = new Set();
  let sorting = { column: -1, down: false };
  let most = PART;

  function found() {
    const sought = byId("words").value.trim().toLowerCase().split(/\s+/);
    const rule = byId("rule").value;
    const type = byId("type").value;
    const kept = inView().filter(
      (number) =>
        (!rule || associations[number].rule === rule) &&
        (!type || associations[number].type === type) &&
        sought.every((word) => words[number].includes(word)),
    );
    if (sorting.column < 0) return kept;
    const value = columnsShown[sorting.column][1];
    const values = new Map(kept.map((number) => [number, value(associations[number])]));
    const before = (a, b) => (a < b ? -1 : Number(a > b));
    kept.sort((a, b) => (sorting.down ? -1 : 1) * before(values.get(a), values.get(b)) || a - b);
    return kept;
  }

  function draw() {
    const had = body.contains(document.activeElement) ? document.activeElement.dataset.number : null;
    const kept = found();
    const numbers = kept.slice(0, most);
    if (state.association !== null && kept.includes(state.association) && !numbers.includes(state.association)) {
      numbers.unshift(state.association);
    }
    body.replaceChildren(...numbers.flatMap(lines));
    if (had) body.querySelector(`[data-number="${had}"]`)?.focus({ preventScroll: true });
    const level = state.level ? ` of level ${state.level}` : "";
    byId("count").textContent = kept.length
      ? `${counted(kept.length, "association")}${level} (${whereabouts()})`
      : `No association${level} fits (${whereabouts()}).`;
    byId("more").replaceChildren(...rest(kept.length));
  }

  function rest(many) {
    if (many <= most) return [];
    const further = (number) => () => {
      most = number;
      draw();
    };
    return [
      html("span", {}, `The first ${most.toLocaleString("en")} are shown. `),
      html("button", { type: "button", onclick: further(most + PART) }, `Show ${Math.min(PART, many - most)} more`),
      " ",
      html("button", { type: "button", onclick: further(many) }, "Show all"),
    ];
  }

  function lines(number) {
    const association = associations[number];
    const open = unfolded.has(number);
    const toggle = () => {
      if (!unfolded.delete(number)) unfolded.add(number);
      draw();
    };
    const unfold = html(
      "button",
      {
        type: "button",
        class: "unfold",
        "data-number": number,
        onclick: toggle,
        "aria-expanded": String(open),
        "aria-label": `Members of ${association.product}`,
      },
      open ? "▾" : "▸",
    );
    const take = () => chooseAssociation(number);
    const made = html(
      "tr",
      { class: state.association === number ? "taken" : null },
      html("td", {}, unfold),
      html(
        "th",
        { scope: "row" },
        html(
          "button",
          { type: "button", class: "link", onclick: take },
          html("span", { class: `swatch hue-${association.hue}` }),
          association.product,
        ),
      ),
      ...columnsShown
        .slice(1)
        .map(([name, value]) =>
          html("td", { class: name === "Members" ? "number" : null }, String(value(association))),
        ),
    );
    if (!open) return [made];
    return [
      made,
      html("tr", { class: "members" }, html("td", {}), html("td", { colspan: columnsShown.length }, members(number))),
    ];
  }

  function heads() {
    const cells = columnsShown.map(([name], column) => {
      const sorted = sorting.column === column;
      const sort = () => {
        sorting = { column, down: sorted && !sorting.down };
        heads();
        draw();
        byId("associations").tHead.querySelectorAll("button")[column].focus();
      };
      const arrow = sorted ? (sorting.down ? " ↓" : " ↑") : "";
      return html(
        "th",
        {
          scope: "col",
          class: name === "Members" ? "number" : null,
          "aria-sort": sorted ? (sorting.down ? "descending" : "ascending") : null,
        },
        html("button", { type: "button", class: "sort", onclick: sort }, `${name}${arrow}`),
      );
    });
    byId("associations").tHead.replaceChildren(html("tr", {}, html("td", {}), ...cells));
  }

  function choices(id, values) {
    const every = [...new Set(values)].sort();
    byId(id).replaceChildren(
      html("option", { value: "" }, "all"),
      ...every.map((value) => html("option", { value }, value)),
    );
    byId(id).addEventListener("input", draw);
  }

  choices(
    "rule",
    associations.map(({ rule }) => rule),
  );
  choices(
    "type",
    associations.map(({ type }) => type),
  );
  byId("words").addEventListener("input", () => {
    most = PART;
    draw();
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  heads();
  views.push(draw);
}

/** The members of an association by role, as a list; each that is an exposure can be chosen. */
function members(number) {
  const { rows, roles: played, files: names } = associations[number];
  const list = html("dl", { class: "members" });
  for (const role of [...new Set(played)].sort((a, b) => a - b)) {
    const mine = played.map((each, place) => (each === role ? place : -1)).filter((place) => place >= 0);
    list.append(
      html("dt", {}, `${roles[role].replaceAll("_", " ")} (${mine.length.toLocaleString("en")})`),
      html(
        "dd",
        {},
        html(
          "ul",
          { class: "files" },
          ...mine.map((place) => {
            const row = rows[place];
            const name = texts[names[place]];
            const take = () => chooseExposure(row, number);
            return html(
              "li",
              {},
              row < 0 ? name : html("button", { type: "button", class: "link", onclick: take }, name),
            );
          }),
        ),
      ),
    );
  }
  return list;
}
