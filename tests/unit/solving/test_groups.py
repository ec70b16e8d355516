"""Groups: which exposures a rule puts together, by either engine."""

from __future__ import annotations

import itertools
import re
from typing import Literal

import networkx as nx
import pytest

from rules.rule import Rule
from rules.vocabulary import Constraint, in_candidate, mapped, one_of, present, same, within
from solver import TooManyGroupsError, generate
from solver.pools.evaluation import Evaluation
from solver.solving import constraint_engine as csp
from solver.solving import groups
from solver.solving.compilation import ANY, compile_rule
from tests.unit.small import Row, agreeing, candidates, found, make_rule, pool_of, row

FILTER = agreeing(same("filter"))
LOOSE = agreeing(same("filter", optional=True))
LOOSER = agreeing(same("filter", optional=True), same("pupil", optional=True))
TARGET = agreeing(same("targetid", unless="psf"))
SCIENCE_TARGET = agreeing(same("targetid", only="science"))
OR_NONE = agreeing(same("targetid", optional=True, unless=one_of("role", "psf", "background")))
TRANSLATED = agreeing(same(mapped("slit", "fxd_slit", {"a1": "a", "a2": "a"})))
BY_TYPE = agreeing(same(in_candidate("direct_image", "000", otherwise="targetid")), discovered=True)


def cells(column: str, *values: str) -> list[Row]:
    """Exposures a, b, c, … that differ in one column."""
    return [row(name, **{column: value}) for name, value in zip("abcdefgh", values, strict=False)]


def two(*pairs: str) -> list[Row]:
    """Exposures a, b, c, … with filter and pupil as in `"f1 p1"`; `-` for none."""
    made = []
    for name, pair in zip("abcdefgh", pairs, strict=False):
        first, second = pair.replace("-", "null").split()
        made.append(row(name, filter=first, pupil=second))
    return made


PSF, BACKGROUND = {"is_psf": "T"}, {"bkgdtarg": "T"}

#: what is tried: rule, exposures, groups
CASES: dict[str, tuple[type[Rule], list[Row], list[str]]] = {
    "one exposure": (FILTER, [row("a")], ["a"]),
    "equal values": (FILTER, cells("filter", "F1", "f1", "F1"), ["a b c"]),
    "different values": (FILTER, cells("filter", "F1", "F2", "F1"), ["a c", "b"]),
    "no value does not qualify": (FILTER, cells("filter", "F1", "", "NULL"), ["a"]),
    "no exposure qualifies": (FILTER, cells("filter", "", ""), []),
    "programs never mix": (LOOSE, [row("a"), row("b", program="2", filter="")], ["a", "b"]),
    "optional: no value agrees with any": (LOOSE, cells("filter", "F1", "", "F1"), ["a b c"]),
    "optional: it is in several groups": (LOOSE, cells("filter", "F1", "", "F2"), ["a b", "b c"]),
    "optional: nobody has a value": (LOOSE, cells("filter", "", ""), ["a b"]),
    "optional: given by all of a program, by some of others": (
        LOOSE,
        [row("a", filter="F1"), row("b", filter="F2"),
         row("c", program="2", filter=""), row("d", program="2", filter="F1"), row("e", program="2", filter="F2")],
        ["a", "b", "c d", "c e"],
    ),
    "optional: given by all of a program, by one of another": (
        LOOSE,
        [row("a", filter="F1"), row("b", filter="F2"),
         row("c", program="2", filter=""), row("d", program="2", filter="F1")],
        ["a", "b", "c d"],
    ),
    "two optional ones: a chain": (LOOSER, two("f1 -", "- p1", "f2 p1"), ["a b", "b c"]),
    "two optional ones: all agree": (LOOSER, two("f1 -", "- p1", "f1 p1"), ["a b c"]),
    "two optional ones: a square": (
        LOOSER, two("f1 -", "f2 -", "- p1", "- p2"), ["a c", "a d", "b c", "b d"],
    ),
    "two optional ones: pairs agree, so do three": (LOOSER, two("f1 -", "- p1", "- -"), ["a b c"]),
    "an exempt role agrees with any": (
        TARGET, [row("a"), row("b", targetid="2", **PSF), row("c", targetid="3")], ["a b", "b c"],
    ),
    "an exempt role needs no value": (TARGET, [row("a"), row("b", targetid="", **PSF)], ["a b"]),
    "an exempt role alone": (TARGET, [row("a", **PSF), row("b", targetid="2", **PSF)], ["a b"]),
    "exempt exposures agree with one another": (
        TARGET, [row("a"), row("b", targetid="2", **PSF), row("c", targetid="3", **PSF)], ["a b c"],
    ),
    "another role is not exempt": (TARGET, [row("a"), row("b", targetid="2", **BACKGROUND)], ["a", "b"]),
    "only one role needs it": (
        SCIENCE_TARGET, [row("a"), row("b", targetid="2", **BACKGROUND), row("c", targetid="2")], ["a b", "b c"],
    ),
    "optional and exempt": (
        OR_NONE, [row("a"), row("b", targetid=""), row("c", targetid="2", **PSF)], ["a b c"],
    ),
    "translated values": (TRANSLATED, cells("fxd_slit", "A1", "A2", "B1", ""), ["a b", "c"]),
    "several candidates": (
        agreeing(),
        [
            row("a", asn_candidate=candidates("o001 observation", "c1000 group")),
            row("b", asn_candidate=candidates("o002 observation", "c1000 group")),
        ],
        ["c1000: a b", "o001: a", "o002: b"],
    ),
    "discovery": (
        agreeing(discovered=True),
        [row("a"), row("b", asn_candidate=candidates("o002 observation")), row("c", asn_candidate="")],
        ["a3001: a b c", "o001: a", "o002: b"],
    ),
    "by discovery alone": (agreeing(), [row("a"), row("c", asn_candidate="null")], ["a"]),
    "a rule for one type": (
        agreeing(candidates=one_of("candidate_type", "group"), discovered=True),
        [row("a", asn_candidate=candidates("o001 observation", "c1000 group"))],
        ["c1000: a"],
    ),
    "a value by type of candidate": (
        BY_TYPE,
        [
            row("a", asn_candidate=candidates("o001 observation", "c1000 direct_image")),
            row("b", targetid="2", asn_candidate=candidates("o001 observation", "c1000 direct_image")),
        ],
        ["a3001: a", "a3001: b", "c1000: a b", "o001: a", "o001: b"],
    ),
    "one of two types with one id": (
        agreeing(),
        [row("a", asn_candidate=candidates("c1 group")), row("b", asn_candidate=candidates("c1 background"))],
        ["c1: b", "c1: a"],
    ),
}  # fmt: skip


