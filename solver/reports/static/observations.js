// The observations: one row each, and a bar of how many of its exposures are in products.

{
  const HEADS = ["Observation", "Mode", "Target", "Optics", "Exposures", "In products", "What they are", "Candidates"];

  /** The ids and types of the candidates of an observation, its own apart. */
  function candidates(rows, own) {
    const found = new Map();
    for (const cell of new Set(rows.map((row) => valueOf(row, "asn_candidate")))) {
      for (const [, id, type] of cell.matchAll(/\('([^']*)', *'([^']*)'\)/g)) found.set(id, type.toLowerCase());
    }
    found.delete(own.slice(own.lastIndexOf("-") + 1));
    return [...found].map(([id, type]) => `${id} (${type})`).join(", ");
  }

  /** Of an observation's exposures, how many are in Level 3, in Level 2 alone, in nothing, left out; as a bar. */
  function bar(rows) {
    const highest = (row) => Math.max(0, ...memberships[row].map(([number]) => associations[number].level));
    const counts = tally(rows.map((row) => (leftOut.has(row) ? "out" : highest(row))));
    const words = [[3, "in Level 3"], [2, "in Level 2 alone"], [0, "in nothing"], ["out", "left out"]];
    const parts = words.filter(([kind]) => counts.get(kind));
    const said = parts.map(([kind, name]) => `${counts.get(kind)} ${name}`).join(", ");
    const drawn = parts.map(([kind]) => {
      const part = html("span", { class: kind === "out" ? "lost" : `in-${kind}` });
      part.style.flexGrow = String(counts.get(kind));
      return part;
    });
    return [html("span", { class: "bar", role: "img", "aria-label": said }, ...drawn), html("small", {}, said)];
  }

  function line(observation) {
    const { start, end, name, mode, target, optics } = observation;
    const rows = range(start, end);
    const uses = [...tally(rows.map(useOf))].map(([use, count]) => `${count} ${use}`).join(", ");
    return html(
      "tr",
      { "data-observation": name, class: rows.every((row) => leftOut.has(row)) ? "out" : null },
      html("th", { scope: "row" }, link(() => chooseObservation(observation), name)),
      ...[mode, target, optics].map((text) => html("td", {}, text)),
      html("td", { class: "number" }, (end - start).toLocaleString("en")),
      html("td", { class: "bars" }, ...bar(rows)),
      ...[uses, candidates(rows, name)].map((text) => html("td", {}, text)),
    );
  }

  const table = byId("observations");
  const number = (name) => (name === "Exposures" ? "number" : null);
  table.tHead.append(html("tr", {}, ...HEADS.map((name) => html("th", { scope: "col", class: number(name) }, name))));
  loaders.push(() => table.tBodies[0].replaceChildren(...observations.map(line)));
  views.push(() => {
    const mine = new Set((rowsOf[state.association] ?? []).map((row) => observationOf[row]));
    observations.forEach(({ start, end }, place) => {
      const line = table.tBodies[0].rows[place];
      line.classList.toggle("taken", !isWhole() && state.from < end && state.to > start);
      line.classList.toggle("linked", mine.has(place));
      line.classList.toggle("changed", haveChanged(range(start, end)));
    });
  });
}
