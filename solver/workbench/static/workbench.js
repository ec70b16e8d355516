// The workbench: forms for what a person knows. Each click is a step that the server takes; it answers with a view.

/**
 * What the server answers: what is shown, what is stated and chosen, and the number of steps that can be undone.
 * @typedef {{revision: number, steps: number, statements: string[], choices: any, command: string, toml: string,
 *   versions: string[], types: string[], data: {contents: any, hues: any, changes: any}}} View
 */

{
  /** Each kind of statement: what the form says, and the fields that it has. */
  const KINDS = {
    background: { label: "link a background", which: "Background", served: "of (if empty, of all that match)" },
    exclude: { label: "leave out exposures", which: "Exposures" },
    psf: { label: "link a PSF reference", which: "PSF reference", served: "of (if empty, of all that match)" },
    imprint: { label: "mark as imprint", which: "Imprint" },
    candidate: { label: "combine observations", which: "Observations", type: "as" },
    set: { label: "set a value", which: "Exposures", column: "column", value: "value" },
  };
  const ENDED =
    "asnsolve open has ended, so this page no longer changes. Start it again with the options of the command below.";

  /** @type {View | null} */
  let view = null;
  let since = "statements";
  let waiting = false;

  /** An option with its value, quoted as for a shell. */
  function typed(kind, text) {
    return `--${kind} '${text.replaceAll("'", `'"'"'`)}'`;
  }

  /** The text of a statement from the fields of its form. */
  function statementOf({ kind, which, served, column, value, type }) {
    if (kind === "set") return typed(kind, `${column}=${value}:${which}`);
    if (kind === "candidate") return typed(kind, `${unused()}=${type}:${which}`);
    return typed(kind, served && KINDS[kind].served ? `${which}:${served}` : which);
  }

  /** The id of a candidate that no exposure has. */
  function unused() {
    const [cells] = columns.get("asn_candidate") ?? [[]];
    const numbers = cells.flatMap((cell) => [...cell.matchAll(/'c(\d{4})'/g)].map(([, number]) => Number(number)));
    return `c${Math.max(999, ...numbers) + 1}`;
  }

  /** An exposure as a statement names it: a pattern, so that no character has a meaning of its own. */
  function patternOf(file) {
    return file.replace(/_[a-z0-9]+\.fits(\.gz)?$/i, "").replace(/[^\w.-]/g, "?");
  }

  /** Asks the server; an answer that is an error is thrown as its sentence. */
  async function request(path, options = {}) {
    const response = await fetch(path, { cache: "no-store", ...options }).catch(() => null);
    byId("bench-gone").hidden = response !== null;
    if (!response) throw new Error(ENDED);
    const text = await response.text();
    if (response.status === 403) throw new Error(text.trim());
    const answer = JSON.parse(text);
    if (!response.ok) throw new Error(answer?.error ?? `the server answered ${response.status}`);
    return answer;
  }

  /** Does something on the server and shows what comes of it; an error stands below the given element. */
  async function act(name, content, beside) {
    if (waiting) return false;
    waiting = true;
    host.setAttribute("aria-busy", "true");
    try {
      await look(request(`${name}?since=${since}`, { method: "POST", body: JSON.stringify(content ?? {}) }));
      announce(`${counted(view.statements.length, "statement")}. ${summary()}`);
      complain(beside);
      return true;
    } catch (error) {
      complain(beside, error.message);
      return false;
    } finally {
      waiting = false;
      host.removeAttribute("aria-busy");
    }
  }

  /** Shows what the server answers; by default what there is. */
  async function look(asked = request(`view?since=${since}`)) {
    view = await asked;
    inPlace(() => (render(view.data), draw()));
  }

  /** Asks whether the server is there, whether another tab did something, and whether files changed. */
  async function watch() {
    const { revision, stale } = await request("state").catch(() => ({ revision: view?.revision, stale: false }));
    byId("bench-stale").hidden = !stale;
    if (revision !== view?.revision && !waiting) await look().catch(() => {});
    setTimeout(watch, 1500); // milliseconds
  }

  function problem(attributes = {}, ...children) {
    return html("p", { class: "problem", role: "alert", hidden: true, ...attributes }, ...children);
  }

  /** Says below an element what went wrong there; without a sentence, that all is well. */
  function complain(beside, sentence = "") {
    if (!beside.nextElementSibling?.matches(".problem")) beside.after(problem());
    const place = beside.nextElementSibling;
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  function button(label, onclick, attributes = {}) {
    return html("button", { type: "button", onclick, ...attributes }, label);
  }

  /** A field with its label, hidden where the kind of statement has none. @returns {any} */
  function field(name, label, tag = "input", attributes = {}) {
    const own = tag === "input" ? { autocomplete: "off", spellcheck: "false" } : {};
    return html("label", {}, html("span", {}, label), html(tag, { name, ...own, ...attributes }));
  }

  /** A field of choices, by value and name. */
  function selection(name, label, choices, chosen, onchange) {
    const made = field(name, label, "select", { onchange });
    offerChoices(made.lastChild, choices, chosen);
    return made;
  }

  const parts = { state: "form", stated: "ul", effect: "div", choices: "div" };
  const [form, statements, effect, choices] = Object.entries(parts).map(([id, tag]) => html(tag, { id }));
  const lists = ["places", "columns", "rules"].map((name) => html("datalist", { id: `bench-${name}` }));
  const command = html("pre", { tabindex: "0", "aria-label": "Command line" });
  const toml = html("pre", { tabindex: "0", "aria-label": "Statements as TOML" });
  const saving = html("a", { download: "statements.toml" }, "Save the TOML");
  const undo = button("Undo", () => act("undo", null, undo), { id: "bench-undo", disabled: true });
  form.append(
    selection("kind", "Statement", Object.entries(KINDS).map(([kind, { label }]) => [kind, label]), null, arrange),
    field("which", "", "input", { required: true, list: "bench-places", placeholder: "o004 or jw01234004*" }),
    field("served", "", "input", { list: "bench-places", placeholder: "o003" }),
    field("column", "", "input", { list: "bench-columns", placeholder: "band" }),
    field("value", "", "input", { placeholder: "short" }),
    field("type", "", "select"),
    html("button", { type: "submit" }, "State it"),
  );
  const elements = /** @type {any} */ (form).elements;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = [...elements].map(({ name, value }) => [name, value.trim()]);
    if (!(await act("step", { add: statementOf(Object.fromEntries(values)) }, form))) return;
    for (const input of form.querySelectorAll("input")) input.value = "";
  });

  /** Shows the fields of the kind of statement. */
  function arrange() {
    for (const name of ["which", "served", "column", "value", "type"]) {
      const text = KINDS[elements.kind.value][name];
      const label = elements[name].parentElement;
      label.hidden = text === undefined;
      label.firstChild.textContent = text ?? "";
      elements[name].required = !label.hidden && !["served", "type"].includes(name);
    }
  }

  function prepare(kind, which) {
    elements.kind.value = kind;
    arrange();
    elements.which.value = which;
    host.scrollIntoView();
    elements[KINDS[kind].served ? "served" : "column"].focus();
  }

  function summary() {
    const some = (wanted) => [...changed].filter(([, { isNew }]) => isNew === wanted);
    const count = (wanted) => new Set(some(wanted).map(([number]) => associations[number].product)).size;
    const counts = { new: count(true), gone: gone.length, "with other members": count(false) };
    const parts = Object.entries(counts).filter(([, count]) => count).map(([what, count]) => `${count} ${what}`);
    return parts.length ? `Products: ${parts.join(", ")}.` : "No product changed.";
  }

  function draw() {
    const offered = [observations.map(({ name }) => name), [...columns.keys()], Object.keys(contents.rules)];
    lists.forEach((each, place) => offerChoices(each, offered[place].map((value) => [value, ""]), null));
    if (!elements.type.options.length) offerChoices(elements.type, view.types.map((type) => [type]), null);
    const items = view.statements.map((each) => html("li", {}, stated(each)));
    statements.replaceChildren(...(items.length ? items : [html("li", { class: "none" }, "Nothing is stated yet.")]));
    /** @type {any} */ (undo).disabled = !view.steps;
    // an option is not broken after its hyphens
    const parts = view.command.split(/ (?=-)/).flatMap((each) => [" ", html("span", {}, each)]);
    command.replaceChildren(...parts.slice(1));
    toml.textContent = view.toml || "# nothing is stated";
    saving.setAttribute("href", `data:application/toml,${encodeURIComponent(toml.textContent)}`);
    const other = ({ target }) => ((since = target.value), look().catch(() => {}));
    const kinds = [["statements", "no statements"], ["last", "before the last step"]];
    const compare = selection("since", "Compared with", kinds, since, other);
    effect.replaceChildren(html("p", { id: "bench-summary" }, summary()), compare);
    effect.append(byId("changes") ?? ""); // the former list is gone by now
    const chosen = (name, read) => ({ target }) =>
      act("step", { choices: { ...view.choices, [name]: read(target.value) } }, choices);
    const one = (name, label, values) =>
      selection(name, label, values.map((value) => [value]), view.choices[name], chosen(name, String));
    const words = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);
    const several = (name, label, more) =>
      field(name, label, "input", { value: view.choices[name].join(", "), onchange: chosen(name, words), ...more });
    choices.replaceChildren(
      one("level", "Level", ["both", "2", "3"]),
      one("background_at", "Background at level", ["both", "2", "3", "none"]),
      one("rules_version", "Version of the rules", view.versions),
      several("without", "Without rules", { list: "bench-rules", placeholder: "Asn_Lv3TSO" }),
      several("split_by", "Separate products by", { list: "bench-columns", placeholder: "filter" }),
    );
  }

  // --- Why, and what to do ---

  /** What a click on an exposure offers: statements about it, and why it is where it is. */
  function offer() {
    const row = state.exposure;
    byId("bench-offer")?.remove();
    if (row === null || !view) return;
    const { name } = observations[observationOf[row]];
    const [answer, mine] = [html("div", { class: "answer" }), patternOf(files[row])];
    const out = (which) => () => act("step", { add: typed("exclude", which) }, buttons);
    const why = () => explained(row, state.association).then((parts) => answer.replaceChildren(...parts));
    const links = { background: "background", psf: "PSF reference" };
    const linking = Object.entries(links).map(([kind, what]) =>
      button(`${name} is ${what} for …`, () => prepare(kind, name)),
    );
    const of = [button(`Leave out ${name}`, out(name)), ...linking];
    const buttons = html(
      "p", { class: "actions" }, button("Leave it out", out(mine)), ...(/o\d+$/.test(name) ? of : []),
      button("Set a value of it", () => prepare("set", mine)), button("Why, and what helps?", why),
    );
    const changes = html("p", {}, link(() => host.scrollIntoView(), summary()));
    const tried = [html("h3", {}, "Try"), buttons, answer, view.steps ? changes : ""];
    const offered = leftOut.has(row) ? [changes] : tried;
    byId("details").append(html("section", { id: "bench-offer", "aria-label": "Try" }, ...offered));
  }

  /** Why an exposure is where it is, or, with a product, why it is not there. */
  async function explained(row, number) {
    const asked = { exposure: files[row], ...(number === null ? {} : { association: associations[number].product }) };
    const failed = ({ message }) => ({ line: { below: [{ text: message, below: [] }] }, fixes: {} });
    const { line, fixes } = await request(`explain?${new URLSearchParams(asked)}`).catch(failed);
    return [list(line.below.map((each) => explanation(each, fixes)), "why")];
  }

  /** A line of an explanation, which unfolds; one that proposes statements has a button. */
  function explanation({ text, below }, fixes) {
    if (text in fixes) return html("li", {}, text, " ", button("Try it", null, { "data-statement": fixes[text] }));
    if (!below.length) return html("li", {}, text);
    const under = list(below.map((each) => explanation(each, fixes)));
    return html("li", {}, folded(text, Boolean(under.querySelector("[data-statement]")), under));
  }

  /** A click on a statement anywhere on the page tries it, or takes it back. */
  document.addEventListener("click", ({ target }) => {
    /** @type {HTMLElement | null} */
    const found = target instanceof Element ? target.closest(".copy, [data-statement], [data-withdraw]") : null;
    if (!found || found.matches(".copy") || !view) return;
    const { statement: add, withdraw } = found.dataset;
    act("step", withdraw ? { withdraw: [withdraw] } : { add }, found);
  });

  const reread = button("Read them again", () => act("reload", null, byId("bench-stale")));
  const part = (heading, ...children) => html("div", {}, html("h2", {}, heading), ...children);
  const host = html(
    "section", { id: "workbench", "aria-label": "Workbench" },
    problem({ id: "bench-gone" }, ENDED),
    problem({ id: "bench-stale", role: "status" }, "The files have changed since they were read. ", reread),
    html(
      "div", { class: "bench-columns" },
      part("State what you know", form, statements, undo),
      part("What it changes", effect),
      part(
        "To write these associations, run", command, copyOf(command, "Copy the command"),
        folded("The statements as a file for --statements", false, toml, copyOf(toml, "Copy the TOML"), " ", saving),
        folded("Levels and rules", false, choices),
      ),
    ),
    ...lists,
  );
  byId("answer").before(host);
  arrange();
  ask = explained;
  views.push(offer);
  look().catch(() => {}).finally(watch);
}
