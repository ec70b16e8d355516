"""Attributes: what a constraint may ask of an exposure.

A plain name is a pool column. The other forms combine columns into one value: the first that
is given, or a translation of a value. Every form has a *label*: the word for it in texts and names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from rules.vocabulary.expressions import Expression

#: Pool columns that a constraint may name, with what they hold. Values are lower-case strings.
COLUMNS: Mapping[str, str] = MappingProxyType({
    "filename": "name of the exposure's file",
    "obs_id": "identifier of the activity, such as V01001001001P0000000002101",
    "program": "program number",
    "obs_num": "observation number",
    "visit": "visit number",
    "visit_id": "program, observation and visit in one",
    "visitgrp": "visit group number",
    "visitype": "type of the visit, such as prime_targeted_fixed",
    "seq_id": "parallel sequence: 1 is prime, others are parallel",
    "act_id": "activity number (base 36)",
    "exposure": "exposure number within the activity",
    "exp_type": "exposure type, such as mir_image",
    "nexposur": "number of exposures of the visit",
    "expcount": "running number of the exposure in the visit",
    "instrume": "instrument",
    "detector": "detector",
    "channel": "NIRCam channel (short, long) or MIRI MRS channels (12, 34)",
    "targetid": "running number of the target in the program",
    "targprop": "the proposer's name of the target",
    "targname": "standard name of the target",
    "targtype": "fixed, moving or generic",
    "template": "observing template",
    "pntgtype": "type of the pointing: science or target_acquisition",
    "pntg_seq": "running number of the pointing",
    "targordn": "order of the target in the visit",
    "expspcin": "exposure specification within the visit",
    "dithptin": "dither position",
    "mostilno": "mosaic tile",
    "module": "NIRCam module",
    "filter": "filter",
    "pupil": "pupil wheel element",
    "ditherid": "dither set",
    "patttype": "dither pattern type",
    "pattstrt": "first position of the dither pattern",
    "numdthpt": "number of dither positions",
    "pattsize": "size of the dither pattern",
    "subpxpts": "number of subpixel dither positions",
    "subpxpns": "number of subpixel dither positions (older pools)",
    "subpxnum": "subpixel dither position (older pools)",
    "patt_num": "position in the dither pattern",
    "subpixel": "whether subpixel dithers were made",
    "apername": "aperture",
    "sdp_ver": "version of the science data processing",
    "subarray": "subarray",
    "grating": "NIRSpec grating",
    "fxd_slit": "NIRSpec fixed slit",
    "band": "MIRI MRS band",
    "gwa_xtil": "tilt of the grating wheel about x",
    "gwa_ytil": "tilt of the grating wheel about y",
    "asn_candidate": "association candidates: a list of (id, type)",
    "exposerr": "what went wrong with the exposure, if anything",
    "is_psf": "given for exposures of a PSF reference star",
    "is_imprt": "given for NIRSpec imprint exposures",
    "bkgdtarg": "given for exposures of a background target",
    "tsovisit": "t for visits with time-series observations",
    "wfsvisit": "given for wavefront sensing visits (older pools)",
    "msastate": "state of the micro-shutter array",
    "msametfl": "NIRSpec MSA metadata file",
    "opmode": "operation mode of NIRSpec",
    "lamp": "calibration lamp",
    "spec_num": "position along the dispersion",
    "spat_num": "position across the dispersion",
    "dms_note": "note of the data management system",
    "exsegtot": "number of segments of the exposure",
    "nints": "number of integrations",
    "ngroups": "number of groups in an integration",
    "mtshadow": "moving target in shadow",
    "targ_ra": "right ascension of the target, in degrees (optional)",
    "targ_dec": "declination of the target, in degrees (optional)",
    "expstart": "start of the exposure, modified Julian date in days (optional)",
})  # fmt: skip

#: Attributes that the solver derives, with what they are. `role` may be used for member names,
#: `candidate_type` to say which candidates a rule is for.
DERIVED: Mapping[str, str] = MappingProxyType({
    "role": "what the exposure is in an association of this rule, such as science or background",
    "candidate_type": "type of the candidate, such as observation; discovered in discovery",
})  # fmt: skip

#: The roles of exposures in an association, with their meanings. A rule may name roles of its own.
ROLES: Mapping[str, str] = MappingProxyType({
    "science": "an exposure of the target",
    "background": "an exposure of empty sky, or of the target at another nod position",
    "psf": "an exposure of a reference star",
    "imprint": "an exposure of the light that leaks through the closed micro-shutters",
    "target_acquisition": "a target acquisition or confirmation image",
    "direct_image": "an image in which the sources of slitless spectra are found",
    "autoflat": "an automatic flat field exposure",
    "autowave": "an automatic wavelength calibration exposure",
    "dark": "a dark exposure",
    "flat": "a flat field exposure",
    "engineering": "an exposure for engineering",
})  # fmt: skip

#: The usual types of candidates, and of associations; words that are almost one of these are refused as misspelt.
CANDIDATE_TYPES = (
    "observation", "group", "background", "mosaic", "coronagraphy", "ami", "direct_image", "discovered",
)  # fmt: skip
ASN_TYPES = (
    "ami3", "coron3", "image2", "image3", "nrslamp-spec2", "spec2", "spec3", "tso-image2", "tso-spec2", "tso3",
    "wfs-image2", "wfs-image3",
)  # fmt: skip

#: Labels that say more than the name of the column.
LABELS: Mapping[str, str] = MappingProxyType({
    "instrume": "instrument", "targetid": "target", "obs_num": "observation", "exp_type": "exposure type",
    "patttype": "dither pattern", "act_id": "activity", "obs_id": "observation id", "visitype": "visit type",
    "bkgdtarg": "background flag", "is_psf": "PSF flag", "is_imprt": "imprint flag", "tsovisit": "time-series flag",
    "pntgtype": "pointing type", "msametfl": "MSA metadata file", "fxd_slit": "fixed slit", "dms_note": "DMS note",
    "candidate_type": "candidate type", "expstart": "start of the exposure", "patt_num": "dither pattern position",
    **{name: COLUMNS[name] for name in ("dithptin", "expspcin", "mostilno", "nints", "numdthpt")},
})  # fmt: skip


class Column(Expression, written="column(name, own, number=number?)"):
    """The value of one pool column.

    Attributes:
        name: its name, in lower case.
        own: the label of a column that a rule's author declares; "" for those in `COLUMNS`.
        number: whether such a column has numbers: 1.50 and 1.5 are the same value then.
    """

    name: str
    own: str = ""
    number: bool = False

    @property
    def label(self) -> str:
        """The word for it in texts."""
        return self.own or LABELS.get(self.name, self.name)

    def in_one_form(self, value: str) -> str:
        """A value in the form in which it is compared: of equal numbers, one.

        >>> column("yoffset", "y offset", number=True).in_one_form("1.50")
        '1.5'
        """
        try:
            return f"{float(value):.15g}" if self.number else value
        except ValueError:
            return value

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Its name."""
        return (self.name,)

    def __repr__(self) -> str:
        """As it is written in a rule: by its name, unless the rule's author declares it."""
        return super().__repr__() if self.own else repr(self.name)


