"""Statements: facts about exposures that no table contains.

A statement leaves exposures out, supplies a missing value or corrects a wrong one, marks exposures as background, PSF
reference or imprint, or makes a candidate. It has one form everywhere, a kind and a text: `--background o004:o003` on a
command line, `background = ["o004:o003"]` in a TOML file, `{"background": "o004:o003"}` in Python.

Exposures are named by comma-separated observations (`o004`, or `jw07973-o004` where there are several programs) and
patterns of file names. In whatever order statements are given, they apply in that of `KINDS`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from rules.files import read_file
from rules.vocabulary import CANDIDATE_TYPES, COLUMNS
from solver.errors import UsageError, errors_as
from solver.multimap import grouped
from solver.pools.candidates import DISCOVERED
from solver.pools.columns import Row
from solver.words import few, nearest

#: What an exposure can be marked as: the column of the mark, and the type of the candidate that links it with the
#: exposures that it serves.
MARKS: Mapping[str, tuple[str, str]] = {
    "background": ("bkgdtarg", "BACKGROUND"),
    "psf": ("is_psf", "CORONAGRAPHY"),
    "imprint": ("is_imprt", ""),
}

_WHICH = r"(?P<which>[^:]+)"
_WHICH_FOR = rf"{_WHICH}(:(?P<served>[^:]+))?"
_CANDIDATE = rf"((?P<program>jw\d{{1,5}})-)?(?P<what>[^=:]+)=(?P<value>[^:]+):{_WHICH}"

#: Each kind of statement, in the order in which they apply: its form, and an example.
KINDS: Mapping[str, tuple[str, str]] = {
    "exclude": (_WHICH, "o005 or 'jw*_nrcb4*'"),
    "set": (rf"(?P<what>[^=:]+)=(?P<value>.*):{_WHICH}", "band=short:o003"),
    "background": (_WHICH_FOR, "o004 or o004:o003"),
    "psf": (_WHICH_FOR, "o004 or o004:o003"),
    "imprint": (_WHICH, "o004"),
    "candidate": (_CANDIDATE, "c1001=background:o001,o002"),
}

#: Types of candidates above the observation.
TYPES = tuple(sorted({*CANDIDATE_TYPES} - {"observation", DISCOVERED}))

#: Columns that cannot be set, and why.
_NOT_SET = {"filename": "it names the exposure", "asn_candidate": "use --candidate"}

_OBSERVATION = re.compile(r"(jw(?P<program>\d{1,5})-)?o(?P<number>\d{1,3})", re.IGNORECASE)


#: One text or several, as `Statements.of` takes them.
Texts = str | Iterable[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        kind: one of `KINDS`.
        text: what is stated, as the option has it.
        which: the exposures, by observation or pattern.
        served: the exposures that these are background or PSF of; empty for all that they fit.
        what: the column that is set, or the id of a candidate.
        value: the value of the column, or the type of the candidate.
        program: the program of a candidate, such as jw07973, where it is stated.
        source: the file that states it; "" for an option.
    """

    kind: str
    text: str
    which: tuple[str, ...]
    served: tuple[str, ...] = ()
    what: str = ""
    value: str = ""
    program: str = ""
    source: str = field(default="", compare=False)

    def __str__(self) -> str:
        """As an option."""
        return f"--{self.kind} {self.text}"

    @property
    def place(self) -> str:
        """Where it is stated, for messages."""
        return f"{self.source}: {self.kind} {self.text!r}" if self.source else str(self)


