// The matrix: exposures down, associations across, coloured by role. Where marks would be too small to be seen,
// one stands for several rows or columns. Marks of a colour are one path, so that thousands cost nothing.

{
  // in pixels: the least and the greatest size of a mark, and the least one that has room for a name
  const SMALL = 4;
  const LARGE = 22;
  const LABELLED = 11;
  const host = byId("matrix");
  /** What is drawn: how rows and columns became places, and the marks by place. */
  let plan = null;
  /** The place of the keyboard, as [down, across]. */
  let cursor = null;

  function planned() {
    const width = Math.max(280, host.parentElement.clientWidth);
    const rows = state.to - state.from;
    const shown = inView();
    const first = new Map(shown.map((number) => [number, rowsOf[number].find((row) => row >= state.from) ?? total]));
    shown.sort((a, b) => first.get(a) - first.get(b) || a - b);

    const height = Math.min(620, Math.max(SMALL, rows * LARGE));
    const named = height / rows >= LABELLED;
    const left = Math.min(width * 0.4, named ? 12 + 6.5 * longestName() : 110);
    const across = Math.min(LARGE, (width - left - 2) / Math.max(1, shown.length));
    const titled = across >= LABELLED;
    const down = height / rows;
    const perRow = Math.max(1, Math.ceil(SMALL / down));
    const perColumn = Math.max(1, Math.ceil(SMALL / across));
    const top = titled ? 12 + Math.min(230, 6.5 * Math.max(0, ...shown.map((number) => title(number).length))) : 8;
    return {
      width,
      height,
      left,
      top,
      named,
      titled,
      shown,
      perRow,
      perColumn,
      tall: down * perRow,
      wide: across * perColumn,
      downs: Math.ceil(rows / perRow),
      acrosses: Math.ceil(shown.length / perColumn),
      marks: marked(shown, perRow, perColumn),
    };
  }

  function longestName() {
    let most = 0;
    for (let row = state.from; row < state.to; row += 1) most = Math.max(most, shortName(row).length);
    return most;
  }

  /** A product without its program, where that is all that products begin with. */
  function title(number) {
    const { product, program } = associations[number];
    const alike = levels[0].labels.length === 1 && product.startsWith(`jw${program}-`);
    return alike ? product.slice(program.length + 3) : product;
  }

  /** The members in focus, by place: how many, and in which roles. */
  function marked(shown, perRow, perColumn) {
    const marks = new Map();
    shown.forEach((number, column) => {
      const { rows, roles: played } = associations[number];
      rows.forEach((row, place) => {
        if (row < state.from || row >= state.to) return;
        const down = Math.floor((row - state.from) / perRow);
        const across = Math.floor(column / perColumn);
        const key = down * 1e6 + across;
        if (!marks.has(key)) marks.set(key, { down, across, count: 0, roles: new Map(), row, number });
        const mark = marks.get(key);
        mark.count += 1;
        mark.roles.set(played[place], (mark.roles.get(played[place]) ?? 0) + 1);
      });
    });
    return marks;
  }

  /** The role that most of a mark's members have. */
  function mainRole({ roles: counts }) {
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0];
  }

  function roleClass(role) {
    return roleHues[role] === null ? "no-hue" : `hue-${roleHues[role]}`;
  }

  function draw() {
    plan = planned();
    const { left, top, height, tall, wide, marks, downs, acrosses } = plan;
    const right = Math.min(wide * acrosses, plan.width - left);
    const none = acrosses
      ? null
      : svg("text", { x: left + 8, y: top + 16 }, "No association of this level has any of these exposures.");
    const paths = new Sorted();
    const letters = svg("g", { class: "letters" });
    for (const mark of marks.values()) {
      const role = mainRole(mark);
      const gap = tall > 8 && wide > 8 ? 1 : 0;
      const x = left + mark.across * wide;
      const y = top + mark.down * tall;
      const full = mark.count * 2 >= plan.perRow * plan.perColumn;
      paths
        .of(`${roleClass(role)} ${full ? "full" : "part"}`)
        .add(x, y, wide - gap, Math.min(tall, top + height - y) - gap);
      if (tall >= 14 && wide >= 12) {
        letters.append(
          svg("text", { x: x + (wide - 1) / 2, y: y + tall / 2, dy: "0.35em" }, roles[role].slice(0, 1).toUpperCase()),
        );
      }
    }
    host.setAttribute("viewBox", `0 0 ${plan.width} ${top + height + 2}`);
    host.setAttribute("height", top + height + 2);
    host.replaceChildren(
      svg("rect", { class: "ground", x: left, y: top, width: Math.max(0, right), height }),
      chosenBands(right),
      svg("g", { class: "marks" }, ...[...paths.groups].map(([kind, each]) => each.path({ class: kind }))),
      letters,
      rowLabels(),
      columnTitles(),
      none ?? "",
      svg("rect", { id: "cursor", class: "cursor", width: 0, height: 0 }),
    );
    if (cursor && (cursor[0] >= downs || cursor[1] >= acrosses)) cursor = null;
    legend();
  }

  function chosenBands(right) {
    const { left, top, height, tall, wide, perRow, perColumn, shown } = plan;
    const bands = svg("g", { class: "bands" });
    const column = shown.indexOf(state.association);
    if (column >= 0) {
      bands.append(svg("rect", { x: left + Math.floor(column / perColumn) * wide, y: top, width: wide, height }));
    }
    if (state.exposure !== null && state.exposure >= state.from && state.exposure < state.to) {
      const down = Math.floor((state.exposure - state.from) / perRow);
      bands.append(svg("rect", { x: left, y: top + down * tall, width: right, height: tall }));
    }
    return bands;
  }

  /** The exposures' names, or where these have no room, those of the nodes that divide what is seen. */
  function rowLabels() {
    const { left, top, height, tall, named } = plan;
    const labels = svg("g", { class: "labels" });
    const rows = state.to - state.from;
    if (named) {
      for (let row = state.from; row < state.to; row += 1) {
        const y = top + (row - state.from + 0.5) * tall;
        labels.append(
          svg(
            "text",
            { x: left - 6, y, dy: "0.35em", class: "file end" },
            tail(shortName(row), Math.floor((left - 8) / 6.5)),
          ),
        );
      }
      return labels;
    }
    const level = levels.findIndex((_, each) => nodeAt(each, state.from) !== nodeAt(each, state.to - 1));
    const taken = [];
    for (const each of [level, Math.min(level + 1, levels.length - 2)]) {
      for (let node = nodeAt(each, state.from); node <= nodeAt(each, state.to - 1); node += 1) {
        const from = Math.max(state.from, levels[each].starts[node]);
        const y = top + ((from - state.from) / rows) * height;
        if (taken.some((other) => Math.abs(other - y) < LABELLED + 3)) continue;
        taken.push(y);
        labels.append(
          svg("path", { d: `M${left - 5} ${y}h${each === level && level === 0 ? plan.width - left + 5 : 5}` }),
          svg(
            "text",
            { x: left - 8, y, dy: "0.35em", class: each === level ? "end strong" : "end" },
            shortened(called(each, node), 16),
          ),
        );
      }
    }
    return labels;
  }

  function columnTitles() {
    const { left, top, wide, titled, shown } = plan;
    const titles = svg("g", { class: "labels" });
    if (!titled) return titles;
    shown.forEach((number, column) => {
      const x = left + (column + 0.5) * wide;
      titles.append(
        svg(
          "text",
          { class: "file", transform: `translate(${x} ${top - 6}) rotate(-90)`, dy: "0.35em" },
          shortened(title(number), Math.floor((top - 10) / 6.5)),
        ),
      );
    });
    return titles;
  }

  function markAt(down, across) {
    return plan.marks.get(down * 1e6 + across);
  }

  function told(down, across) {
    const mark = markAt(down, across);
    const from = state.from + down * plan.perRow;
    const to = Math.min(state.to, from + plan.perRow);
    const numbers = plan.shown.slice(across * plan.perColumn, (across + 1) * plan.perColumn);
    const where = to - from === 1 ? files[from] : `${files[from]} to ${files[to - 1]}`;
    const more = numbers.length > 1 ? ` and ${counted(numbers.length - 1, "more association")}` : "";
    const what = `${describe(numbers[0])}${more}`;
    if (!mark) return `${where}\nnot in ${what}`;
    const played = [...mark.roles].map(([role, count]) => (mark.count === 1 ? roles[role] : `${count} ${roles[role]}`));
    return `${where}\n${played.join(", ")} in ${what}`;
  }

  /** Takes a mark: an exposure in an association, or where it stands for several, a closer look. */
  function take(down, across) {
    const mark = markAt(down, across);
    if (!mark) return;
    cursor = [down, across];
    const from = state.from + down * plan.perRow;
    const to = Math.min(state.to, from + plan.perRow);
    if (to - from === 1 && plan.perColumn === 1) {
      chooseExposure(from, mark.number);
      return;
    }
    const nearer = closer(mark.row);
    if (nearer) focus(nearer.from, nearer.to);
    else chooseExposure(mark.row, mark.number);
  }

  /** The largest node around a row that is smaller than what is seen. */
  function closer(row) {
    return levels
      .slice(0, -1)
      .map(({ starts }, level) => ({ from: starts[nodeAt(level, row)], to: endOf(level, nodeAt(level, row)) }))
      .find(({ from, to }) => to - from < state.to - state.from);
  }

  function placeOf(event) {
    const box = host.getBoundingClientRect();
    const scale = plan.width / box.width;
    const down = Math.floor(((event.clientY - box.top) * scale - plan.top) / plan.tall);
    const across = Math.floor(((event.clientX - box.left) * scale - plan.left) / plan.wide);
    return down >= 0 && down < plan.downs && across >= 0 && across < plan.acrosses ? [down, across] : null;
  }

  function point(place) {
    const box = byId("cursor");
    if (!place) {
      box.setAttribute("width", 0);
      return;
    }
    const [down, across] = place;
    box.setAttribute("x", plan.left + across * plan.wide - 1);
    box.setAttribute("y", plan.top + down * plan.tall - 1);
    box.setAttribute("width", plan.wide + 2);
    box.setAttribute("height", plan.tall + 2);
  }

  /** The next mark in a direction: the nearest in the same row or column, else in the nearest that has one. */
  function next([down, across], key) {
    const along = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const ahead = [...plan.marks.values()].filter(
      (mark) => (mark.down - down) * along[0] > 0 || (mark.across - across) * along[1] > 0,
    );
    const weights = along[0] ? [1, 1000] : [1000, 1];
    const far = (mark) => Math.abs(mark.down - down) * weights[0] + Math.abs(mark.across - across) * weights[1];
    return ahead.reduce((best, mark) => (best && far(best) <= far(mark) ? best : mark), null);
  }

  function press(event) {
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      const first = [...plan.marks.values()].sort((a, b) => a.down - b.down || a.across - b.across)[0];
      const found = cursor ? next(cursor, event.key) : first;
      if (!found) return;
      cursor = [found.down, found.across];
      point(cursor);
      announce(told(...cursor));
      tipBeside(byId("cursor"), told(...cursor));
    } else if ((event.key === "Enter" || event.key === " ") && cursor) {
      event.preventDefault();
      take(...cursor);
    } else if (event.key === "Escape" || event.key === "Backspace") {
      event.preventDefault();
      stepOut();
    }
  }

  function legend() {
    const seen = new Set([...plan.marks.values()].flatMap((mark) => [...mark.roles.keys()]));
    const entries = [...seen]
      .sort((a, b) => a - b)
      .map((role) =>
        html(
          "span",
          {},
          html("span", { class: `swatch ${roleClass(role)}` }, roles[role].slice(0, 1).toUpperCase()),
          roles[role].replaceAll("_", " "),
        ),
      );
    const several = plan.perRow > 1 || plan.perColumn > 1;
    if (several)
      entries.push(html("span", {}, "A mark stands for several; paler where fewer than half of them are members."));
    byId("matrix-key").replaceChildren(...entries);
  }

  host.addEventListener("mousemove", (event) => {
    const place = placeOf(event);
    point(place ?? cursor);
    if (place) tip(event, told(...place));
    else untip();
  });
  host.addEventListener("mouseleave", () => {
    point(null);
    untip();
  });
  host.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (place) take(...place);
  });
  host.addEventListener("focus", () => point(cursor));
  host.addEventListener("blur", () => {
    point(null);
    untip();
  });
  host.addEventListener("keydown", press);
  views.push(draw);
}
