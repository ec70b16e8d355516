// The toolbar, and the first drawing.

{
  function crumbs() {
    const found = chain(state.from, state.to);
    const steps = [
      { name: "whole pool", from: 0, to: total },
      ...found.map((each) => ({ name: called(each.level, each.node), from: each.from, to: each.to })),
    ];
    const here = { name: whereabouts(), from: state.from, to: state.to };
    if (!isWhole() && steps.at(-1).name !== here.name) steps.push(here);
    const items = steps.map(({ name, from, to }, place) => {
      const here = place === steps.length - 1;
      const step = here ? html("span", { "aria-current": "location" }, name) : link(() => focus(from, to), name);
      return html("li", {}, step);
    });
    byId("place").replaceChildren(html("ol", {}, ...items));
  }

  /** The levels that there are, each with the number of its products in focus. */
  function levelButtons() {
    const counts = levelCounts();
    const known = [...new Set(associations.map(({ level }) => level))].sort();
    const named = (level) => `Level ${level} (${(counts.get(level) ?? 0).toLocaleString("en")})`;
    const values = [...known.map((level) => [level, named(level)]), [0, "Both"]];
    const had = byId("level").contains(document.activeElement);
    const made = values.map(([value, name]) => {
      const attributes = { type: "radio", name: "level", value, checked: value === state.level };
      const button = html("input", { ...attributes, onchange: () => show({ level: value }) });
      return html("label", {}, button, html("span", {}, name));
    });
    byId("level").replaceChildren(byId("level").firstElementChild, ...(known.length > 1 ? made : []));
    if (had) byId("level").querySelector("input:checked").focus();
  }

  /** What colours mean: types of products, or where one is selected, roles in it. */
  function key() {
    const entry = (kind, name, sign = "") => html("span", {}, swatch(kind, sign), name);
    const number = state.association;
    const types = [...tally(inView().map((each) => associations[each].type)).keys()];
    const played = [...new Set(associations[number]?.roles)].sort((a, b) => a - b);
    const kinds = number === null
      ? types.map((type) => entry(hueClass(type), type))
      : played.map((role) => entry(hueClass(roles[role]), inWords(role), inWords(role)[0].toUpperCase()));
    const what = number === null
      ? "Colour is the type of product:"
      : html("span", {}, "Colour is the role in ", link(() => chooseAssociation(number), title(number)), ":");
    const lost = entry("lost", leftOut.size ? "in no association, or left out" : "in no association");
    const none = entry("plain", number === null ? "in none of those shown" : "not in it");
    const every = html("button", { type: "button", onclick: () => show({ association: null }) }, "All products");
    const more = [...(orphaned.size ? [lost] : []), none, ...(number === null ? [] : [every])];
    byId("key").replaceChildren(what, ...kinds, ...more);
  }

  function find(event) {
    event.preventDefault();
    const sought = byId("sought").value.trim().toLowerCase();
    if (!sought) return;
    const plain = (name) => name.replace(/o0*(?=\d+$)/, "o");
    const observation = observations.find(({ name }) => `-${plain(name)}`.endsWith(`-${plain(sought)}`));
    if (observation) {
      focus(observation.start, observation.end);
      return byId("observations-title").scrollIntoView();
    }
    const hits = [...files.keys()].filter((row) => files[row].toLowerCase().includes(sought));
    if (hits.length) return goTo(hits.find((row) => row > (state.exposure ?? -1)) ?? hits[0]);
    announce("no such exposure or observation");
    byId("sought").setCustomValidity("No exposure has this in its name, and no observation is called so.");
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
    waiting = requestAnimationFrame(() => (measure(), show({})));
  });

  measure();
  render(JSON.parse(byId("data").textContent));
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
}
