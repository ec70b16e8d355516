"""What people call observing modes: by instrument, and by the second part of the exposure type."""

from __future__ import annotations

from collections.abc import Mapping

_INSTRUMENTS: Mapping[str, str] = {"nircam": "NIRCam", "nirspec": "NIRSpec"}

#: Parts that are not here are names, in capitals.
_MODES: Mapping[str, str] = {
    "4qpm": "coronagraphy", "autoflat": "internal flat", "autowave": "internal wavelength calibration",
    "brightobj": "bright object time series", "confirm": "acquisition", "coron": "coronagraphy", "dark": "dark",
    "darkimg": "dark", "darkmrs": "MRS dark", "fixedslit": "fixed slit", "flat": "flat", "flatimage": "flat",
    "flatmrs": "MRS flat", "focus": "focus", "grism": "grism", "image": "imaging", "lamp": "lamp", "led": "LED",
    "lrs-fixedslit": "LRS slit", "lrs-slitless": "LRS slitless", "lyot": "coronagraphy", "mimf": "wavefront sensing",
    "msaspec": "MSA", "msata": "acquisition", "taconfirm": "acquisition", "tacq": "acquisition",
    "taslit": "acquisition", "tsgrism": "grism time series", "tsimage": "imaging time series", "verify": "verification",
    "wata": "acquisition",
}  # fmt: skip


def mode_name(instrument: str, exp_type: str) -> str:
    """The name of an observing mode.

    >>> mode_name("nircam", "nrc_image"), mode_name("miri", "mir_mrs")
    ('NIRCam imaging', 'MIRI MRS')
    """
    kind = exp_type.partition("_")[2]
    words = _MODES.get(kind, (kind or exp_type).upper())
    return f"{_INSTRUMENTS.get(instrument, instrument.upper())} {words}".strip()
