"""Assembly: from the groups of a rule to its associations: roles, validity, members, names, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import AtLeast, Has, NodPairs, OneProduct, Spans, Validity
from solver.associations import DEGRADED, NOT_DEGRADED, Associations, Texts, exposure_name, with_suffix
from solver.pools import DISCOVERED, EncodedColumn, Mask, Pool, SubPools, distinct, merge_columns, number_rows
from solver.solving import product_names as naming
from solver.solving.attachment import Joined
from solver.solving.compilation import Compiled, Solutions
from solver.solving.expansion import Roster, expand, role_order, select
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
        places = {word: place for place, word in enumerate(sorted(set(words), key=role_order))}
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


class PoolTexts:
    """The texts of exposures and candidates in associations, each made once for all rules."""

    def __init__(self, pool: Pool, sub_pools: SubPools) -> None:
        """Prepare those of the candidates."""
        self.pool = pool
        self.programs = [each.program.rjust(5, "0") for each in sub_pools.candidates]
        self.ids = [each.id for each in sub_pools.candidates]
        self.cells = [None if each.type == DISCOVERED else f"[{each}]" for each in sub_pools.candidates]
        self._files: dict[tuple[int, str], str] = {}

    def files(self, rows: NDArray[np.int64], suffixes: EncodedColumn) -> list[str]:
        """The files of the exposures in these rows, by the suffix of each exposure of the pool."""
        known, made = self._files, []
        words = suffixes.values
        for key in zip(rows.tolist(), [words[code] for code in suffixes.codes[rows].tolist()], strict=True):
            name = known.get(key)
            if name is None:
                name = known[key] = with_suffix(self.pool.file_names[key[0]], key[1])
            made.append(name)
        return made


@dataclass(frozen=True, slots=True)
class _Products:
    """The products of a rule: for each its group; its members, of which it has at least one, in `roster`."""

    group: NDArray[np.int64]
    sizes: NDArray[np.int64]
    member: NDArray[np.int64]
    roster: Roster


def assemble(
    groups: Groups,
    which: NDArray[np.int64],
    compiled: Compiled,
    texts: PoolTexts,
    version_id: str | None = None,
    *,
    finished: bool = True,
) -> Associations:
    """The associations of groups, one for each product that a group becomes.

    Args:
        groups: the groups of the rule.
        which: the indices of those to assemble, ascending.
        compiled: the rule.
        texts: those of the pool and its candidates.
        version_id: a version for the associations' names.
        finished: False makes each group one product as it is, neither selected from nor expanded.

    Cost: array operations over memberships, and a step per distinct member and name; where a rule selects or
    expands, a step per group and member.
    """
    spec = compiled.spec
    valid = np.zeros(len(groups.solutions), dtype=np.bool_)
    valid[which] = True
    kept = valid[groups.owner]
    owner, row, role = groups.owner[kept], groups.row[kept], groups.role[kept]
    candidate = groups.solutions.candidate[owner]
    number, first = _number_members(candidate if spec.lists_candidates else None, row, role)
    row, role, candidate = row[first], role[first], candidate[first]
    exptype = Texts(role, groups.words)
    roster = Roster(texts.files(row, _suffixes(compiled)), list(exptype), row.tolist())
    shown = naming.shown_by_groups(compiled, groups.solutions)
    sizes = np.bincount(owner, minlength=len(valid))[which]
    products = _Products(which, sizes, number, roster)
    if finished and (spec.selection or not isinstance(spec.expansion, OneProduct)):
        if isinstance(spec.expansion, NodPairs):
            _refuse_too_many_pairs(groups, compiled, spec.expansion, which)
        products = _expanded(products, compiled, shown)
    return _associations(
        products,
        _members(products.roster, candidate, compiled, texts),
        groups.solutions,
        shown,
        compiled,
        texts,
        version_id,
    )


def _number_members(
    candidate: NDArray[np.integer] | None, row: NDArray[np.int64], role: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each membership the number of its member, and for each member its first membership."""
    columns = [row, role] if candidate is None else [candidate, row, role]
    number, count = number_rows(columns, len(row))
    first = np.zeros(count, dtype=np.int64)
    first[number[::-1]] = np.arange(len(row))[::-1]
    return number, first


