"""Groups: which exposures a rule puts together, by either engine."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import networkx as nx
import numpy as np
import pytest

from rules import MISSION
from rules.rule import Rule
from rules.vocabulary import Constraint, in_candidate, mapped, one_of, present, same, within
from solver import TooManyGroupsError, generate
from solver.pools.columns import EncodedColumn
from solver.pools.evaluation import Evaluation
from solver.solving import constraint_engine as csp
from solver.solving import groups
from solver.solving.attachment import joined
from solver.solving.compilation import ANY, compile_rule
from solver.solving.generation import Engine
from solver.solving.products import Groups
from tests.unit.small import Row, Watched, agreeing, candidates, cases, exposures, found, make_rule, pool_of, row

FILTER = agreeing(same("filter"))
LOOSE = agreeing(same("filter", optional=True))
LOOSER = agreeing(same("filter", optional=True), same("pupil", optional=True))
FILTER_LOOSE = agreeing(same("filter"), same("pupil", optional=True))

#: What the cases call the rules.
RULES = {
    "FILTER": FILTER,
    "LOOSE": LOOSE,
    "LOOSER": LOOSER,
    "FILTER_LOOSE": FILTER_LOOSE,
    "TARGET": agreeing(same("targetid", unless="psf")),
    "SCIENCE_TARGET": agreeing(same("targetid", only="science")),
    "OR_NONE": agreeing(same("targetid", optional=True, unless=one_of("role", "psf", "background"))),
    "TRANSLATED": agreeing(same(mapped("slit", "fxd_slit", {"a1": "a", "a2": "a"}))),
    "BY_TYPE": agreeing(same(in_candidate("direct_image", "000", otherwise="targetid")), discovered=True),
    "PROGRAM": agreeing(),
    "DISCOVERED": agreeing(discovered=True),
    "OF_GROUPS": agreeing(candidates=one_of("candidate_type", "group"), discovered=True),
}
CASES = cases(__file__)["groups"]


def solutions(rule: type[Rule], rows: Iterable[Row], engine: Engine) -> str:
    """The groups; those of the observation candidate o001 without its name if there is no other."""
    pool = pool_of(*rows)
    sub_pools = pool.sub_pools(discover=True)
    compiled = compile_rule(rule.spec, Evaluation(pool), sub_pools)
    solve = {"signatures": groups.solve, "constraint": csp.solve}[engine]
    every = solve(compiled)
    made = [
        (
            sub_pools.candidates[candidate].id,
            " ".join(pool.file_names[exposure][0] for exposure in compiled.exposure[support].tolist()),
        )
        for candidate, support in zip(every.candidate.tolist(), every.supports, strict=True)
    ]
    if {identifier for identifier, _ in made} == {"o001"}:
        return "; ".join(names for _, names in made)
    return "; ".join(f"{identifier}: {names}" for identifier, names in made)


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", CASES)
def test_the_groups_of_a_rule(case: str, engine: Engine) -> None:
    rule, pool, expected = CASES[case]
    assert solutions(RULES[rule], exposures(pool), engine) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_groups_do_not_depend_on_the_order_of_rows(case: str) -> None:
    rule, pool, expected = CASES[case]
    for shuffled in itertools.permutations(exposures(pool)):
        assert solutions(RULES[rule], shuffled, "signatures") == expected


def test_a_rule_needs_no_condition_on_single_exposures() -> None:
    assert found(pool_of(row("a"), row("b")), make_rule(same("program"))) == [("o001", "a b")]


def test_the_key_of_a_group_has_a_value_wherever_a_member_has_one() -> None:
    pool = pool_of(*exposures("a filter=f1 pupil=; b filter= pupil=p1; c program=2 filter= pupil="))
    sub_pools = pool.sub_pools(discover=False)
    compiled = compile_rule(LOOSER.spec, Evaluation(pool), sub_pools)
    for solve in (groups.solve, csp.solve):
        first, second = solve(compiled).keys.tolist()
        values = [v[c] if c != ANY else None for v, c in zip(compiled.values, first, strict=True)]
        assert values == ["1", "f1", "p1"]
        assert second == [compiled.values[0].index("2"), ANY, ANY]


def test_the_entries_of_solutions_are_in_order() -> None:
    """Owners ascend, and within a solution its entries, however many there are."""
    pool = pool_of(*(row(f"e{n:03}", filter=f"F{n * 7 % 5}" if n % 50 else "") for n in range(300)))
    for rule in (FILTER, LOOSE):
        solutions = groups.solve(compile_rule(rule.spec, Evaluation(pool), pool.sub_pools()))
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
    pool = pool_of(*exposures("a filter=f1; b filter=f2; c filter= pupil=p1; d filter= pupil=p2; e filter="))
    monkeypatch.setattr(groups, "PAIRS", 8)
    assert len(found(pool, LOOSER, discover=False)) == 4
    monkeypatch.setattr(groups, "PAIRS", 7)
    with pytest.raises(TooManyGroupsError, match=r"more than 7 pairs .*; give the missing values"):
        found(pool, LOOSER, discover=False)


def test_each_of_the_signatures_that_may_agree_is_compared_with_its_own() -> None:
    """Three in one band; in the other each of two pupils agrees with each of forty filters."""
    rule = agreeing(same("band"), same("filter", optional=True), same("pupil", optional=True))
    first = [row("a", band="1", filter="F1"), row("b", band="1", filter=""), row("c", band="1", filter="F2")]
    pupils = [row(f"p{number}", band="2", filter="", pupil=f"P{number}") for number in range(2)]
    filters = [row(f"f{number:02}", band="2", filter=f"F{number:02}") for number in range(40)]
    made = [names for _, names in found(pool_of(*first, *pupils, *filters), rule, finalize=False, discover=False)]
    pairs = [f"f{number:02} p{pupil}" for number in range(40) for pupil in range(2)]
    assert sorted(made) == ["a b", "b c", *pairs]


def test_signatures_are_counted_where_they_may_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """With filter F1 three, with F2 four."""
    few = "a filter=F1 pupil=P1; b filter=F1; c filter=F1 pupil=P2; "
    more = few + "d filter=F2 pupil=P1; e filter=F2; f filter=F2 pupil=P2; g filter=F2 pupil=P3"
    monkeypatch.setattr(groups, "SIGNATURES", 4)
    assert len(found(pool_of(*exposures(more)), FILTER_LOOSE, discover=False)) == 5
    monkeypatch.setattr(groups, "SIGNATURES", 3)
    with pytest.raises(TooManyGroupsError, match="more than 3 exposures that differ in what they agree on"):
        found(pool_of(*exposures(more)), FILTER_LOOSE, discover=False)


def test_the_limit_is_one_of_groups_in_one_sub_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [each | {"filename": f"{n}{each['filename']}", "program": str(n)} for n in range(1, 6) for each in MANY]
    monkeypatch.setattr(groups, "LIMIT", 16)
    assert len(generate(pool_of(*every), [FOUR]).associations) == 80


def test_groups_without_missing_values_are_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "LIMIT", 1)
    assert len(found(pool_of(*(row(name, filter=f"F{name}") for name in "abcdefgh")), FILTER)) == 8


@pytest.mark.parametrize("constraint", [same("filter"), within("expstart", 2)])
def test_an_exposure_that_qualifies_for_nothing_compiles_to_nothing(constraint: Constraint) -> None:
    pool = pool_of(row("a", expstart="1"))
    rule = make_rule(present("band"), same("program"), constraint)
    compiled = compile_rule(rule.spec, Evaluation(pool), pool.sub_pools())
    assert len(compiled) == 0
    assert len(groups.solve(compiled)) == len(csp.solve(compiled)) == 0


def test_a_value_is_not_compared_with_every_other() -> None:
    """By no rule, also where all values of the pool differ; a role can be a value, that of PNTGTYPE."""
    size, few, formed = 300, 10, 0
    pool = pool_of(*(row(f"e{number:03}", pntgtype="") for number in range(size)))
    alike = ("program", "instrume", "exp_type", "asn_candidate")
    words = ("", *(Watched(f"v{number}") for number in range(size)))
    differing = EncodedColumn(np.arange(1, size + 1, dtype=np.int32), words)
    evaluation = Evaluation(pool).over({name: differing for name in pool.columns if name not in alike})
    for rule in MISSION:
        Watched.compared = 0
        compiled = compile_rule(rule.spec, evaluation, pool.sub_pools())
        solutions = groups.solve(compiled)
        formed += len(Groups.of(compiled, solutions, joined(compiled, solutions)).solutions)
        assert Watched.compared < few * size, rule
    assert formed
