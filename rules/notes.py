"""Notes: why rules do not take some exposures, where an astronomer would ask."""

from __future__ import annotations

from collections.abc import Mapping

from rules.exposure_types import IS_TIME_SERIES
from rules.optical_paths import BRIGHT_OBJECT_BESIDE, FIXED_SLIT_ON_DETECTOR, IFU_ON_DETECTOR, SOSS_UNCALIBRATED
from rules.vocabulary import Predicate, all_of, not_, present

_BESIDE = "the mission calibrates no spectrum on the other detector"

#: Conditions of rules, with the reason for each.
NOTES: Mapping[Predicate, str] = {
    not_(SOSS_UNCALIBRATED): "it has no flux calibration",
    not_(all_of(present("bkgdtarg"), IS_TIME_SERIES)): "for time series",
    not_(BRIGHT_OBJECT_BESIDE): _BESIDE,
    FIXED_SLIT_ON_DETECTOR: _BESIDE,
    IFU_ON_DETECTOR: _BESIDE,
}
