"""Groups that are about one exposure: the seed, and what fits it; by either engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import partial

import pytest

from rules.rule import Rule
from rules.vocabulary import Cardinality, Constraint, has, join, one_seed, present, same
from solver import generate
from solver.pools.evaluation import Evaluation
from solver.solving import constraint_engine as csp
from solver.solving import groups
from solver.solving.compilation import compile_rule
from solver.solving.generation import Engine
from tests.unit.small import Row, agreeing, cases, exposures, found, make_rule, members, pool_of

SCIENCE = partial(one_seed, "science")
NODS = SCIENCE(fitting=("science", "background"), fitting_as="background", differing=("patt_num",))
WITH_BACKGROUND, WITH_BOTH = SCIENCE(fitting=("background",)), SCIENCE(fitting=("background", "psf"))
LONE = SCIENCE(fitting=("psf",), lone=("psf",))


def about(cardinality: Cardinality, *constraints: Constraint) -> type[Rule]:
    return agreeing(*constraints, cardinality=cardinality)


#: What the cases call the rules.
RULES = {
    "alone": about(SCIENCE()),
    "with background": about(WITH_BACKGROUND),
    "with background or psf": about(WITH_BOTH),
    "with background, both with a band": about(WITH_BACKGROUND, present("band")),
    "of one filter": about(WITH_BACKGROUND, same("filter")),
    "of one filter and pupil, where given": about(
        WITH_BACKGROUND, same("filter", optional=True), same("pupil", optional=True)
    ),
    "of one target but for background": about(WITH_BACKGROUND, same("targetid", unless="background")),
    "in one tile": about(WITH_BOTH, same("mostilno", unless=present("bkgdtarg"))),
    "with other science": about(SCIENCE(fitting=("science",))),
    "nods": about(NODS),
    "nods and a psf that joins": about(
        NODS, join("psf", sharing=("obs_num",)), same("patt_num", optional=True, unless="science")
    ),
    "at another position and visit": about(
        SCIENCE(fitting=("science",), fitting_as="background", differing=("patt_num", "visit"))
    ),
    "lone psf": about(LONE),
    "lone psf, of one filter": about(LONE, same("filter")),
    "with psf and background as dark": about(SCIENCE(fitting=("psf", "background"), fitting_as="dark")),
    "psf with science": about(one_seed("psf", fitting=("science",))),
}
CASES, ROLES = cases(__file__)["groups"], cases(__file__)["roles"]


def solutions(rule: type[Rule], rows: Iterable[Row], engine: Engine) -> str:
    pool = pool_of(*rows)
    sub_pools = pool.sub_pools(discover=False)
    compiled = compile_rule(rule.spec, Evaluation(pool), sub_pools)
    solve = {"signatures": groups.solve, "constraint": csp.solve}[engine]
    found = solve(compiled)
    every = [sub_pools.candidates[candidate].id for candidate in found.candidate.tolist()]
    assert found.seeds is not None
    assert [each.tolist() for each in found.anchors] == [list(range(len(found))), found.seeds.tolist()]
    made = []
    for support, about, identifier in zip(found.supports, found.seeds.tolist(), every, strict=True):
        names = [pool.file_names[compiled.exposure[entry]][0] for entry in (*support.tolist(), about)]
        seed = names.pop()
        assert names.count(seed) == 1
        text = " ".join([f"{seed}:", *sorted(set(names) - {seed})])
        made.append(text if set(every) == {"o001"} else f"{identifier} {text}")
    return "; ".join(made)


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", CASES)
def test_the_seeds_of_a_rule_and_what_fits_them(case: str, engine: Engine) -> None:
    rule, pool, expected = CASES[case]
    assert solutions(RULES[rule], exposures(pool), engine) == expected


@pytest.mark.parametrize("case", CASES)
def test_they_do_not_depend_on_the_order_of_rows(case: str) -> None:
    rule, pool, expected = CASES[case]
    for shuffled in itertools.permutations(exposures(pool)):
        assert solutions(RULES[rule], shuffled, "signatures") == expected


@pytest.mark.parametrize("engine", ["signatures", "constraint"])
@pytest.mark.parametrize("case", ROLES)
def test_the_roles_of_seed_and_what_fits(case: str, engine: Engine) -> None:
    rule, pool, expected = ROLES[case]
    first, *_ = generate(pool_of(*exposures(pool)), [RULES[rule]], engine=engine).associations
    assert members(first) == dict(each.split(":") for each in expected.split())


def test_validity_is_judged_on_seed_and_what_fits() -> None:
    rule = about(WITH_BACKGROUND, same("filter"), has("background"))
    result = generate(pool_of(*exposures("a; b filter=F2; c filter=F2 background")), [rule])
    assert [members(each) for each in result.associations] == [{"b": "science", "c": "background"}]
    assert result.tried[0].invalid == {"has a background exposure": 1}


def test_what_joins_is_related_to_the_seed_and_not_to_what_fits() -> None:
    rule = make_rule(present("band"), same("program"), join("psf", sharing=("obs_num",)), cardinality=WITH_BACKGROUND)
    pool = pool_of(*exposures("a band=1; b band=1 obs_num=2 background; c psf; d obs_num=2 psf"))
    assert found(pool, rule) == [("o001", "a b c")]
