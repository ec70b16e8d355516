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
from solver.explanation.grounds import memberships
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
    rule, sequence = solved.rule(association.asn_rule).spec, association.sequence
    alike = grouped(_near(solved, association))
    near = (Alike("", rule.name, why, (), tuple(files)) for why, files in alike.items())
    replaced = (each for each in solved.result.dropped if replace(each.kept, sequence=sequence) == association)
    return Explanation(
        association.products[0].name,
        (f"{association.file_name}, by {rule.name} in {association.asn_id}: {rule.summary.rstrip('.')}",),
        memberships=tuple(memberships(solved, association)),
        groups=tuple(near),
        stands_for=tuple(standing_in(solved, each) for each in replaced),
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
        why = reasons(solved, there[row], row)
        yield why or (left_out(Untaken(solved, there[row].rule, row), association),), solved.pool.file_names[row]