def solutions(rule: type[Rule], rows: list[Row], engine: Literal["signatures", "constraint"]) -> list[str]:
    """The groups; those of the observation candidate o001 without its name if there is no other."""
    pool = pool_of(*rows)
    sub_pools = pool.sub_pools(discover=True)
    compiled = compile_rule(rule.spec, Evaluation(pool), sub_pools)
    solve = {"signatures": groups.solve, "constraint": csp.solve}[engine]
    made = [
        (
            sub_pools.candidates[each.candidate].id,
            " ".join(pool.file_names[exposure][0] for exposure in compiled.exposure[each.entries].tolist()),
        )
        for each in solve(compiled, sub_pools)
    ]
    if {identifier for identifier, _ in made} == {"o001"}:
        return [names for _, names in made]
    return [f"{identifier}: {names}" for identifier, names in made]


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", CASES)
def test_the_groups_of_a_rule(case: str, engine: Literal["signatures", "constraint"]) -> None:
    rule, rows, expected = CASES[case]
    assert solutions(rule, rows, engine) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_groups_do_not_depend_on_the_order_of_rows(case: str) -> None:
    rule, rows, expected = CASES[case]
    for shuffled in itertools.permutations(rows):
        assert solutions(rule, list(shuffled), "signatures") == expected


def test_a_rule_needs_no_condition_on_single_exposures() -> None:
    assert found(pool_of(row("a"), row("b")), make_rule(same("program"))) == [("o001", "a b")]


def test_the_key_of_a_group_has_a_value_wherever_a_member_has_one() -> None:
    pool = pool_of(*two("f1 -", "- p1"), row("c", program="2", filter="", pupil=""))
    sub_pools = pool.sub_pools(discover=False)
    compiled = compile_rule(LOOSER.spec, Evaluation(pool), sub_pools)
    for solve in (groups.solve, csp.solve):
        first, second = solve(compiled, sub_pools)
        assert [v[c] if c != ANY else None for v, c in zip(compiled.values, first.key, strict=True)] == [
            "1",
            "f1",
            "p1",
        ]
        assert second.key == (compiled.values[0].index("2"), ANY, ANY)


