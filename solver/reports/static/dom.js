// Elements. Whatever comes from the pool becomes text or an attribute's value, never markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element. Attributes that begin with "on" are listeners; children are nodes or texts.
 * @param {string} tag @param {Record<string, any>} attributes @param {...(Node | string | null)} children
 */
function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * The same for SVG.
 * @param {string} tag @param {Record<string, any>} attributes @param {...(Node | string | null)} children
 */
function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** @template {Element} T @param {T} node @returns {T} */
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** @param {string} id @returns {any} */
function byId(id) {
  return document.getElementById(id);
}

function link(take, ...children) {
  return html("button", { type: "button", class: "link", onclick: take }, ...children);
}

function swatch(kind, sign = "") {
  return html("span", { class: `swatch ${kind}` }, sign);
}

function list(items, kind = null) {
  return html("ul", { class: kind }, ...items.map((each) => (each.tagName === "LI" ? each : html("li", {}, each))));
}

/** Names, in one part or several, and what belongs to each, if anything does. */
function facts(pairs, kind) {
  const given = pairs.filter(([, value]) => value !== "");
  const lines = given.flatMap(([name, value]) => [html("dt", {}, ...[name].flat()), html("dd", {}, value)]);
  return html("dl", { class: kind }, ...lines);
}

function folded(name, open, ...below) {
  return html("details", { open }, html("summary", {}, name), ...below);
}

/** The first of some items in a list, of which the rest is folded away. */
function listUpTo(most, items, what, kind = null) {
  const rest = items.slice(most);
  const more = rest.length ? [folded(counted(rest.length, what), false, list(rest, kind))] : [];
  return [list(items.slice(0, most), kind), ...more];
}

/** Makes these the choices of a field, by value and name. */
function offerChoices(field, choices, chosen) {
  const options = choices.map(([value, name = value]) => html("option", { value, selected: value === chosen }, name));
  field.replaceChildren(...options);
}

function sumOf(numbers) {
  return [...numbers].reduce((sum, number) => sum + number, 0);
}

/** The numbers from one to before another. */
function range(from, to) {
  return Array.from({ length: to - from }, (_, place) => from + place);
}

