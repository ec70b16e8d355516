"""Assembly: from a group of exposures to an association: validity, expansion, names, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from rules.vocabulary import AtLeast, Field, Has, NodsAsBackground, OneProduct, ProductName, Spans, Validity
from solver.associations import DEGRADED, NOT_DEGRADED, Association, Member, Product
from solver.candidates import DISCOVERED, Candidate
from solver.compile import ANY, Compiled, Solution
from solver.evaluate import Evaluation, Table
from solver.file_names import exposure_name, with_suffix
from solver.pool import Pool


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A maximal group of a rule with everything that joined it.

    Attributes:
        candidate: the candidate in which it was found.
        solution: the agreeing exposures.
        agreeing: their rows in the pool.
        joined: rows of the exposures that joined.
    """

    candidate: Candidate
    solution: Solution
    agreeing: NDArray[np.int32]
    joined: NDArray[np.int32]

    @property
    def rows(self) -> NDArray[np.int32]:
        """Rows of all its exposures, ascending."""
        return np.sort(np.concatenate([self.agreeing, self.joined]))


class Assembler:
    """Makes associations of one rule from its groups."""

    def __init__(self, compiled: Compiled, pool: Pool, evaluation: Evaluation, stamp: tuple[str | None, str]) -> None:
        """Prepare for one rule; `stamp` is the user's version and the software's."""
        self._compiled = compiled
        self._spec = compiled.spec
        self._pool = pool
        self._evaluation = evaluation
        self._version_id, self._code_version = stamp
        table = Evaluation(Table({"role": compiled.roles}, pool))
        self._suffix = table.choose(self._spec.member_name.suffix)
        self._by_integration = table.holds(self._spec.member_name.by_integration)

    def failures(self, group: Group) -> tuple[Validity, ...]:
        """What the group would have to show and does not."""
        return tuple(each for each in self._spec.validity if not self._shows(each, group))

    def _shows(self, validity: Validity, group: Group) -> bool:
        match validity:
            case Has(role):
                roles = self._compiled.roles
                return role in roles.values and bool((roles.codes[group.rows] == roles.values.index(role)).any())
            case AtLeast(members):
                return len(group.agreeing) + len(group.joined) >= members
            case Spans(column, values, candidate_types):
                if group.candidate.type not in candidate_types:
                    return True
                codes = self._evaluation.values(column).codes[group.agreeing]
                return len(np.unique(codes[codes != 0])) >= values
            case _:
                assert_never(validity)

    def association(self, group: Group) -> Association:
        """The association of a valid group."""
        values = self._agreed(group)
        members = self._expanded([self._member(row, group.candidate) for row in group.rows.tolist()])
        product = Product(name_product(self._spec.product_name, values), members)
        return Association(
            asn_type=self._spec.asn_type,
            asn_rule=self._spec.name,
            version_id=self._version_id,
            code_version=self._code_version,
            degraded_status=DEGRADED if any(member.exposerr for member in members) else NOT_DEGRADED,
            program=group.candidate.program.rjust(5, "0"),
            constraints=self._text(group.solution),
            asn_id=group.candidate.id,
            target=self._spec.target.text(values),
            asn_pool=self._pool.name,
            products=(product,),
        )

    def _agreed(self, group: Group) -> dict[str, tuple[str, ...]]:
        """What names are made of: for each agreement the values of those members that it binds."""
        agreed: dict[str, tuple[str, ...]] = {"candidate": (group.candidate.id,)}
        signatures = self._compiled.signatures[group.solution.entries]
        for i, (same, shown) in enumerate(zip(self._spec.agreements, self._compiled.shown, strict=True)):
            codes = shown.codes[group.solution.entries[signatures[:, i] != ANY]]
            agreed[same.label] = tuple(shown.values[code] for code in np.unique(codes).tolist())
        return agreed

    def _text(self, solution: Solution) -> str:
        """The solution in words."""
        parts = [
            f"{same.label} = {'not given' if code == ANY else values[code]}"
            for same, values, code in zip(self._spec.agreements, self._compiled.values, solution.key, strict=True)
        ]
        return "; ".join(parts)

    def _member(self, row: int, candidate: Candidate) -> Member:
        suffix = self._suffix[row]
        if self._by_integration[row]:
            suffix += self._spec.member_name.integrations
        cell = self._pool["asn_candidate"][row] if candidate.type == DISCOVERED else f"[{candidate}]"
        return Member(
            expname=with_suffix(self._pool.file_names[row], suffix),
            exptype=self._compiled.roles[row],
            exposerr=self._pool["exposerr"][row] or None,
            asn_candidate=cell,
            row=row,
        )

    def _expanded(self, members: Sequence[Member]) -> tuple[Member, ...]:
        match self._spec.expansion:
            case OneProduct():
                every = list(members)
            case NodsAsBackground(role, suffix):
                every = list(members)
                nods = [member for member in members if member.exptype == role]
                if len(nods) > 1:
                    every += [
                        Member(
                            f"{exposure_name(nod.expname)}_{suffix}.fits",
                            "background",
                            nod.exposerr,
                            nod.asn_candidate,
                            nod.row,
                        )
                        for nod in nods
                    ]
            case _:
                assert_never(self._spec.expansion)
        return tuple(sorted(every, key=member_order))


def member_order(member: Member) -> tuple[bool, str, int, str]:
    """Canonical order of members: science first, then by role; within a role by place in the hierarchy."""
    return member.exptype != "science", member.exptype, -1 if member.row is None else member.row, member.expname


def name_product(template: ProductName, values: dict[str, tuple[str, ...]]) -> str:
    """The product's name for a group that agrees on `values` (label to values)."""
    return "".join(part.text(values) if isinstance(part, Field) else part for part in template.parts).lower()
