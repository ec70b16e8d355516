"""The rules as graphs and trees."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from rich.console import Console

from rules import MISSION
from rules.rule import Rule
from solver.app.rules import tree
from solver.reports import dot, inheritance, svg
from tests.unit.small import agreeing


def parsed(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The boxes and the edges of a graph in graphviz' language; anything else is an error."""
    first, *body, last = text.splitlines()
    assert (first, last) == ("digraph rules {", "}")
    boxes, edges = set(), set()
    for line in body:
        if match := re.fullmatch(r'    "(\w+)" -> "(\w+)";', line):
            edges.add((match[1], match[2]))
        elif match := re.fullmatch(r'    "(\w+)" \[shape=box\];', line):
            boxes.add(match[1])
        else:
            assert line in {"    rankdir=LR;", "    node [shape=ellipse];"}
    return boxes, edges


def test_the_inheritance_graph_is_the_classes_as_they_inherit() -> None:
    graph = inheritance(MISSION.of_level(3))
    assert nx.is_directed_acyclic_graph(graph)
    assert Rule not in graph
    for rule in MISSION.of_level(3):
        assert nx.ancestors(graph, rule) == {owner for owner in rule.__mro__[1:] if issubclass(owner, Rule)} - {Rule}
        assert graph.out_degree(rule) == 0


def test_the_graph_is_exported_for_graphviz() -> None:
    boxes, edges = parsed(dot(inheritance(MISSION.of_level(3))))
    assert boxes == {rule.__name__ for rule in MISSION.of_level(3)}
    assert edges == {(base.__name__, owner.__name__) for base, owner in inheritance(MISSION.of_level(3)).edges}
    assert ("AsnMixin_Spectrum", "AsnMixin_BackgroundSpectrum") in edges
    assert dot(inheritance(MISSION.of_level(3).rules[::-1])) == dot(inheritance(MISSION.of_level(3)))


def test_the_figure_has_every_class_and_who_inherits_it() -> None:
    text = svg(MISSION, "https://example.org/{}".format)
    shown = [each.attrib for each in ET.fromstring(text).iter()]  # noqa: S314 (our own)
    graph = inheritance(MISSION)
    assert {each["data-class"] for each in shown if "data-class" in each} == {owner.__name__ for owner in graph}
    edges = {(each["data-from"], each["data-to"]) for each in shown if "data-from" in each}
    assert edges == {(base.__name__, owner.__name__) for base, owner in graph.edges}
    links = {each["href"] for each in shown if "href" in each}
    assert links == {f"https://example.org/{owner.__name__}" for owner in graph}
    assert svg(MISSION.rules[::-1], "https://example.org/{}".format) == text
    assert "href" not in svg(MISSION)


def test_the_graph_of_one_rule_is_what_it_inherits() -> None:
    assert dot(inheritance([MISSION.find("Asn_Lv3WFSSMIR")])).splitlines() == [
        "digraph rules {",
        "    rankdir=LR;",
        "    node [shape=ellipse];",
        '    "Asn_Lv3WFSSMIR" [shape=box];',
        '    "AsnMixin_Base" -> "AsnMixin_OneTarget";',
        '    "AsnMixin_CrossCandidate" -> "AsnMixin_OneTarget";',
        '    "AsnMixin_MIRI" -> "Asn_Lv3WFSSMIR";',
        '    "AsnMixin_OneTarget" -> "Asn_Lv3WFSSMIR";',
        '    "AsnMixin_Spectrum" -> "Asn_Lv3WFSSMIR";',
        '    "AsnMixin_Target" -> "AsnMixin_OneTarget";',
        '    "DMS_Level3_Base" -> "AsnMixin_OneTarget";',
        "}",
    ]


def test_a_class_without_a_docstring_can_be_drawn() -> None:
    assert tree([agreeing(bases=(type("Bare", (agreeing(),), {"constraints": ()}),))])


@pytest.mark.parametrize("rules", [MISSION.of_level(3), MISSION.of_level(3).rules[::-1]], ids=["in order", "reversed"])
def test_every_rule_is_a_leaf_of_the_tree(rules: tuple[type[Rule], ...]) -> None:
    drawing = Console(width=300, force_terminal=False, color_system=None)
    with drawing.capture() as capture:
        drawing.print(tree(rules))
    lines = capture.get().splitlines()
    leaves = [match[1] for line in lines if (match := re.search(r"── (Asn_\w+)  \S", line))]
    assert sorted(leaves) == sorted(rule.__name__ for rule in rules)
    assert [line.split("── ")[1].split()[0] for line in lines[1:2]] == ["DMS_Level3_Base"]
