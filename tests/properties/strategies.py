"""Pools to search: simulated programs with changed values, and small pools in which much agrees.

A pool is a list of rows for `Pool.from_rows`. Rows have no columns that neither a rule nor the order of
exposures looks at, so that a failing example can be read.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from functools import cache
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

#: Values of columns that any rule may ask for. The first is the usual one.
_COMMON: Mapping[str, tuple[str, ...]] = {
    "program": ("1", "2"),
    "obs_num": ("1", "2", ""),
    "targetid": ("1", "2", "--"),
    "pntgtype": ("SCIENCE", "TARGET_ACQUISITION", "NULL"),
    "filter": ("F444W", "null", "F200W"),
    "subarray": ("FULL", "SUB64", "n/a"),
    "fxd_slit": ("S200A1", "", "S1600A1"),
    "visitype": ("PRIME_TARGETED_FIXED", "", "Parallel"),
    "bkgdtarg": ("F", "T"),
    "is_psf": ("N", "t"),
    "is_imprt": ("false", "T"),
    "tsovisit": ("F", "T"),
    "exposerr": ("NULL", "Guide star lost"),
    "asn_candidate": (
        "[('o001', 'OBSERVATION')]",
        "[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]",
        "[('o002', 'observation'), ('c1000', 'group')]",
        "[('o002', 'OBSERVATION'), ('c1000', 'BACKGROUND'), ('c1001', 'MOSAIC')]",
        "[('o001', 'OBSERVATION'), ('c1001', 'MOSAIC'), ('c1002', 'DIRECT_IMAGE')]",
        "",
    ),
}
#: Columns in which many rules take a missing value for agreement with any.
_OPTIONAL = {"filter", "fxd_slit", "grating", "pupil", "visitype"}
_PLACES = ["asn_candidate", "obs_num", "program", "targetid"]

#: For each observing mode what its exposures have; where there are several values, drawn ones.
THEMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "images": {
        "instrume": ("NIRCAM",), "exp_type": ("NRC_IMAGE", "NRC_TACQ"), "pupil": ("CLEAR", "", "F405N"),
        "filter": ("F444W", "", "F200W"), "bkgdtarg": ("F", "T"), "grating": ("", "MIRROR"),
    },
    "tiles of a mosaic": {
        "instrume": ("NIRISS",), "exp_type": ("NIS_IMAGE",), "obs_num": ("1", "2"), "targetid": ("1", "2"),
        "asn_candidate": ("[('o001', 'OBSERVATION'), ('c1001', 'MOSAIC')]", "[('c1001', 'MOSAIC')]"),
    },
    "wavefront sensing": {
        "instrume": ("NIRCAM",), "exp_type": ("NRC_IMAGE", "NRC_TACQ"), "patttype": ("WFSC", ""),
        "detector": ("NRCA3", "NRCA4"), "obs_id": ("V1", "V2", ""), "act_id": ("01", "0A"),
        "dms_note": ("", "WFSC_LOS_JITTER"), "visitype": ("PRIME_WFSC_ROUTINE",), "filter": ("F212N", "", "F187N"),
    },
    "interferometry": {
        "instrume": ("NIRISS",), "exp_type": ("NIS_AMI", "NIS_AMI", "NIS_TACQ"), "is_psf": ("", "T"),
        "pupil": ("NRM",), "filter": ("F480M", "", "F430M"), "targetid": ("1", "2", ""),
    },
    "coronagraphy, NIRCam": {
        "instrume": ("NIRCAM",), "exp_type": ("NRC_CORON", "NRC_CORON", "NRC_TACQ"), "is_psf": ("", "T"),
        "pupil": ("MASKRND", "MASKBAR", ""), "detector": ("NRCA2", "NRCA1"), "subarray": ("FULL", "SUB320"),
        "channel": ("SHORT", "LONG"), "targetid": ("1", "2", ""),
    },
    "coronagraphy, MIRI": {
        "instrume": ("MIRI",), "exp_type": ("MIR_LYOT", "MIR_4QPM", "MIR_TACQ"), "is_psf": ("", "T"),
        "targetid": ("1", "2", ""), "filter": ("F2300C", "", "F1065C"),
    },
    "integral field, MIRI": {
        "instrume": ("MIRI",), "exp_type": ("MIR_MRS", "MIR_MRS", "MIR_TACQ"), "bkgdtarg": ("F", "T"),
        "is_psf": ("", "T"),
        "targetid": ("1", "2", ""), "pntgtype": ("SCIENCE", "TARGET_ACQUISITION", ""),
    },
    "integral field, NIRSpec": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_IFU", "NRS_IFU", "NRS_AUTOWAVE"), "grating": ("G140H", "PRISM", ""),
        "filter": ("F100LP", "CLEAR"), "detector": ("NRS1", "NRS2"), "patttype": ("NONE", "CYCLING"),
        "bkgdtarg": ("T", "F"),
    },
    "fixed slits": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_FIXEDSLIT", "NRS_AUTOFLAT", "NRS_AUTOWAVE", "NRS_TACQ"),
        "grating": ("G140H", "PRISM"), "filter": ("F100LP", "F070LP"), "detector": ("NRS1", "NRS2"),
        "is_imprt": ("", "T"), "fxd_slit": ("S200A1", "S200A2", "S200B1", ""), "bkgdtarg": ("F", "T"),
    },
    "shutters": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_MSASPEC", "NRS_AUTOFLAT", "NRS_AUTOWAVE"),
        "grating": ("G140H", "PRISM", ""), "filter": ("F100LP", ""), "msametfl": ("a_msa.fits", "b_msa.fits", ""),
    },
    "nods": {
        "instrume": ("MIRI",), "exp_type": ("MIR_LRS-FIXEDSLIT", "MIR_LRS-FIXEDSLIT", "MIR_TACQ"),
        "patttype": ("2-POINT-NOD", "ALONG-SLIT-NOD", ""), "filter": ("P750L", ""), "bkgdtarg": ("F", "T"),
    },
    "single object slitless": {
        "instrume": ("NIRISS",), "exp_type": ("NIS_SOSS", "NIS_TACQ"), "patttype": ("", "4-POINT-NOD"),
        "pupil": ("GR700XD", ""), "filter": ("CLEAR", "F277W", ""), "nints": ("2", "1"), "tsovisit": ("", "T"),
    },
    "wide field, NIRCam": {
        "instrume": ("NIRCAM",), "exp_type": ("NRC_WFSS", "NRC_IMAGE"), "pupil": ("GRISMR", "GRISMC", ""),
        "filter": ("F444W", "F356W", ""),
    },
    "wide field, NIRISS": {
        "instrume": ("NIRISS",), "exp_type": ("NIS_WFSS", "NIS_IMAGE"), "filter": ("GR150R", "GR150C", "CLEAR"),
        "pupil": ("F115W", "F200W", ""),
    },
    "wide field, MIRI": {
        "instrume": ("MIRI",), "exp_type": ("MIR_WFSS", "MIR_IMAGE"), "detector": ("MIRIMAGE",),
        "filter": ("P750L", "F770W", ""),
    },
    "calibrated images": {
        "instrume": ("MIRI",), "exp_type": ("MIR_IMAGE", "MIR_LYOT", "MIR_TACQ"), "detector": ("MIRIMAGE",),
        "bkgdtarg": ("F", "T"), "is_psf": ("", "T"), "pupil": ("", "CLEAR"), "tsovisit": ("", "T"),
        "asn_candidate": ("[('o001', 'OBSERVATION'), ('c1000', 'BACKGROUND')]", "[('o001', 'OBSERVATION')]"),
    },
    "imprints": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_IFU",), "detector": ("NRS1",), "grating": ("G140H",),
        "filter": ("F100LP",), "is_imprt": ("", "T"), "bkgdtarg": ("", "T"), "mostilno": ("1", "2", ""),
        "dithptin": ("1", "2", ""), "patttype": ("CYCLING", "4-POINT-NOD"), "targetid": ("1", "2"),
        "asn_candidate": ("[('o001', 'OBSERVATION'), ('c1000', 'BACKGROUND')]", "[('o001', 'OBSERVATION')]"),
    },
    "nods in fixed slits": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_FIXEDSLIT",), "detector": ("NRS1",), "grating": ("G140H",),
        "filter": ("F100LP",), "fxd_slit": ("S1600A1", "S200A1"), "expspcin": ("1", "2"), "bkgdtarg": ("", "T"),
        "numdthpt": ("5", "4", ""), "patt_num": ("1", "2", "3", "4", ""), "subpxpts": ("1", "2", ""),
        "targetid": ("1", "2"),
        "asn_candidate": ("[('o001', 'OBSERVATION'), ('c1000', 'BACKGROUND')]", "[('o001', 'OBSERVATION')]"),
    },
    "nods of shutters": {
        "instrume": ("NIRSPEC",), "exp_type": ("NRS_MSASPEC",), "detector": ("NRS1",), "grating": ("G140H",),
        "filter": ("F100LP",), "msametfl": ("a_msa.fits", ""), "expspcin": ("1", "2"), "numdthpt": ("3", ""),
        "patt_num": ("1", "2", "3", ""), "subpxpts": ("1", "", "0"), "targetid": ("1", "2"),
    },
    "nods along the slit": {
        "instrume": ("MIRI",), "exp_type": ("MIR_LRS-FIXEDSLIT", "MIR_TACONFIRM"), "detector": ("MIRIMAGE",),
        "filter": ("P750L",), "patttype": ("ALONG-SLIT-NOD", ""), "patt_num": ("1", "2", "10", ""),
        "visit": ("1", "2", ""), "obs_num": ("1", "2"), "bkgdtarg": ("", "T"),
    },
    "direct images": {
        "instrume": ("NIRISS",), "exp_type": ("NIS_WFSS", "NIS_IMAGE"), "detector": ("NIS",),
        "filter": ("GR150R", "CLEAR"), "pupil": ("F115W", "F200W"), "expspcin": ("1", "2", "3", ""),
        "targetid": ("1", "2"), "exposure": ("1", "2", "10"),
        "asn_candidate": ("[('o001', 'OBSERVATION')]", "[('c1002', 'DIRECT_IMAGE')]"),
    },
    "acquisitions": {
        "instrume": ("MIRI",), "exp_type": ("MIR_IMAGE", "MIR_TACQ"), "is_imprt": ("N/A", "T"),
    },
    "time series": {
        "instrume": ("NIRCAM",), "exp_type": ("NRC_TSGRISM", "NRC_TSIMAGE", "NRC_TACQ"), "tsovisit": ("T", "F"),
        "pupil": ("GRISMR", "CLEAR", ""), "detector": ("NRCALONG", "NRCBLONG"),
    },
}  # fmt: skip


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
