"""Corrections of the mission's rules, where they make associations that an astronomer would hardly want."""

from __future__ import annotations

from rules import level2
from rules.vocabulary import require, same


class Asn_Lv2MIRLRSFixedSlitNod(level2.Asn_Lv2MIRLRSFixedSlitNod):
    """MIRI low resolution nods of one target along the slit: all other positions are background."""

    replaces = "Asn_Lv2MIRLRSFixedSlitNod"
    constraints = require(same("targetid", unless="background"))
