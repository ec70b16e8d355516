// The hierarchy: a column for each level, a block for each node. Nodes too thin to be read share a block, and levels
// that would consist of such blocks wait for a closer look, so there are never more blocks than fit on the screen.

{
  // in pixels: the least height of a block, the room for a number of exposures, the greatest height, the headings
  const THIN = 12;
  const ROOM = 92;
  const TALLEST = 672;
  const HEAD = 22;
  const host = byId("icicle");
  /** The block that has the keyboard: its level and first row. */
  let at = { level: 0, from: 0 };

  function seen(level) {
    return nodeAt(level, state.to - 1) - nodeAt(level, state.from) + 1;
  }

  /** The levels to draw: programs, observations, the first that divides what is seen, exposures; others have to fit. */
  function shownLevels(width) {
    const last = levels.length - 1;
    const dividing = levels.findIndex((_, level) => seen(level) > 1);
    return [...levels.keys()].filter((level) => {
      if (level <= 1 || level === dividing || level === last) return true;
      return seen(level) <= (1.5 * TALLEST) / THIN && (width >= 640 || seen(level) > seen(level - 1));
    });
  }

  /** The blocks of a level within the blocks of the level above. */
  function blocksOf(level, above, height) {
    const perRow = height / (state.to - state.from);
    const made = [];
    for (const parent of above) {
      let first = nodeAt(level, parent.from);
      const last = nodeAt(level, parent.to - 1);
      const begun = made.length;
      for (let node = first; node <= last; node += 1) {
        const from = Math.max(parent.from, levels[level].starts[first]);
        const to = Math.min(parent.to, endOf(level, node));
        if ((to - from) * perRow >= THIN || node === last) {
          made.push({ level, first, last: node, from, to, mixed: parent.first !== parent.last });
          first = node + 1;
        }
      }
      const rest = made[made.length - 1];
      if (made.length - begun > 1 && (rest.to - rest.from) * perRow < THIN * 0.75) {
        made.pop();
        Object.assign(made[made.length - 1], { last: rest.last, to: rest.to });
      }
    }
    return made;
  }

  function isExposure({ level, first, last }) {
    return level === levels.length - 1 && first === last;
  }

  /** How much of a block has which colour: of one node what has all of it, of several each exposure's share. */
  function shares(block) {
    if (block.first !== block.last && block.level === levels.length - 1) {
      return tally(range(block.from, block.to).flatMap((row) => coloursOf(row)));
    }
    const held = block.first === block.last ? levels[block.level].held[block.first].filter(isShown) : [];
    return tally(held.length ? coloursOf(block.from, held) : [isLost(block) ? "lost" : "plain"]);
  }

  function isLost({ from, to }) {
    return range(from, to).every((row) => orphaned.has(row));
  }

  /** What a block says of itself. */
  function said(block) {
    const rows = range(block.from, block.to);
    const numbers = [...new Set(rows.flatMap((row) => memberships[row].map(([number]) => number)))].filter(isShown);
    if (isExposure(block)) {
      const where = numbers.slice(0, 6).map((number) => `\n${describe(number)}`);
      return `${files[block.from]}: ${belonging(block.from)}${where.join("")}`;
    }
    const around = chain(block.from, block.to).filter(({ level }) => level < levels.length - 1).pop();
    const last = block.level === levels.length - 1;
    const inside = around ? called(around.level, around.node) : "the pool";
    const name = last ? inside : calledAll(block.level, block.first, block.last);
    const lost = rows.filter((row) => orphaned.has(row)).length;
    const none = lost ? `, ${lost.toLocaleString("en")} in no association` : "";
    return `${name}: ${counted(rows.length, "exposure")} in ${counted(numbers.length, "product")}${none}`;
  }

  function choose(block) {
    at = { level: block.level, from: block.from };
    if (isExposure(block)) chooseExposure(block.from);
    else if (block.from === state.from && block.to === state.to) stepOut();
    else focus(block.from, block.to);
  }

  function draw() {
    const width = room;
    const rows = state.to - state.from;
    const height = Math.min(TALLEST, Math.max(150, rows * 24));
    const shown = shownLevels(width);
    const step = Math.min(96, (width * 0.58) / Math.max(1, shown.length - 1));
    const leaf = width - step * (shown.length - 1);
    const y = (row) => HEAD + ((row - state.from) / rows) * height;
    const heads = svg("g", { class: "heads", "aria-hidden": "true" });
    const tree = svg("g");
    const fills = [];
    let blocks = [{ from: state.from, to: state.to }];
    shown.forEach((level, column) => {
      const x = column * step;
      const wide = (level === levels.length - 1 ? leaf : step) - 1;
      heads.append(svg("text", { x: x + 4, y: HEAD - 7 }, fitted(levels[level].name, wide - 5)));
      blocks = blocksOf(level, blocks, height);
      for (const block of blocks) {
        const [top, tall] = [y(block.from), y(block.to) - y(block.from)];
        paint(block, x, top, wide, tall, fills);
        tree.append(element(block, column, x, top, wide, tall));
      }
    });
    const filled = svg("g", { class: "fills", "aria-hidden": "true" }, ...pathsOf(fills));
    const had = redraw(host, width, height + HEAD + 1, heads, filled, tree);
    settle(host, had, ({ block }) => block.level === at.level && block.from <= at.from && at.from < block.to);
    const hidden = levels.filter((_, level) => !shown.includes(level)).map(({ name }) => name);
    const note = `Click a block to see its ${hidden.map((name) => calledMany(name)).join(", ")}.`;
    byId("icicle-note").textContent = hidden.length ? note : "";
  }

  function paint(block, x, y, wide, tall, fills) {
    const parts = shares(block);
    const room = block.level === levels.length - 1 && !isExposure(block) ? Math.min(ROOM, wide / 3) : 0;
    if (room) fills.push(["plain", x, y, room, tall]);
    let left = x + room;
    for (const [kind, part] of parts) {
      const share = (part / sumOf(parts.values())) * (wide - room);
      fills.push([kind, left, y, share, tall]);
      left += share;
    }
  }

  function element(block, column, x, y, wide, tall) {
    const leaf = isExposure(block);
    const chosen = leaf && block.from === state.exposure;
    const signs = [chosen && "taken", haveChanged(range(block.from, block.to)) && "changed"].filter(Boolean);
    const kind = [leaf && "file", isLost(block) && "halo"].filter(Boolean).join(" ");
    const attributes = {
      ...reached(column, () => said(block), () => (at = { level: block.level, from: block.from })),
      class: ["block", ...signs].join(" "), role: "treeitem", "aria-level": column + 1,
      "aria-selected": String(chosen), onclick: () => choose(block),
    };
    const words = fitted(labelOf(block), wide - 9, { file: leaf });
    const made = box({ x, y, wide, tall: Math.max(0.5, tall - 1) }, attributes, {}, { class: kind }, words);
    return Object.assign(made, { block });
  }

  /** What stands on a block. The numbers of nodes that are parts of different ones are no range. */
  function labelOf(block) {
    const { labels } = levels[block.level];
    if (isExposure(block)) return labelFor(block.from);
    if (block.level === levels.length - 1) return counted(block.to - block.from, "exposure");
    if (block.first === block.last) return labels[block.first];
    return block.mixed ? "…" : `${labels[block.first]}–${labels[block.last]}`;
  }

  onArrows(host, stepOut);
  views.push(draw);
}
