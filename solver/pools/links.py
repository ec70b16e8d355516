"""Links: statements mark exposures as background, PSF reference or imprint, and make candidates of them."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, count
from typing import NamedTuple

from solver.errors import UsageError
from solver.multimap import grouped
from solver.pools.candidates import Candidate, parse_cell
from solver.pools.cells import is_given
from solver.pools.columns import Row
from solver.pools.statements import MARKS, Named, Statement, Statements, observation_name, place_of
from solver.words import few

#: PNTGTYPE of exposures other than target acquisitions.
SCIENCE = "SCIENCE"

#: Exposures by program and exposure type.
ByType = Mapping[tuple[str, str], Sequence[int]]

#: The column of exposures that are grouped only with those to which statements link them, and not in discovery.
LINKED_ONLY = "linked_only"


class Link(NamedTuple):
    """The exposures that a statement links, or for which it states a value.

    Attributes:
        statement: the statement.
        which: the files of the exposures that it is about.
        served: the files of the exposures that these are background or PSF of.
        turned: those of the first that were science before.
    """

    statement: Statement
    which: frozenset[str]
    served: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()


def link(statements: Statements, rows: Sequence[Row]) -> tuple[Link, ...]:
    """Mark rows, and add what is stated to their candidates; the rows are changed.

    Raises:
        UsageError: a name matches no exposure or is ambiguous, or it is not clear what is linked.
    """
    return _Linking(rows).apply(statements)


class _Linking:
    """Rows being marked and linked.

    Attributes:
        rows: the rows, which are changed.
        listed: for each row its candidates.
        taken: the ids that each program has, as (program, id).
        observations: the rows of each observation, by program and number.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """Read the candidates that the rows list already."""
        self.rows = rows
        cells = ((row["program"], parse_cell(row["asn_candidate"])) for row in rows)
        self.listed = [[Candidate(program, *pair) for pair in pairs] for program, pairs in cells]
        self.taken = {(each.program, each.id) for listed in self.listed for each in listed}
        self.observations = grouped((place_of(row), i) for i, row in enumerate(rows))
        self._named = Named(rows)
        # the mission's pools number candidates from 1000, too
        self._numbers = defaultdict[str, Iterator[int]](partial(count, 1000))

    def apply(self, statements: Statements) -> tuple[Link, ...]:
        """Mark and link."""
        candidates = [(each, self._candidate(each)) for each in statements.kind("candidate")]
        marked = [(each, self._named.chosen(each, each.which)) for each in statements.kind(*MARKS)]
        science = {kind: frozenset(_science_rows(self.rows, kind)) for kind in {each.kind for each, _ in marked}}
        turned = {each: rows & science[each.kind] for each, rows in marked}
        for each, rows in marked:
            self._set(rows, MARKS[each.kind][0], "T")
        fitting = {kind: _science_by_type(self.rows, kind) for kind in science}
        serving = []
        for each, rows in marked:
            kind = MARKS[each.kind][1]
            by_hand = any(stated.value.upper() == kind and rows <= group for stated, group in candidates)
            if kind and (each.served or not by_hand):
                serving.append((each, rows, self._served(each, rows, fitting[each.kind])))
        for each, rows, served in serving:
            self._set(served, MARKS[each.kind][0], "F")
            self._set(rows, LINKED_ONLY, "T")
        by_kind = grouped((each.kind, (frozenset(rows), served)) for each, rows, served in serving)
        left = [each for kind, alike in by_kind.items() for each in self._unlink(kind, grouped(alike))]
        for kind, alike in by_kind.items():
            self._link(kind, alike)
        for rows in left:
            self._list_anew(rows, "observation")
        for each, rows in candidates:
            self._list(rows, each.what.lower(), each.value.lower())
        values = ((each, self._named.chosen(each, each.which)) for each in statements.kind("set"))
        alone = [*candidates, *values, *((each, rows) for each, rows in marked if not MARKS[each.kind][1])]
        made = [*serving, *((each, rows, set[int]()) for each, rows in alone)]
        return tuple(Link(each, *map(self._files, (rows, served, turned.get(each, ())))) for each, rows, served in made)

    def _files(self, which: Iterable[int]) -> frozenset[str]:
        return frozenset(self.rows[row]["filename"] for row in which)

    def _set(self, rows: Iterable[int], column: str, value: str) -> None:
        for row in rows:
            self.rows[row][column] = value

    def _unlink(self, kind: str, serving: Mapping[frozenset[int], Iterable[set[int]]]) -> Iterator[set[int]]:
        """Take the serving exposures out of the candidates of science exposures that they do not serve.

        Yields exposures that leave an observation: they need one of their own, since they are calibrated only there.
        Slitless spectra that leave a candidate with their direct images are not calibrated, unless the observation has
        some, too.
        """
        science = frozenset(_science_rows(self.rows, kind))
        every = grouped((each, row) for row, listed in enumerate(self.listed) for each in listed)
        listing = {candidate: set(rows) for candidate, rows in every.items()}
        for rows, served in serving.items():
            own = rows.union(*served)
            for candidate in sorted({each for row in rows for each in self.listed[row]}):
                if any(row in science and row not in own for row in listing[candidate]):
                    leaving = listing[candidate] & rows
                    for row in leaving:
                        self.listed[row].remove(candidate)
                    if candidate.type == "observation":
                        yield leaving.union(row for row in listing[candidate] if not _is_science(self.rows[row]))
                    listing[candidate] -= leaving

    def _list(self, rows: Iterable[int], identifier: str, kind: str) -> None:
        for row in sorted(rows):
            self.listed[row].append(Candidate(self.rows[row]["program"], identifier, kind))
            self.rows[row]["asn_candidate"] = str([(each.id, each.type.upper()) for each in self.listed[row]])

    def _candidate(self, stated: Statement) -> set[int]:
        """The exposures of a candidate, whose id is taken then."""
        prefix = f"{stated.program}-" if stated.program else ""
        which = [prefix + each if each[:1].lower() == "o" else each for each in stated.which]
        rows = self._named.chosen(stated, which)
        program, identifier = self._program_of(stated, rows), stated.what.lower()
        if (program, identifier) in self.taken:
            raise UsageError(f"{stated}: program {program} has {identifier} already; use {self._free_id(program)}")
        self.taken.add((program, identifier))
        return rows

    def _program_of(self, stated: Statement, rows: Iterable[int]) -> str:
        programs = sorted({self.rows[row]["program"] for row in rows})
        if len(programs) > 1:
            what = f"its exposures are of programs {few(programs)}, and no candidate crosses programs"
            raise UsageError(f"{stated}: {what}; asnsolve from-list makes an association of any files")
        return programs[0]

    def _free_id(self, program: str) -> str:
        return next(each for number in self._numbers[program] if (program, each := f"c{number}") not in self.taken)

    def _list_anew(self, rows: Collection[int], kind: str) -> None:
        """List rows of a program in a new candidate."""
        self._list(rows, self._free_id(self.rows[min(rows)]["program"]), kind)

    def _served(self, stated: Statement, rows: set[int], science: ByType) -> set[int]:
        """The exposures that these are background or PSF of: those stated, or all the science that they fit."""
        if stated.served:
            served = self._named.chosen(stated, stated.served)
            self._program_of(stated, {*served, *rows})
            if both := [self.rows[row]["filename"] for row in sorted(served & rows)]:
                raise UsageError(f"{stated}: the same exposures are on both sides of the colon ({few(both)})")
            return served
        fitting = fitting_rows(self.rows, rows, science)
        if {self.rows[row]["program"] for row in rows} > {self.rows[row]["program"] for row in fitting}:
            raise UsageError(f"{stated}: no other science exposure of the same type can use these")
        targets = {(self.rows[row]["program"], self.rows[row].get("targetid", "")) for row in fitting}
        if len(targets) > len({program for program, _ in targets}):
            texts = link_texts(self.rows, rows, stated.kind, unlinked=False)
            choices = " and ".join(f"--{stated.kind} {each}" for each in texts)
            raise UsageError(f"{stated}: the matching science exposures have several targets; add FOR, as in {choices}")
        return set(fitting)

    def _link(self, kind: str, serving: Iterable[tuple[Collection[int], Collection[int]]]) -> None:
        """Make candidates, one for the exposures that the same ones serve, with their imprints and all acquisitions.

        PSF references get one of their own: else they would serve the science with which they share a background.
        """
        program = [row["program"] for row in self.rows]
        servers = [grouped((program[row], row) for row in rows) for rows, _ in serving]

        @cache
        def together(numbers: tuple[int, ...], program: str) -> frozenset[int]:
            """The exposures of a program by which some statements serve others."""
            return frozenset(chain(*(servers[number].get(program, ()) for number in numbers)))

        serve = grouped((row, number) for number, (_, served) in enumerate(serving) for row in served)
        keys = (
            (row, (together(tuple(numbers), program[row]), _is_marked(self.rows[row], "psf")))
            for row, numbers in sorted(serve.items())
        )
        for (rows, _), served in grouped((key, row) for row, key in keys).items():
            imprints = self._beside(served, _is_imprint)
            coming = imprints | self._beside(rows.union(served), _is_acquisition)
            self._list_anew(coming.union(rows, served), MARKS[kind][1].lower())

    def _beside(self, which: Iterable[int], holds: Callable[[Row], bool]) -> set[int]:
        """The exposures of the same observations for which something holds."""
        places = {place_of(self.rows[row]) for row in which}
        return {row for place in places for row in self.observations[place] if holds(self.rows[row])}


