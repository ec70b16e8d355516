// The matrix: exposures down, products across. Where marks would be too small to be seen, one stands for several rows
// or columns. Marks of a colour are one path, so that thousands cost nothing.

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

  /** The products by the observation in which they begin, and the exposures of each observation by their products. */
  function sorted() {
    const first = new Map(inView().map((number) => [number, rowsOf[number].find(isInFocus) ?? total]));
    const size = (number) => -rowsOf[number].length;
    const shown = [...first.keys()].sort((a, b) => {
      const begins = observationOf[first.get(a)] - observationOf[first.get(b)];
      const types = associations[a].type.localeCompare(associations[b].type);
      return begins || types || size(a) - size(b) || first.get(a) - first.get(b) || a - b;
    });
    const columnOf = new Map(shown.map((number, column) => [number, column]));
    const leads = new Map();
    for (let row = state.from; row < state.to; row += 1) {
      const mine = memberships[row].map(([number]) => columnOf.get(number)).filter((column) => column !== undefined);
      leads.set(row, mine.sort((a, b) => a - b));
    }
    const before = (a, b) => {
      const place = a.findIndex((column, index) => column !== b[index]);
      return place < 0 ? b.length - a.length : a[place] - (b[place] ?? Infinity);
    };
    const rows = [...leads.keys()].sort(
      (a, b) => observationOf[a] - observationOf[b] || before(leads.get(a), leads.get(b)) || a - b,
    );
    return { shown, rows };
  }

  function planned() {
    const { shown, rows } = sorted();
    const width = room;
    const height = Math.min(620, Math.max(SMALL, rows.length * LARGE));
    const down = height / rows.length;
    const named = down >= LABELLED;
    const longest = named ? Math.max(...rows.map((row) => labelFor(row).length)) : 0;
    const left = Math.min(width * 0.4, named ? 12 + 6.5 * longest : 110);
    const across = Math.min(LARGE, (width - left - 2) / Math.max(1, shown.length));
    const titled = across >= LABELLED;
    const top = titled ? 12 + Math.min(230, 6.5 * Math.max(0, ...shown.map((number) => title(number).length))) : 8;
    const perRow = Math.max(1, Math.ceil(SMALL / down));
    const perColumn = Math.max(1, Math.ceil(SMALL / across));
    return {
      shown, rows, width, height, left, top, named, titled, perRow, perColumn,
      tall: down * perRow, wide: across * perColumn,
      downs: Math.ceil(rows.length / perRow), acrosses: Math.ceil(shown.length / perColumn),
      placeOf: new Map(rows.map((row, place) => [row, Math.floor(place / perRow)])),
    };
  }

  /** The members in focus, by the place of their mark. */
  function marksOf({ shown, placeOf, perColumn }) {
    const members = shown.flatMap((number, column) => {
      const { rows, roles: played } = associations[number];
      const across = Math.floor(column / perColumn);
      return rows.map((row, place) => ({ down: placeOf.get(row), across, row, number, role: played[place] }));
    });
    const inFocus = members.filter(({ down }) => down !== undefined);
    return Map.groupBy(inFocus, ({ down, across }) => down * 1e6 + across);
  }

  function draw() {
    plan = planned();
    plan.marks = marksOf(plan);
    const { left, top, height, tall, wide, marks, downs, acrosses, width } = plan;
    const right = Math.min(wide * acrosses, width - left);
    const paths = [];
    const letters = svg("g", { class: "letters" });
    const gap = tall > 8 && wide > 8 ? 1 : 0;
    for (const members of marks.values()) {
      const [{ down, across, number }] = members;
      const [role] = tally(members.map((each) => each.role)).keys();
      const [x, y] = [left + across * wide, top + down * tall];
      const full = members.length * 2 >= plan.perRow * plan.perColumn;
      const kind = `${colourOf(number, role)} ${full ? "full" : "part"}`;
      paths.push([kind, x, y, wide - gap, Math.min(tall, top + height - y) - gap]);
      if (tall >= 14 && wide >= 12) letters.append(letter(x, y, inWords(role).slice(0, 1).toUpperCase()));
    }
    const others = [...levelCounts()].map(([level, count]) => `; Level ${level} has ${count}`).join("");
    const none = `No ${state.level ? `Level ${state.level} ` : ""}product has any of these exposures${others}.`;
    redraw(
      host, width, top + height + 2,
      svg("rect", { class: "ground", x: left, y: top, width: Math.max(0, right), height }),
      chosenBands(right), svg("g", { class: "marks" }, ...pathsOf(paths)), letters, changeMarks(),
      rowLabels(), columnTitles(),
      acrosses ? "" : svg("text", { x: left + 8, y: top + 16 }, none),
      svg("rect", { id: "cursor", class: "cursor", width: 0, height: 0 }),
    );
    if (cursor && (cursor[0] >= downs || cursor[1] >= acrosses)) cursor = null;
    const several = plan.perRow > 1 || plan.perColumn > 1;
    const note = "Each mark stands for several exposures; it is pale if fewer than half of them are members.";
    byId("matrix-note").textContent = several ? note : "";
  }

  function letter(x, y, text, kind = "") {
    return svg("text", { class: kind, x: x + (plan.wide - 1) / 2, y: y + plan.tall / 2, dy: "0.35em" }, text);
  }

  /** What products gained and lost: a frame, a cross. */
  function changeMarks() {
    const { left, top, wide, tall, placeOf, perColumn, shown } = plan;
    const made = shown.flatMap((number, column) => {
      const { rows = [], lost } = changed.get(number) ?? {};
      return [...rows].filter((row) => placeOf.has(row)).map((row) => {
        const [x, y] = [left + Math.floor(column / perColumn) * wide, top + placeOf.get(row) * tall];
        if (lost.has(row)) return letter(x, y, "×", "gone");
        return svg("rect", { class: "came", x, y, width: wide - 1, height: tall - 1 });
      });
    });
    return svg("g", { class: "changes" }, ...made);
  }

  function chosenBands(right) {
    const { left, top, height, tall, wide, perColumn, shown, placeOf } = plan;
    const [column, down] = [shown.indexOf(state.association), placeOf.get(state.exposure)];
    const across = column < 0 ? [] : [{ x: left + Math.floor(column / perColumn) * wide, y: top, width: wide, height }];
    const along = down === undefined ? [] : [{ x: left, y: top + down * tall, width: right, height: tall }];
    return svg("g", { class: "bands" }, ...[...across, ...along].map((band) => svg("rect", band)));
  }

  /** The exposures' names, or where these have no room, those of the nodes that divide what is seen. */
  function rowLabels() {
    const { left, top, height, tall, named, rows, width } = plan;
    const labels = svg("g", { class: "labels" });
    const write = (y, kind, text) => labels.append(svg("text", { x: left - 7, y, dy: "0.35em", class: kind }, text));
    if (named) {
      rows.forEach((row, place) => {
        write(top + (place + 0.5) * tall, "file end", fitted(labelFor(row), left - 9, { file: true }));
      });
      return labels;
    }
    const level = levels.findIndex((_, each) => nodeAt(each, state.from) !== nodeAt(each, state.to - 1));
    const taken = [];
    for (const each of [level, Math.min(level + 1, Math.max(level, 1))]) {
      for (let node = nodeAt(each, state.from); node <= nodeAt(each, state.to - 1); node += 1) {
        const from = Math.max(state.from, levels[each].starts[node]);
        const y = top + ((from - state.from) / rows.length) * height;
        if (taken.some((other) => Math.abs(other - y) < LABELLED + 3)) continue;
        taken.push(y);
        labels.append(svg("path", { d: `M${left - 5} ${y}h${each === level && level === 0 ? width - left + 5 : 5}` }));
        write(y, each === level ? "end strong" : "end", fitted(called(each, node), left - 10));
      }
    }
    return labels;
  }

  function columnTitles() {
    const { left, top, wide, titled, shown } = plan;
    const titles = shown.filter(() => titled).map((number, column) => {
      const place = `translate(${left + (column + 0.5) * wide} ${top - 6}) rotate(-90)`;
      const kind = number === state.association ? "file strong" : "file";
      const text = fitted(title(number), top - 10, { file: true, kept: 0.4 });
      return svg("text", { class: kind, transform: place, dy: "0.35em" }, text);
    });
    return svg("g", { class: "labels" }, ...titles);
  }

  function cellAt([down, across]) {
    const mark = plan.marks.get(down * 1e6 + across);
    const rows = plan.rows.slice(down * plan.perRow, (down + 1) * plan.perRow);
    const numbers = plan.shown.slice(across * plan.perColumn, (across + 1) * plan.perColumn);
    return { mark, rows, numbers, single: rows.length === 1 && numbers.length === 1 };
  }

  function said(place) {
    const { mark, rows, numbers } = cellAt(place);
    const where = rows.length === 1 ? files[rows[0]] : `${files[rows[0]]} to ${files[rows[rows.length - 1]]}`;
    const more = numbers.length > 1 ? ` and ${counted(numbers.length - 1, "more product")}` : "";
    const what = `${describe(numbers[0])}${more}`;
    if (!mark) return `${where}\nnot in ${what}`;
    const counts = [...tally(mark.map(({ role }) => role))];
    const played = counts.map(([role, count]) => (mark.length > 1 ? `${count} ` : "") + inWords(role));
    return `${where}\n${played.join(", ")} in ${what}`;
  }

  /** Takes a place: an exposure and a product, or where it stands for several, a closer look. */
  function take(place) {
    const { mark, rows, numbers, single } = cellAt(place);
    cursor = place;
    const around = mark ? chain(mark[0].row, mark[0].row + 1).slice(0, -1) : [];
    const nearer = around.find(({ from, to }) => to - from < state.to - state.from);
    if (single) chooseExposure(rows[0], numbers[0]);
    else if (nearer) focus(nearer.from, nearer.to);
    else if (mark) chooseExposure(mark[0].row, mark[0].number);
  }

  function placeAt(event) {
    const box = host.getBoundingClientRect();
    const scale = plan.width / box.width;
    const down = Math.floor(((event.clientY - box.top) * scale - plan.top) / plan.tall);
    const across = Math.floor(((event.clientX - box.left) * scale - plan.left) / plan.wide);
    return down >= 0 && down < plan.downs && across >= 0 && across < plan.acrosses ? [down, across] : null;
  }

  function point(place) {
    const [down, across] = place ?? [0, 0];
    const [x, y] = [plan.left + across * plan.wide - 1, plan.top + down * plan.tall - 1];
    const size = place ? { width: plan.wide + 2, height: plan.tall + 2 } : { width: 0, height: 0 };
    for (const [name, value] of Object.entries({ x, y, ...size })) byId("cursor").setAttribute(name, value);
  }

  /** The next mark in a direction: the nearest in the same row or column, else in the nearest that has one. */
  function next([down, across], key) {
    const along = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const ahead = [...plan.marks.values()].map(([first]) => first).filter(
      (mark) => (mark.down - down) * along[0] > 0 || (mark.across - across) * along[1] > 0,
    );
    const weights = along[0] ? [1, 1000] : [1000, 1];
    const far = (mark) => Math.abs(mark.down - down) * weights[0] + Math.abs(mark.across - across) * weights[1];
    return ahead.reduce((best, mark) => (best && far(best) <= far(mark) ? best : mark), null);
  }

  onKeys(host, (key) => {
    if (key.startsWith("Arrow")) {
      const found = cursor ? next(cursor, key) : next([-1, -1], "ArrowRight");
      if (found) {
        cursor = [found.down, found.across];
        point(cursor);
        announce(said(cursor));
        tipBeside(byId("cursor"), said(cursor));
      }
    } else if ((key === "Enter" || key === " ") && cursor) take(cursor);
    else if (key === "Escape" || key === "Backspace") stepOut();
    else return false;
    return true;
  });

  host.addEventListener("mousemove", (event) => {
    const place = placeAt(event);
    point(place ?? cursor);
    if (place) tip(event, said(place));
    else untip();
  });
  host.addEventListener("click", (event) => placeAt(event) && take(placeAt(event)));
  host.addEventListener("focus", () => point(cursor));
  const leave = () => (point(null), untip());
  host.addEventListener("mouseleave", leave);
  host.addEventListener("blur", leave);
  views.push(draw);
}
