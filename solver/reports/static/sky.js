// On the sky: footprints where the pool has them (S_REGION), else the target with the dither's offsets. North is up,
// east left. Positions far from each other are fields of their own.

{
  const FIELD = 0.4; // degrees
  const MOST = 1500;
  const NICE = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];
  const host = byId("sky");
  let places = [];
  let marks = [];
  let wanted = null;

  /** Where an exposure pointed, in degrees: corners, or a single position; null if the pool does not say. */
  function placeOf(row) {
    const region = valueOf(row, "s_region").match(/^polygon\s+(?:[a-z]\w*\s+)?([-+.\de\s]+)$/i);
    const numbers = region ? region[1].trim().split(/\s+/).map(Number) : [];
    if (numbers.length >= 6 && numbers.every(Number.isFinite)) {
      const starts = [...numbers.keys()].filter((place) => place % 2 === 0);
      const corners = starts.map((place) => numbers.slice(place, place + 2));
      return { kind: "footprints", corners };
    }
    const read = (name) => (valueOf(row, name) === "" ? NaN : Number(valueOf(row, name)));
    const [east, north, x, y, angle] = ["targ_ra", "targ_dec", "xoffset", "yoffset", "gs_v3_pa"].map(read);
    if (!Number.isFinite(east) || !Number.isFinite(north) || Math.abs(north) > 90) return null;
    if (!Number.isFinite(x + y)) return { kind: "targets", corners: [[east, north]] };
    // offsets are seconds of arc in the frame of the aperture, whose y axis is close to the telescope's V3
    const [sine, cosine] = [Math.sin(((angle || 0) * Math.PI) / 180), Math.cos(((angle || 0) * Math.PI) / 180)];
    const shift = [x * cosine - y * sine, -x * sine - y * cosine].map((each) => each / 3600);
    const corner = [east + shift[0] / Math.cos((north * Math.PI) / 180), north + shift[1]];
    return { kind: Number.isFinite(angle) ? "pointings" : "unrotated", corners: [corner] };
  }

  /** @param {number[]} place @param {number[]} other */
  function apart([east, north], [otherEast, otherNorth]) {
    const across = ((((east - otherEast) % 360) + 540) % 360) - 180;
    return [across * Math.cos((otherNorth * Math.PI) / 180), north - otherNorth];
  }

  function fields() {
    const rows = state.association === null ? [...files.keys()].filter(isInFocus) : rowsOf[state.association];
    const found = [];
    for (const row of rows.filter((each) => places[each])) {
      const [corner] = places[row].corners;
      const field = found.find(({ centre }) => Math.hypot(...apart(corner, centre)) < FIELD);
      if (field) field.rows.push(row);
      else found.push({ centre: corner, rows: [row] });
    }
    return found.sort((a, b) => b.rows.length - a.rows.length);
  }

  function chooser(found, chosen) {
    const name = ({ rows }) => `${observations[observationOf[rows[0]]].target} (${rows.length.toLocaleString("en")})`;
    offerChoices(byId("field"), found.map((field, place) => [place, name(field)]), found.indexOf(chosen));
    byId("field").parentElement.hidden = found.length < 2;
  }

  function colour(row) {
    return coloursOf(row, state.association === null ? null : [state.association])[0];
  }

  function draw() {
    byId("sky-section").hidden = !places.some(Boolean);
    if (byId("sky-section").hidden) return;
    const found = fields();
    const own = found.find(({ rows }) => rows.includes(state.exposure ?? wanted)) ?? found[0];
    chooser(found, own);
    const rows = own ? own.rows : [];
    const width = room;
    const height = Math.min(440, width * 0.7);
    const corners = rows.flatMap((row) => places[row].corners.map((each) => apart(each, own.centre)));
    const range = (axis) => corners.map((each) => each[axis]).sort((a, b) => a - b);
    const [[west = 0, east = 0], [south = 0, north = 0]] = [0, 1].map((axis) => [range(axis)[0], range(axis).pop()]);
    const scale = Math.min((width - 150) / Math.max(east - west, 1e-3), (height - 70) / Math.max(north - south, 1e-3));
    const middle = [(east + west) / 2, (north + south) / 2];
    const put = (at) => [width / 2 - (at[0] - middle[0]) * scale, height / 2 - (at[1] - middle[1]) * scale];
    const alike = (row) => JSON.stringify([places[row].corners, colour(row), haveChanged([row])]);
    const at = Map.groupBy(rows.slice(0, MOST), alike);
    const points = (row) => places[row].corners.map((each) => put(apart(each, own.centre)));
    marks = [...at.values()].map((mine) => mark(mine, points(mine[0])));
    const drawn = [...marks.map(({ element }) => element), ...labels(), ...furniture(width, height, scale, own)];
    const had = redraw(host, width, height, svg("rect", { class: "ground", width, height }), ...drawn);
    settle(host, had, (each) => each.matches(".taken"));
    const kinds = new Set(rows.map((row) => places[row].kind));
    const words = {
      footprints: "Footprints.", pointings: "Pointings: the target, with the offsets of each dither.",
      unrotated: "Pointings. The pool has no roll angle (GS_V3_PA), so the pattern of dithers may be rotated.",
      targets: "Targets; the pool has neither footprints nor offsets.",
    };
    const more = rows.length > MOST ? ` The first ${MOST} of ${counted(rows.length, "exposure")}.` : "";
    const about = [...kinds].map((kind) => words[kind]).join(" ");
    byId("sky-hint").textContent = `${about}${more} Click one to select its exposure.`;
  }

  function mark(rows, points) {
    const mean = (axis) => sumOf(points.map((point) => point[axis])) / points.length;
    const made = { rows, x: mean(0), y: mean(1) };
    const signs = [rows.includes(state.exposure) && "taken", haveChanged(rows) && "changed"].filter(Boolean);
    const attributes = {
      ...reached(0, () => said(made)), class: ["spot", colour(rows[0]), ...signs].join(" "), role: "button",
      onclick: () => chooseExposure(rows[(rows.indexOf(state.exposure) + 1) % rows.length]),
    };
    const corners = points.map((point) => point.map((each) => each.toFixed(1)).join(","));
    const [[x, y]] = points;
    const shape = points.length > 1 ? { points: corners.join(" ") } : { cx: x.toFixed(1), cy: y.toFixed(1), r: 5 };
    return { ...made, element: svg(points.length > 1 ? "polygon" : "circle", { ...attributes, ...shape }) };
  }

  function said({ rows }) {
    const more = rows.length > 1 ? `\nand ${counted(rows.length - 1, "more exposure")} here` : "";
    return `${files[rows[0]]}: ${belonging(rows[0])}${more}`;
  }

  /** The observations' numbers, where they have room. */
  function labels() {
    const taken = [];
    return [...Map.groupBy(marks, ({ rows }) => observationOf[rows[0]])].flatMap(([number, mine]) => {
      const x = sumOf(mine.map((each) => each.x)) / mine.length;
      const y = Math.min(...mine.map((each) => each.y)) - 10;
      if (taken.some((other) => Math.abs(other[0] - x) < 44 && Math.abs(other[1] - y) < 13)) return [];
      taken.push([x, y]);
      return [svg("text", { class: "halo middle", x, y }, observations[number].name)];
    });
  }

  /** The scale bar, the directions, and where this is. */
  function furniture(width, height, scale, own) {
    const second = scale / 3600;
    const length = NICE.filter((each) => each * second <= width / 3).pop() ?? NICE[0];
    const name = length < 60 ? `${length}″` : length < 3600 ? `${length / 60}′` : `${length / 3600}°`;
    const right = width - 16;
    const lines = `M${right - length * second} ${height - 14}h${length * second}m0 -4v8m${-length * second} -8v8`;
    const where = own ? own.centre.map((each) => `${each.toFixed(4)}°`).join(", ") : "no position of these is known";
    return [
      svg("path", { class: "scale", d: `${lines}M52 52v-32m-4 6l4 -6l4 6M52 52h-32m6 -4l-6 4l6 4` }),
      svg("text", { class: "middle", x: right - (length * second) / 2, y: height - 20 }, name),
      svg("text", { class: "middle", x: 52, y: 15 }, "N"), svg("text", { class: "end", x: 15, y: 56 }, "E"),
      svg("text", { x: 12, y: height - 10 }, where),
    ];
  }

  onArrows(host, stepOut, (here, step) => marks[marks.findIndex(({ element }) => element === here) + step]?.element);
  byId("field").addEventListener("input", () => {
    wanted = fields()[byId("field").value].rows[0];
    show({ exposure: null });
  });
  loaders.push(() => (places = files.map((_, row) => placeOf(row))));
  views.push(draw);
}
