"""What is assumed where the headers have no value, column by column, and how it can change the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from solver.pools import MARKS, Statements


class Note(NamedTuple):
    """An assumption.

    Attributes:
        columns: the columns concerned.
        exposures: number of exposures concerned.
        assumed: what was assumed, and from what.
        effect: what in the result depends on it.
    """

    columns: tuple[str, ...]
    exposures: int
    assumed: str
    effect: str

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return dict(zip(("columns", "exposures", "assumed", "decides"), self, strict=True))


#: Column to what is assumed and what depends on it, for further columns without a keyword.
DERIVED: Mapping[str, tuple[str, str]] = {
    "targetid": ("numbered by TARGPROP, TARGNAME or position", "t001 in names; a target under two names counts as two"),
    "pntgtype": ("acquisition by EXP_TYPE, else science", "which exposures are added as acquisitions"),
    "expspcin": (
        "activities are numbered in order; continuing a dither pattern does not start a new activity",
        "which nods serve as background for each other; the direct image of slitless spectra",
    ),
    "mostilno": ("a visit that repeats dither positions is a new tile", "imprints and nods of IFU spectra in a mosaic"),
    "dithptin": ("same as PATT_NUM", "the imprint of each dither position"),
    "exposerr": ("no exposure has failed", "no association is marked as degraded"),
    "dms_note": ("none", "wavefront sensing exposures with jitter data are not left out"),
}

#: Columns that are left empty.
EMPTY = ("ditherid", "mtshadow", "subpixel", "targordn")

#: The same for values that are not those of their keywords.
_OF_KIND = {
    "name": ("from the file's name, since the keyword is missing", "all that depends on these columns"),
    "default": ("the value NONE counts as missing", "exposures are not grouped by the value NONE"),
}


def notes_on(many: int, used: Counter[tuple[str, str]], stated: Statements, absent: Collection[str]) -> Iterator[Note]:
    """The assumptions made about the exposures.

    Args:
        many: number of exposures.
        used: values that are not those of their keywords, as `row_of` counts them.
        stated: what a person stated of the exposures.
        absent: columns that rules use but the source lacks altogether.
    """
    candidates = "; ".join(["each observation is a candidate", *map(str, stated.kind(*MARKS, "candidate"))])
    unknown = "the proposal's groups, mosaics and background links are unknown"
    yield Note(("asn_candidate",), many, candidates, f"observations are combined only by discovery; {unknown}")
    for column, (assumed, effect) in DERIVED.items():
        set_by = [str(each) for each in stated.kind("set") if each.what.lower() == column]
        yield Note((column,), many, "; ".join([assumed, *set_by]), effect)
    for kind, (assumed, effect) in _OF_KIND.items():
        if counts := {column: count for (of, column), count in used.items() if of == kind}:
            yield Note(tuple(sorted(counts)), max(counts.values()), assumed, effect)
    if absent:
        yield Note(tuple(sorted(absent)), many, "missing: the table does not have them", "all rules that ask for them")
    yield Note(EMPTY, many, "left empty", "none: no mission rule uses them")