/** `1 file`, `2 files`. */
function counted(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** The number of times that each value occurs, the most frequent first. */
function tally(values) {
  const groups = [...Map.groupBy(values, (value) => value)].sort((a, b) => b[1].length - a[1].length);
  return new Map(groups.map(([value, same]) => [value, same.length]));
}

/** A text cut to so many characters, of which `kept` are its beginning; in the middle a name says least. */
function shortened(text, most, kept = 0.4) {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * kept);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

const pen = document.createElement("canvas").getContext("2d");

/** A text as it fits into so many pixels; files, which begin alike, are cut at their beginning. */
function fitted(text, room, { file = false, kept = file ? 0 : 0.4 } = {}) {
  pen.font = file ? "10.5px ui-monospace, SFMono-Regular, DejaVu Sans Mono, Menlo, Consolas, monospace" : FONT;
  let most = text.length;
  while (most > 0 && pen.measureText(shortened(text, most, kept)).width > room) {
    most = Math.min(most - 1, Math.ceil((most * room) / pen.measureText(shortened(text, most, kept)).width));
  }
  return most > 0 ? shortened(text, most, kept) : "";
}

const FONT = "11px system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif";

/** Says to a reader of the screen what has happened. */
function announce(text) {
  byId("status").textContent = text;
}

/** What settles a hint, below it, with what has to be true for that. */
function remedy({ action, provided }) {
  return action ? [html("br"), provided ? `if ${provided}: ` : "", statement(action)] : [];
}

/** A button that copies what an element says. */
function copyOf(node, label = "Copy") {
  const copy = () => {
    getSelection().selectAllChildren(node);
    const done = document.execCommand("copy");
    button.textContent = done ? "Copied" : "Not allowed here: select it and copy";
    announce(done ? `copied: ${node.textContent}` : button.textContent);
    setTimeout(() => (button.textContent = label), 2000);
  };
  const button = html("button", { type: "button", class: "copy", onclick: copy }, label);
  return button;
}

/** Statements as options, or a command, to be copied; on a live page a click tries a statement. */
function statement(text) {
  const code = html("code", {}, text);
  const own = text.startsWith("--") ? text : null;
  const tried = own && ask ? html("button", { type: "button", class: "try" }, "Try it") : null;
  return html("span", { class: "statement", "data-statement": own }, code, tried, copyOf(code));
}

/** A statement that leaves exposures out; on a live page a click takes it back. */
function stated(option) {
  const attributes = { type: "button", class: "try", "data-withdraw": option, "aria-label": `Take back ${option}` };
  return html("span", { class: "statement" }, html("code", {}, option), ask && html("button", attributes, "Take back"));
}

/** Rectangles, given as class, x, y, width, height, put together as a path for each class. */
function pathsOf(rectangles) {
  return [...Map.groupBy(rectangles, ([kind]) => kind)].map(([kind, mine]) => {
    const sides = mine.map((each) => each.slice(1).map((side) => side.toFixed(2)));
    const pieces = sides.map(([x, y, wide, tall]) => `M${x} ${y}h${wide}v${tall}h-${wide}z`);
    return svg("path", { class: kind, d: pieces.join("") });
  });
}

/** The room that drawings have across; asking for it while the page is drawn anew would lay it out each time. */
let room = 0;
function measure() {
  room = Math.max(280, document.querySelector("main").clientWidth);
}

/** Draws anew; returns whether the keyboard was in it. */
function redraw(host, width, height, ...children) {
  const had = host.contains(document.activeElement);
  host.setAttribute("viewBox", `0 0 ${width} ${height}`);
  host.setAttribute("height", height);
  host.replaceChildren(...children);
  return had;
}

/** The first in the next column, or the one before, that does not end above an element. */
function beside(here, step) {
  const column = `[data-column="${Number(here.dataset.column) + step}"]`;
  const { top } = here.getBoundingClientRect();
  return [...here.parentElement.querySelectorAll(column)].find((each) => each.getBoundingClientRect().bottom > top + 2);
}

/** Lets a key do something, unless it is none of a drawing's keys. */
function onKeys(host, press) {
  host.addEventListener("keydown", (event) => {
    if (press(event.key) !== false) event.preventDefault();
  });
}

/** What shows a text beside the pointer. */
function hovering(text) {
  return { onmousemove: (event) => tip(event, text()), onmouseleave: untip };
}

/** Attributes of what mouse and keyboard reach, in a column of its like, and that then says what it is. */
function reached(column, said, onfocus = () => {}, onblur = untip) {
  const focused = ({ currentTarget: here }) => {
    here.parentElement.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    here.setAttribute("tabindex", "0");
    onfocus();
    if (here.matches(":focus-visible")) tipBeside(here, said());
  };
  return { tabindex: "-1", "data-column": column, "aria-label": said(), ...hovering(said), onfocus: focused, onblur };
}

/** A box with a text. */
function box({ x, y, wide, tall }, attributes, rect, text, words) {
  return svg(
    "g", attributes,
    svg("rect", { x: x + 0.5, y: y + 0.5, width: wide, height: tall, ...rect }),
    svg("text", { x: x + 5, y: y + (tall + 1) / 2, dy: "0.35em", ...text }, words),
  );
}

/** Lets the tabulator key reach one of the elements, which has the keyboard if one had it before they were drawn. */
function settle(host, had, isChosen) {
  const every = [...host.querySelectorAll("[data-column]")];
  const chosen = every.find(isChosen) ?? every[0];
  chosen?.setAttribute("tabindex", "0");
  if (had) chosen?.focus({ preventScroll: true });
}

/** Lets arrows go from one to the next, Enter choose one, and Escape leave; `across` finds one in another column. */
function onArrows(host, leave, across = beside) {
  onKeys(host, (key) => {
    const here = document.activeElement;
    const column = [...host.querySelectorAll(`[data-column="${here?.getAttribute("data-column")}"]`)];
    const place = column.indexOf(here);
    const next = {
      ArrowUp: () => column[place - 1], ArrowDown: () => column[place + 1], Home: () => column[0],
      End: () => column.at(-1), ArrowLeft: () => across(here, -1), ArrowRight: () => across(here, 1),
    };
    if (place < 0) return false;
    if (key in next) next[key]()?.focus();
    else if (key === "Enter" || key === " ") here.dispatchEvent(new MouseEvent("click"));
    else if (key === "Escape" || key === "Backspace") leave();
    else return false;
    return true;
  });
}

/** Shows a text beside the pointer, or beside a place that is given like one. */
function tip({ clientX, clientY }, text) {
  const box = byId("tip");
  box.hidden = false;
  box.textContent = text;
  const right = Math.min(clientX + 14, window.innerWidth - box.offsetWidth - 8);
  const below = clientY + 18 + box.offsetHeight > window.innerHeight;
  box.style.left = `${Math.max(4, right)}px`;
  box.style.top = `${Math.max(4, below ? clientY - box.offsetHeight - 10 : clientY + 18)}px`;
}

/** Shows a text beside what the keyboard has come to. */
function tipBeside(node, text) {
  const place = node.getBoundingClientRect();
  tip({ clientX: place.left, clientY: place.bottom - 12 }, text);
}

function untip() {
  byId("tip").hidden = true;
}
