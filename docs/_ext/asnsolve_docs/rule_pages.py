"""The rule catalogue: a page for every rule, one of all classes that rules are made from, and the figure."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from asnsolve_docs import witnesses
from asnsolve_docs.markdown import code, fenced, page, prose, table
from rules import MISSION
from rules.rule import LEVELS, Rule, RuleSpec
from rules.vocabulary import CANDIDATE_TYPES, TRUE, Choice, Column, Constraint, Field, Predicate
from rules.vocabulary.algebra import truth
from solver import reports
from solver.verification import CODES

#: How two rules overlap, by the code of the finding.
_OVERLAPS = {
    "V301": "associations of the same members",
    "V302": "different products of one name",
    "V303": "separate products",
}

#: What associations of each level are about.
_ABOUT = dict(zip(LEVELS, ("calibrated exposures", "combined exposures"), strict=True))


def pages(root: Path) -> dict[str, str]:
    """The pages by their file names."""
    found = witnesses.analysis(root)
    made = {f"{rule.spec.name}.md": page(*_rule(rule, found)) for rule in MISSION}
    return made | {"index.md": page(*_index()), "classes.md": page(*_classes())}


def _link(name: str, ending: str = "md") -> str:
    """The place of a class in the catalogue."""
    return f"{name}.{ending}" if name.startswith("Asn_") else f"classes.{ending}#{name.lower()}"


def linked(name: str) -> str:
    """A class, as a link to its place."""
    return f"[`{name}`]({_link(name)})"


def _figure(rules: Iterable[type[Rule]]) -> str:
    """The figure, as part of a page."""
    drawn = reports.svg(rules, lambda name: _link(name, "html")).replace("\n\n", "\n")
    readable = re.sub(r'viewBox="-6 0 (\d+)', r'style="min-width: 62rem" \g<0>', drawn, count=1)
    return f'<div class="rule-figure-frame">\n{readable}\n</div>'


# --- The index ----------------------------------------------------------------------------------


def _index() -> Iterator[str]:
    yield "---\nhide-toc: true\n---"
    yield "# Rule catalogue"
    yield (
        f"The mission's {len(MISSION)} rules: what each of them states, which class states it, the smallest pool from "
        "which it makes an association, and the rules that it overlaps with. All of it is made from the rules."
    )
    yield "## How rules inherit"
    yield (
        "A rule combines a base class with mixins and has the constraints of all of them. Each box is a link. "
        "Point at a class to see what it inherits and what inherits it, or at an instrument to see its rules. "
        "Names of mixins are shown without `AsnMixin_`. "
        "`asnsolve rules --svg FILE` draws this figure, also for rules of your own."
    )
    yield _figure(MISSION)
    for level, about in _ABOUT.items():
        specs = [rule.spec for rule in MISSION.of_level(level)]
        yield f"## Level {level}: {about}"
        rows = [
            (f"[{spec.name}]({spec.name}.md)", prose(spec.summary), code(spec.asn_type), _instruments(spec))
            for spec in specs
        ]
        yield table(("Rule", "What it groups", "Type", "Instruments"), rows)
        yield "```{toctree}\n:hidden:\n\n" + "\n".join(spec.name for spec in specs) + "\n```"
    yield "## By instrument"
    yield "Rules for all instruments are in each line."
    by_instrument = defaultdict(list)
    for rule in MISSION:
        for name in rule.spec.instruments:
            by_instrument[name].append(rule.spec)
    shown = [
        (name, *(", ".join(_short_link(spec) for spec in specs if spec.level == level) for level in LEVELS))
        for name, specs in sorted(by_instrument.items())
    ]
    yield table(("Instrument", *(f"Level {level}" for level in LEVELS)), shown)


def _short_link(spec: RuleSpec) -> str:
    return f"[{spec.name.removeprefix('Asn_').removeprefix(f'Lv{spec.level}')}]({spec.name}.md)"


def _instruments(spec: RuleSpec) -> str:
    every = {name for rule in MISSION for name in rule.spec.instruments}
    return "all" if every == {*spec.instruments} else ", ".join(spec.instruments)


# --- Base classes and mixins --------------------------------------------------------------------


def _classes() -> Iterator[str]:
    graph = reports.inheritance(MISSION)
    yield "# Base classes and mixins"
    yield (
        "The classes that the mission's rules are made from, with what each of them states itself. "
        "[The figure](index.md#how-rules-inherit) shows them together."
    )
    for owner in sorted((each for each in graph if not hasattr(each, "spec")), key=lambda each: each.__name__):
        yield f"## {owner.__name__}"
        yield prose(inspect.cleandoc(owner.__doc__ or ""))
        own = vars(owner)
        yield _listed("States", (prose(str(each)) for each in own.get("constraints", ())))
        rest = [name for name in own if not name.startswith("__") and name != "constraints"]
        yield _listed("Declares", (f"{code(name)}{_value(own[name])}" for name in rest))
        for verb, classes in (("Inherits", graph.pred[owner]), ("Inherited by", graph.succ[owner])):
            yield f"{verb} {', '.join(map(linked, sorted(each.__name__ for each in classes)))}." if classes else ""


def _listed(title: str, items: Iterable[str]) -> str:
    lines = "\n".join(f"- {each}" for each in items)
    return f"{title}:\n\n{lines}" if lines else ""


def _value(value: object) -> str:
    """A declared value, if it is short."""
    if isinstance(value, (bool, int, str)):
        return f": {code(str(value))}"
    if isinstance(value, tuple):
        return f": {', '.join(code(str(each)) for each in value)}"
    words = str(value)
    return "" if words.startswith(type(value).__name__) or "(" in words else f": {prose(words)}"


# --- A rule -------------------------------------------------------------------------------------


def _rule(rule: type[Rule], found: Mapping[str, Any]) -> Iterator[str]:
    spec = rule.spec
    yield "---\nhide-toc: true\n---"
    yield f"# {spec.name}"
    yield prose(inspect.cleandoc(rule.__doc__ or ""))
    yield table(("", ""), _facts(rule))
    yield "## What it states"
    yield from _stated(spec)
    yield "## What it becomes"
    yield from _becomes(spec)
    yield "## Where it comes from"
    yield _figure([rule])
    yield "## The smallest pool"
    yield from _witness(spec, found["satisfied"].get(spec.name) or [])
    yield "## Overlaps"
    yield from _overlaps(spec, found["findings"])
    yield from _remarks(spec, found["findings"])


def _facts(rule: type[Rule]) -> Iterator[tuple[str, str]]:
    spec = rule.spec
    yield "Level", str(spec.level)
    yield "Association type", code(spec.asn_type)
    yield "Instruments", ", ".join(spec.instruments)
    yield "Exposure types that qualify", ", ".join(map(code, _exposure_types(spec)))
    listed = CANDIDATE_TYPES[:-1]
    kinds = [kind for kind in listed if truth(spec.candidates or TRUE, {"candidate_type": kind})]
    within = "of any type" if spec.candidates is None else f"of type {' and '.join(map(code, kinds))}"
    across = "and across all candidates of a program (discovery)" if spec.discovered else "never across candidates"
    yield "Candidates", f"{within}; {across}"
    if spec.aliases:
        yield "Also known as", ", ".join(map(code, spec.aliases))
    yield "Declared in", code(f"{rule.__module__.replace('.', '/')}.py")


def _stated(spec: RuleSpec) -> Iterator[str]:
    for heading, stated in spec.sections:
        rows = [(prose(text), linked(by), prose(_why(each))) for each, text, by in stated]
        width = 3 if any(row[2] for row in rows) else 2
        yield table((prose(heading), "stated by", "because")[:width], [row[:width] for row in rows])


def _why(constraint: Constraint) -> str:
    """Why a condition is stated, where that is declared."""
    return MISSION.notes.get(constraint, "") if isinstance(constraint, Predicate) else ""


def _becomes(spec: RuleSpec) -> Iterator[str]:
    if spec.selection is not None:
        yield f"Each group keeps, {prose(str(spec.selection))}."
    yield f"Each group becomes {prose(str(spec.expansion))}, named {code(_pattern(spec))}."
    types = () if spec.joins else _exposure_types(spec)  # what is added to a group need not qualify
    yield "The role of an exposure is the first of these that fits:"
    yield _choice("Role", spec.roles, types)
    yield (
        "The member is the exposure's file with this ending. For an exposure that is calibrated by integration, "
        f"{code(spec.member_name.integrations)} is added to it."
    )
    yield _choice("Ending", spec.member_name.suffix, types)


def _choice(what: str, choice: Choice, types: Collection[str]) -> str:
    """A table of words, without those that no exposure of these types has."""
    cases = [
        each
        for each in choice.cases
        if not types or any(truth(each.when, {"exp_type": kind}) is not False for kind in types)
    ]
    rows = [(_named(each.value), prose(str(each.when))) for each in cases]
    return table((what, "If"), [*rows, (code(choice.otherwise), "otherwise" if rows else "always")])


def _exposure_types(spec: RuleSpec) -> tuple[str, ...]:
    """The exposure types that can qualify."""
    every = dict.fromkeys(kind for mode in MISSION.domain.modes for kind in mode.exp_types)
    return tuple(
        kind for kind in sorted(every) if all(truth(each, {"exp_type": kind}) is not False for each in spec.eligibility)
    )


def _named(value: str | Column) -> str:
    return code(value) if isinstance(value, str) else f"its {value.label}"


def _pattern(spec: RuleSpec) -> str:
    """How products are named, with the labels of the values in braces."""
    agreed = {each.label for each in spec.agreements}
    return "".join(part if isinstance(part, str) else _field(part, agreed) for part in spec.product_name.parts)


def _field(field: Field, agreed: Collection[str]) -> str:
    """A value of the name; of several, those on which the exposures agree."""
    labels = [label for label in field.labels if len(field.labels) == 1 or label in agreed] or field.labels
    return field.prefix + "-".join(f"{{{label}}}" for label in labels)


def _witness(spec: RuleSpec, rows: list[dict[str, str]]) -> Iterator[str]:
    if not rows:
        yield "No pool was found."
        return
    yield (
        "The smallest pool from which this rule makes an association, as `asnsolve verify -v` finds it. Columns that "
        "are empty or may hold anything are left out."
    )
    numbers = ["Value"] if len(rows) == 1 else [f"Exposure {number}" for number in range(1, len(rows) + 1)]
    columns = witnesses.telling(rows)
    yield table(
        ("Column", *numbers), [(code(name), *(code(row[name]) or "*not given*" for row in rows)) for name in columns]
    )
    made = witnesses.associations(spec.name, rows)
    yield "The association that comes out:" if len(made) == 1 else f"The {len(made)} associations that come out:"
    yield from (fenced(text, "json") for text in made)
    others = witnesses.others(spec.name, rows)
    if others:
        yield f"From the same pool, the full rule set also makes associations by {', '.join(map(linked, others))}."


def _overlaps(spec: RuleSpec, findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in findings:
        if each["code"] in _OVERLAPS and spec.name in each["rules"]:
            found[next(name for name in each["rules"] if name != spec.name)].append(each)
    if not found:
        yield "No other rule of this level takes as science an exposure that this rule takes."
        return
    yield "Rules that can take the same exposure, and why that is intended:"
    rows = [
        (
            linked(other),
            "; ".join(_OVERLAPS[each["code"]] for each in every),
            prose(every[0]["intended"] or "not declared"),
        )
        for other, every in sorted(found.items())
    ]
    yield table(("Rule", "They make", "Why it is intended"), rows)


def _remarks(spec: RuleSpec, findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (f"{each['code']}: {prose(CODES[each['code']])}", prose(each["message"]), prose(each["intended"] or ""))
        for each in findings
        if each["code"] not in _OVERLAPS and each["code"] != "V203" and spec.name in each["rules"]
    ]
    if rows:
        yield "## What verification says"
        yield table(("Finding", "What", "Why it is intended"), rows)
