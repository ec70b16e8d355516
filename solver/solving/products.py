"""Assembly: from the groups of a rule to its associations: roles, validity, members, names, texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import AtLeast, Choice, DirectImage, Has, MemberName, NodPairs, OneProduct, Spans, Validity
from solver.associations import DEGRADED, NOT_DEGRADED, Associations, Texts, any_between, exposure_name, with_suffix
from solver.memory import remembered
from solver.pools import (
    Evaluation,
    Mask,
    Numbers,
    Pool,
    SubPools,
    distinct,
    first_rows,
    marked,
    merge_columns,
    number_rows,
)
from solver.solving import product_names as naming
from solver.solving.attachment import Joined
from solver.solving.compilation import Compiled, Solutions
from solver.solving.expansion import Entry, Members, expand, in_order, select
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
    owner: Numbers
    row: Numbers
    role: Numbers
    words: tuple[str, ...]

    @classmethod
    def of(cls, compiled: Compiled, solutions: Solutions, joined: Joined) -> Groups:
        """The exposures of solutions and those that joined them, each with its role."""
        spec, rows = compiled.spec, len(compiled.roles)
        own = solutions.owner * rows + compiled.exposure[solutions.entry]
        memberships = distinct(np.append(own, joined))
        owner, row = memberships // rows, memberships % rows
        # the roles in a group, whatever they are elsewhere, of a seed and last of the entries that fit it
        words = (*compiled.roles.values, *([spec.anchor, spec.fitting_as or spec.anchor] if spec.anchor else []))
        role = compiled.roles.codes[row].astype(np.int64)
        if solutions.seeds is not None:
            if spec.fitting_as is not None:
                role[np.searchsorted(memberships, own)] = len(words) - 1
            role[row == compiled.exposure[solutions.seeds][owner]] = len(compiled.roles.values)
        ordered = sorted({*words}, key=lambda word: (word != "science", word))
        places = {word: place for place, word in enumerate(ordered)}
        place = np.array([places[word] for word in words])[role]
        order = np.argsort(owner * len(places) + place, kind="stable")  # rows ascend within a group already
        return cls(solutions, owner, row[order], place[order], tuple(places))

    def lacking(self, validity: Validity, compiled: Compiled) -> Mask:
        """Which groups lack something that they must show."""
        types: tuple[str, ...] = ()
        match validity:
            case Has(role, types):
                least, counted = 1, self.owner[np.array([word == role for word in self.words])[self.role]]
            case AtLeast(least):
                counted = self.owner
            case Spans(column, least, types):
                codes = compiled.pool.values(column).codes[compiled.exposure[self.solutions.entry]]
                width = int(codes.max(initial=0)) + 1
                counted = distinct(self.solutions.owner[codes != 0] * width + codes[codes != 0]) // width
        concerned = compiled.sub_pools.types.where(lambda each: not types or each in types)
        return concerned[self.solutions.candidate] & (np.bincount(counted, minlength=len(self.solutions)) < least)


class PoolTexts:
    """The texts of a run, its exposures and its candidates in associations, each made once for all rules."""

    def __init__(self, pool: Pool, evaluation: Evaluation, sub_pools: SubPools, version_id: str | None) -> None:
        """Prepare those of the candidates; `version_id` is a version for the names of associations."""
        self.pool, self.version_id = pool, version_id
        self._evaluation = evaluation
        self.programs = [each.program.rjust(5, "0") for each in sub_pools.candidates]
        self.ids = [each.id for each in sub_pools.candidates]
        self._discovered = sub_pools.discovered
        self.errors = [None, *pool["exposerr"].values[1:]]
        self._cells = [*(f"[{each}]" for each in sub_pools.candidates), None, *pool["asn_candidate"].values[1:]]
        self._with_suffix = cache(with_suffix)

    def files(self, rows: Numbers, compiled: Compiled) -> Texts:
        """The files of the exposures in these rows, named as a rule names its members."""
        suffixes = self._suffixes(compiled.spec.member_name, compiled.spec.roles)
        return Texts.made(self._with_suffix, Texts(rows, self.pool.file_names), suffixes.at(rows))

    @remembered
    def _suffixes(self, names: MemberName, roles: Choice) -> Texts:
        """For every exposure of the pool the product suffix that it would have as a member."""
        evaluation = self._evaluation.over({"role": self._evaluation.choose(roles)})
        plain, apart = evaluation.choose(names.suffix), evaluation.holds(names.by_integration)
        suffixes = merge_columns(plain.recode(lambda word: word + names.integrations), plain, apart)
        return Texts(suffixes.codes.astype(np.int64), suffixes.values)

    def cells(self, rows: Numbers, candidate: NDArray[np.integer]) -> Texts:
        """The candidates in which the exposures in these rows were considered; none for row -1."""
        none = len(self.ids)
        codes = np.where(self._discovered[candidate], none + self.pool["asn_candidate"].codes[rows], candidate)
        return Texts(np.where(rows < 0, none, codes), self._cells)


def assemble(groups: Groups, which: Numbers, compiled: Compiled, texts: PoolTexts, *, finished: bool) -> Associations:
    """The associations of groups, one for each product that a group becomes.

    Args:
        groups: the groups of the rule.
        which: the indices of those to assemble, ascending.
        compiled: the rule.
        texts: those of the run, the pool and its candidates.
        finished: False makes each group one product as it is, neither selected from nor expanded.

    Cost: array operations over memberships, and a step per distinct member and name; where a rule selects or
    expands, a step per group and member.
    """
    spec = compiled.spec
    kept = marked(which, len(groups.solutions))[groups.owner]
    owner, row, role = groups.owner[kept], groups.row[kept], groups.role[kept]
    candidate = groups.solutions.candidate[owner]
    member, count = number_rows([candidate, row, role] if spec.lists_candidates else [row, role], len(row))
    first = first_rows(member, count)
    files, roles = texts.files(row[first], compiled), Texts(role[first], groups.words)
    rows, considered = row[first], candidate[first]
    ids = Texts(groups.solutions.candidate.astype(np.int64), texts.ids)
    labels = naming.labels_in(spec.target, spec.product_name, spec.expansion)
    shown = {"candidate": ids, **naming.shown_by_groups(compiled, groups.solutions, labels)}
    # for each product its group, and where its members begin
    group, bounds = which, np.append(np.searchsorted(owner, which), len(owner))
    selecting = spec.selection is not None and spec.selection.role in roles
    if finished and (selecting or not isinstance(spec.expansion, OneProduct)):
        if isinstance(spec.expansion, NodPairs):
            _refuse_too_many_pairs(groups, compiled, spec.expansion, which)
        entries = list(map(Entry, roles, rows.tolist(), files, considered.tolist()))
        found = list(map(entries.__getitem__, member.tolist()))
        group, bounds, member, entries = _expanded(compiled, shown, which, bounds, found)
        files, roles = Texts.of(each.name for each in entries), Texts.of(each.role for each in entries)
        rows = np.array([each.row for each in entries], dtype=np.int64)
        considered = np.array([each.candidate for each in entries], dtype=np.int32)
    many, candidates = len(group), ids.codes[group]
    cells = texts.cells(rows, considered) if spec.lists_candidates else Texts(np.zeros_like(rows), [None])
    errors = Texts(np.where(rows < 0, 0, texts.pool["exposerr"].codes[rows]), texts.errors)  # a made file has none
    degraded = any_between(errors.codes[member] != 0, bounds)
    first = member[bounds[:-1]]
    of_product = {label: each.at(group) for label, each in shown.items()}
    if naming.EXPOSURE in labels:
        of_product[naming.EXPOSURE] = Texts(np.arange(many), list(map(exposure_name, files.at(first))))
    if naming.TARGET in labels:
        of_product[naming.TARGET] = Texts.of(texts.pool["targetid"].take(rows[first]))
    alike = partial(Texts, np.zeros(many, dtype=np.int64))
    return Associations(
        words={
            "asn_type": alike([spec.asn_type]),
            "asn_rule": alike([spec.name]),
            "version_id": alike([texts.version_id]),
            "code_version": alike([CODE_VERSION]),
            "degraded_status": Texts(degraded.astype(np.int64), [NOT_DEGRADED, DEGRADED]),
            "program": Texts(candidates, texts.programs),
            "constraints": naming.constraint_texts(compiled, groups.solutions).at(group),
            "asn_id": of_product["candidate"],
            "target": naming.field_texts(spec.target, of_product),
            "asn_pool": alike([texts.pool.name]),
        },
        sequence=np.ones(many, dtype=np.int64),
        products=np.arange(many + 1),
        names=Texts(np.arange(many), naming.names(spec.product_name.parts, of_product, many)),
        memberships=bounds,
        member=member,
        members={"expname": files, "exptype": roles, "exposerr": errors, "asn_candidate": cells},
        rows=rows,
    )


def _expanded(
    compiled: Compiled, shown: naming.Shown, which: Numbers, bounds: Numbers, members: Members
) -> tuple[Numbers, Numbers, Numbers, list[Entry]]:
    """The products that groups become after selection and expansion: group, bounds, member, and what members are."""
    spec, pool = compiled.spec, compiled.pool
    made: list[tuple[int, Members]] = []
    named = shown if isinstance(spec.expansion, DirectImage) else {}
    for own, (begin, end) in zip(which.tolist(), pairwise(bounds.tolist()), strict=True):
        found = members[begin:end]
        kept = found if spec.selection is None else select(spec.selection, found, pool)
        values = {label: each.values[each.codes[own]] for label, each in named.items()}
        made += [(own, in_order(each)) for each in expand(spec.expansion, kept, values, pool)]
    number: dict[Entry, int] = {}
    member = [number.setdefault(entry, len(number)) for _, each in made for entry in each]
    ends = np.cumsum([0, *(len(each) for _, each in made)])
    return np.array([own for own, _ in made], dtype=np.int64), ends, np.array(member, dtype=np.int64), list(number)


def _refuse_too_many_pairs(groups: Groups, compiled: Compiled, expansion: NodPairs, which: Numbers) -> None:
    """Refuse groups so large that each nod cannot have all others as background, and what else is in the group."""
    is_nod = np.array([word == expansion.role for word in groups.words])[groups.role]
    nods, every = (np.bincount(each, minlength=len(groups.solutions)) for each in (groups.owner[is_nod], groups.owner))
    what = "members, because each of so many nods is background for all others"
    refuse_beyond(MEMBERS, compiled, groups.solutions.candidate[which], (nods * every)[which], what)
