"""Witness pools: small pools on which a rule shows what it does. Many of them are solved at once.

Nothing crosses programs, so pools with a program each fit into one, and one run solves all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import NamedTuple

from rules.rule import Rule
from solver.associations import Association, compare
from solver.default import default_rules
from solver.findings import Witness
from solver.multimap import grouped
from solver.pools import DISCOVERED, Pool
from solver.solving import Dropped, Request, solve_unchecked
from solver.verification.axes import Exposure
from solver.verification.problem import BoundError

#: Sizes of the batches in which pools are solved.
_BATCHES = (8, 64, 512)

#: One search tries no more exposures than this: it takes some ten seconds.
_MOST = 1 << 18

#: Columns that never vary or that follow from others.
_NAMES = ("program", "filename", "asn_candidate")

#: The type of candidates that are observations.
OBSERVATION = "observation"


@dataclass(frozen=True, slots=True, eq=False)
class WitnessPool:
    """A small pool.

    Attributes:
        exposures: its exposures.
        candidate_type: the type of the candidate that lists them: the observation of each, another one that lists
            all, or none, so that only discovery groups them.
    """

    exposures: tuple[Exposure, ...]
    candidate_type: str = OBSERVATION

    def __len__(self) -> int:
        """Number of exposures."""
        return len(self.exposures)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for pools with the same exposures, in any order, and the same type of candidate."""
        return self.candidate_type, *sorted(tuple(sorted(each.items())) for each in self.exposures)

    def rows(self, program: int = 1) -> tuple[dict[str, str], ...]:
        """The rows of the pool, as those of a program."""
        return tuple(
            {column: exposure[column] for column in sorted(exposure, key=_place)}
            | {"filename": file_name(program, number, exposure), "program": str(program)}
            | {"asn_candidate": self._cell(exposure)}
            for number, exposure in enumerate(self.exposures, start=1)
        )

    def lines(self) -> Iterator[str]:
        """The exposures: the first in full, without placeholders for any word; the rest by what differs from it."""
        domain, candidate = default_rules().domain, f" (candidate: {self.candidate_type})"
        rows = self.rows()
        usual = {column: domain.examples.get(column, ("1",))[0] for column in rows[0] if not domain.values(column)}
        for row in rows:
            shown = ", ".join(
                f"{column} {cell or 'not given'}"
                for column, cell in row.items()
                if column not in _NAMES and cell != usual.get(column, "") and (cell or not candidate or column in usual)
            )
            yield f"{row['filename']}: {', but '.join(filter(None, ['the same' * (not candidate), shown]))}{candidate}"
            usual, candidate = rows[0], ""

    def _cell(self, exposure: Exposure) -> str:
        kind = self.candidate_type
        name = f"o{exposure.get('obs_num', '1') or '0':0>3}" if kind == OBSERVATION else "c1000"
        return "" if kind == DISCOVERED else f"[('{name}', '{kind}')]"


def _place(column: str) -> tuple[bool, bool, str]:
    """Where a column stands in a row: what kind of exposure it is comes first."""
    return column != "exp_type", column != "instrume", column


def file_name(program: int, number: int, exposure: Exposure) -> str:
    """A file name like those of the archive."""
    end = exposure.get("filename") or exposure.get("detector") or "x"
    return f"jw{program:05d}001001_02101_{number:05d}_{end}_uncal.fits"


def pool_of(pools: Iterable[Witness]) -> Pool:
    """One pool of all of them: the first is program 1, and so on."""
    return Pool.from_rows(row for program, each in enumerate(pools, start=1) for row in each.rows(program))


class Outcome(NamedTuple):
    """What rules make of a witness pool.

    Attributes:
        kept: the associations.
        dropped: those that were not kept.
    """

    kept: list[Association]
    dropped: list[Dropped]

    @property
    def made(self) -> list[Association]:
        """All associations, kept or not."""
        return [*self.kept, *(each.association for each in self.dropped)]

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each product: rule, name, members by role; and for each that is left out, for what."""
        lines = []
        for association in self.kept:
            for product in association.products:
                members = ", ".join(f"{member.exptype} {member.expname}" for member in product.members)
                lines.append(f"{association.asn_rule}: {product.name} = {members}")
        for each in self.dropped:
            lost, kept = each.association, each.kept
            other = kept.products[0].name if kept.asn_rule == lost.asn_rule else kept.asn_rule
            lines.append(f"{lost.asn_rule}: {lost.products[0].name} left out, {each.why} as {other}")
        return tuple(lines) or ("no association",)

    def equals(self, other: Outcome) -> bool:
        """Whether the pipeline and the archive see the same associations."""
        return self.kept == other.kept or compare(self.kept, other.kept).equal


def tried(
    pools: Iterable[WitnessPool], *versions: Sequence[type[Rule]]
) -> Iterator[tuple[WitnessPool, tuple[Outcome, ...]]]:
    """Each pool, with what each version of rules makes of it, as `generate` makes it.

    Pools are solved in batches, small ones first, since what is searched for usually shows at once.

    Args:
        pools: the pools.
        versions: the versions of rules.

    Raises:
        BoundError: too many exposures were tried.
    """
    left, count = iter(pools), 0
    for size in chain(_BATCHES, repeat(_BATCHES[-1])):
        batch = list(islice(left, size))
        if not batch:
            return
        count += sum(map(len, batch))
        if count > _MOST:
            raise BoundError(f"a search among pools was given up after {_MOST:,} exposures")
        together = pool_of(batch)
        outcomes = zip(*(_solve(rules, together, len(batch)) for rules in versions), strict=True)
        yield from zip(batch, outcomes, strict=True)


def _solve(rules: Sequence[type[Rule]], pool: Pool, programs: int) -> list[Outcome]:
    # perhaps none of them has the numbers that a rule needs: that shows something, too
    result = solve_unchecked(pool, rules, Request())
    kept = grouped((int(each.program), each) for each in result.associations)
    dropped = grouped((int(each.association.program), each) for each in result.dropped)
    return [Outcome(kept.get(program, []), dropped.get(program, [])) for program in range(1, programs + 1)]


def described(rules: Sequence[type[Rule]], pool: WitnessPool) -> tuple[str, ...]:
    """What rules make of a pool by itself, in lines."""
    ((_, (outcome,)),) = tried([pool], rules)
    return outcome.lines
