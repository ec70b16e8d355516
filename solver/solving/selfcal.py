"""Self-calibration: further members of Level 2 products, which reveal bad pixels of the science exposure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from rules.vocabulary import TRUE, Join
from solver.associations import Associations, Member, Product, file_parts, with_suffix
from solver.default import SELFCAL
from solver.errors import TooManyGroupsError
from solver.multimap import grouped
from solver.pools import Evaluation, Pool
from solver.solving.limits import MEMBERS

_SCIENCE, _LEVEL_2 = "science", 2

_WHAT = "members, because so many exposures help to find bad pixels in so many others"
_REMEDY = "divide the pool, or leave the selfcal members out"


def with_selfcal(found: Associations, pool: Pool, evaluation: Evaluation) -> Associations:
    """Add to each Level 2 product the exposures that reveal bad pixels of its science exposure.

    They may be of any candidate. Their files have the suffix of the science exposure's.

    Raises:
        TooManyGroupsError: the products would have more than `MEMBERS` members.

    Cost: one step per member.
    """
    partners = {row: (join.role, rows) for join in SELFCAL for rows in _sharing(join, evaluation) for row in rows}
    made, members = list(found), 0
    for place, each in enumerate(made):
        if each.level == _LEVEL_2:
            made[place] = replace(each, products=tuple(_extended(product, partners, pool) for product in each.products))
            members += sum(len(product.members) for product in made[place].products)
        if members > MEMBERS:
            raise TooManyGroupsError(each.asn_rule, each.asn_id, MEMBERS, _WHAT, _REMEDY)
    return Associations.of(made)


def _sharing(join: Join, evaluation: Evaluation) -> Iterable[Sequence[int]]:
    """The exposures that may join each other, in groups that share the given values."""
    columns = [evaluation.values(column) for column in join.sharing]
    able = reduce(np.logical_and, (column.given() for column in columns), evaluation.holds(join.when or TRUE))
    return grouped((tuple(column[row] for column in columns), row) for row in np.flatnonzero(able).tolist()).values()


def _extended(product: Product, partners: Mapping[int, tuple[str, Sequence[int]]], pool: Pool) -> Product:
    """A product with the partners of its science exposure that are not in it."""
    seed = next((each for each in product.members if each.exptype == _SCIENCE), product.members[0])
    role, rows = partners.get(-1 if seed.row is None else seed.row, ("", ()))
    suffix, there = file_parts(seed.expname)[1], {each.row for each in product.members}
    new, errors = [row for row in rows if row not in there], pool["exposerr"]
    more = (Member(with_suffix(pool.file_names[row], suffix), role, errors[row] or None, row=row) for row in new)
    return replace(product, members=(*product.members, *more))
