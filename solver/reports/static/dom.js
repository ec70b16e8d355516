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

/** A button that looks like a link. */
function link(take, ...children) {
  return html("button", { type: "button", class: "link", onclick: take }, ...children);
}

/** A colour, as in the key. */
function swatch(kind, sign = "") {
  return html("span", { class: `swatch ${kind}` }, sign);
}

/** @param {Iterable<number>} numbers */
function sumOf(numbers) {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

/** `1 file`, `2 files`. */
function counted(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** The number of times that each value occurs, the most frequent first. */
function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/** Items by what `key` makes of each, in order. */
function groupedBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const value = key(item);
    if (!groups.has(value)) groups.set(value, []);
    groups.get(value).push(item);
  }
  return groups;
}

/** A text cut in its middle, where it says least, to so many characters. */
function shortened(text, most) {
  if (text.length <= most) return text;
  if (most < 4) return text.slice(0, Math.max(0, most));
  const head = Math.ceil((most - 1) * 0.4);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/** A text cut at its beginning, for file names, which begin alike. */
function tail(text, most) {
  return text.length <= most ? text : `…${text.slice(text.length - Math.max(0, most - 1))}`;
}

/** A text cut at its end. */
function head(text, most) {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}

const pen = document.createElement("canvas").getContext("2d");

/** A text as it fits into so many pixels. */
function fitted(text, room, { file = false, cut = file ? tail : shortened } = {}) {
  pen.font = file ? "10.5px ui-monospace, SFMono-Regular, DejaVu Sans Mono, Menlo, Consolas, monospace" : FONT;
  let most = text.length;
  while (most > 0 && pen.measureText(cut(text, most)).width > room) {
    most = Math.min(most - 1, Math.ceil((most * room) / pen.measureText(cut(text, most)).width));
  }
  return most > 0 ? cut(text, most) : "";
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

/** Statements as options, or a command, to be copied; a live page makes a click of each `data-statement`. */
function statement(text) {
  const code = html("code", {}, text);
  const copy = () => {
    getSelection().selectAllChildren(code);
    announce(document.execCommand("copy") ? `copied: ${text}` : "not copied: the browser does not allow it");
  };
  const button = html("button", { type: "button", class: "copy", "aria-label": `Copy ${text}`, onclick: copy }, "Copy");
  return html("span", { class: "statement", "data-statement": text.startsWith("--") ? text : null }, code, button);
}

/** The rectangles of each key, such as a colour, put together as paths. */
class Sorted {
  constructor() {
    this.groups = new Map();
  }

  add(key, x, y, width, height) {
    if (!this.groups.has(key)) this.groups.set(key, []);
    const [wide, tall] = [width.toFixed(2), height.toFixed(2)];
    this.groups.get(key).push(`M${x.toFixed(2)} ${y.toFixed(2)}h${wide}v${tall}h-${wide}z`);
  }

  paths() {
    return [...this.groups].map(([key, pieces]) => svg("path", { class: key, d: pieces.join("") }));
  }
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
