"""What the user adds by hand: candidates above the observation, and which exposures are background, PSF or imprint."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from solver.errors import UsageError
from solver.multimap import grouped
from solver.pools.cells import is_given
from solver.pools.columns import Row

#: What an exposure can be marked as: the column that says so, and, if it is an observation of its own, the type of the
#: candidate that links it with the observations it serves.
MARKS: Mapping[str, tuple[str, str | None]] = {
    "background": ("bkgdtarg", "BACKGROUND"),
    "psf": ("is_psf", "CORONAGRAPHY"),
    "imprint": ("is_imprt", None),
}

#: Id, type and exposures of a candidate above the observation.
_Link = tuple[str, str, Collection[int]]

#: PNTGTYPE of exposures other than target acquisitions.
SCIENCE = "SCIENCE"

#: First id of candidates that the user marks but does not name: the mission counts from here.
_FIRST = 1000

_CANDIDATE = re.compile(r"(?P<id>c\d{4})\s*=\s*(?P<type>[a-z][a-z0-9_ -]*?)\s*:(?P<which>.+)", re.IGNORECASE)
_OBSERVATION = re.compile(r"(jw(?P<program>\d{1,5})-)?o(?P<number>\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate that the user names.

    Attributes:
        id: such as c1001.
        type: such as BACKGROUND.
        which: its observations, such as `o001` or `jw01234-o001`, or patterns of file names.
    """

    id: str
    type: str
    which: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Everything that the user adds.

    Attributes:
        candidates: the candidates.
        marks: a key of `MARKS` to the exposures so marked, as in `Candidate.which`.
        everywhere: candidates of every exposure, as (id, type).
    """

    candidates: tuple[Candidate, ...] = ()
    marks: Mapping[str, tuple[str, ...]] | None = None
    everywhere: tuple[tuple[str, str], ...] = ()


def candidate_from(text: str, option: str = "--candidate") -> Candidate:
    """The candidate that a text such as `c1001=background:o001,o002` names.

    Raises:
        UsageError: the text does not have this form.
    """
    match = _CANDIDATE.fullmatch(text.strip())
    which = () if match is None else tuple(each.strip() for each in match["which"].split(",") if each.strip())
    if match is None or not which:
        raise UsageError(f"{option} {text!r} has no form that is understood; write c1001=background:o001,o002")
    return Candidate(match["id"].lower(), match["type"].upper(), which)


def read_statements(path: Path) -> ByHand:
    """What a TOML file adds: lists `background`, `psf`, `imprint`, and a table `candidate` with an id in each line.

    Raises:
        UsageError: the file cannot be read, or contains anything else.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    unknown = sorted(content.keys() - {*MARKS, "candidate"})
    if unknown:
        raise UsageError(f"{path}: {unknown[0]!r} means nothing here; there may be {', '.join(MARKS)} and [candidate]")
    marks = {}
    for mark in MARKS:
        which = content.get(mark, [])
        if not isinstance(which, list) or not all(isinstance(each, str) for each in which):
            raise UsageError(f'{path}: {mark} has to be a list, such as {mark} = ["o002"]')
        marks[mark] = tuple(which)
    table = content.get("candidate", {})
    if not isinstance(table, dict) or not all(isinstance(each, str) for each in table.values()):
        raise UsageError(f'{path}: lines under [candidate] have to look like c1001 = "background:o001,o002"')
    return ByHand(tuple(candidate_from(f"{key}={text}", f"{path}:") for key, text in table.items()), marks)


def united_statements(parts: Iterable[ByHand]) -> ByHand:
    """The additions of several sources together."""
    every = list(parts)
    return ByHand(
        tuple(candidate for part in every for candidate in part.candidates),
        {mark: tuple(which for part in every for which in (part.marks or {}).get(mark, ())) for mark in MARKS},
        tuple(pair for part in every for pair in part.everywhere),
    )


def apply_statements(by_hand: ByHand, rows: Sequence[Row]) -> list[str]:
    """Mark exposures, and fill in the candidates of every exposure.

    Returns:
        the candidates above the observation, in words, such as `c1000 (background) of o001, o002`; and which
        observations are background or PSF by their headers, but in no such candidate.

    Raises:
        UsageError: a name matches no exposure, or is ambiguous.
    """
    marked: dict[str, list[int]] = {}
    for mark, which in (by_hand.marks or {}).items():
        marked[mark] = sorted(_all_chosen(which, rows, f"--{mark}"))
        for row in marked[mark]:
            rows[row][MARKS[mark][0]] = "T"
    links: list[_Link] = [
        (each.id, each.type, _all_chosen(each.which, rows, f"--candidate {each.id}")) for each in by_hand.candidates
    ]
    for mark, (_, kind) in MARKS.items():
        if kind is not None:
            links += _linked(rows, marked.get(mark, ()), kind, links)
    _fill(rows, links, by_hand.everywhere)
    return [
        *(f"{identifier} ({kind.lower()}) of {_observations(rows, members)}" for identifier, kind, members in links),
        *_not_linked(rows, links),
    ]


