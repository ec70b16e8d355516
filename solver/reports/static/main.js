// The toolbar, and the first drawing.

{
  function crumbs() {
    const found = chain(state.from, state.to);
    const last = found[found.length - 1];
    const steps = [
      { name: "whole pool", from: 0, to: total },
      ...found.map((each) => ({ name: called(each.level, each.node), from: each.from, to: each.to })),
    ];
    if (!last || last.from !== state.from || last.to !== state.to) {
      if (state.to - state.from < total) steps.push({ name: whereabouts(), from: state.from, to: state.to });
    }
    const list = html("ol");
    steps.forEach(({ name, from, to }, place) => {
      const here = place === steps.length - 1;
      const step = here
        ? html("span", { "aria-current": "location" }, name)
        : html("button", { type: "button", class: "link", onclick: () => focus(from, to) }, name);
      list.append(html("li", {}, step));
    });
    byId("place").replaceChildren(list);
  }

  /** A group of buttons of which one is on. */
  function choice(id, name, values, now, take) {
    byId(id).append(
      ...values.map(([value, label]) =>
        html(
          "label",
          {},
          html("input", { type: "radio", name, value, checked: value === now, onchange: () => take(value) }),
          html("span", {}, label),
        ),
      ),
    );
  }

  /** Keeps the buttons in step with a level that was chosen elsewhere. */
  function levelButtons() {
    for (const button of byId("level").querySelectorAll("input")) button.checked = Number(button.value) === state.level;
  }

  function find(event) {
    event.preventDefault();
    const sought = byId("sought").value.trim().toLowerCase();
    if (!sought) return;
    const start = state.exposure === null ? 0 : state.exposure + 1;
    const hits = files.map((file, row) => (file.toLowerCase().includes(sought) ? row : -1)).filter((row) => row >= 0);
    if (!hits.length) {
      announce("no such exposure");
      byId("sought").setCustomValidity("No exposure has this in its name.");
      byId("sought").reportValidity();
      return;
    }
    goTo(hits.find((row) => row >= start) ?? hits[0]);
  }

  const known = [...new Set(associations.map(({ level }) => level))].sort();
  if (known.length > 1) {
    const values = [...known.map((level) => [level, `Level ${level}`]), [0, "Both"]];
    choice("level", "level", values, state.level, (level) => show({ level }));
  }
  choice(
    "colouring",
    "colouring",
    [
      ["association", "Association"],
      ["type", "Type"],
    ],
    "association",
    (colours) => show({ colours }),
  );
  views.push(crumbs, levelButtons);

  byId("find").addEventListener("submit", find);
  byId("sought").addEventListener("input", () => byId("sought").setCustomValidity(""));
  for (const button of document.querySelectorAll("#orphans [data-row]")) {
    button.addEventListener("click", () => chooseExposure(Number(button.dataset.row)));
  }
  let waiting = 0;
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show({}));
  });

  show({});
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
}
