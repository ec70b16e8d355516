// The workbench: forms for what a person knows. Each click is a step that the server takes; it answers with a view.

/** @typedef {Object<string, string[]>} Members */
/** @typedef {{came: string[], gone: string[], gained: Members, lost: Members}} Changes */

/**
 * What the server answers.
 * @typedef {object} View
 * @property {number} revision grows with each change
 * @property {number} steps the number of steps that can be undone
 * @property {string[]} statements
 * @property {any} choices
 * @property {string} command
 * @property {string} toml
 * @property {string[]} versions
 * @property {string[]} types
 * @property {{contents: any, roleHues: (number | null)[], changes: Changes}} data
 */

/** Uses a style sheet that is a text. */
function adopt(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

{
  /** Each kind of statement: what the form says, and the fields that it has. */
  const KINDS = {
    background: { label: "background", which: "Background", fields: { served: "of (all that match, if empty)" } },
    psf: { label: "PSF reference", which: "PSF reference", fields: { served: "of (all that match, if empty)" } },
    imprint: { label: "imprint", which: "Imprint", fields: {} },
    exclude: { label: "leave out", which: "Leave out", fields: {} },
    candidate: { label: "combine", which: "Combine", fields: { type: "as" } },
    set: { label: "value", which: "Exposures", fields: { column: "column", value: "value" } },
  };

  const ENDED = "asnsolve open has ended. What you see no longer changes; start it again to go on.";

  /** How often the page asks whether anything has changed, in milliseconds. */
  const INTERVAL = 1500;

  /** The text of a statement from the fields of its form. */
  function statementOf({ kind, which, served, column, value, type }) {
    if (kind === "set") return typed(kind, `${column}=${value}:${which}`);
    if (kind === "candidate") return typed(kind, `${unused()}=${type}:${which}`);
    return typed(kind, served && KINDS[kind].fields.served ? `${which}:${served}` : which);
  }

  /** An option with its value, quoted as for a shell. */
  function typed(kind, text) {
    return `--${kind} '${text.replaceAll("'", `'"'"'`)}'`;
  }

  /** The id of a candidate that no exposure has. */
  function unused() {
    const cells = columns.get("asn_candidate")?.values ?? [];
    const numbers = cells.flatMap((cell) => [...cell.matchAll(/'c(\d{4})'/g)].map(([, number]) => Number(number)));
    return `c${Math.max(999, ...numbers) + 1}`;
  }

  /** An exposure as a statement names it: a pattern, so that no character has a meaning of its own. */
  function patternOf(file) {
    return file.replace(/_[a-z0-9]+\.fits(\.gz)?$/i, "").replace(/[^\w.-]/g, "?");
  }

  /** @type {View | null} */
  let view = null;
  let since = "statements";
  let waiting = false;

  // --- Asking the server ---

  /** Asks the server; an answer that is an error is thrown as its sentence. */
  async function request(path, options = {}) {
    let response;
    try {
      response = await fetch(path, { cache: "no-store", ...options });
    } catch {
      ended(true);
      throw new Error(ENDED);
    }
    ended(false);
    const text = await response.text();
    if (response.status === 403) throw new Error(text.trim());
    const answer = JSON.parse(text);
    if (!response.ok) throw new Error(answer?.error ?? `the server answered ${response.status}`);
    return answer;
  }

  /** Does something on the server and shows what comes of it; an error stands in the given place. */
  async function act(name, content, place) {
    if (waiting) return false;
    waiting = true;
    host.setAttribute("aria-busy", "true");
    try {
      take(await request(`${name}?since=${since}`, { method: "POST", body: JSON.stringify(content ?? {}) }));
      complain(place, "");
      announce(`${counted(view.statements.length, "statement")}. ${summary(view.data.changes)}`);
      return true;
    } catch (error) {
      complain(place, error.message);
      return false;
    } finally {
      waiting = false;
      host.removeAttribute("aria-busy");
    }
  }

  /** Asks for what there is, and shows it. */
  async function look() {
    take(await request(`view?since=${since}`));
  }

  /** Shows a view. */
  function take(answer) {
    view = answer;
    render(view.data);
    draw();
    performance.mark("shown");
  }

  /** Asks whether the server is there, whether another tab did something, and whether files changed. */
  async function watch() {
    try {
      const { revision, stale } = await request("state");
      byId("bench-stale").hidden = !stale;
      if (view && revision !== view.revision && !waiting) await look();
    } catch {
      // the page already says so
    }
    setTimeout(watch, INTERVAL);
  }

  function ended(yes) {
    byId("bench-gone").hidden = !yes;
  }

  function complain(place, sentence) {
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  // --- What is stated ---

  const problem = () => html("p", { class: "problem", role: "alert", hidden: true });
  const errors = { form: problem(), list: problem(), choices: problem(), page: problem() };

  /** A field with its label. */
  function field(name, label, attributes = {}) {
    const input = html("input", { name, autocomplete: "off", spellcheck: "false", ...attributes });
    return html("label", { "data-field": name }, html("span", {}, label), input);
  }

  /** @type {any} */
  const kinds = html(
    "select",
    { name: "kind", onchange: () => arrange() },
    ...Object.entries(KINDS).map(([kind, { label }]) => html("option", { value: kind }, label)),
  );
  /** @type {any} */
  const form = html(
    "form",
    { id: "state", onsubmit: submit },
    html("label", {}, html("span", {}, "I know a"), kinds),
    field("which", "", { required: true, list: "bench-places", placeholder: "o004 or jw01234004001_*" }),
    field("served", "", { list: "bench-places", placeholder: "o003" }),
    field("column", "", { list: "bench-columns", placeholder: "band" }),
    field("value", "", { placeholder: "short" }),
    html("label", { "data-field": "type" }, html("span", {}, ""), html("select", { name: "type" })),
    html("button", { type: "submit" }, "State it"),
  );

  /** Shows the fields of the kind of statement. */
  function arrange() {
    const { which, fields } = KINDS[kinds.value];
    const labels = { which, ...fields };
    for (const each of form.querySelectorAll("[data-field]")) {
      const name = each.dataset.field;
      const label = labels[name];
      each.hidden = label === undefined;
      each.querySelector("span").textContent = label ?? "";
      const required = ["which", "column", "value"].includes(name) && !each.hidden;
      each.querySelector("input")?.toggleAttribute("required", required);
    }
  }

  async function submit(event) {
    event.preventDefault();
    /** @type {any} */
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    if (await act("step", { add: statementOf(values) }, errors.form)) {
      for (const input of form.querySelectorAll("input")) input.value = "";
    }
  }

  /** Fills the form in, and goes there. */
  function prepare(kind, which) {
    kinds.value = kind;
    arrange();
    form.elements.which.value = which;
    host.scrollIntoView();
    form.elements[KINDS[kind].fields.served ? "served" : "which"].focus();
  }

  // --- What there is ---

  const stated = html("ul", { id: "stated" });
  const effect = html("div", { id: "effect" });
  const choices = html("div", { id: "choices" });
  const places = html("datalist", { id: "bench-places" });
  const names = html("datalist", { id: "bench-columns" });
  const ruleNames = html("datalist", { id: "bench-rules" });
  const command = html("pre", { tabindex: "0", "aria-label": "Command line" });
  const toml = html("pre", { tabindex: "0", "aria-label": "Statements as TOML" });

  function button(label, onclick, attributes = {}) {
    return html("button", { type: "button", onclick, ...attributes }, label);
  }

  /** Copies a text, and says so on the button. */
  async function copy(event, text) {
    const pressed = event.currentTarget;
    const label = pressed.textContent;
    try {
      await navigator.clipboard.writeText(text);
      pressed.textContent = "Copied";
      announce("copied");
    } catch {
      pressed.textContent = "Not allowed here: select it and copy";
    }
    setTimeout(() => (pressed.textContent = label), 2000);
  }

  function save() {
    const address = URL.createObjectURL(new Blob([view.toml], { type: "application/toml" }));
    html("a", { href: address, download: "statements.toml" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  /** What changed, in words. */
  function summary({ came, gone: went, gained, lost }) {
    const members = new Set([...Object.keys(gained), ...Object.keys(lost)]);
    const parts = [
      [came.length, "product came", "products came"],
      [went.length, "went", "went"],
      [members.size, "has other members", "have other members"],
    ];
    const said = parts.filter(([many]) => many).map(([many, one, several]) => `${many} ${many === 1 ? one : several}`);
    return said.length ? `${said.join(", ")}.` : "No product changed.";
  }

  function drawChanges() {
    const compared = [["statements", "by all statements"], ["last", "by the last step"]];
    const options = compared.map(([value, label]) => html("option", { value, selected: value === since }, label));
    const take = ({ target }) => ((since = target.value), look().catch(() => {}));
    effect.replaceChildren(
      html("label", {}, "Changed ", html("select", { name: "since", onchange: take }, ...options)),
      html("p", { id: "bench-summary" }, summary(view.data.changes)),
    );
  }

  function drawStatements() {
    const items = view.statements.map((each) =>
      html(
        "li",
        {},
        html("code", {}, each),
        button("Take back", () => act("step", { withdraw: [each] }, errors.list), {
          "aria-label": `Take back ${each}`,
        }),
      ),
    );
    stated.replaceChildren(...(items.length ? items : [html("li", { class: "none" }, "Nothing is stated yet.")]));
    byId("bench-undo").disabled = !view.steps;
    byId("bench-save").disabled = !view.toml;
    command.textContent = view.command;
    toml.textContent = view.toml || "# nothing is stated";
  }

  /** Takes another choice. */
  function choose(name, value) {
    return act("step", { choices: { ...view.choices, [name]: value } }, errors.choices);
  }

  function drawChoices() {
    const one = (name, label, values) =>
      html(
        "label",
        {},
        html("span", {}, label),
        html(
          "select",
          { name, onchange: ({ target }) => choose(name, target.value) },
          ...values.map((value) => html("option", { value, selected: value === view.choices[name] }, value)),
        ),
      );
    const several = (name, label, attributes) =>
      html(
        "label",
        {},
        html("span", {}, label),
        html("input", {
          name,
          value: view.choices[name].join(", "),
          autocomplete: "off",
          ...attributes,
          onchange: ({ target }) => choose(name, target.value.split(",").map((each) => each.trim()).filter(Boolean)),
        }),
      );
    choices.replaceChildren(
      one("level", "Level", ["both", "2", "3"]),
      one("background_at", "Background at level", ["both", "2", "3", "none"]),
      one("rules_version", "Version of the rules", view.versions),
      several("without", "Without rules", { list: "bench-rules", placeholder: "Asn_Lv3TSO" }),
      several("split_by", "Separate products by", { list: "bench-columns", placeholder: "filter" }),
    );
  }

  function draw() {
    const options = (values) => values.map((value) => html("option", { value }));
    places.replaceChildren(...options(observations.map(({ name }) => name)));
    names.replaceChildren(...options([...columns.keys()]));
    ruleNames.replaceChildren(...options(contents.rules.map(({ rule }) => rule)));
    const { type } = form.elements;
    if (!type.options.length) type.append(...view.types.map((each) => html("option", {}, each)));
    drawStatements();
    drawChanges();
    drawChoices();
  }

  // --- Why, and what to do ---

  /** What a click on an exposure offers: statements about it, and why it is where it is. */
  function offer() {
    const { exposure: row } = state;
    const details = byId("details");
    details.querySelector("#bench-offer")?.remove();
    if (row === null || !view) return;
    const file = files[row];
    const { name } = observations[observationOf[row]];
    const observation = /o\d+$/.test(name) ? name : null;
    const error = problem();
    const answer = html("div", { class: "answer" });
    const state_ = (kind, which) => () => act("step", { add: typed(kind, which) }, error);
    details.append(
      html(
        "section",
        { id: "bench-offer", "aria-label": "Try" },
        html("h3", {}, "Try"),
        html(
          "p",
          { class: "actions" },
          button("Leave it out", state_("exclude", patternOf(file))),
          observation && button(`Leave out ${observation}`, state_("exclude", observation)),
          observation && button(`${observation} is background of …`, () => prepare("background", observation)),
          observation && button(`${observation} is PSF of …`, () => prepare("psf", observation)),
          button("Give it a value", () => prepare("set", patternOf(file))),
          button("Why, and what helps?", () => explain(row, answer, error)),
        ),
        error,
        answer,
      ),
    );
  }

  async function explain(row, answer, error) {
    answer.textContent = "…";
    try {
      answer.replaceChildren(...(await explained(row, state.association)));
      complain(error, "");
    } catch (failure) {
      answer.replaceChildren();
      complain(error, failure.message);
    }
  }

  /** Why an exposure is where it is, or, with a product, why it is not there. */
  async function explained(row, number) {
    const asked = { exposure: files[row], ...(number === null ? {} : { association: associations[number].product }) };
    const { line, fixes } = await request(`explain?${new URLSearchParams(asked)}`);
    return [html("ul", { class: "why" }, ...line.below.map((each) => lines(each, fixes)))];
  }

  /** A line of an explanation with those below it; one that proposes statements has a button. */
  function lines({ text, below }, fixes) {
    const fix = fixes[text];
    const try_ = fix && html("button", { type: "button", "data-statement": fix }, "Try it");
    const under = below.length ? html("ul", {}, ...below.map((each) => lines(each, fixes))) : null;
    return html("li", {}, `${text} `, try_ ?? null, under);
  }

  /** A click on a statement anywhere on the page tries it. */
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    /** @type {HTMLElement | null} */
    const found = target.closest?.("[data-statement]");
    if (target.closest?.(".copy")) return;
    if (!found || !view || !found.dataset.statement.startsWith("-")) return;
    let error = found.parentElement.querySelector(":scope > .problem");
    if (!error) found.after((error = problem()));
    event.preventDefault();
    act("step", { add: found.dataset.statement }, error);
  });

  // --- The panel ---

  const undo = button("Undo", () => act("undo", null, errors.list), { id: "bench-undo", disabled: true });
  const host = html(
    "section",
    { id: "workbench", "aria-label": "Workbench" },
    html("p", { id: "bench-gone", class: "problem", role: "alert", hidden: true }, ENDED),
    html(
      "p",
      { id: "bench-stale", class: "problem", role: "status", hidden: true },
      "The files have changed since they were read. ",
      button("Read them again", () => act("reload", null, errors.page)),
    ),
    errors.page,
    html(
      "div",
      { class: "bench-columns" },
      html("div", {}, html("h2", {}, "State what you know"), form, errors.form, stated, errors.list, undo),
      html("div", {}, html("h2", {}, "What it changes"), effect),
      html(
        "div",
        {},
        html("h2", {}, "To write these associations, run"),
        command,
        html(
          "p",
          { class: "actions" },
          button("Copy the command", (event) => copy(event, view.command)),
          button("Copy the TOML", (event) => copy(event, view.toml)),
          button("Save the TOML", save, { id: "bench-save" }),
        ),
        html("details", {}, html("summary", {}, "The statements as a file for --statements"), toml),
        html("details", {}, html("summary", {}, "Levels and rules"), choices, errors.choices),
      ),
    ),
    places,
    names,
    ruleNames,
  );
  byId("answer").before(host);
  arrange();
  ask = (row, number) => explained(row, number).catch((failure) => [html("p", {}, failure.message)]);
  views.push(offer);
  look().catch(() => {}).finally(watch);
}