def _kind(row: Row) -> tuple[str, str]:
    return row["program"], row["exp_type"].lower()


def _is_acquisition(row: Row) -> bool:
    return (row.get("pntgtype") or SCIENCE).upper() != SCIENCE


def _is_science(row: Row) -> bool:
    return not _is_acquisition(row) and not _is_imprint(row)


def _is_imprint(row: Row) -> bool:
    """As in the rules: what is marked as a PSF reference, too, is one."""
    return _is_marked(row, "imprint") and not _is_marked(row, "psf")


def _is_marked(row: Row, kind: str) -> bool:
    return is_given(row.get(MARKS[kind][0], ""))


def _science_rows(rows: Sequence[Row], kind: str) -> list[int]:
    """Exposures that may have a background or PSF reference.

    A PSF reference may have a background, too; what is marked as both is a PSF reference.
    """
    serving = (kind == "psf" if _is_marked(row, "psf") else _is_marked(row, "background") for row in rows)
    return [i for i, (row, serves) in enumerate(zip(rows, serving, strict=True)) if _is_science(row) and not serves]


def _science_by_type(rows: Sequence[Row], kind: str) -> ByType:
    return grouped((_kind(rows[row]), row) for row in _science_rows(rows, kind))


def fitting_rows(rows: Sequence[Row], which: Collection[int], science: ByType) -> list[int]:
    """The science exposures that some could be background or PSF of: of the same programs and exposure types."""
    types = {_kind(rows[row]) for row in which if _is_science(rows[row])}
    return [row for each in types for row in science.get(each, ()) if row not in which]


