"""The rules of jwst 2.0.1."""

from __future__ import annotations

from rules import level2, level3
from rules.vocabulary import any_of, not_, one_of, require, without


class Asn_Lv3TSO(level3.Asn_Lv3TSO):
    """Time series of one observation, also those in stripes of dispersed Hartmann sensing."""

    replaces = "Asn_Lv3TSO"
    constraints = require(
        without(not_(level3.NOT_COMBINED)),
        not_(any_of(*(each for each in level3.NOT_COMBINED.parts if each != level3.STRIPES))),
    )


class Asn_Lv2WFSSParallel(level2.Asn_Lv2WFSSParallel):
    """Slitless spectra and direct images taken in parallel with NIRCam or NIRISS."""

    replaces = "Asn_Lv2WFSSParallel"
    constraints = require(not_(one_of("exp_type", "mir_image", "mir_wfss")))
