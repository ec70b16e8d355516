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

  /** How many nodes of a level are seen. */
  function seen(level) {
    return nodeAt(level, state.to - 1) - nodeAt(level, state.from) + 1;
  }

  /** The levels to draw: programs, observations, the first that divides what is seen, exposures; others have to fit. */
  function shownLevels(width) {
    const last = levels.length - 1;
    const dividing = levels.findIndex((_, level) => seen(level) > 1);
    return levels
      .map((_, level) => level)
      .filter((level) => {
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

  /** Whether a block is one exposure. */
  function isExposure({ level, first, last }) {
    return level === levels.length - 1 && first === last;
  }

  /** How many exposures of a block are in what `key` makes of the associations shown, and how many in none at all. */
  function inside({ from, to }, key) {
    const counts = new Map();
    let lost = 0;
    let other = 0;
    for (let row = from; row < to; row += 1) {
      const mine = new Set(
        memberships[row]
          .map(([number]) => number)
          .filter(isShown)
          .map(key),
      );
      mine.forEach((each) => counts.set(each, (counts.get(each) ?? 0) + 1));
      if (orphaned.has(row)) lost += 1;
      else if (!mine.size) other += 1;
    }
    return { counts, lost, other };
  }

  /** What a block says of itself. */
  function told(block) {
    const { counts, lost } = inside(block, (number) => number);
    const many = block.to - block.from;
    if (isExposure(block)) {
      const where = [...counts.keys()].slice(0, 6).map((number) => `\n${describe(number)}`);
      return `${files[block.from]}: ${belonging(block.from)}${where.join("")}`;
    }
    const name = block.level === levels.length - 1 ? whatIsIn(block) : calledAll(block.level, block.first, block.last);
    const none = lost ? `, ${lost.toLocaleString("en")} in no association` : "";
    return `${name}: ${counted(many, "exposure")} in ${counted(counts.size, "association")}${none}`;
  }

  /** The smallest node that has all exposures of a block. */
  function whatIsIn({ from, to }) {
    const found = chain(from, to).filter(({ level }) => level < levels.length - 1);
    return found.length ? called(found[found.length - 1].level, found[found.length - 1].node) : "the pool";
  }

  function choose(block) {
    at = { level: block.level, from: block.from };
    if (isExposure(block)) chooseExposure(block.from);
    else if (block.from === state.from && block.to === state.to) stepOut();
    else focus(block.from, block.to);
  }

  function draw() {
    const had = host.contains(document.activeElement);
    const width = Math.max(280, host.parentElement.clientWidth);
    const rows = state.to - state.from;
    const height = Math.min(TALLEST, Math.max(150, rows * 24));
    const shown = shownLevels(width);
    const step = Math.min(96, (width * 0.58) / Math.max(1, shown.length - 1));
    const leaf = width - step * (shown.length - 1);
    const y = (row) => HEAD + ((row - state.from) / rows) * height;
    const kinds = types();

    const heads = svg("g", { class: "heads", "aria-hidden": "true" });
    const tree = svg("g");
    const fills = new Sorted();
    const bars = new Rectangles();
    let blocks = [{ from: state.from, to: state.to }];
    shown.forEach((level, column) => {
      const x = column * step;
      const wide = (level === levels.length - 1 ? leaf : step) - 1;
      heads.append(svg("text", { x: x + 4, y: HEAD - 7 }, shortened(levels[level].name, Math.floor(wide / 6.8))));
      blocks = blocksOf(level, blocks, height);
      for (const block of blocks) {
        paint(block, x, y(block.from), wide, y(block.to) - y(block.from), kinds, fills);
        tree.append(element(block, column, x, y(block.from), wide, y(block.to) - y(block.from)));
      }
    });
    if (state.association !== null) {
      const x = width - leaf - 4;
      for (const [from, to] of runs(rowsOf[state.association])) {
        if (to > state.from && from < state.to) {
          const top = y(Math.max(from, state.from));
          bars.add(x, top, 4, Math.max(2, y(Math.min(to, state.to)) - top));
        }
      }
    }
    host.setAttribute("viewBox", `0 0 ${width} ${height + HEAD + 1}`);
    host.setAttribute("height", height + HEAD + 1);
    host.replaceChildren(
      hatching(),
      heads,
      svg(
        "g",
        { class: "fills", "aria-hidden": "true" },
        ...[...fills.groups].map(([hue, each]) => each.path({ class: hue })),
      ),
      tree,
      bars.path({ class: "chosen", "aria-hidden": "true" }),
    );
    settle(had);
    legend(kinds, shown);
  }

  /** The colours of a block: those of what holds all of it, or for several exposures, in proportion. */
  function paint(block, x, y, wide, tall, kinds, fills) {
    const parts = new Map();
    if (block.first === block.last) {
      for (const number of levels[block.level].held[block.first].filter(isShown)) parts.set(keyOf(number, kinds), 1);
    } else if (block.level === levels.length - 1) {
      const { counts, lost, other } = inside(block, (number) => keyOf(number, kinds));
      counts.forEach((count, key) => parts.set(key, count));
      if (lost) parts.set("lost", lost);
      if (other) parts.set("plain", other);
    }
    if (!parts.size) parts.set(isLost(block) ? "lost" : "plain", 1);
    const room = block.level === levels.length - 1 && !isExposure(block) ? Math.min(ROOM, wide / 3) : 0;
    if (room) fills.of("plain").add(x, y, room, tall);
    const sum = [...parts.values()].reduce((a, b) => a + b);
    let left = x + room;
    for (const [key, part] of parts) {
      const share = (part / sum) * (wide - room);
      fills.of(key.split(" ")[0]).add(left, y, share, tall);
      left += share;
    }
  }

  /** The class of an association's colour, and what makes it a part of its own. */
  function keyOf(number, kinds) {
    if (state.colours === "association") return `hue-${associations[number].hue} ${number}`;
    const place = kinds.indexOf(associations[number].type);
    return place < HUES ? `hue-${place}` : "no-hue";
  }

  function isLost({ from, to }) {
    for (let row = from; row < to; row += 1) if (!orphaned.has(row)) return false;
    return true;
  }

  /** Runs of rows that follow one another, as [from, to before]. */
  function runs(rows) {
    const found = [];
    for (const row of rows) {
      const last = found[found.length - 1];
      if (last && last[1] === row) last[1] = row + 1;
      else found.push([row, row + 1]);
    }
    return found;
  }

  function element(block, column, x, top, wide, tall) {
    const leaf = isExposure(block);
    const text = (leaf ? tail : shortened)(labelOf(block), Math.floor((wide - 8) / (leaf ? 6.5 : 6.2)));
    const chosen = leaf && block.from === state.exposure;
    const kind = [leaf && "file", isLost(block) && "halo"].filter(Boolean).join(" ");
    const made = svg(
      "g",
      {
        class: chosen ? "block taken" : "block",
        role: "treeitem",
        tabindex: "-1",
        "aria-level": column + 1,
        "aria-selected": chosen ? "true" : "false",
        "aria-label": told(block),
        onclick: () => choose(block),
        onfocus: (event) => {
          at = { level: block.level, from: block.from };
          if (event.currentTarget.matches(":focus-visible")) tipBeside(event.currentTarget, told(block));
        },
        onblur: () => untip(),
        onmousemove: (event) => tip(event, told(block)),
        onmouseleave: () => untip(),
      },
      svg("rect", { x: x + 0.5, y: top + 0.5, width: wide, height: Math.max(0.5, tall - 1) }),
      svg("text", { x: x + 5, y: top + tall / 2, dy: "0.35em", class: kind }, text),
    );
    made.block = block;
    return made;
  }

  /** What stands on a block. The numbers of nodes that are parts of different ones are no range. */
  function labelOf(block) {
    const { labels } = levels[block.level];
    if (isExposure(block)) return shortName(block.from);
    if (block.level === levels.length - 1) return counted(block.to - block.from, "exposure");
    if (block.first === block.last) return labels[block.first];
    return block.mixed ? "…" : `${labels[block.first]}–${labels[block.last]}`;
  }

  function hatching() {
    const lines = svg("path", { d: "M-1 1l2-2M0 6l6-6M5 7l2-2" });
    return svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, lines));
  }

  /** Lets the tabulator key reach one block: the one that had the keyboard, or what stands for it now. */
  function settle(had) {
    const elements = [...host.querySelectorAll(".block")];
    const same = elements.find(({ block }) => block.level === at.level && block.from <= at.from && at.from < block.to);
    const chosen = same ?? elements[0];
    chosen.setAttribute("tabindex", "0");
    if (had) chosen.focus({ preventScroll: true });
  }

  function move(event) {
    const elements = [...host.querySelectorAll(".block")];
    const here = elements.findIndex((each) => each === document.activeElement);
    if (here < 0) return;
    const { block } = elements[here];
    const column = elements.filter((each) => each.block.level === block.level);
    const beside = (step) => {
      const order = [...new Set(elements.map((each) => each.block.level))];
      const level = order[order.indexOf(block.level) + step];
      return elements.find((each) => each.block.level === level && each.block.to > block.from);
    };
    const place = column.indexOf(elements[here]);
    const next = {
      ArrowUp: () => column[place - 1],
      ArrowDown: () => column[place + 1],
      ArrowLeft: () => beside(-1),
      ArrowRight: () => beside(1),
      Home: () => column[0],
      End: () => column[column.length - 1],
    }[event.key];
    if (next) {
      event.preventDefault();
      const found = next();
      if (found) {
        elements[here].setAttribute("tabindex", "-1");
        found.setAttribute("tabindex", "0");
        found.focus();
      }
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(block);
    } else if (event.key === "Escape" || event.key === "Backspace") {
      event.preventDefault();
      stepOut();
    }
  }

  function legend(kinds, shown) {
    const key = byId("icicle-key");
    const entries = [];
    const swatch = (hue) => html("span", { class: `swatch ${hue}` });
    if (state.colours === "type") {
      kinds.forEach((kind, place) => {
        entries.push(html("span", {}, swatch(place < HUES ? `hue-${place}` : "no-hue"), kind));
      });
    } else {
      const listed = inView();
      if (listed.length <= 12) {
        listed.forEach((number) => {
          const { hue, product } = associations[number];
          const take = () => chooseAssociation(number);
          entries.push(html("button", { type: "button", class: "link", onclick: take }, swatch(`hue-${hue}`), product));
        });
      } else {
        const every = Array.from({ length: HUES }, (_, hue) => swatch(`hue-${hue}`));
        const many = `${counted(listed.length, "association")}; those next to each other have different colours`;
        entries.push(html("span", {}, ...every, many));
      }
    }
    entries.push(html("span", {}, swatch("plain"), "no association shown holds all of it"));
    if (orphaned.size) entries.push(html("span", {}, swatch("lost"), "in no association"));
    const hidden = levels.filter((_, level) => !shown.includes(level)).map(({ name }) => name);
    if (hidden.length) entries.push(html("span", {}, `Look closer for ${hidden.join(", ")}.`));
    key.replaceChildren(...entries);
  }

  host.addEventListener("keydown", move);
  views.push(draw);
}
