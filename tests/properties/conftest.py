"""How long the property tests search: `ASNSOLVE_HYPOTHESIS=long` for a thorough run, else a quick one."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

#: Examples depend on the code alone under CI, so that a failure there is one everywhere.
settings.register_profile(
    "quick",
    max_examples=30,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],  # making pools takes a while on a busy machine
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=2000, derandomize=False)
settings.load_profile(os.environ.get("ASNSOLVE_HYPOTHESIS", "quick"))
