"""Assembly: from the groups of a rule to its associations: roles, validity, members, names, texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import AtLeast, Has, NodPairs, OneProduct, Spans, Validity
from solver.associations import DEGRADED, NOT_DEGRADED, Association, Member, Product, exposure_name, with_suffix
from solver.pools import DISCOVERED, Candidate, EncodedColumn, Mask, Pool, distinct, merge_columns
from solver.solving import product_names as naming
from solver.solving.attachment import Joined
from solver.solving.compilation import Compiled, Solutions
from solver.solving.expansion import expand, select
from solver.solving.limits import MEMBERS, refuse_beyond
from solver.version import CODE_VERSION


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a rule with everything that joined them, as one table of memberships.

    Attributes:
        solutions: what the groups grew from; a group has the index of its solution.
        owner: for each membership the index of its group; ascending.
        row: for each membership the row of its exposure.
        role: for each membership the index of its role in `words`.
        words: the roles. Within a group memberships are in canonical order: science first, then by role and row.
    """

    solutions: Solutions
    owner: NDArray[np.int64]
    row: NDArray[np.int64]
    role: NDArray[np.int64]
    words: tuple[str, ...]

    @classmethod
    def of(cls, compiled: Compiled, solutions: Solutions, joined: Joined) -> Groups:
        """The exposures of solutions and those that joined them, each with its role."""
        spec, rows = compiled.spec, len(compiled.roles)
        own = solutions.owner * rows + compiled.exposure[solutions.entry]
        memberships = distinct(np.append(own, joined[0] * rows + joined[1]))
        owner, row = memberships // rows, memberships % rows
        words = (*compiled.roles.values, *_roles_in_groups(spec))
        role = compiled.roles.codes[row].astype(np.int64)
        if solutions.seeds is not None:
            if spec.fitting_as is not None:
                role[np.isin(memberships, own)] = len(words) - 1
            role[row == compiled.exposure[solutions.seeds][owner]] = len(compiled.roles.values)
        places = {word: place for place, word in enumerate(sorted(set(words), key=_role_order))}
        place = np.array([places[word] for word in words])[role]
        order = np.lexsort((row, place, owner))
        return cls(solutions, owner, row[order], place[order], tuple(places))

    def lacking(self, validity: Validity, compiled: Compiled) -> Mask:
        """Which groups lack something that they must show."""
        many = len(self.solutions)
        match validity:
            case Has(role, candidate_types):
                wanted = np.array([word == role for word in self.words])
                shown = np.bincount(self.owner[wanted[self.role]], minlength=many)
                return self._concerns(candidate_types, compiled) & np.equal(shown, 0)
            case AtLeast(members):
                few: Mask = np.bincount(self.owner, minlength=many) < members
                return few
            case Spans(column, values, candidate_types):
                codes = compiled.pool.values(column).codes[compiled.exposure[self.solutions.entry]]
                width = int(codes.max(initial=0)) + 1
                spanned = distinct(self.solutions.owner[codes != 0] * width + codes[codes != 0])
                shown = np.bincount(spanned // width, minlength=many)
                return self._concerns(candidate_types, compiled) & np.less(shown, values)
            case _:
                assert_never(validity)

    def _concerns(self, types: Sequence[str], compiled: Compiled) -> Mask:
        """Groups in candidates of these types; all groups if no types are named."""
        named = compiled.sub_pools.types.where(lambda each: not types or each in types)
        return named[self.solutions.candidate]


def _roles_in_groups(spec: RuleSpec) -> tuple[str, ...]:
    """The roles in a group, whatever they are elsewhere, of a seed and last of the entries that fit it."""
    return (spec.anchor, spec.fitting_as or spec.anchor) if spec.anchor else ()


def _role_order(role: str) -> tuple[bool, str]:
    return role != "science", role


def member_order(member: Member) -> tuple[bool, str, int, str]:
    """Canonical order of members: science first, then by role; within a role by place in the hierarchy."""
    return (*_role_order(member.exptype), -1 if member.row is None else member.row, member.expname)


def assemble(
    groups: Groups,
    which: NDArray[np.int64],
    compiled: Compiled,
    pool: Pool,
    version_id: str | None = None,
    *,
    finished: bool = True,
) -> Iterator[Association]:
    """The associations of groups, one for each product that a group becomes.

    Args:
        groups: the groups of the rule.
        which: the indices of those to assemble, ascending.
        compiled: the rule.
        pool: the exposures.
        version_id: a version for the associations' names.
        finished: False makes each group one product as it is, neither selected from nor expanded.
    """
    spec = compiled.spec
    texts = naming.texts(compiled, groups.solutions)
    shown = naming.shown(compiled, groups.solutions)
    names, target_names = naming.Names(spec.product_name.parts, shown), naming.Names([spec.target], shown)
    targets = pool["targetid"]
    if finished and isinstance(spec.expansion, NodPairs):
        _refuse_too_many_pairs(groups, compiled, spec.expansion, which)
    as_it_is = not finished or isinstance(spec.expansion, OneProduct)
    for group, candidate, members in _members(groups, which, compiled, pool):
        kept = select(spec.selection, members, compiled.pool) if finished and spec.selection else members
        products = [kept]
        if not as_it_is:
            of_group = {label: values[group] for label, values in shown.items()}
            products = expand(spec.expansion, kept, of_group, compiled.pool)
            products = [sorted(product, key=member_order) for product in products]
        for product in products:
            first = _shown_by(product[0], targets)
            yield Association(
                spec.asn_type,
                spec.name,
                version_id,
                CODE_VERSION,
                DEGRADED if any(member.exposerr for member in product) else NOT_DEGRADED,
                candidate.program.rjust(5, "0"),
                texts[group],
                candidate.id,
                target_names.text(group, first),
                pool.name,
                (Product(names.text(group, first), tuple(product)),),
            )


def _members(
    groups: Groups, which: NDArray[np.int64], compiled: Compiled, pool: Pool
) -> Iterator[tuple[int, Candidate, list[Member]]]:
    """The index, the candidate and the members of each group; equal members of several groups are one object."""
    candidates, lists_candidates = compiled.sub_pools.candidates, compiled.spec.lists_candidates
    cells = pool["asn_candidate"]
    suffixes, errors = (
        [column.values[code] for code in column.codes[groups.row].tolist()]
        for column in (_suffixes(compiled), pool["exposerr"])
    )
    bounds = np.searchsorted(groups.owner, np.arange(len(groups.solutions) + 1)).tolist()
    rows, roles = groups.row.tolist(), [groups.words[role] for role in groups.role.tolist()]
    known: dict[tuple[int, str], Member] = {}
    candidate: Candidate | None = None
    of_group = groups.solutions.candidate.tolist()
    for group in which.tolist():
        if candidate is not candidates[of_group[group]]:
            candidate = candidates[of_group[group]]
            cell = f"[{candidate}]" if lists_candidates and candidate.type != DISCOVERED else None
            known = {} if lists_candidates else known
        members = []
        for place in range(bounds[group], bounds[group + 1]):
            key = row, role = rows[place], roles[place]
            member = known.get(key)
            if member is None:
                name = with_suffix(pool.file_names[row], suffixes[place])
                own = cell or (cells[row] or None if lists_candidates else None)
                member = known[key] = Member(name, role, errors[place] or None, own, row)
            members.append(member)
        yield group, candidate, members


def _suffixes(compiled: Compiled) -> EncodedColumn:
    """For every exposure of the pool the product suffix that it would have as a member."""
    names, pool = compiled.spec.member_name, compiled.pool.over({"role": compiled.roles})
    plain = pool.choose(names.suffix)
    return merge_columns(plain.recode(lambda word: word + names.integrations), plain, pool.holds(names.by_integration))


def _refuse_too_many_pairs(groups: Groups, compiled: Compiled, expansion: NodPairs, which: NDArray[np.int64]) -> None:
    """Refuse groups too large to give each exposure all the rest as background."""
    nods = np.array([word == expansion.role for word in groups.words])[groups.role]
    counts = np.bincount(groups.owner[nods], minlength=len(groups.solutions))[which]
    what = "members, because each of so many nods is background of all others"
    refuse_beyond(MEMBERS, compiled, groups.solutions.candidate[which], counts * counts, what)


def _shown_by(first: Member, targets: EncodedColumn) -> naming.Values:
    """What a product's first member shows in names."""
    if first.row is None:
        return {}
    return {naming.EXPOSURE: (exposure_name(first.expname),), naming.TARGET: (targets[first.row],)}
