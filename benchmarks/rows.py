"""Build pool rows: a program, its observations and the exposures taken in each of them.

A mode (see `benchmarks.modes_imaging` and `benchmarks.modes_spectra`) asks a `Program` for
observations, tells each `Observation` what to expose, and links observations with candidates.
Only then are the rows built, because every row also states facts that are known last: how many
exposures its visit has and which candidates its observation belongs to.

>>> from random import Random
>>> program = Program(1001, Random(1))
>>> science = program.observation("MIRI IMAGING", program.target())
>>> science.expose("MIR_IMAGE", ("MIRIMAGE",), Plan(2, "CYCLING"), filter="F770W")
>>> [row[0] for row in program.rows()]
['jw01001001001_02101_00001_mirimage_uncal.fits', 'jw01001001001_02101_00002_mirimage_uncal.fits']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

T = TypeVar("T")
Row = tuple[str, ...]

_HEADER = """
filename obs_id program obs_num visit visit_id visitgrp visitype seq_id act_id exposure exp_type
nexposur expcount instrume detector channel targetid targprop targname targtype template pntgtype
pntg_seq targordn expspcin dithptin mostilno module filter pupil ditherid patttype pattstrt
numdthpt pattsize subpxpts patt_num subpixel apername sdp_ver subarray grating fxd_slit band
gwa_xtil gwa_ytil asn_candidate exposerr is_psf is_imprt bkgdtarg tsovisit msastate msametfl
opmode lamp spec_num spat_num dms_note exsegtot nints ngroups mtshadow
"""

COLUMNS: tuple[str, ...] = tuple(_HEADER.split())
"""The columns of a simulated pool, in order."""

NULL = "NULL"
LAST_OBSERVATION = 999
"""The highest observation number a file name has room for."""

_INDEX = {name: index for index, name in enumerate(COLUMNS)}
_FILENAME, _EXPOSURE, _EXPCOUNT = _INDEX["filename"], _INDEX["exposure"], _INDEX["expcount"]
_PNTG_SEQ, _DITHPTIN, _PATT_NUM = _INDEX["pntg_seq"], _INDEX["dithptin"], _INDEX["patt_num"]
_CATALOGUES = ("NGC", "HD", "WASP", "GJ", "UGC", "SN")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Plan(NamedTuple):
    """How an exposure specification is carried out.

    Attributes:
        points: The number of primary points of the dither pattern, at least 1.
        pattern: The pattern type; "NONE" and "NULL" stand for no pattern.
        subpixel: How many positions each primary point has.
        segments: Into how many files each exposure is split.
        alongside: Whether the detectors expose together with those of the last call; both plans
            then need as many points.

    """

    points: int = 1
    pattern: str = "NONE"
    subpixel: int = 1
    segments: int = 1
    alongside: bool = False


ONCE = Plan()


class Target(NamedTuple):
    """What an observation points at: its number in the program, its name and FIXED or MOVING."""

    number: str
    name: str
    kind: str


class _Detector(NamedTuple):
    """Where a detector sits; `aperture` is how the names of its apertures begin."""

    instrument: str
    channel: str
    module: str
    aperture: str


_DETECTORS: dict[str, _Detector] = {
    "MIRIMAGE": _Detector("MIRI", NULL, NULL, "MIRIM"),
    "MIRIFUSHORT": _Detector("MIRI", "12", NULL, "MIRIFU"),
    "MIRIFULONG": _Detector("MIRI", "34", NULL, "MIRIFU"),
    "NRS1": _Detector("NIRSPEC", NULL, NULL, "NRS1"),
    "NRS2": _Detector("NIRSPEC", NULL, NULL, "NRS2"),
    "NIS": _Detector("NIRISS", NULL, NULL, "NIS"),
    "GUIDER1": _Detector("FGS", NULL, NULL, "FGS1"),
    "GUIDER2": _Detector("FGS", NULL, NULL, "FGS2"),
    **{f"NRC{m}{n}": _Detector("NIRCAM", "SHORT", m, f"NRC{m}{n}") for m in "AB" for n in "1234"},
    **{f"NRC{m}LONG": _Detector("NIRCAM", "LONG", m, f"NRC{m}5") for m in "AB"},
}

_OF_INSTRUMENT: dict[str, dict[str, str]] = {
    "MIRI": {"lamp": "OFF"},
    "NIRSPEC": {"lamp": "NONE", "gwa_xtil": "0.3239", "gwa_ytil": "0.1135"},
}

_OF_OBSERVATION: dict[str, str] = {
    "pntgtype": "SCIENCE",
    "seq_id": "1",
    "targordn": "1",
    "mostilno": "1",
    "sdp_ver": "2025_4a",
    "subarray": "FULL",
    "bkgdtarg": "F",
    "tsovisit": "F",
    "mtshadow": "NONE",
}


@dataclass(slots=True)
class _Activity:
    """One exposure specification: a row for each point, detector and segment."""

    templates: list[tuple[str, list[str]]]
    points: int
    segments: int
    first_exposure: int
    first_position: int

    def rows(self, stem: str) -> Iterator[Row]:
        """Yield the rows; `stem` is how their file names begin."""
        suffixes = [f"-seg{n:03d}" for n in range(1, self.segments + 1)] if self.segments > 1 else [""]
        for point in range(self.points):
            count = str(self.first_exposure + point)
            position = str(self.first_position + point)
            for detector, template in self.templates:
                for suffix in suffixes:
                    row = template.copy()
                    row[_FILENAME] = f"{stem}_{point + 1:05d}{suffix}_{detector}_uncal.fits"
                    row[_EXPOSURE] = str(point + 1)
                    row[_EXPCOUNT] = row[_PNTG_SEQ] = count
                    row[_DITHPTIN] = row[_PATT_NUM] = position
                    yield tuple(row)


class Observation:
    """One observation of a program, with one or more visits.

    Made by `Program.observation`. Values are column texts as they stand in a pool, so in upper
    case; columns are named in lower case as in `COLUMNS`, and a wrong name raises `KeyError`.

    Attributes:
        candidates: The association candidates as (number, type), its own one first.

    """

    def __init__(self, program: Program, number: int, columns: dict[str, str]) -> None:
        """Start an observation of `program` whose rows share the values in `columns`."""
        self.candidates: list[tuple[str, str]] = [(f"o{number:03d}", "OBSERVATION")]
        self._program = program
        self._number = number
        self._columns = columns
        self._visits: list[list[_Activity]] = [[]]
        self._specification = 0
        self._start_visit()

    def _start_visit(self) -> None:
        self._group, self._activity, self._exposures = 2, 0, 0

    def visit(self) -> None:
        """Begin the next visit; without effect while the present one has no exposures."""
        if self._visits[-1]:
            self._visits.append([])
            self._start_visit()

    def acquire(self, exp_type: str, detector: str, **columns: str) -> None:
        """Take one target acquisition; what follows is in the next visit group.

        Args:
            exp_type: The type. As in flight, a confirmation image (...CONFIRM) has the pointing
                type SCIENCE and all others have TARGET_ACQUISITION.
            detector: The detector.
            **columns: Further column values.

        """
        pointing = "SCIENCE" if exp_type.endswith("CONFIRM") else "TARGET_ACQUISITION"
        self.expose(exp_type, (detector,), **{"pntgtype": pointing, "expspcin": "0", "mostilno": "0", **columns})
        self._group += 1
        self._activity = 0

    def expose(self, exp_type: str, detectors: Sequence[str], plan: Plan = ONCE, /, **columns: str) -> None:
        """Expose some detectors at each point of a pattern.

        Args:
            exp_type: The exposure type, such as "MIR_IMAGE".
            detectors: Which detectors are read out: one row each per point and segment.
            plan: How often and in which pattern; once if not given.
            **columns: Further column values.

        """
        points = plan.points * plan.subpixel
        if not plan.alongside:
            self._activity += 1
            self._exposures += points
            self._specification += "expspcin" not in columns
        values = {
            **_OF_OBSERVATION,
            **self._columns,
            "exp_type": exp_type,
            "visit": str(len(self._visits)),
            "visitgrp": str(self._group),
            "act_id": _DIGITS[self._activity // 36] + _DIGITS[self._activity % 36],
            "expspcin": str(self._specification),
            "patttype": plan.pattern,
            "numdthpt": str(points),
            "subpxpts": str(plan.subpixel),
            "exsegtot": str(plan.segments) if plan.segments > 1 else NULL,
            "nints": str(self._program.between(1, 4)),
            "ngroups": self._program.pick(("5", "6", "10", "45")),
            **({} if plan.pattern in {"NONE", NULL} else {"ditherid": "1", "pattstrt": "1"}),
            **columns,
        }
        self._visits[-1].append(
            _Activity(
                templates=[(name.lower(), _template(name, values)) for name in detectors],
                points=points,
                segments=plan.segments,
                first_exposure=self._exposures - points + 1,
                first_position=int(values["expspcin"] != "0"),
            )
        )

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all visits, in the order in which they were exposed.

        Cost: a few microseconds for each row.
        """
        candidates = "[" + ", ".join(f"('{number}', '{kind}')" for number, kind in self.candidates) + "]"
        for number, activities in enumerate(self._visits, start=1):
            visit = f"{self._program.number:05d}{self._number:03d}{number:03d}"
            last = max((a.first_exposure + a.points - 1 for a in activities), default=0)
            of_visit = {"visit_id": visit, "nexposur": str(last), "asn_candidate": candidates}
            for activity in activities:
                for _, template in activity.templates:
                    group, sequence, act = (template[_INDEX[name]] for name in ("visitgrp", "seq_id", "act_id"))
                    code = f"{group:0>2}{sequence}{act}"
                    _fill(template, {**of_visit, "obs_id": f"V{visit}P00000000{code}"})
                yield from activity.rows(f"jw{visit}_{code.lower()}")


