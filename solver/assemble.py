"""Assembly: from a group of exposures to its associations: validity, members, names, texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from rules.rule import RuleSpec
from rules.vocabulary import AtLeast, DirectImage, Field, Has, OneSeed, Spans, Validity
from solver.associations import DEGRADED, NOT_DEGRADED, Association, Member, Product
from solver.candidates import DISCOVERED, Candidate
from solver.compile import ANY, Compiled, Solution
from solver.evaluate import Evaluation
from solver.expand import expand, name, select
from solver.file_names import exposure_name, with_suffix
from solver.pool import Pool


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group of a rule with everything that joined it.

    Attributes:
        candidate: the candidate in which it was found.
        solution: the agreeing exposures.
        agreeing: their rows in the pool.
        roles: the row of each member to its role; ascending.
    """

    candidate: Candidate
    solution: Solution
    agreeing: NDArray[np.int32]
    roles: dict[int, str]


class Assembler:
    """Makes associations of one rule from its groups."""

    def __init__(self, compiled: Compiled, pool: Pool, evaluation: Evaluation, stamp: tuple[str | None, str]) -> None:
        """Prepare for one rule; `stamp` is the user's version and the software's."""
        self._compiled = compiled
        self._spec = compiled.spec
        self._pool = pool
        self._evaluation = evaluation
        self._version_id, self._code_version = stamp
        self._labels = [same.label for same in compiled.spec.agreements]
        shown = _labels_shown(compiled.spec)
        self._shown = [(i, label) for i, label in enumerate(self._labels) if label in shown]

    def group(self, candidate: Candidate, solution: Solution, joined: NDArray[np.int32]) -> Group:
        """The exposures of a solution and those that joined it, each with its role."""
        compiled, cardinality = self._compiled, self._spec.cardinality
        agreeing = compiled.exposure[solution.entries]
        roles = {row: compiled.roles[row] for row in np.sort(np.concatenate([agreeing, joined])).tolist()}
        if isinstance(cardinality, OneSeed) and solution.seed is not None:
            if cardinality.fitting_as is not None:
                roles |= dict.fromkeys(agreeing.tolist(), cardinality.fitting_as)
            roles[int(compiled.exposure[solution.seed])] = cardinality.role
        return Group(candidate, solution, agreeing, roles)

    def failures(self, group: Group) -> tuple[Validity, ...]:
        """What the group would have to show and does not."""
        return tuple(each for each in self._spec.validity if not self._shows(each, group))

    def _shows(self, validity: Validity, group: Group) -> bool:
        match validity:
            case Has(role, candidate_types):
                if candidate_types and group.candidate.type not in candidate_types:
                    return True
                return role in group.roles.values()
            case AtLeast(members):
                return len(group.roles) >= members
            case Spans(column, values, candidate_types):
                if group.candidate.type not in candidate_types:
                    return True
                codes = self._evaluation.values(column).codes[group.agreeing]
                return len(np.unique(codes[codes != 0])) >= values
            case _:
                assert_never(validity)

    def associations(self, group: Group) -> list[Association]:
        """The associations of a valid group, one for each product that it becomes."""
        members = [self._member(row, role, group.candidate) for row, role in group.roles.items()]
        chosen = select(self._spec.selection, members, self._evaluation)
        values = self._agreed(group)
        products = expand(self._spec.expansion, chosen, values, self._evaluation)
        return [self._association(group, sorted(product, key=member_order), values) for product in products]

    def unfinished(self, group: Group) -> Association:
        """The group as one product, whatever it lacks: neither selected from nor expanded."""
        members = [self._member(row, role, group.candidate) for row, role in group.roles.items()]
        return self._association(group, sorted(members, key=member_order), self._agreed(group))

    def _association(self, group: Group, members: list[Member], values: dict[str, tuple[str, ...]]) -> Association:
        first = members[0]
        if first.row is not None:
            values = values | {
                "exposure": (exposure_name(first.expname),),
                "science target": (self._pool["targetid"][first.row],),
            }
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
            products=(Product(name(self._spec.product_name, values), tuple(members)),),
        )

    def _agreed(self, group: Group) -> dict[str, tuple[str, ...]]:
        """What names are made of: for each agreement the values of those members that it binds."""
        agreed: dict[str, tuple[str, ...]] = {"candidate": (group.candidate.id,)}
        signatures = self._compiled.signatures[group.solution.entries]
        for i, label in self._shown:
            column = self._compiled.shown[i]
            codes = column.codes[group.solution.entries[signatures[:, i] != ANY]]
            agreed[label] = tuple(column.values[code] for code in sorted(set(codes.tolist())))
        return agreed

    def _text(self, solution: Solution) -> str:
        """The solution in words."""
        parts = [
            f"{label} = {'not given' if code == ANY else values[code]}"
            for label, values, code in zip(self._labels, self._compiled.values, solution.key, strict=True)
        ]
        return "; ".join([*parts, *map(str, self._spec.nearness)])

    def _member(self, row: int, role: str, candidate: Candidate) -> Member:
        suffix = self._compiled.suffix[row]
        cell = (self._pool["asn_candidate"][row] or None) if candidate.type == DISCOVERED else f"[{candidate}]"
        return Member(
            expname=with_suffix(self._pool.file_names[row], suffix),
            exptype=role,
            exposerr=self._pool["exposerr"][row] or None,
            asn_candidate=cell if self._spec.lists_candidates else None,
            row=row,
        )


def _labels_shown(spec: RuleSpec) -> set[str]:
    """Labels of the agreements whose values the rule's names show."""
    names = [spec.product_name]
    if isinstance(spec.expansion, DirectImage):
        names.append(spec.expansion.root)
    fields = [spec.target, *(part for name in names for part in name.parts if isinstance(part, Field))]
    return {label for field in fields for label in field.labels}


def member_order(member: Member) -> tuple[bool, str, int, str]:
    """Canonical order of members: science first, then by role; within a role by place in the hierarchy."""
    return member.exptype != "science", member.exptype, -1 if member.row is None else member.row, member.expname
