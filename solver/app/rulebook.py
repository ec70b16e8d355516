"""The command `asnsolve rules`: the rules as texts, and their inheritance as a graph."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

import networkx as nx
from rich.text import Text
from rich.tree import Tree

from rules.rule import Rule, RuleSpec
from solver.app import console
from solver.default import chosen_rules
from solver.storage import refuse_to_lose, write_file


def run(options: argparse.Namespace) -> int:
    """List, show, draw or export."""
    if options.dot is not None:
        refuse_to_lose(options.dot, b"digraph", overwrite=options.overwrite)
    known = chosen_rules(options.rules or ())
    rules = known.rules if options.rule is None else (known.find(options.rule),)
    if options.dot is not None:
        write_file(options.dot, dot(inheritance(rules)))
        console.output().print(console.inert(f"written to {options.dot}; draw it with: dot -Tsvg {options.dot}"))
    if options.tree:
        console.output().print(tree(rules))
    elif options.rule is not None:
        _show(rules[0].spec)
    elif options.dot is None:
        _list(rules)
    return 0


def inheritance(rules: Iterable[type[Rule]]) -> nx.DiGraph[type[Rule]]:
    """The classes that rules are made from: an edge leads from a class to one that inherits it directly."""
    graph: nx.DiGraph[type[Rule]] = nx.DiGraph()
    for rule in rules:
        for owner in rule.__mro__:
            if issubclass(owner, Rule) and owner is not Rule:
                graph.add_node(owner)
                graph.add_edges_from((base, owner) for base in owner.__bases__ if base is not Rule)
    return graph


def dot(graph: nx.DiGraph[type[Rule]]) -> str:
    """The graph in graphviz' language; rules are boxes."""
    lines = ["digraph rules {", "    rankdir=LR;", "    node [shape=ellipse];"]
    names = {owner: owner.__name__ for owner in graph}
    lines += [
        f'    "{names[owner]}" [shape=box];'
        for owner in sorted(graph, key=lambda each: names[each])
        if hasattr(owner, "spec")
    ]
    edges = sorted((names[base], names[owner]) for base, owner in graph.edges)
    return "\n".join([*lines, *(f'    "{base}" -> "{owner}";' for base, owner in edges), "}", ""])


def tree(rules: Iterable[type[Rule]]) -> Tree:
    """How rules add up: base class first, then mixin by mixin, in the order in which Python inherits."""
    lineages = sorted(_lineage(rule) for rule in rules)
    top = Tree(Text("Rule", style="bold"))
    branches: dict[tuple[str, ...], Tree] = {(): top}
    summaries = {owner.__name__: _summary(owner) for rule in rules for owner in rule.__mro__}
    for lineage in lineages:
        for depth in range(1, len(lineage) + 1):
            path = lineage[:depth]
            if path not in branches:
                label = Text.assemble((path[-1], "bold" if path[-1].startswith("Asn_") else "cyan"))
                label.append(f"  {summaries[path[-1]]}", style="dim")
                branches[path] = branches[path[:-1]].add(label)
    return top


def _lineage(rule: type[Rule]) -> tuple[str, ...]:
    """The classes of a rule from the base to itself, without those that only name instruments."""
    owners = [owner for owner in reversed(rule.__mro__) if issubclass(owner, Rule) and owner is not Rule]
    telling = [owner for owner in owners if owner is rule or _declared(owner) - {"instruments"}]
    return tuple(owner.__name__ for owner in telling)


def _declared(owner: type[Rule]) -> set[str]:
    return {name for name in vars(owner) if not name.startswith("__")}


def _summary(owner: type) -> str:
    return console.inert(next(iter((owner.__doc__ or "").strip().splitlines()), ""))


def _list(rules: Sequence[type[Rule]]) -> None:
    made = console.table("Rule", "Type", "Instruments", "What it groups", "Also known as")
    for rule in rules:
        spec = rule.spec
        every = "all" if len(spec.instruments) > 4 else ", ".join(spec.instruments)  # noqa: PLR2004 (there are five)
        console.add(made, spec.name, spec.asn_type, every, spec.summary, ", ".join(spec.aliases))
    console.output().print(made)


def _show(spec: RuleSpec) -> None:
    out = console.output()
    also = f" (also {', '.join(spec.aliases)})" if spec.aliases else ""
    out.print(Text(f"{spec.name}{also}", style="bold"))
    out.print(console.inert(f"{spec.summary} Level {spec.level}, {spec.asn_type}; {', '.join(spec.instruments)}."))
    candidates = "any candidate" if spec.candidates is None else f"candidates if {spec.candidates}"
    discovery = "and across them (discovery)" if spec.discovered else "and never across them"
    out.print(console.inert(f"It is for {candidates}, {discovery}."))
    parts = (
        ("An exposure qualifies if", spec.eligibility),
        (f"A group is about {spec.cardinality}", spec.agreements),
        ("Every two exposures have", spec.nearness),
        ("To a group are added", spec.joins),
        ("A group is an association if it", spec.validity),
    )
    by = {stated.constraint: stated.by for stated in spec.stated}
    for heading, constraints in parts:
        if constraints:
            out.print()
            made = console.table(heading, "stated by")
            for constraint in constraints:
                console.add(made, f"  {constraint}", by[constraint])
            out.print(made)
    out.print()
    if spec.selection is not None:
        out.print(console.inert(f"Of its exposures stay: {spec.selection}."))
    out.print(console.inert(f"It becomes {spec.expansion}."))