def link_texts(rows: Sequence[Row], which: Collection[int], kind: str, *, unlinked: bool) -> dict[str, list[int]]:
    """Texts of statements that link each observation of some exposures with the target that was observed next to it.

    A background is linked with a PSF reference only where there is no other science. FOR is left out if there is only
    one target. Observations that nothing fits get no text.

    Args:
        rows: all exposures.
        which: those to link.
        kind: background or psf.
        unlinked: whether to leave out observations that share a candidate with what they fit.

    Returns:
        each text, with the exposures of its observation.
    """
    science = fitting_rows(rows, frozenset(which), _science_by_type(rows, kind))
    fitting = grouped((_kind(rows[row]), row) for row in science)

    @cache
    def known(kinds: frozenset[tuple[str, str]]) -> tuple[list[int], dict[str, list[str]], set[tuple[str, str]]]:
        """The exposures that these kinds fit, the observations of each target, and the candidates of all."""
        found = sorted(chain(*(fitting.get(each, ()) for each in kinds)))
        named = ((rows[row].get("targetid", ""), observation_name(*place_of(rows[row]))) for row in found)
        linked = _candidates(rows, found) if unlinked else set[tuple[str, str]]()
        first = [row for row in found if not _is_marked(rows[row], "psf")]
        return first or found, grouped(dict.fromkeys(named)), linked

    texts: dict[str, list[int]] = {}
    for place, mine in grouped((place_of(rows[row]), row) for row in sorted(which)).items():
        found, targets, linked = known(frozenset(_kind(rows[row]) for row in mine))
        if not found or not linked.isdisjoint(_candidates(rows, mine)):
            continue
        after = bisect(found, mine[0])
        nearest = min(found[max(0, after - 1) : after + 1], key=lambda row: abs(row - mine[0]))
        served = ",".join(targets[rows[nearest].get("targetid", "")])
        texts[observation_name(*place) + (f":{served}" if len(targets) > 1 else "")] = mine
    return texts


def _candidates(rows: Sequence[Row], which: Iterable[int]) -> set[tuple[str, str]]:
    return {pair for cell in {rows[row]["asn_candidate"] for row in which} for pair in parse_cell(cell)}