def _expanded(products: _Products, compiled: Compiled, shown: naming.Shown) -> _Products:
    """What the groups become: exposures are selected, and products expanded."""
    spec, pool, roster = compiled.spec, compiled.pool, products.roster
    group: list[int] = []
    made: list[list[int]] = []
    bounds, member = np.cumsum(np.append(0, products.sizes)).tolist(), products.member.tolist()
    for own, (begin, end) in zip(products.group.tolist(), pairwise(bounds), strict=True):
        kept = member[begin:end]
        if spec.selection is not None:
            kept = select(spec.selection, kept, roster, pool)
        values = {label: each[own] for label, each in shown.items()}
        for each in expand(spec.expansion, kept, values, roster, pool):
            group.append(own)
            made.append(roster.in_order(each))
    sizes = np.array([len(each) for each in made], dtype=np.int64)
    every = np.fromiter(chain.from_iterable(made), dtype=np.int64)
    return _Products(np.array(group, dtype=np.int64), sizes, every, roster)


def _members(roster: Roster, candidate: NDArray[np.integer], compiled: Compiled, texts: PoolTexts) -> dict[str, Texts]:
    """The texts of all members of a roster; `candidate` is that of each member that is an exposure."""
    rows = np.array(roster.rows[: len(candidate)], dtype=np.int64)
    errors, cells = texts.pool["exposerr"].take(rows), texts.pool["asn_candidate"].take(rows)
    own = Texts.of(map(texts.cells.__getitem__, candidate.tolist()))
    listed = [each or given or None for each, given in zip(own, cells, strict=True)]
    like = np.array(roster.like, dtype=np.int64)  # -1 takes the last one, which has neither
    found = {
        "exposerr": Texts.of([*(each or None for each in errors), None]),
        "asn_candidate": Texts.of([*(listed if compiled.spec.lists_candidates else repeat(None, len(rows))), None]),
    }
    return {
        "expname": Texts.of(roster.names),
        "exptype": Texts.of(roster.roles),
        **{name: column.take(like) for name, column in found.items()},
    }


def _associations(
    products: _Products,
    members: dict[str, Texts],
    solutions: Solutions,
    shown: naming.Shown,
    compiled: Compiled,
    texts: PoolTexts,
    version_id: str | None,
) -> Associations:
    spec, roster, many = compiled.spec, products.roster, len(products.group)
    memberships = np.cumsum(np.append(0, products.sizes))
    first = products.member[memberships[:-1]].tolist()
    groups = products.group.tolist()
    of_products: dict[str, list[tuple[str, ...]]] = {
        label: list(map(values.__getitem__, groups)) for label, values in shown.items()
    }
    targets = texts.pool["targetid"]
    of_products[naming.EXPOSURE] = [(exposure_name(roster.names[each]),) for each in first]
    of_products[naming.TARGET] = [(targets[roster.rows[each]],) for each in first]
    candidate = solutions.candidate[products.group].astype(np.int64)
    errors = members["exposerr"]
    faulty = np.array([error is not None for error in errors.values], dtype=np.bool_)[errors.codes[products.member]]
    before = np.cumsum(np.append(0, faulty))
    every = np.arange(many)
    return Associations(
        words={
            "asn_type": Texts.constant(spec.asn_type, many),
            "asn_rule": Texts.constant(spec.name, many),
            "version_id": Texts.constant(version_id, many),
            "code_version": Texts.constant(CODE_VERSION, many),
            "degraded_status": Texts(
                np.sign(before[memberships[1:]] - before[memberships[:-1]]), [NOT_DEGRADED, DEGRADED]
            ),
            "program": Texts(candidate, texts.programs).take(every),
            "constraints": naming.constraint_texts(compiled, solutions).take(products.group),
            "asn_id": Texts(candidate, texts.ids).take(every),
            "target": Texts.of(naming.names([spec.target], of_products, many)),
            "asn_pool": Texts.constant(texts.pool.name, many),
        },
        sequence=np.ones(many, dtype=np.int64),
        products=np.arange(many + 1),
        names=Texts.of(naming.names(spec.product_name.parts, of_products, many)),
        memberships=memberships,
        member=products.member,
        members=members,
        rows=np.array(roster.rows, dtype=np.int64),
    )


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