class Statements(tuple[Statement, ...]):
    """Statements in the order in which they apply, a tuple.

    >>> stated = Statements.of(background="o004:o003", exclude=["o007"])
    >>> [str(each) for each in stated]
    ['--exclude o007', '--background o004:o003']
    """

    __slots__ = ()

    @classmethod
    def of(cls, given: Mapping[str, Texts] | Statements | None = None, **more: Texts) -> Statements:
        """The statements of each kind.

        Args:
            given: kinds to texts, or the statements themselves.
            more: the same, by keyword: `Statements.of(background="o004:o003")`.

        Raises:
            UsageError: a kind is unknown, or a text is malformed.
        """
        if isinstance(given, Statements):
            return given
        kinds = {**(given or {}), **more}
        for kind in kinds.keys() - KINDS.keys():
            raise UsageError(f"{kind!r} is not a statement; choose from {', '.join(KINDS)}")
        texts = {kind: [text] if isinstance(text, str) else list(text) for kind, text in kinds.items()}
        return cls(_parsed(kind, text) for kind in KINDS for text in texts.get(kind, ()))

    @classmethod
    def read(cls, path: Path) -> Statements:
        """The statements of a TOML file: a list of texts for each kind.

        Candidates may also be lines of a table `[candidate]`, such as `c1001 = "background:o001,o002"`.

        Raises:
            UsageError: the file cannot be read, or contains anything else.
        """
        import tomllib  # few runs need it

        with errors_as(lambda why: UsageError(f"{path} cannot be read: {why}"), OSError, ValueError, RecursionError):
            content = tomllib.loads(read_file(path).decode())
        if isinstance(table := content.get("candidate"), dict):
            content["candidate"] = [f"{key}={text}" for key, text in table.items()]
        for kind, texts in content.items():
            if kind in KINDS and not (isinstance(texts, list) and all(isinstance(each, str) for each in texts)):
                examples = '", "'.join(KINDS[kind][1].replace("'", "").split(" or "))
                raise UsageError(f'{path}: {kind} must be a list of strings, such as {kind} = ["{examples}"]')
        try:
            return cls(replace(each, source=str(path)) for each in cls.of(content))
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from error

    def __add__(self, other: Iterable[Statement]) -> Statements:  # type: ignore[override]
        """Both."""
        return Statements(sorted((*self, *other), key=lambda each: list(KINDS).index(each.kind)))

    def kind(self, *kinds: str) -> list[Statement]:
        """Those of some kinds."""
        return [each for each in self if each.kind in kinds]

    def to_dict(self) -> dict[str, list[str]]:
        """The texts of each kind, as `of` takes them."""
        return grouped((each.kind, each.text) for each in self)

    # --- Applied to rows ---

    def left_out(self, rows: Sequence[Row]) -> dict[int, Statement]:
        """The exposures to leave out, each with a statement that says so. Raises `UsageError` as `values` does."""
        named = Named(rows)
        return {row: each for each in self.kind("exclude") for row in named.chosen(each, each.which)}

    def values(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that are not left out, with the values that are stated.

        Raises:
            UsageError: a name matches no exposure or is ambiguous, or a column is unknown.
        """
        kept = [dict(row) for row in rows]
        out = self.left_out(kept)
        kept = [row for number, row in enumerate(kept) if number not in out]
        named = Named(kept)
        for each in self.kind("set"):
            column = each.what.lower()
            if column in _NOT_SET:
                raise UsageError(f"{each.place}: {column.upper()} cannot be set; {_NOT_SET[column]}")
            if column not in COLUMNS and not any(column in row for row in kept):
                otherwise = "asnsolve rules RULE shows what a rule requires"
                hint = nearest(column.upper(), map(str.upper, COLUMNS), otherwise)
                raise UsageError(f"{each.place}: there is no column {column.upper()}; {hint}")
            for row in named.chosen(each, each.which):
                kept[row][column] = each.value
            if column in {"program", "obs_num"}:
                named = Named(kept)
        if not kept:
            raise UsageError("--exclude leaves no exposures")
        return kept


def _parsed(kind: str, text: str) -> Statement:
    form, example = KINDS[kind]
    match = re.fullmatch(form, text.strip(), re.IGNORECASE | re.DOTALL)
    parts = {} if match is None else {key: (value or "").strip() for key, value in match.groupdict().items()}
    names = {key: tuple(filter(None, map(str.strip, parts.pop(key, "").split(",")))) for key in ("which", "served")}
    if not names["which"] or (":" in text and kind in MARKS and not names["served"]):
        raise UsageError(f"cannot understand --{kind} {text!r}; write it as {example}")
    made = Statement(kind, text.strip(), names["which"], names["served"], **parts)
    if kind == "candidate" and not re.fullmatch(r"c\d{4}", made.what, re.IGNORECASE):
        raise UsageError(f"{made}: {text.partition('=')[0]!r} is not the id of a new candidate, such as c1001")
    if kind == "candidate" and made.value.lower() not in TYPES:
        hint = nearest(made.value.lower(), TYPES, f"choose from {', '.join(TYPES)}")
        raise UsageError(f"{made}: {made.value!r} is not a candidate type; {hint}")
    return made


def place_of(row: Row) -> tuple[str, str]:
    """The program and the observation of an exposure."""
    return row["program"], row.get("obs_num", "")


def observation_name(program: str, number: str, *, several: bool = True) -> str:
    """An observation as statements name it, with its program if there are several."""
    return (f"jw{program.zfill(5)}-" if several else "") + f"o{number.zfill(3)}"


class Named:
    """Exposures by what statements call them; their files, programs and observations must not change.

    Cost: one sort, and for each name a step for each exposure that it may mean.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """Look nothing up yet: most pools have no statements."""
        self._rows = rows

    @cached_property
    def _files(self) -> list[tuple[str, int]]:
        return sorted((row["filename"].lower(), i) for i, row in enumerate(self._rows))

    @cached_property
    def _observations(self) -> dict[tuple[str, str], list[int]]:
        """The exposures of each program and observation, and with the program "" those of any."""
        places = enumerate([part.lstrip("0") for part in place_of(row)] for row in self._rows)
        return grouped(((either, number), i) for i, (program, number) in places for either in {"", program})

    def chosen(self, stated: Statement, names: Iterable[str]) -> set[int]:
        """The exposures that a statement names.

        Raises:
            UsageError: no exposure matches one of the names, or several programs could be meant.
        """
        return {row for name in names for row in self._matching(name, stated.place)}

    def _matching(self, name: str, stated: str) -> list[int]:
        """The exposures of an observation, or those whose names match a pattern."""
        rows = self._rows
        if (match := _OBSERVATION.fullmatch(name)) is None:
            pattern = re.sub(r"_[a-z0-9]+\.fits(\.gz)?$", "", Path(name).name.lower()) + "*"
            start = re.split(r"[*?[]", pattern, maxsplit=1)[0]
            later = map(self._files.__getitem__, range(bisect_left(self._files, (start,)), len(rows)))
            begun = takewhile(lambda each: each[0].startswith(start), later)
            found = [i for file, i in begun if fnmatchcase(file, pattern)]
            if not found:
                raise UsageError(f"{stated}: no file name matches {name!r}; patterns look like jw01234002001_*")
            return found
        number, program = match["number"].lstrip("0") or "0", (match["program"] or "").lstrip("0")
        found = self._observations.get((program, number), [])
        if not found:
            several = bool(match["program"]) or len({row["program"] for row in rows}) > 1
            known = sorted({observation_name(*place, several=several) for place in map(place_of, rows) if place[1]})
            which = f" (observations: {few(known, 10)})" if known else "; none has OBS_NUM"
            raise UsageError(f"{stated}: no exposure belongs to observation {name}{which}")
        if len(programs := sorted({rows[row]["program"] for row in found})) > 1:
            choices = " or ".join(f"jw{program.zfill(5)}-{name}" for program in programs[:2])
            raise UsageError(f"{stated}: {name} is an observation of several programs; write {choices}")
        return found
