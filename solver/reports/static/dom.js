// Elements. Whatever comes from the pool becomes text or an attribute's value, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Attributes that begin with "on" are listeners; children are nodes or texts. */
function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function byId(id) {
  return document.getElementById(id);
}

/** `1 file`, `2 files`. */
function counted(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** A text cut in its middle, where it tells least, to so many characters. */
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

/** Tells a reader of the screen what has happened. */
function announce(text) {
  byId("status").textContent = text;
}

/** A path of rectangles, put together piece by piece. */
class Rectangles {
  constructor() {
    this.pieces = [];
  }

  add(x, y, width, height) {
    this.pieces.push(
      `M${x.toFixed(2)} ${y.toFixed(2)}h${width.toFixed(2)}v${height.toFixed(2)}h${(-width).toFixed(2)}z`,
    );
  }

  path(attributes) {
    return svg("path", { ...attributes, d: this.pieces.join("") });
  }
}

/** The rectangles of each key, such as a colour. */
class Sorted {
  constructor() {
    this.groups = new Map();
  }

  of(key) {
    if (!this.groups.has(key)) this.groups.set(key, new Rectangles());
    return this.groups.get(key);
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
