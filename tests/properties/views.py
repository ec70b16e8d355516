"""Views of what the solver makes, for the tests to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from rules import RuleSpec
from solver import Association, Pool, Result
from solver.pools.candidates import SubPools
from solver.pools.evaluation import Evaluation
from solver.solving import groups
from solver.solving.compilation import Compiled, Solutions, compile_rule
from tests.properties import twin

Group = tuple[twin.Candidate, frozenset[str]]


def texts(result: Result) -> list[tuple[str, str]]:
    """The files that a result stands for."""
    return [(association.file_name, association.to_json()) for association in result.associations]


def unnumbered(associations: Iterable[Association]) -> Counter[Association]:
    """The associations, however they are numbered."""
    return Counter(replace(association, sequence=1) for association in associations)


def exposures_of(association: Association, pool: Pool) -> set[str]:
    """File names of the exposures that an association uses."""
    rows = [member.row for product in association.products for member in product.members]
    return {pool.file_names[row] for row in rows if row is not None}


def groups_of(
    spec: RuleSpec, pool: Pool, solve: Callable[[Compiled, SubPools], Solutions] = groups.solve
) -> list[Group]:
    """The maximal groups that the solver finds for one rule, whether valid or not."""
    sub_pools = pool.sub_pools()
    compiled = compile_rule(spec, Evaluation(pool), sub_pools)
    found = []
    for solution in solve(compiled, sub_pools):
        candidate = sub_pools.candidates[solution.candidate]
        files = frozenset(pool.file_names[row] for row in compiled.exposure[solution.entries].tolist())
        found.append((twin.Candidate(candidate.program, candidate.id, candidate.type), files))
    return found


def as_twin(association: Association, pool: Pool) -> twin.Made:
    """The association in the words of the twin."""
    (product,) = association.products
    return twin.Made(
        rule=association.asn_rule,
        asn_type=association.asn_type,
        program=association.program,
        asn_id=association.asn_id,
        target=association.target,
        agreed=association.constraints,
        product=product.name,
        members=frozenset((member.expname, member.exptype, member.exposerr or "") for member in product.members),
        files=frozenset(exposures_of(association, pool)),
    )


def candidate_type(association: Association, spec: RuleSpec, exposures: Iterable[twin.Exposure]) -> str:
    """The type of the candidate in which an association was found: as its members tell it, or by its id."""
    if association.asn_id == "a3001":
        return "discovered"
    cells = {member.asn_candidate for member in association.products[0].members}
    if spec.lists_candidates:
        ((identifier, kind),) = twin.listed({"asn_candidate": cells.pop() or ""})
        assert identifier == association.asn_id
        assert not cells
        return kind
    assert cells == {None}
    own = [each for each in exposures if each["program"].zfill(5) == association.program]
    listed = {kind for each in own for identifier, kind in twin.listed(each) if identifier == association.asn_id}
    return min(kind for kind in listed if twin.admits(spec, kind))


def in_order(made: Iterable[twin.Made]) -> list[tuple[object, ...]]:
    """The associations of the twin in an order of their own, to compare and to read in a failure."""
    return sorted((*each[:-2], sorted(each.members), sorted(each.files)) for each in made)
