"""The rules of the development branch after jwst 3.0.0: Level 3 combines extracted slitless spectra."""

from __future__ import annotations

from dataclasses import replace

from rules import level3
from rules.naming import LEVEL3_MEMBER
from rules.rule import Rule
from rules.vocabulary import case, choose, one_of

_EXTRACTED = case("x1d", one_of("exp_type", "mir_wfss", "nis_wfss", "nrc_wfss"))


class AsnMixin_Extracted(Rule):
    """Members are extracted spectra."""

    member_name = replace(LEVEL3_MEMBER, suffix=choose(_EXTRACTED, *LEVEL3_MEMBER.suffix.cases, otherwise="rate"))


class Asn_Lv3WFSSMIR(AsnMixin_Extracted, level3.Asn_Lv3WFSSMIR):
    """MIRI wide field slitless spectra through the prism."""

    replaces = "Asn_Lv3WFSSMIR"


class Asn_Lv3WFSSNIS(AsnMixin_Extracted, level3.Asn_Lv3WFSSNIS):
    """NIRISS wide field slitless spectra of one grism and blocking filter."""

    replaces = "Asn_Lv3WFSSNIS"


class Asn_Lv3WFSSNRC(AsnMixin_Extracted, level3.Asn_Lv3WFSSNRC):
    """NIRCam wide field slitless spectra of one grism and filter."""

    replaces = "Asn_Lv3WFSSNRC"