class Program:
    """One observing program: it numbers observations, targets and candidates, and rolls the dice.

    Args:
        number: The program number, at most five digits.
        dice: Where all random choices come from. Only its `random` method is used, the one whose
            numbers are promised to stay the same in every version of Python.

    Attributes:
        number: The program number.
        scale: How many times more dithers than usual `stretch` gives at most.
        observations: How many observations there are so far.

    """

    def __init__(self, number: int, dice: Random) -> None:
        """Start a program without observations."""
        self.number = number
        self.scale = 1
        self.observations = 0
        self._dice = dice
        self._pending: list[Observation] = []
        self._targets = 0
        self._candidates = 0

    def chance(self, probability: float) -> bool:
        """Return True with the given probability, from 0 to 1."""
        return self._dice.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._dice.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; there has to be at least one."""
        return options[int(self._dice.random() * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different options (all if there are fewer), in their order."""
        left = list(options)
        while len(left) > count:
            left.pop(int(self._dice.random() * len(left)))
        return left

    def stretch(self, low: int, high: int) -> int:
        """Return a number of dithers from `low` to `high`, or to `scale` times as many."""
        return self.between(low, high) * self.between(1, self.scale)

    def target(self, kind: str = "FIXED") -> Target:
        """Return a new target of the program, FIXED or MOVING."""
        self._targets += 1
        name = f"{self.pick(_CATALOGUES)}-{self.between(1, 9999)}"
        return Target(str(self._targets), name, kind)

    def observation(self, template: str, target: Target | None, **columns: str) -> Observation:
        """Return the next observation.

        Args:
            template: The name of the observing template.
            target: What it points at; None for observations without a target.
            **columns: Values that all its exposures share.

        Raises:
            ValueError: The program has no observation number left.

        """
        if self.observations >= LAST_OBSERVATION:
            message = f"program {self.number} already has {LAST_OBSERVATION} observations"
            raise ValueError(message)
        self.observations += 1
        identity = {
            "program": str(self.number),
            "obs_num": str(self.observations),
            "template": template,
            "visitype": f"PRIME_TARGETED_{target.kind}" if target else "PRIME_UNTARGETED",
        }
        if target:
            identity |= {
                "targetid": target.number,
                "targprop": target.name,
                "targname": target.name.replace("-", " "),
                "targtype": target.kind,
            }
        observation = Observation(self, self.observations, {**identity, **columns})
        self._pending.append(observation)
        return observation

    def link(self, kind: str, *observations: Observation) -> None:
        """Make the observations members of a new association candidate, such as a "GROUP"."""
        candidate = (f"c{1000 + self._candidates}", kind)
        self._candidates += 1
        for observation in observations:
            observation.candidates.append(candidate)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the observations made since the last call, and forget those."""
        pending, self._pending = self._pending, []
        for observation in pending:
            yield from observation.rows()


def _template(detector: str, values: dict[str, str]) -> list[str]:
    """Return a row with what all exposures of an activity on one detector have in common."""
    instrument, channel, module, aperture = _DETECTORS[detector]
    row = [NULL] * len(COLUMNS)
    place = {"instrume": instrument, "detector": detector, "channel": channel, "module": module}
    _fill(
        row, {**place, "apername": f"{aperture}_{values['subarray']}", **_OF_INSTRUMENT.get(instrument, {}), **values}
    )
    return row


def _fill(row: list[str], values: dict[str, str]) -> None:
    for name, value in values.items():
        row[_INDEX[name]] = value
