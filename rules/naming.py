"""Names: how the data management system (DMS) names products and members.

A product name says what its exposures agree on; `{source_id}`, `{slit_name}` and `{suffix}` stay in
the name for the pipeline to fill.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rules.exposure_types import ACQUISITION, CALIBRATED, CORONAGRAPHY, OF_TIME_SERIES
from rules.optical_paths import BESIDE_THE_MASK
from rules.vocabulary import Field, MemberName, all_of, any_of, case, choose, in_candidate, not_, one_of, product_name

#: The fields of product names. Labels are those of agreements; a field skips what a rule lacks.
FIELDS = {
    "program": Field(("program",), width=5),
    "candidate": Field(("candidate",)),
    "target": Field(("target",), prefix="t", width=3, otherwise="t000"),
    "instrument": Field(("instrument",)),
    "optics": Field(("filter", "pupil", "grating", "pupil or grating"), otherwise="clear"),
    "slit": Field(("fixed slit",), prefix="-"),
    "subarray": Field(("subarray",), prefix="-", drop=("full",)),
    "detector": Field(("detector",)),
    "activity": Field(("activity",), width=2),
    "exposure": Field(("exposure",)),
    "science_target": Field(("science target",), otherwise="null"),
    "direct_optics": Field(("optics",), otherwise="clear"),
}

_name = partial(product_name, fields=FIELDS, placeholders=("source_id", "slit_name", "suffix"))
_START = "jw{program}-{candidate}_"

TARGET = _name(_START + "{target}_{instrument}_{optics}{slit}{subarray}")
TARGET_WITHOUT_OPTICS = _name(_START + "{target}_{instrument}")
SOURCE = _name(_START + "{source_id}_{instrument}_{optics}{slit}{subarray}")
FIXED_SLIT_SOURCE = _name(_START + "{target}-{source_id}_{instrument}_{optics}-{slit_name}{subarray}")
CORONAGRAPHIC_IMAGE = _name(_START + "{target}_{instrument}_{optics}{subarray}-image3")
WAVEFRONT = _name(_START + "{target}_{instrument}_{optics}{slit}{subarray}-{detector}_{suffix}-{activity}")

EXPOSURE = _name("{exposure}")
DIRECT_IMAGE = _name(_START + "{target}_{instrument}_{direct_optics}{subarray}")

#: The target that exposures share; in DIRECT_IMAGE candidates it is one for all, and names call it t000.
TARGET_NUMBER = in_candidate("direct_image", "000", otherwise="targetid")

#: Level 3 combines calibrated exposures, the extracted spectra of backgrounds, and rates of the rest.
_LEVEL3_SUFFIX = choose(
    case("x1d", one_of("role", "background")), case("cal", one_of("exp_type", *CALIBRATED)), otherwise="rate"
)

_ON_SCIENCE = all_of(one_of("pntgtype", "science"), not_(one_of("exp_type", *ACQUISITION)))
_BEHIND_MASK = all_of(one_of("exp_type", *CORONAGRAPHY), not_(all_of(one_of("exp_type", "nrc_coron"), BESIDE_THE_MASK)))

_INTERFEROMETRY = one_of("exp_type", "nis_ami")

_APART = all_of(_ON_SCIENCE, any_of(OF_TIME_SERIES, _BEHIND_MASK, _INTERFEROMETRY))
_APART_BUT_CORONAGRAPHY = all_of(_ON_SCIENCE, any_of(OF_TIME_SERIES, _INTERFEROMETRY))

#: Members of Level 2 are rates; time series, coronagraphy and AMI keep their integrations apart.
LEVEL2_MEMBER = MemberName(choose(otherwise="rate"), by_integration=_APART)

#: Members of Level 2 where coronagraphic exposures are calibrated as plain images.
LEVEL2_IMAGE_MEMBER = replace(LEVEL2_MEMBER, by_integration=_APART_BUT_CORONAGRAPHY)

#: Members of Level 3; the same exposures keep their integrations apart.
LEVEL3_MEMBER = MemberName(_LEVEL3_SUFFIX, by_integration=_APART)

#: Members of Level 3 where coronagraphic exposures are combined as plain images.
LEVEL3_IMAGE_MEMBER = replace(LEVEL3_MEMBER, by_integration=_APART_BUT_CORONAGRAPHY)