def test_the_entries_of_solutions_are_in_order() -> None:
    """Owners ascend, and within a solution its entries, however many there are."""
    pool = pool_of(*(row(f"e{n:03}", filter=f"F{n * 7 % 5}" if n % 50 else "") for n in range(300)))
    for rule in (FILTER, LOOSE):
        sub_pools = pool.sub_pools()
        solutions = groups.solve(compile_rule(rule.spec, Evaluation(pool), sub_pools), sub_pools)
        pairs = list(zip(solutions.owner.tolist(), solutions.entry.tolist(), strict=True))
        assert pairs == sorted(set(pairs))
        assert len(pairs) > 250


#: What two optional agreements can be: a value, another one, or none.
SIGNATURES = list(itertools.product(("", "x", "y"), repeat=2))


@pytest.mark.parametrize("size", range(1, 6))
def test_groups_of_every_few_signatures_are_the_maximal_cliques(size: int) -> None:
    """Of each set of different signatures the groups are the maximal cliques of "equal, or not given"."""
    for chosen in itertools.combinations(SIGNATURES, size):
        names = "abcde"[:size]
        graph: nx.Graph[str] = nx.empty_graph(list(names))
        for (i, one), (j, other) in itertools.combinations(enumerate(chosen), 2):
            if all(a == b or not a or not b for a, b in zip(one, other, strict=True)):
                graph.add_edge(names[i], names[j])
        rows = [row(name, filter=one, pupil=other) for name, (one, other) in zip(names, chosen, strict=True)]
        cliques = sorted(" ".join(sorted(clique)) for clique in nx.find_cliques(graph))
        assert sorted(members for _, members in found(pool_of(*rows), LOOSER, finalize=False)) == cliques


#: Sixteen groups: a filter, a pupil, a grating and a detector each, two of each.
MANY = [
    row(f"{column}{number}", filter="", asn_candidate=candidates("c1000 group")) | {column: f"x{number}"}
    for column in ("filter", "pupil", "grating", "detector")
    for number in (1, 2)
]
FOUR = agreeing(
    *(same(column, optional=True) for column in ("filter", "pupil", "grating", "detector")), name="Asn_Four"
)


def test_too_many_groups_in_a_candidate_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(generate(pool_of(*MANY), [FOUR]).associations) == 16
    monkeypatch.setattr(groups, "LIMIT", 3)
    message = (
        "Asn_Four on candidate ('c1000', 'group'): more than 3 groups, because exposures without a value agree with "
        "any; give the missing values in the pool, or leave the rule out"
    )
    with pytest.raises(TooManyGroupsError, match=f"^{re.escape(message)}$") as caught:
        generate(pool_of(*MANY), [FOUR])
    assert (caught.value.rule, caught.value.candidate, caught.value.limit) == ("Asn_Four", "('c1000', 'group')", 3)


def test_pairs_of_all_kinds_of_signatures_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two with a filter, two with a pupil, one with neither: four pairs, and two, and two."""
    pool = pool_of(*two("f1 -", "f2 -", "- p1", "- p2", "- -"))
    monkeypatch.setattr(groups, "PAIRS", 8)
    assert len(found(pool, LOOSER, discover=False)) == 4
    monkeypatch.setattr(groups, "PAIRS", 7)
    with pytest.raises(TooManyGroupsError, match=r"more than 7 pairs .*; give the missing values"):
        found(pool, LOOSER, discover=False)


def test_the_limit_is_one_of_groups_in_one_sub_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [each | {"filename": f"{n}{each['filename']}", "program": str(n)} for n in range(1, 6) for each in MANY]
    monkeypatch.setattr(groups, "LIMIT", 16)
    assert len(generate(pool_of(*every), [FOUR]).associations) == 80


def test_groups_without_missing_values_are_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "LIMIT", 1)
    assert len(found(pool_of(*cells("filter", *"12345678")), FILTER)) == 8


@pytest.mark.parametrize("constraint", [same("filter"), within("expstart", 2)])
def test_an_exposure_that_qualifies_for_nothing_compiles_to_nothing(constraint: Constraint) -> None:
    pool = pool_of(row("a", expstart="1"))
    rule = make_rule(present("band"), same("program"), constraint)
    compiled = compile_rule(rule.spec, Evaluation(pool), pool.sub_pools())
    assert len(compiled) == 0
    assert len(groups.solve(compiled, pool.sub_pools())) == len(csp.solve(compiled, pool.sub_pools())) == 0
