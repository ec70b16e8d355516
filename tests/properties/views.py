"""Views of what the solver makes, for the tests to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from rules import MISSION, RuleSpec
from solver import Association, Pool, Result
from solver.checking.exposures import Exposures
from solver.checking.groups import Reading, admits
from solver.pools import Candidate
from solver.pools.evaluation import Evaluation
from solver.solving import groups
from solver.solving.compilation import Compiled, Solutions, compile_rule
from tests.properties.definition import Made, Member

Group = tuple[Candidate, frozenset[str]]


def texts(result: Result) -> list[tuple[str, str]]:
    """The files of a result: name and content."""
    return [(association.file_name, association.to_json()) for association in result.associations]


def unnumbered(associations: Iterable[Association]) -> Counter[Association]:
    """The associations, however they are numbered."""
    return Counter(replace(association, sequence=1) for association in associations)


def exposures_of(association: Association, pool: Pool) -> set[str]:
    """File names of the exposures that an association uses."""
    rows = [member.row for product in association.products for member in product.members]
    return {pool.file_names[row] for row in rows if row is not None}


def groups_of(spec: RuleSpec, pool: Pool, solve: Callable[[Compiled], Solutions] = groups.solve) -> list[Group]:
    """The maximal groups that the solver finds for one rule, whether valid or not."""
    sub_pools = pool.sub_pools()
    compiled = compile_rule(spec, Evaluation(pool), sub_pools)
    solutions, found = solve(compiled), []
    for number, support in zip(solutions.candidate.tolist(), solutions.supports, strict=True):
        files = frozenset(pool.file_names[row] for row in compiled.exposure[support].tolist())
        found.append((sub_pools.candidates[number], files))
    return found


def as_defined(association: Association, pool: Pool) -> Made:
    """The association as the definition has it."""
    (product,) = association.products
    return Made(
        rule=association.asn_rule,
        asn_type=association.asn_type,
        program=association.program,
        asn_id=association.asn_id,
        target=association.target,
        agreed=association.constraints,
        product=product.name,
        members=frozenset(
            Member(each.expname, each.exptype, each.exposerr or "", each.asn_candidate or "")
            for each in product.members
        ),
        files=frozenset(exposures_of(association, pool)),
    )


def reading_of(association: Association, exposures: Exposures) -> Reading:
    """The association's rule, read over its candidate; of several with its id, over the first that has its members."""
    spec = MISSION.find(association.asn_rule).spec
    named = exposures.named(association.program, association.asn_id)
    members = {exposures.find(each.expname) for each in association.products[0].members if each.row is not None}
    return next(
        Reading(spec, each, exposures)
        for each in named
        if admits(spec, each) and members <= set(exposures.sub_pools[each])
    )


def in_order(made: Iterable[Made]) -> list[tuple[object, ...]]:
    """The associations in an order of their own, to compare and to read in a failure."""
    return sorted((*each[:-2], sorted(each.members), sorted(each.files)) for each in made)
