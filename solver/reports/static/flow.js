// From observations to products: bands between them, by role. A side that would be too long is cut into groups, which
// open on a click: of observations by program and mode, of products by type and target, then in runs.

{
  const MOST = 16;
  const STEP = 26;
  const TALL = 21;
  const DASHES = { science: null, background: "7 4", psf: "3 3" };
  const host = byId("flow");
  let drawn = { nodes: [], bands: [] };
  let at = "";

  const program = (number) => (levels[0].labels.length > 1 ? `program ${number.replace(/^(jw)?0*/, "")}` : "");
  const LEFT = [({ name }) => program(name.split("-")[0]), ({ mode }) => mode, ({ target }) => target];
  const RIGHT = [(each) => program(each.program), ({ type }) => type, ({ target }) => `target ${target}`];

  /** The nodes of a side: its items where there is room for them, else groups of them. */
  function nodesOf(side, items, kinds, path) {
    const single = (item) => ({ key: `${side.name} ${item}`, side, items: [item], label: side.label(item) });
    if (items.length <= MOST) return items.map(single);
    const [kind, ...further] = kinds;
    const bounds = (item) => Math.floor(items.indexOf(item) / MOST);
    const parts = kind ? Map.groupBy(items, (item) => kind(side.list[item])) : Map.groupBy(items, bounds);
    if (parts.size === 1) return nodesOf(side, items, further, path);
    return [...parts].flatMap(([name, mine]) => {
      if (mine.length === 1) return mine.map(single);
      const key = `${path}/${name}`;
      const label = kind ? name : `${side.short(mine[0])} … ${side.short(mine[mine.length - 1])}`;
      const group = { key, side, items: mine, label: `${label}: ${counted(mine.length, side.name)}`, group: true };
      if (!state.opened.has(key)) return [group];
      return [{ ...group, items: [], open: true }, ...nodesOf(side, mine, further, key)];
    });
  }

  function sides() {
    const level = state.level || Math.max(0, ...associations.map((each) => each.level));
    const numbers = [...associations.keys()].filter((number) => associations[number].level === level);
    const short = (item) => observations[item].name;
    const label = (item) => `${short(item)}  ${observations[item].mode}, ${observations[item].target}`;
    const left = { name: "observation", list: observations, label, short };
    const right = { name: "product", list: associations, label: title, short: title };
    return [nodesOf(left, [...observations.keys()], LEFT, "left"), nodesOf(right, numbers, RIGHT, "right")];
  }

  /** The bands: for each two nodes, each role and each colour, how many exposures. */
  function bandsOf(left, right) {
    const placeOf = new Map(left.flatMap((node) => node.items.map((item) => [item, node])));
    const found = new Map();
    const count = (from, to, role, number) => {
      const key = [from.key, to.key, role, number === null ? "" : hueClass(associations[number].type)].join("\n");
      if (!found.has(key)) found.set(key, { from, to, role, count: 0, numbers: new Set() });
      const band = found.get(key);
      band.count += 1;
      if (number !== null) band.numbers.add(number);
    };
    for (const node of right) {
      for (const number of node.items) {
        const { rows, roles: played } = associations[number];
        rows.forEach((row, place) => row >= 0 && count(placeOf.get(observationOf[row]), node, played[place], number));
      }
    }
    const lost = Map.groupBy(orphaned.keys(), (row) => (leftOut.has(row) ? "left out" : "in no association"));
    for (const [label, rows] of lost) {
      const nothing = { key: label, side: { name: "nothing" }, items: [], label };
      right.push(nothing);
      for (const row of rows) count(placeOf.get(observationOf[row]), nothing, -1, null);
    }
    return [...found.values()];
  }

  function place(left, right, bands, width) {
    const wide = Math.min(330, width * 0.37);
    const mean = (node) => {
      const mine = bands.filter(({ to }) => to === node);
      return sumOf(mine.map(({ from, count }) => from.y * count)) / sumOf(mine.map(({ count }) => count));
    };
    const height = Math.max(left.length, right.length) * STEP;
    const put = (nodes, x) => {
      const step = Math.min(2 * STEP, height / nodes.length);
      nodes.forEach((node, index) => Object.assign(node, { x, wide, y: index * step + 2 }));
    };
    put(left, 0);
    if (!right.some(({ open }) => open)) {
      const means = new Map(right.map((node) => [node, node.side.name === "nothing" ? Infinity : mean(node)]));
      right.sort((a, b) => means.get(a) - means.get(b));
    }
    put(right, width - wide);
    for (const [end, other] of [["from", "to"], ["to", "from"]]) {
      for (const [node, mine] of Map.groupBy(bands, (band) => band[end])) {
        mine.sort((a, b) => a[other].y - b[other].y);
        mine.forEach((band, index) => (band[`${end}Y`] = node.y + 3 + ((index + 0.5) / mine.length) * (TALL - 6)));
      }
    }
    return height;
  }

  function draw() {
    const width = room;
    const [left, right] = sides();
    const bands = bandsOf(left, right);
    const height = place(left, right, bands, width);
    drawn = { nodes: [...left, ...right], bands };
    bands.forEach((band) => (band.element = bandElement(band)));
    drawn.nodes.forEach((node) => (node.element = nodeElement(node)));
    const had = redraw(host, width, height, ...[...bands, ...drawn.nodes].map(({ element }) => element));
    light(selectedBands());
    settle(host, had, (each) => each.getAttribute("data-key") === at);
  }

  function bandElement(band) {
    const { from, to, fromY, toY, role, count, numbers } = band;
    const [x, end] = [from.x + from.wide, to.x];
    const middle = (x + end) / 2;
    const name = role < 0 ? "nothing" : inWords(role);
    const mine = numbers.has(state.association) ? state.association : [...numbers][0];
    const said = `${from.label} → ${to.label}\n${counted(count, "exposure")}${role < 0 ? "" : ` as ${name}`}`;
    const take = () => (numbers.size === 1 ? chooseAssociation(mine) : toggle(to));
    return svg("path", {
      class: `band ${role < 0 ? "lost" : colourOf(mine, role)}`,
      d: `M${x} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${end} ${toY}`,
      "stroke-width": Math.min(11, 1.2 + 1.6 * Math.log2(count)).toFixed(1),
      "stroke-dasharray": role < 0 ? "1 3" : name in DASHES ? DASHES[name] : "2 4",
      "data-role": name,
      ...hovering(() => said), onclick: take, onmouseenter: () => light([band]), onmouseleave: leave,
    });
  }

  function nodeElement(node) {
    const { x, y, wide, label, side, items, group, open } = node;
    const single = items.length === 1 && !group;
    const product = single && side.name === "product" ? items[0] : null;
    const seen = single && side.name === "observation" && isHere(items[0]);
    const here = product === null ? seen : product === state.association;
    const change = items.some((item) => side.name === "product" && changed.has(item)) ? " changed" : "";
    const colour = product !== null && state.association === null ? hueClass(associations[product].type) : "plain";
    const sign = group ? (open ? "▾ " : "▸ ") : "";
    const focused = () => {
      at = node.key;
      light(thread(node));
    };
    const attributes = {
      ...reached(Number(x > 0), () => said(node), focused, leave), "aria-label": label, "data-key": node.key,
      class: `node${here ? " taken" : ""}${change}${open ? " open" : ""}`, role: "button",
      "aria-expanded": group ? String(Boolean(open)) : null, onclick: () => choose(node),
      onmouseenter: () => light(thread(node)), onmouseleave: leave,
    };
    const kind = product === null ? "" : "file";
    const words = fitted(sign + label, wide - 12, { file: product !== null, kept: product === null ? 1 : 0.4 });
    return box({ x, y, wide: wide - 1, tall: TALL }, attributes, { class: colour, rx: 3 }, { class: kind }, words);
  }

  function isHere(item) {
    return !isWhole() && observations[item].start < state.to && observations[item].end > state.from;
  }

  function said(node) {
    const mine = thread(node);
    const by = [...Map.groupBy(mine, ({ role }) => role)].map(([role, some]) => {
      const count = sumOf(some.map((each) => each.count));
      return role < 0 ? `${count} in nothing` : `${count} as ${inWords(role)}`;
    });
    return [node.label, by.join(", ")].filter(Boolean).join("\n");
  }

  function thread(node) {
    return drawn.bands.filter(({ from, to }) => from === node || to === node);
  }

  function selectedBands() {
    if (state.association !== null) return drawn.bands.filter(({ numbers }) => numbers.has(state.association));
    return isWhole() ? [] : drawn.bands.filter(({ from }) => from.items.some(isHere));
  }

  /** Brings out some bands and the nodes at their ends; without any, everything is as clear. */
  function light(bands) {
    const nodes = new Set(bands.flatMap(({ from, to }) => [from, to]));
    host.classList.toggle("threaded", bands.length > 0);
    drawn.bands.forEach((band) => band.element.classList.toggle("lit", bands.includes(band)));
    drawn.nodes.forEach((node) => node.element.classList.toggle("lit", nodes.has(node)));
  }

  const leave = () => (untip(), light(selectedBands()));

  function toggle({ key, group }) {
    if (!group) return;
    if (!state.opened.delete(key)) state.opened.add(key);
    show({});
  }

  function choose(node) {
    const { side, items, group } = node;
    at = node.key;
    if (group) toggle(node);
    else if (side.name === "product") chooseAssociation(items[0]);
    else if (side.name === "nothing") byId("orphans-title").scrollIntoView();
    else chooseObservation(observations[items[0]]);
  }

  /** The node at the other end of the widest band of a node on this side. */
  function across(element, step) {
    const here = drawn.nodes.find((node) => node.element === element);
    const widest = thread(here).sort((a, b) => b.count - a.count)[0];
    return widest?.[step < 0 ? "from" : "to"].element;
  }

  onArrows(host, () => show({ from: 0, to: total, association: null }), across);
  views.push(draw);
}
