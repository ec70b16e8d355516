// The toolbar, and the first drawing.

{
  function crumbs() {
    const found = chain(state.from, state.to);
    const last = found[found.length - 1];
    const steps = [
      { name: "whole pool", from: 0, to: total },
      ...found.map((each) => ({ name: called(each.level, each.node), from: each.from, to: each.to })),
    ];
    const between = !last || last.from !== state.from || last.to !== state.to;
    if (between && !isWhole()) steps.push({ name: whereabouts(), from: state.from, to: state.to });
    const items = steps.map(({ name, from, to }, place) => {
      const here = place === steps.length - 1;
      return html("li", {}, here ? html("span", { "aria-current": "location" }, name) : link(() => focus(from, to), name));
    });
    byId("place").replaceChildren(html("ol", {}, ...items));
  }

  /** The levels that there are, each with the number of its products in focus. */
  function levelButtons() {
    const counts = tally([...associations.keys()].filter((number) => isWhole() || rowsOf[number].some(isInFocus)).map((number) => associations[number].level));
    const known = [...new Set(associations.map(({ level }) => level))].sort();
    const values = [...known.map((level) => [level, `Level ${level} (${(counts.get(level) ?? 0).toLocaleString("en")})`]), [0, "Both"]];
    const had = byId("level").contains(document.activeElement);
    const made = values.map(([value, name]) => {
      const attributes = { type: "radio", name: "level", value, checked: value === state.level, onchange: () => show({ level: value }) };
      return html("label", {}, html("input", attributes), html("span", {}, name));
    });
    byId("level").replaceChildren(byId("level").firstElementChild, ...(known.length > 1 ? made : []));
    if (had) byId("level").querySelector("input:checked").focus();
  }

  /** What colours mean: types of products, or where one is selected, roles in it. */
  function key() {
    const entry = (kind, name, sign = "") => html("span", {}, html("span", { class: `swatch ${kind}` }, sign), name);
    const number = state.association;
    const types = tally(inView().map((each) => associations[each].type));
    const parts = number === null
      ? [...types.keys()].map((type) => entry(hueClass(associations.find((each) => each.type === type).hue), type))
      : [...new Set(associations[number].roles)].sort((a, b) => a - b).map((role) => entry(hueClass(roleHues[role]), inWords(role), inWords(role)[0].toUpperCase()));
    const what = number === null ? "Colour is the type of product:" : html("span", {}, "Colour is the role in ", link(() => chooseAssociation(number), title(number)), ":");
    if (orphaned.size) parts.push(entry("lost", "in no association"));
    const all = number === null ? [] : [html("button", { type: "button", onclick: () => show({ association: null }) }, "All products")];
    byId("key").replaceChildren(what, ...parts, entry("plain", number === null ? "in none that is shown" : "not in it"), ...all);
  }

  function find(event) {
    event.preventDefault();
    const sought = byId("sought").value.trim().toLowerCase();
    if (!sought) return;
    const start = state.exposure === null ? 0 : state.exposure + 1;
    const hits = [...files.keys()].filter((row) => files[row].toLowerCase().includes(sought));
    if (hits.length) {
      goTo(hits.find((row) => row >= start) ?? hits[0]);
      return;
    }
    announce("no such exposure");
    byId("sought").setCustomValidity("No exposure has this in its name.");
    byId("sought").reportValidity();
  }

  views.push(crumbs, levelButtons, key);
  byId("find").addEventListener("submit", find);
  byId("sought").addEventListener("input", () => byId("sought").setCustomValidity(""));
  let waiting = 0;
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show({}));
  });

  render(JSON.parse(byId("data").textContent));
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
}