class FirstGiven(Expression, written="first_given(*columns)"):
    """The value of the first column that has one."""

    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """The word for it in texts."""
        return " or ".join(column.label for column in self.columns)


class Mapped(Expression, written="mapped(label, column, translation, otherwise=otherwise?)"):
    """A column's value, translated by a table; a value that is not in it becomes `otherwise`."""

    label: str
    column: Column
    table: tuple[tuple[str, str], ...]
    otherwise: str | None

    @cached_property
    def translation(self) -> Mapping[str, str]:
        """The table, by old value."""
        return dict(self.table)

    def translated(self, value: str) -> str:
        """What a value, which may not be given, becomes."""
        return self.translation.get(value, value if self.otherwise is None else self.otherwise) if value else ""


class InCandidate(Expression, written="in_candidate(candidate_type, value, otherwise=otherwise)"):
    """A column's value, except in candidates of one type, where it is `value` for every exposure."""

    candidate_type: str
    value: str
    otherwise: Column

    @property
    def label(self) -> str:
        """The word for it in texts."""
        return self.otherwise.label


#: What an eligibility condition may test, and what exposures may agree on.
Attribute = Column | FirstGiven | Mapped
Comparable = Attribute | InCandidate


def column(name: str, label: str, *, number: bool = False) -> Column:
    """A column of your own, which pools have beside those of the archive, or FITS headers as a keyword.

    Args:
        name: its name, in any case.
        label: the word for it in texts, and for `Field` in product names.
        number: whether its values are numbers: 1.50 and 1.5 are the same then. Otherwise they are words.

    Raises:
        ValueError: pools have a column of this name anyway, or the label is that of another column.

    >>> column("XOFFSET", "x offset", number=True).label
    'x offset'
    """
    own = Column(name.lower(), label, number)
    if own.name in COLUMNS or not own.name.strip() or not label or label in {Column(each).label for each in COLUMNS}:
        raise ValueError(f"{own!r}: take a name and a label that no column of the archive's pools has")
    return own


def column_of(given: str | Column) -> Column:
    """The column that a rule's author means, by its name in any case."""
    return Column(given.lower()) if isinstance(given, str) else given


def first_given(*columns: str | Column) -> FirstGiven:
    """The value of the first of `columns` that has one.

    >>> first_given("pupil", "grating").label
    'pupil or grating'
    """
    return FirstGiven(tuple(map(column_of, columns)))


def mapped(label: str, column: str | Column, table: Mapping[str, str], otherwise: str | None = None) -> Mapped:
    """A column's value, translated by `table`.

    Args:
        label: the word for the result in texts.
        column: the column that is translated.
        table: old value to new value.
        otherwise: what every other value becomes; None keeps it as it is.
    """
    pairs = sorted((old.lower(), new.lower()) for old, new in table.items())
    return Mapped(label, column_of(column), tuple(pairs), None if otherwise is None else otherwise.lower())


def in_candidate(candidate_type: str, value: str, otherwise: str | Column) -> InCandidate:
    """`value` in candidates of `candidate_type`; elsewhere, the column `otherwise`."""
    return InCandidate(candidate_type.lower(), value.lower(), column_of(otherwise))


def attribute(given: object) -> Comparable:
    """The attribute that a rule's author means: a plain name, in any case, is a column.

    Raises:
        TypeError: it is neither a name nor an attribute.
    """
    if isinstance(given, str):
        return column_of(given)
    if not isinstance(given, Comparable):
        raise TypeError(f"{given!r} is not an attribute; use a column, first_given(…), mapped(…) or in_candidate(…)")
    return given