def _not_linked(rows: Sequence[Row], links: Iterable[_Link]) -> Iterator[str]:
    """Observations that are background or PSF by their headers, but that no candidate of this type lists."""
    linked = {(kind, row) for _, kind, members in links for row in members}
    for mark, (column, kind) in MARKS.items():
        loose = [i for i, row in enumerate(rows) if is_given(row[column]) and (kind, i) not in linked]
        if kind is not None and loose:
            observations = _observations(rows, loose)
            yield f"none lists {observations} as {mark}: --{mark} {observations.replace(', ', ',')} does"


def _observations(rows: Sequence[Row], which: Iterable[int]) -> str:
    return ", ".join(sorted({_observation_of(rows[row]) for row in which}))


def _observation_of(row: Row) -> str:
    return f"o{row['obs_num'].zfill(3)}"


def chosen(which: str, rows: Sequence[Row], option: str) -> list[int]:
    """The exposures of an observation, or those whose names match a pattern.

    Raises:
        UsageError: no exposure matches, or several programs could be meant.
    """
    match = _OBSERVATION.fullmatch(which.strip())
    if match is None:
        found = [i for i, row in enumerate(rows) if fnmatchcase(row["filename"].lower(), f"{which.strip().lower()}*")]
    else:
        number, program = match["number"].lstrip("0") or "0", (match["program"] or "").lstrip("0")
        found = [
            i for i, row in enumerate(rows) if row["obs_num"] == number and (not program or row["program"] == program)
        ]
    programs = sorted({rows[row]["program"] for row in found})
    if not found:
        what = "observation" if match else "file name"
        raise UsageError(f"{option}: no exposure has the {what} {which}; it is o002, jw01234-o002 or jw01234002001_*")
    if match is not None and len(programs) > 1:
        choices = " or ".join(f"jw{program.zfill(5)}-{which}" for program in programs[:2])
        raise UsageError(f"{option}: {which} is an observation of several programs; write {choices}")
    return found


def _all_chosen(every: Iterable[str], rows: Sequence[Row], option: str) -> set[int]:
    return {row for which in every for row in chosen(which, rows, option)}


def _linked(rows: Sequence[Row], marked: Collection[int], kind: str, links: Iterable[_Link]) -> list[_Link]:
    """A new candidate for each program with marked exposures that no candidate of this type lists yet.

    It lists their observations, and those with unmarked science exposures of the same exposure type.
    """
    every = list(links)
    listed = {row for _, of, members in every if of == kind for row in members}
    loose = grouped((rows[row]["program"], row) for row in marked if row not in listed)
    made: list[_Link] = []
    for program, own in loose.items():
        types = {rows[row]["exp_type"] for row in own if rows[row]["pntgtype"] == SCIENCE}
        served = {
            row["obs_num"]
            for row in rows
            if row["program"] == program
            and row["exp_type"] in types
            and not any(is_given(row[column]) for column, _ in MARKS.values())
        }
        observations = served | {rows[row]["obs_num"] for row in own}
        members = [i for i, row in enumerate(rows) if row["program"] == program and row["obs_num"] in observations]
        taken = {identifier for identifier, _, _ in (*every, *made)}
        number = next(each for each in range(_FIRST, _FIRST + len(taken) + 1) if f"c{each}" not in taken)
        made.append((f"c{number}", kind, members))
    return made


def _fill(rows: Sequence[Row], links: Iterable[_Link], everywhere: Iterable[tuple[str, str]]) -> None:
    """The candidates of each exposure: its observation, and those above."""
    cells = [[(_observation_of(row), "OBSERVATION"), *everywhere] for row in rows]
    for identifier, kind, members in links:
        for member in members:
            cells[member].append((identifier, kind))
    for row, cell in zip(rows, cells, strict=True):
        row["asn_candidate"] = "[" + ", ".join(f"('{identifier}', '{kind}')" for identifier, kind in cell) + "]"
