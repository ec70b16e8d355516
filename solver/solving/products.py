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
from solver.pools import DISCOVERED, Candidate, Evaluation, Mask, Pool, SubPools, distinct
from solver.solving import product_names as naming
from solver.solving.attachment import Joined
from solver.solving.compilation import Compiled, Solutions
from solver.solving.expansion import expand, select
from solver.solving.limits import MEMBERS, refuse_beyond


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

    def lacking(self, validity: Validity, sub_pools: SubPools, compiled: Compiled, pool: Evaluation) -> Mask:
        """Which groups would have to show something and do not."""
        many = len(self.solutions)
        match validity:
            case Has(role, candidate_types):
                wanted = np.array([word == role for word in self.words])
                shown = np.bincount(self.owner[wanted[self.role]], minlength=many)
                return self._concerns(candidate_types, sub_pools) & np.equal(shown, 0)
            case AtLeast(members):
                few: Mask = np.bincount(self.owner, minlength=many) < members
                return few
            case Spans(column, values, candidate_types):
                codes = pool.values(column).codes[compiled.exposure[self.solutions.entry]]
                width = int(codes.max(initial=0)) + 1
                spanned = distinct(self.solutions.owner[codes != 0] * width + codes[codes != 0])
                shown = np.bincount(spanned // width, minlength=many)
                return self._concerns(candidate_types, sub_pools) & np.less(shown, values)
            case _:
                assert_never(validity)

    def _concerns(self, types: Sequence[str], sub_pools: SubPools) -> Mask:
        """Groups in candidates of these types; all, where none are named."""
        named = sub_pools.types.where(lambda each: not types or each in types)
        return named[self.solutions.candidate]


def _roles_in_groups(spec: RuleSpec) -> tuple[str, ...]:
    """The roles that a seed, and last what fits it, have whatever they are elsewhere."""
    return (spec.anchor, spec.fitting_as or spec.anchor) if spec.anchor else ()


def _role_order(role: str) -> tuple[bool, str]:
    return role != "science", role


def member_order(member: Member) -> tuple[bool, str, int, str]:
    """Canonical order of members: science first, then by role; within a role by place in the hierarchy."""
    return (*_role_order(member.exptype), -1 if member.row is None else member.row, member.expname)


class Assembler:
    """Makes associations of one rule from its groups."""

    def __init__(
        self, compiled: Compiled, pool: Pool, evaluation: Evaluation, sub_pools: SubPools, stamp: tuple[str | None, str]
    ) -> None:
        """Prepare for one rule; `stamp` is the user's version and the software's."""
        self._compiled = compiled
        self._spec = compiled.spec
        self._pool = pool
        self._evaluation = evaluation
        self._sub_pools = sub_pools
        self._candidates = sub_pools.candidates
        self._version_id, self._code_version = stamp
        self._errors = pool["exposerr"]
        self._cells = pool["asn_candidate"]
        self._targets = pool["targetid"]

    def associations(self, groups: Groups, which: NDArray[np.int64], *, finished: bool = True) -> Iterator[Association]:
        """The associations of groups, one for each product that a group becomes.

        Args:
            groups: the groups of the rule.
            which: the indices of those to assemble, ascending.
            finished: False makes each group one product as it is, neither selected from nor expanded.
        """
        spec, solutions = self._spec, groups.solutions
        bounds = np.searchsorted(groups.owner, np.arange(len(solutions) + 1)).tolist()
        rows, roles = groups.row.tolist(), [groups.words[role] for role in groups.role.tolist()]
        suffixes = [self._compiled.suffix.values[code] for code in self._compiled.suffix.codes[groups.row].tolist()]
        errors = [self._errors.values[code] or None for code in self._errors.codes[groups.row].tolist()]
        texts = naming.texts(self._compiled, solutions)
        shown = naming.shown(self._compiled, solutions, self._candidates)
        names, targets = naming.Names(spec.product_name.parts, shown), naming.Names([spec.target], shown)
        if finished and isinstance(spec.expansion, NodPairs):
            self._refuse_too_many_pairs(groups, spec.expansion, which)
        as_it_is = not finished or isinstance(spec.expansion, OneProduct)
        known: dict[tuple[int, str], Member] = {}
        candidate: Candidate | None = None
        of_group = solutions.candidate.tolist()
        for group in which.tolist():
            if candidate is not self._candidates[of_group[group]]:
                candidate = self._candidates[of_group[group]]
                cell = f"[{candidate}]" if spec.lists_candidates and candidate.type != DISCOVERED else None
                known = {} if spec.lists_candidates else known
            members = []
            for place in range(bounds[group], bounds[group + 1]):
                key = row, role = rows[place], roles[place]
                member = known.get(key)
                if member is None:
                    name = with_suffix(self._pool.file_names[row], suffixes[place])
                    own = cell or (self._cells[row] or None if spec.lists_candidates else None)
                    member = known[key] = Member(name, role, errors[place], own, row)
                members.append(member)
            if finished and spec.selection is not None:
                members = select(spec.selection, members, self._evaluation)
            products = [members]
            if not as_it_is:
                products = expand(spec.expansion, members, naming.values(shown, group), self._evaluation)
                products = [sorted(product, key=member_order) for product in products]
            for product in products:
                first = self._shown_by(product[0])
                yield Association(
                    spec.asn_type,
                    spec.name,
                    self._version_id,
                    self._code_version,
                    DEGRADED if any(member.exposerr for member in product) else NOT_DEGRADED,
                    candidate.program.rjust(5, "0"),
                    texts[group],
                    candidate.id,
                    targets.text(group, first),
                    self._pool.name,
                    (Product(names.text(group, first), tuple(product)),),
                )

    def _refuse_too_many_pairs(self, groups: Groups, expansion: NodPairs, which: NDArray[np.int64]) -> None:
        """Refuse groups of which each exposure gets all others as background, if that is too much."""
        nods = np.array([word == expansion.role for word in groups.words])[groups.role]
        counts = np.bincount(groups.owner[nods], minlength=len(groups.solutions))[which]
        candidate = groups.solutions.candidate[which]
        what = "members, because each of so many nods is background of all others"
        refuse_beyond(MEMBERS, self._spec, self._sub_pools, candidate, counts * counts, what)

    def _shown_by(self, first: Member) -> naming.Values:
        """What a product's first member shows in names."""
        if first.row is None:
            return {}
        return {naming.EXPOSURE: (exposure_name(first.expname),), naming.TARGET: (self._targets[first.row],)}
