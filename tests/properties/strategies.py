"""Pools to search: simulated programs with changed values, and small pools in which much agrees.

A pool is a list of rows for `Pool.from_rows`. Rows have no columns that neither a rule nor the order of
exposures looks at, so that a failing example can be read.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from benchmarks.simulator import COLUMNS, MODES, simulate
from rules import MISSION
from rules.vocabulary import Column
from rules.vocabulary.expressions import walk
from solver.pools import HIERARCHY

Row = dict[str, str]
Change = tuple[Any, ...]
T = TypeVar("T")

FLAGS = ("is_psf", "bkgdtarg", "is_imprt", "tsovisit")
#: Columns that every pool has; and those that nothing may change: they tell exposures and programs apart.
_REQUIRED = {"filename", "program", "instrume", "exp_type", "asn_candidate"}
_FIXED = {"filename", "program"}
_ASKED_FOR = {part.name for rule in MISSION for part in walk(rule.spec) if isinstance(part, Column)}
_KEPT = (_ASKED_FOR | _REQUIRED | {"exposerr", *HIERARCHY.values()}) & set(COLUMNS)

# --- Simulated programs -------------------------------------------------------------------------

_SEEDS = st.integers(0, 19)
_ROWS = st.integers(0, 29)
_CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("blank"), _ROWS, st.sampled_from(sorted(_KEPT - _FIXED))),
        st.tuples(st.just("exchange"), _ROWS, st.sampled_from(sorted(_KEPT - _FIXED)), _ROWS),
        st.tuples(st.just("flip"), _ROWS, st.sampled_from(FLAGS)),
        st.tuples(
            st.just("list or not"),
            _ROWS,
            st.sampled_from([
                ("c1000", "GROUP"), ("c1000", "BACKGROUND"), ("c1001", "MOSAIC"), ("c1002", "DIRECT_IMAGE"),
                ("o001", "OBSERVATION"), ("o002", "OBSERVATION"),
            ]),
        ),
    ),
    max_size=6,
)  # fmt: skip


@cache
def _mode(name: str, seed: int, number: int) -> tuple[Row, ...]:
    """One instance of an observing mode, in the program that has this number among the simulated."""
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in simulate(seed, programs=number, modes=[name])]
    return tuple(
        {column: text for column, text in row.items() if column in _REQUIRED or (column in _KEPT and text != "NULL")}
        for row in rows
        if row["program"] == rows[-1]["program"]
    )


def _apply(change: Change, rows: list[Row]) -> None:
    what, number, column, *rest = change
    row = rows[number % len(rows)]
    if what == "blank":
        row[column] = ""
    elif what == "exchange":
        other = rows[rest[0] % len(rows)]
        row[column], other[column] = other.get(column, ""), row.get(column, "")
    elif what == "flip":
        row[column] = "" if row.get(column) == "T" else "T"
    else:
        pairs = dict.fromkeys(ast.literal_eval(row["asn_candidate"] or "[]"))
        pairs = {pair: None for pair in pairs if pair != column} if column in pairs else pairs | {column: None}
        row["asn_candidate"] = str(list(pairs))


@st.composite
def _several(draw: st.DrawFn, among: Sequence[T] | st.SearchStrategy[T], most: int, *, unique: bool = False) -> list[T]:
    """A list of any length up to `most`, long ones as often as short ones, that still shrinks to one element."""
    elements = among if isinstance(among, st.SearchStrategy) else st.sampled_from(among)
    return draw(st.lists(elements, min_size=draw(st.sampled_from(range(1, most + 1))), max_size=most, unique=unique))


@st.composite
def simulated(draw: st.DrawFn, *, exposures: int = 30) -> list[Row]:
    """Some exposures of one to three simulated programs of one mode each, with a few changes."""
    programs = draw(st.lists(st.tuples(st.sampled_from(sorted(MODES)), _SEEDS), min_size=1, max_size=3))
    known = [row for number, (mode, seed) in enumerate(programs, start=1) for row in _mode(mode, seed, number)]
    at_most = min(exposures, len(known))
    rows = [dict(known[number]) for number in sorted(draw(_several(range(len(known)), at_most, unique=True)))]
    for change in draw(_CHANGES):
        _apply(change, rows)
    return rows


# --- Small pools in which much agrees -----------------------------------------------------------

_TABLES = tomllib.loads(Path(__file__).with_name("values.toml").read_text(encoding="utf-8"))
_COMMON: Mapping[str, Sequence[str]] = _TABLES["common"]
#: For each observing mode what its exposures have; where there are several values, drawn ones.
THEMES: Mapping[str, Mapping[str, Sequence[str]]] = _TABLES["modes"]
#: Columns in which many rules take a missing value for agreement with any.
_OPTIONAL = {"filter", "fxd_slit", "grating", "pupil", "visitype"}
_PLACES = ["asn_candidate", "obs_num", "program", "targetid"]


@st.composite
def dense(draw: st.DrawFn, themes: Collection[str] = THEMES, *, exposures: int = 8) -> list[Row]:
    """A few exposures of one mode that differ in a few columns only, by few values, many of them missing."""
    theme = THEMES[draw(st.sampled_from(sorted(themes)))]
    values = {**_COMMON, **theme}
    own, every = (sorted(name for name in table if len(table[name]) > 1) for table in (theme, values))
    optional = [name for name in every if name in _OPTIONAL]
    among = draw(st.sampled_from([[optional], [optional, own], [own, _PLACES], [own, optional, _PLACES, every]]))
    differing = sorted({name for names in among for name in draw(_several(names, min(3, len(names)), unique=True))})
    cells = st.fixed_dictionaries({name: st.sampled_from(values[name]) for name in differing})
    usual = {name: choices[0] for name, choices in values.items() if choices[0] or name in _REQUIRED}
    rows = draw(_several(cells, exposures))
    return [{"filename": f"e{number}_uncal.fits"} | usual | row for number, row in enumerate(rows, start=1)]


def pools() -> st.SearchStrategy[list[Row]]:
    """Pools of either kind."""
    return dense() | simulated()


def small_pools() -> st.SearchStrategy[list[Row]]:
    """Pools in which every set of exposures can be tried."""
    return dense() | simulated(exposures=9)
