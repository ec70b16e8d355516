// Pointing at a class of the inheritance figure shows what it inherits and what inherits it; pointing at an
// instrument shows its rules, and what they inherit.
for (const figure of document.querySelectorAll("svg.rule-figure")) {
  const lines = [...figure.querySelectorAll(".line")];
  const reach = (start, from, to) => {
    const names = new Set(start);
    for (const name of names) {
      for (const line of lines) {
        if (line.dataset[from] === name) names.add(line.dataset[to]);
      }
    }
    return names;
  };
  const show = (above, below) => {
    const near = (names, line) => names.has(line.dataset.from) && names.has(line.dataset.to);
    for (const each of figure.querySelectorAll(".class")) {
      each.classList.toggle("near", above.has(each.dataset.class) || below.has(each.dataset.class));
    }
    for (const line of lines) line.classList.toggle("near", near(above, line) || near(below, line));
    figure.classList.add("pointed");
  };
  const point = (element, names) => {
    element.addEventListener("pointerenter", () => show(...names()));
    element.addEventListener("pointerleave", () => figure.classList.remove("pointed"));
  };
  for (const one of figure.querySelectorAll(".class")) {
    const name = [one.dataset.class];
    point(one, () => [reach(name, "to", "from"), reach(name, "from", "to")]);
  }
  for (const one of figure.querySelectorAll(".instrument")) {
    const dots = [...figure.querySelectorAll("circle")].filter((dot) => dot.dataset.column === one.dataset.class);
    point(one, () => [reach(dots.map((dot) => dot.dataset.row), "to", "from"), new Set()]);
  }
}
