"""The associations that a pool's rows have by definition, to hold the solver against.

This module reads the rows and prunes; the checker's literal reading of the rules finds the associations. The
solver shares nothing of it but the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rules import RuleSpec
from solver.checking.exposures import Exposures
from solver.checking.expressions import Exposure, choose, meets
from solver.checking.products import Expectations, Expected

NOT_GIVEN = ("", "null", "--", "n", "f", "false", "n/a")
HIERARCHY = ("program", "obs_num", "visit", "visitgrp", "seq_id", "act_id", "exposure", "filename")


class Member(NamedTuple):
    """A member, with what it says of its exposure and of the candidate; "" for nothing."""

    file: str
    role: str
    exposerr: str
    candidates: str


class Made(NamedTuple):
    """An association, as far as its definition says what it is."""

    rule: str
    asn_type: str
    program: str
    asn_id: str
    target: str
    agreed: str
    product: str
    members: frozenset[Member]
    files: frozenset[str]


def read(rows: Iterable[Mapping[str, str]]) -> Exposures:
    """The exposures with the values that are given, as they are compared, in canonical order."""
    exposures = []
    for row in rows:
        cells = {column.lower(): cell.strip().lower() for column, cell in row.items()}
        exposures.append({column: cell for column, cell in cells.items() if cell not in NOT_GIVEN})
    return Exposures(sorted(exposures, key=_place))


def _place(exposure: Exposure) -> list[tuple[int, str]]:
    levels = [exposure.get(level, "").lstrip("0") for level in HIERARCHY]
    return [(len(level), level) for level in levels]


def associations(rows: Iterable[Mapping[str, str]], specs: Iterable[RuleSpec]) -> list[Made]:
    """All associations of a pool."""
    exposures = read(rows)
    every = [_made(each) for each in Expectations(exposures).valid(specs, list(exposures.sub_pools))]
    level = {spec.name: spec.level for spec in specs}
    return [kept for wanted in (2, 3) for kept in _prune([each for each in every if level[each.rule] == wanted])]


def _made(expected: Expected) -> Made:
    spec, candidate = expected.spec, expected.reading.candidate
    cell = f"[('{candidate.id}', '{candidate.type}')]" if candidate.type != "discovered" else ""

    def members() -> Iterator[Member]:
        for file in expected.files:
            own = file.exposure.get("asn_candidate", "")
            listed = (cell or own) if spec.lists_candidates and file.row is not None else ""
            yield Member(file.name, file.role, file.exposure.get("exposerr", ""), listed)

    signatures = (expected.reading.signatures[row] for row in expected.group.anchors)
    agreed = zip(spec.agreements, *signatures, strict=True)
    return Made(
        rule=spec.name,
        asn_type=spec.asn_type,
        program=candidate.program.zfill(5),
        asn_id=candidate.id,
        target=expected.target,
        agreed="; ".join(f"{same.label} = {max(shown) or 'not given'}" for same, *shown in agreed),
        product=expected.name,
        members=frozenset(members()),
        files=frozenset(file.exposure["filename"] for file in expected.files if file.row is not None),
    )


def _prune(made: list[Made]) -> Iterator[Made]:
    """The associations without those that another one replaces."""
    by_members: dict[frozenset[tuple[str, str]], Made] = {}
    for each in sorted(made, key=_precedence, reverse=True):
        by_members.setdefault(frozenset(_roles(each).items()), each)
    stay: list[Made] = []
    for each in sorted(by_members.values(), key=lambda each: len(each.members), reverse=True):
        if not any(_replaces(larger, each) for larger in stay):
            stay.append(each)
            yield each


def _roles(made: Made) -> dict[str, str]:
    return {member.file: member.role for member in made.members}


def _precedence(made: Made) -> tuple[object, ...]:
    """Of associations with the same members, the greatest stays."""
    return "aco".index(made.asn_id[0]), made.asn_id, made.rule, made.product, made.agreed


def _replaces(larger: Made, smaller: Made) -> bool:
    """Whether the larger association makes the product of the smaller one, with its members in their roles."""
    return (
        larger.product == smaller.product
        and "{" not in larger.product
        and len(larger.members) > len(smaller.members)
        and all(_roles(larger).get(file, role) == role for file, role in _roles(smaller).items())
    )


def qualifies(spec: RuleSpec, exposure: Exposure) -> bool:
    """Whether an exposure qualifies on its own, and has every value that it has to share, in a candidate of no type."""
    with_role = {**exposure, "role": choose(spec.roles, exposure)}
    return all(meets(each.constraint, with_role) for each in spec.stated)
