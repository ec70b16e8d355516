"""Why an association is as it is: its members and why, near misses, and the associations that it replaces."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from pathlib import PureWindowsPath

import numpy as np

from rules.vocabulary.algebra import columns_of
from solver.associations import Association
from solver.default import Rules
from solver.explanation.explained import Explanation
from solver.explanation.facts import Alike, Reasons
from solver.explanation.grounds import memberships
from solver.explanation.places import Place, places_in
from solver.explanation.reasons import reasons
from solver.explanation.refusals import left_out
from solver.explanation.solved import KIND, Asked, SolvedProgram
from solver.explanation.untaken import Untaken, standing_in
from solver.multimap import grouped
from solver.pools import Pool
from solver.progress import Reporter
from solver.solving import Requirement, cut_into_shards


def explain_association(
    pool: Pool, name: str, *, rules: Rules = None, request: Asked = None, reporter: Reporter | None = None
) -> Explanation:
    """Why an association is as it is: its members, the exposures nearly in it, and the associations that it replaces.

    Args:
        pool: the exposures.
        name: the name of its product, of the association, or of its file.
        rules: the rules that are solved; by default the mission's.
        request: as in `explain`.
        reporter: follows the solving of the programs; each rule is a step.

    Raises:
        UnknownNameError: no association has such a name, or several have.

    Cost: as `explain`; if the name does not show the program, a solution of the whole pool.

    >>> pool = Pool.read("benchmarks/demo_pool.csv")
    >>> explanation = explain_association(pool, "jw01001-c1001_t002_miri_f2300c-masklyot")
    >>> print(explanation.about[0])
    jw01001-c1001_coron3_00001_asn.json, by Asn_Lv3MIRCoron in c1001: MIRI coronagraphy with its PSF references
    >>> print(*explanation.groups[0].exposures)
    jw01001006001_02101_00001_mirimage_uncal.fits
    >>> print(*explanation.groups[0].reasons)
    it joins only members of its own observation (6), and these are of 3, 4, 5
    """
    file = PureWindowsPath(name.strip()).name.lower()
    shown = [rows for rows in cut_into_shards(pool, 1) if file.startswith(f"jw{pool['program'][rows.start]:0>5}")]
    # if the name does not show one program, it may be of any
    solved = SolvedProgram(pool, rules, shown[0] if len(shown) == 1 else None, reporter, request)
    association = solved.named(file)
    rule, sequence, files = solved.rule(association.asn_rule).spec, association.sequence, solved.pool.file_names
    alike = absent(solved, association, most=1)  # one that decides the kind of an exposure does not count
    near = tuple(Alike("", rule.name, why, (), tuple(map(files.__getitem__, rows))) for why, rows in alike.items())
    dropped = (each for each in solved.result.dropped if replace(each.kept, sequence=sequence) == association)
    replaced = tuple(standing_in(solved, each) for each in dropped)
    about = f"{association.file_name}, by {rule.name} in {association.asn_id}: {rule.summary.rstrip('.')}"
    product, members = association.products[0].name, tuple(memberships(solved, association))
    return Explanation(product, (about,), memberships=members, groups=near, stands_for=replaced)


def absent(solved: SolvedProgram, association: Association, most: int) -> dict[Reasons, list[int]]:
    """The exposures of its members' kind that are not in an association, by what keeps them out.

    Args:
        solved: the exposures around it.
        association: the association.
        most: the number of its requirements that an exposure may not meet.

    Cost: an array operation for each requirement, and a step for each way not to meet them.
    """
    nearest, there = np.full(len(solved.pool), most + 1.0), dict[int, tuple[Place, int, list[Requirement]]]()
    for place in places_in(solved, association):
        unmet = place.unmet(solved.table)
        kinds = [each.kind == "role" or columns_of(each.predicate) <= {*KIND} for each in place.requirements]
        lacking = np.where(unmet[:, kinds].any(axis=1), np.inf, unmet.sum(axis=1))
        closer = np.flatnonzero(lacking < nearest)
        nearest[closer] = lacking[closer]
        missing = (list(compress(place.requirements, each)) for each in unmet[closer].tolist())
        there |= ((row, (place, row, each)) for row, each in zip(closer.tolist(), missing, strict=True))
    rule, outside = solved.rule(association.asn_rule), sorted(there.keys() - association.rows)
    whys = (reasons(solved, *there[row]) or (left_out(Untaken(solved, rule, row), association),) for row in outside)
    found = grouped(zip(whys, outside, strict=True))
    return {why: rows for why, rows in found.items() if all(each.columns.isdisjoint(KIND) for each in why)}
