// The table of products: sorted, filtered, and drawn a part at a time.

{
  const PART = 50;
  const body = byId("associations").tBodies[0];
  const HEADS = { Product: "product", Type: "type", Rule: "rule", Candidate: "id", Target: "target", Members: "size" };
  const unfolded = new Set();
  let words = [];
  let sorting = { column: "", down: false };
  let most = PART;

  function found() {
    const sought = byId("words").value.trim().toLowerCase().split(/\s+/);
    const [rule, type] = [byId("rule").value, byId("type").value];
    const kept = inView().filter(
      (number) =>
        (!rule || associations[number].rule === rule) &&
        (!type || associations[number].type === type) &&
        sought.every((word) => words[number].includes(word)),
    );
    if (!sorting.column) return kept;
    const value = (number) => associations[number][HEADS[sorting.column]];
    const before = (a, b) => (a < b ? -1 : Number(a > b));
    return kept.sort((a, b) => (sorting.down ? -1 : 1) * before(value(a), value(b)) || a - b);
  }

  function draw() {
    const had = body.contains(document.activeElement) ? document.activeElement.getAttribute("data-number") : null;
    const kept = found();
    const numbers = kept.slice(0, most);
    if (kept.includes(state.association) && !numbers.includes(state.association)) numbers.unshift(state.association);
    body.replaceChildren(...numbers.flatMap(lines));
    if (had) body.querySelector(`[data-number="${had}"]`)?.focus({ preventScroll: true });
    const level = state.level ? ` of Level ${state.level}` : "";
    const [some, none] = [counted(kept.length, "product") + level, `No product${level} fits`];
    byId("count").textContent = kept.length ? `${some} (${whereabouts()})` : `${none} (${whereabouts()}).`;
    byId("more").replaceChildren(...rest(kept.length));
  }

  function rest(many) {
    if (many <= most) return [];
    const further = (number, name) => html("button", { type: "button", onclick: () => showUpTo(number) }, name);
    const shown = html("span", {}, `The first ${most.toLocaleString("en")} are shown. `);
    return [shown, further(most + PART, `Show ${Math.min(PART, many - most)} more`), " ", further(many, "Show all")];
  }

  const showUpTo = (number) => ((most = number), draw());

  function lines(number) {
    const association = associations[number];
    const key = keyOf(association);
    const open = unfolded.has(key);
    const toggle = () => (unfolded.delete(key) || unfolded.add(key), draw());
    const said = { "aria-expanded": String(open), "aria-label": `Members of ${association.product}` };
    const attributes = { type: "button", class: "unfold", "data-number": number, onclick: toggle, ...said };
    const name = link(() => chooseAssociation(number), swatch(hueClass(association.type)), association.product);
    const cells = Object.values(HEADS).slice(1).map((column) =>
      html("td", { class: column === "size" ? "number" : null }, String(association[column])),
    );
    const made = html(
      "tr",
      { class: state.association === number ? "taken" : null },
      html("td", {}, html("button", attributes, open ? "▾" : "▸")),
      html("th", { scope: "row" }, name, changeMark(number)),
      ...cells,
    );
    const below = html("td", { colspan: cells.length + 1 }, members(number));
    return open ? [made, html("tr", { class: "members" }, html("td", {}), below)] : [made];
  }

  function heads() {
    const cells = Object.keys(HEADS).map((name, place) => {
      const own = sorting.column === name;
      const sort = () => {
        sorting = { column: name, down: own && !sorting.down };
        heads();
        draw();
        byId("associations").tHead.querySelectorAll("button")[place].focus();
      };
      const [arrow, order] = !own ? ["", null] : sorting.down ? [" ↓", "descending"] : [" ↑", "ascending"];
      const attributes = { scope: "col", class: name === "Members" ? "number" : null, "aria-sort": order };
      const button = html("button", { type: "button", class: "sort", onclick: sort }, `${name}${arrow}`);
      return html("th", attributes, button);
    });
    byId("associations").tHead.replaceChildren(html("tr", {}, html("td", {}), ...cells));
  }

  loaders.push(() => {
    words = associations.map(({ product, file, type, rule, id, target, files: members }) => {
      const names = members.map((name) => texts[name]);
      return [product, file, type, rule, id, target, ...names].join("\n").toLowerCase();
    });
    for (const id of ["rule", "type"]) {
      const values = [...new Set(associations.map((each) => each[id]))].sort();
      offerChoices(byId(id), [["", "all"], ...values.map((value) => [value])], byId(id).value);
    }
  });
  for (const id of ["rule", "type", "words"]) byId(id).addEventListener("input", () => showUpTo(PART));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  heads();
  views.push(draw);
}

/** The members of a product by role, as a list; each that is an exposure can be selected. */
function members(number) {
  const { rows, roles: played, files: names } = associations[number];
  const places = [...played.keys()].sort((a, b) => played[a] - played[b] || a - b);
  const groups = [...Map.groupBy(places, (place) => played[place])].map(([role, mine]) => {
    const items = mine.map((place) => {
      const name = texts[names[place]];
      return rows[place] < 0 ? name : link(() => chooseExposure(rows[place], number), name);
    });
    const heading = `${inWords(role)} (${mine.length.toLocaleString("en")})`;
    return [[swatch(hueClass(roles[role])), heading], list(items, "files")];
  });
  return facts(groups, "members");
}
