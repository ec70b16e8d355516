// Pointing at a class of the inheritance figure shows what it inherits, and what inherits it.
for (const figure of document.querySelectorAll("svg.rule-figure")) {
  const lines = [...figure.querySelectorAll(".line")];
  const reach = (start, from, to) => {
    const names = new Set([start]);
    for (const name of names) {
      for (const line of lines) {
        if (line.dataset[from] === name) names.add(line.dataset[to]);
      }
    }
    return names;
  };
  for (const one of figure.querySelectorAll(".class")) {
    one.addEventListener("pointerenter", () => {
      const above = reach(one.dataset.class, "to", "from");
      const below = reach(one.dataset.class, "from", "to");
      const inside = (names, line) => names.has(line.dataset.from) && names.has(line.dataset.to);
      for (const each of figure.querySelectorAll(".class")) {
        each.classList.toggle("near", above.has(each.dataset.class) || below.has(each.dataset.class));
      }
      for (const line of lines) line.classList.toggle("near", inside(above, line) || inside(below, line));
      figure.classList.add("pointed");
    });
    one.addEventListener("pointerleave", () => figure.classList.remove("pointed"));
  }
}
