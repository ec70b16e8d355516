"""List the rules, or show one.

List the rules; with a name, show what that rule states and which class each
constraint comes from.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from solver import reports, whole_files
from solver.app import console
from solver.app.inputs import refuse_to_lose, rules_of
from solver.app.options import OVERWRITE, RULES, flag, option, path_to
from solver.words import inert

if TYPE_CHECKING:
    from rich.tree import Tree

    from rules.rule import Rule, RuleSpec

OPTIONS = (
    option("rule [RULE]", "a rule's name, or a former name"),
    *RULES,
    flag("--tree", "draw how the rules inherit from base classes and mixins"),
    path_to("--dot FILE", "write the inheritance for graphviz"),
    path_to("--svg FILE", "draw the inheritance as a figure: by level, with the instruments of each rule"),
    OVERWRITE,
)


def run(options: Namespace) -> None:
    """List, show, draw or export."""
    refuse_to_lose(options, dot=b"digraph", svg=b"asnsolve rules")
    known = rules_of(options)
    rules = known.rules if options.rule is None else (known.find(options.rule),)
    if options.dot is not None:
        whole_files.write_file(options.dot, reports.dot(reports.inheritance(rules)))
        console.show(f"written to {options.dot}; draw it with: dot -Tsvg {options.dot}")
    if options.svg is not None:
        whole_files.write_file(options.svg, reports.svg(rules))
        console.show(f"written to {options.svg}")
    if options.tree:
        console.show(tree(rules))
    elif options.rule is not None:
        console.show(*_described(rules[0].spec))
    elif options.dot is None and options.svg is None:
        console.show(_list(rules))


def tree(rules: Iterable[type[Rule]]) -> Tree:
    """How rules are composed: base class first, then mixin by mixin, in Python's order of inheritance."""
    from rich.text import Text

    labels: dict[tuple[str, ...], Text] = {}
    owners = {owner.__name__: owner for rule in rules for owner in rule.__mro__}
    summaries = {name: (owner.__doc__ or "").strip().partition("\n")[0] for name, owner in owners.items()}
    for lineage in sorted(reports.lineage(rule) for rule in rules):
        for depth, name in enumerate(lineage, start=1):
            style = "bold" if name.startswith("Asn_") else "cyan"
            labels[lineage[:depth]] = Text.assemble((name, style), (f"  {inert(summaries[name])}", "dim"))
    return console.tree(Text("Rule", style="bold"), labels.items())


def _list(rules: Sequence[type[Rule]]) -> console.Table:
    rows = []
    for spec in (rule.spec for rule in rules):
        every = "all" if len(spec.instruments) > 4 else ", ".join(spec.instruments).upper()  # noqa: PLR2004 (there are five)
        rows.append((spec.name, spec.asn_type, every, spec.summary, ", ".join(spec.aliases)))
    return console.Table("Rule", "Type", "Instruments", "What it groups", "Also known as", rows=rows)


def _described(spec: RuleSpec) -> Iterator[object]:
    """What a rule states, and the class that each constraint comes from."""
    from rich.text import Text

    from rules.vocabulary import CANDIDATE_TYPES, TRUE
    from rules.vocabulary.algebra import truth

    yield Text(spec.name + f" (also {', '.join(spec.aliases)})" * bool(spec.aliases), style="bold")
    instruments = ", ".join(spec.instruments).upper() or "any instrument"
    yield f"{spec.summary} Level {spec.level}, {spec.asn_type}; {instruments}."
    kinds = (one for one in CANDIDATE_TYPES[:-1] if truth(spec.candidates or TRUE, {"candidate_type": one}))
    within = "any candidate" if spec.candidates is None else f"{' and '.join(kinds)} candidates"
    across = ", and across candidates (discovery)" if spec.discovered else " only, never across candidates"
    yield f"Applies within {within}{across}."
    for heading, stated in spec.sections:
        yield from ("", console.Table(heading, "stated by", rows=[(f"  {text}", by) for _, text, by in stated]))
    yield ""
    if spec.selection is not None:
        yield f"Each group keeps, {spec.selection}."
    yield f"Each group becomes {spec.expansion}."
