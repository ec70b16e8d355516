"""Why an association is as it is: its members and why, near misses, and the associations that it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rules.vocabulary.algebra import columns_of
from solver.associations import Association
from solver.default import Rules
from solver.explanation.explained import Explanation
from solver.explanation.facts import Alike, Reason
from solver.explanation.grounds import made, memberships
from solver.explanation.names import find_association
from solver.explanation.places import Place, places_in
from solver.explanation.reasons import reasons
from solver.explanation.refusals import left_out
from solver.explanation.solved import KIND, Asked, SolvedProgram
from solver.explanation.untaken import Untaken, standing_in
from solver.multimap import grouped
from solver.pools import Pool
from solver.progress import Reporter


def explain_association(
    pool: Pool, name: str, *, rules: Rules = None, request: Asked = None, reporter: Reporter | None = None
) -> Explanation:
    """Why an association is as it is: its members, the exposures nearly in it, and the associations that it replaces.

    Args:
        pool: the exposures.
        name: the name of its product, of the association, or of its file.
        rules: the rules that are solved; by default the mission's.
        request: what was asked of the pool, if it was not everything.
        reporter: follows the solving of the programs; each rule is a step.

    Raises:
        UnknownNameError: no association has such a name, or several have.
    """
    solved, association = find_association(pool, name, rules, reporter, request)
    file, product, rule, candidate = made(association)
    members = list(memberships(solved, association))
    agreeing = [each.grounds for each in members if any(ground.kind == "agreement" for ground in each.grounds)]
    shared = tuple(ground for ground in agreeing[0] if all(ground in grounds for grounds in agreeing))
    own = (replace(each, grounds=tuple(one for one in each.grounds if one not in shared)) for each in members)
    near = (Alike("", rule, told, (), tuple(files)) for told, files in grouped(_near(solved, association)).items())
    number = association.sequence
    replaced = (each for each in solved.result.dropped if replace(each.kept, sequence=number) == association)
    gone = (standing_in(solved, each) for each in replaced)
    about = f"{file}, by {rule} in {candidate}: {solved.rule(rule).spec.summary.rstrip('.')}"
    return Explanation(
        product, (about,), memberships=tuple(own), shared=shared, groups=tuple(near), stands_for=tuple(gone)
    )


def _near(solved: SolvedProgram, association: Association) -> Iterator[tuple[tuple[Reason, ...], str]]:
    """The exposures not in it that no more than one constraint keeps out, which does not make them of another kind."""
    there: dict[int, Place] = {}
    for place in places_in(solved, association):
        unmet = place.unmet(solved.table)
        kinds = [each.kind == "role" or columns_of(each.predicate) <= {*KIND} for each in place.requirements]
        close = (unmet.sum(axis=1) <= 1) & ~unmet[:, kinds].any(axis=1)
        there = dict.fromkeys(np.flatnonzero(close).tolist(), place) | there
    for row in sorted(there.keys() - association.rows):
        told = reasons(solved, there[row], row)
        yield told or (left_out(Untaken(solved, there[row].rule, row), association),), solved.pool.file_names[row]
