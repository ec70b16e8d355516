"""Groups that are about one exposure: the seed, and what fits it; by either engine."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import pytest

from rules.rule import Rule
from rules.vocabulary import OneSeed, has, join, one_seed, present, same
from solver import generate
from solver.pools.evaluation import Evaluation
from solver.solving import constraint_engine as csp
from solver.solving import groups
from solver.solving.compilation import compile_rule
from tests.unit.small import Row, agreeing, candidates, found, make_rule, members, pool_of, row

Engine = Literal["signatures", "constraint"]

PSF, BACKGROUND = {"is_psf": "T"}, {"bkgdtarg": "T"}

ALONE = one_seed("science")
WITH_BACKGROUND = one_seed("science", fitting=("background",))
WITH_BOTH = one_seed("science", fitting=("background", "psf"))
NODS = one_seed("science", fitting=("science", "background"), fitting_as="background", differing=("patt_num",))
TWICE = one_seed("science", fitting=("science",), fitting_as="background", differing=("patt_num", "visit"))
LONE = one_seed("science", fitting=("psf",), lone=("psf",))


def about(cardinality: OneSeed, *constraints: Any, **declared: Any) -> type[Rule]:
    return agreeing(*constraints, cardinality=cardinality, **declared)


def positions(*numbers: str) -> list[Row]:
    """Exposures a, b, c, … at these dither positions."""
    return [row(name, patt_num=number) for name, number in zip("abcdefgh", numbers, strict=False)]


LOOSE = same("filter", optional=True), same("pupil", optional=True)

#: rule, exposures, groups: the seed, and what fits it
CASES: dict[str, tuple[type[Rule], list[Row], list[str]]] = {
    "each exposure by itself": (about(ALONE), [row("a"), row("b")], ["a:", "b:"]),
    "another role is no seed and does not fit": (about(ALONE), [row("a"), row("b", **BACKGROUND)], ["a:"]),
    "no seed, no group": (about(WITH_BACKGROUND), [row("b", **BACKGROUND)], []),
    "what fits is in the group of every seed": (
        about(WITH_BACKGROUND), [row("a"), row("b"), row("c", **BACKGROUND)], ["a: c", "b: c"],
    ),
    "all that fit are in the group": (
        about(WITH_BOTH), [row("a"), row("b", **PSF), row("c", **BACKGROUND), row("d", **PSF)], ["a: b c d"],
    ),
    "it has to agree with the seed": (
        about(WITH_BACKGROUND, same("filter")),
        [row("a"), row("b", filter="F2"), row("c", filter="F2", **BACKGROUND)],
        ["a:", "b: c"],
    ),
    "it has to qualify": (
        about(WITH_BACKGROUND, present("band")), [row("a", band="1"), row("b", **BACKGROUND)], ["a:"],
    ),
    "without a value it qualifies only where that is optional": (
        about(WITH_BACKGROUND, same("filter")), [row("a"), row("b", filter="", **BACKGROUND)], ["a:"],
    ),
    "what fits agrees with the seed, not with each other": (
        about(WITH_BACKGROUND, *LOOSE),
        [row("a", filter=""), row("b", filter="F1", **BACKGROUND), row("c", filter="F2", **BACKGROUND)],
        ["a: b c"],
    ),
    "without a value it fits seeds of every value": (
        about(WITH_BACKGROUND, *LOOSE),
        [row("a", filter="F1"), row("b", filter="F2"), row("c", filter="", **BACKGROUND)],
        ["a: c", "b: c"],
    ),
    "two that are optional": (
        about(WITH_BACKGROUND, *LOOSE),
        [
            row("a", filter="F1", pupil=""),
            row("b", filter="", pupil="P1", **BACKGROUND),
            row("c", filter="F1", pupil="P2", **BACKGROUND),
            row("d", filter="F2", pupil="", **BACKGROUND),
            row("e", filter="", pupil="", **BACKGROUND),
        ],
        ["a: b c e"],
    ),
    "an exempt role fits whatever its value": (
        about(WITH_BACKGROUND, same("targetid", unless="background")),
        [row("a"), row("b", targetid="2"), row("c", targetid="3", **BACKGROUND), row("d", targetid="", **BACKGROUND)],
        ["a: c d", "b: c d"],
    ),
    "exempt by a predicate": (
        about(WITH_BOTH, same("mostilno", unless=present("bkgdtarg"))),
        [
            row("a", mostilno="1"),
            row("b", mostilno="2", **PSF),
            row("c", mostilno="1", **PSF),
            row("d", mostilno="2", **BACKGROUND),
            row("e", **BACKGROUND),
        ],
        ["a: c d e"],
    ),
    "programs and candidates never mix": (
        about(WITH_BACKGROUND),
        [
            row("a"),
            row("b", program="2", **BACKGROUND),
            row("c", asn_candidate=candidates("o002 observation"), **BACKGROUND),
            row("d", asn_candidate=candidates("o002 observation", "o001 observation"), **BACKGROUND),
        ],
        ["a: d"],
    ),
    "others in the seed's role fit": (
        about(one_seed("science", fitting=("science",))), positions("", "", ""), ["a: b c", "b: a c", "c: a b"],
    ),
    "it has to differ": (about(NODS), positions("1", "2", "1"), ["a: b", "b: a c", "c: b"]),
    "three positions": (about(NODS), positions("1", "2", "3"), ["a: b c", "b: a c", "c: a b"]),
    "ten is not one": (about(NODS), positions("1", "10"), ["a: b", "b: a"]),
    "without a value nothing differs": (about(NODS), positions("1", "", "2"), ["a: c", "b: a c", "c: a"]),
    "it has to differ in everything": (
        about(TWICE),
        [row("a", patt_num="1", visit="1"), row("b", patt_num="2", visit="1"), row("c", patt_num="2", visit="2")],
        ["a: c", "b:", "c: a"],
    ),
    "the only ones of their role are not lone if they fit": (
        about(LONE), [row("a"), row("b", **PSF)], ["a: b"],
    ),
    "lone: what fits none is a seed": (about(LONE), [row("b", **PSF), row("c", **PSF)], ["b:", "c:"]),
    "lone: what agrees with none": (
        about(LONE, same("filter")), [row("a"), row("b", **PSF), row("c", filter="F2", **PSF)], ["a: b", "c:"],
    ),
    "lone: another role is not": (about(LONE), [row("b", **BACKGROUND)], []),
    "lone in one candidate": (
        about(LONE),
        [
            row("a", asn_candidate=candidates("o001 observation")),
            row("b", asn_candidate=candidates("o001 observation", "c1000 group"), **PSF),
        ],
        ["c1000 b:", "o001 a: b"],
    ),
}  # fmt: skip


def solutions(rule: type[Rule], rows: list[Row], engine: Engine) -> list[str]:
    pool = pool_of(*rows)
    sub_pools = pool.sub_pools(discover=False)
    compiled = compile_rule(rule.spec, Evaluation(pool), sub_pools)
    solve = {"signatures": groups.solve, "constraint": csp.solve}[engine]
    every = [sub_pools.candidates[each.candidate].id for each in solve(compiled, sub_pools)]
    made = []
    for solution, identifier in zip(solve(compiled, sub_pools), every, strict=True):
        assert solution.seed is not None
        assert solution.anchors.tolist() == [solution.seed]
        names = [pool.file_names[compiled.exposure[entry]][0] for entry in (*solution.entries.tolist(), solution.seed)]
        seed = names.pop()
        assert names.count(seed) == 1
        text = " ".join([f"{seed}:", *sorted(set(names) - {seed})])
        made.append(text if set(every) == {"o001"} else f"{identifier} {text}")
    return made


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", CASES)
def test_the_seeds_of_a_rule_and_what_fits_them(case: str, engine: Engine) -> None:
    rule, rows, expected = CASES[case]
    assert solutions(rule, rows, engine) == expected


@pytest.mark.parametrize("case", CASES)
def test_they_do_not_depend_on_the_order_of_rows(case: str) -> None:
    rule, rows, expected = CASES[case]
    for shuffled in itertools.permutations(rows):
        assert solutions(rule, list(shuffled), "signatures") == expected


#: rule, exposures, roles of the members of the first association
ROLES: list[tuple[type[Rule], list[Row], dict[str, str]]] = [
    (about(WITH_BACKGROUND), [row("a"), row("b", **BACKGROUND)], {"a": "science", "b": "background"}),
    (about(NODS), positions("1", "2"), {"a": "science", "b": "background"}),
    (
        about(NODS),
        [row("a", patt_num="1"), row("b", patt_num="2", **BACKGROUND)],
        {"a": "science", "b": "background"},
    ),
    (
        about(one_seed("science", fitting=("psf", "background"), fitting_as="dark")),
        [row("a"), row("b", **PSF), row("c", **BACKGROUND)],
        {"a": "science", "b": "dark", "c": "dark"},
    ),
    (about(one_seed("psf", fitting=("science",))), [row("a"), row("b", **PSF)], {"a": "science", "b": "psf"}),
    (about(LONE), [row("b", **PSF)], {"b": "science"}),
    (
        about(NODS, join("psf", sharing=("obs_num",)), same("patt_num", optional=True, unless="science")),
        [row("a", patt_num="1"), row("b", patt_num="2"), row("c", **PSF)],
        {"a": "science", "b": "background", "c": "psf"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize(("rule", "rows", "expected"), ROLES)
def test_the_roles_of_seed_and_what_fits(
    rule: type[Rule], rows: list[Row], expected: dict[str, str], engine: Engine
) -> None:
    first, *_ = generate(pool_of(*rows), [rule], engine=engine).associations
    assert members(first) == expected


def test_validity_is_judged_on_seed_and_what_fits() -> None:
    rule = about(WITH_BACKGROUND, same("filter"), has("background"))
    rows = [row("a"), row("b", filter="F2"), row("c", filter="F2", **BACKGROUND)]
    result = generate(pool_of(*rows), [rule])
    assert [members(each) for each in result.associations] == [{"b": "science", "c": "background"}]
    assert result.tried[0].invalid == {"has a background exposure": 1}


def test_what_joins_is_related_to_the_seed_and_not_to_what_fits() -> None:
    rule = make_rule(present("band"), same("program"), join("psf", sharing=("obs_num",)), cardinality=WITH_BACKGROUND)
    rows = [
        row("a", band="1"), row("b", band="1", obs_num="2", **BACKGROUND), row("c", **PSF),
        row("d", obs_num="2", **PSF),
    ]  # fmt: skip
    assert found(pool_of(*rows), rule) == [("o001", "a b c")]
