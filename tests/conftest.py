"""What holds for all tests.

Hypothesis draws the same examples in each `make test`, and new ones in `make explore`. The summary has one line for
each reason to skip tests.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage

import pytest
from hypothesis import HealthCheck, Phase, settings

#: `.ci/thorough` runs what takes long and seldom finds anything.
THOROUGH = "ASNSOLVE_THOROUGH" in os.environ

settings.register_profile(
    "same",
    max_examples=30 if THOROUGH else 10,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # explaining a failure takes as long as shrinking it
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # making pools takes a while on a busy machine
)
settings.register_profile("explore", settings.get_profile("same"), max_examples=50, derandomize=False)
PROFILE = os.environ.get("ASNSOLVE_HYPOTHESIS", "same")
settings.load_profile(PROFILE)

# Two things for which hypothesis has no setting. It may shrink a failure for five minutes, which looks like a hang. And
# it draws numbers that it reads in the modules that are loaded, which depend on the tests that ran before.
_patches = pytest.MonkeyPatch()
_patches.setattr("hypothesis.internal.conjecture.engine.MAX_SHRINKING_SECONDS", 60 if PROFILE == "explore" else 20)
with suppress(ImportError, AttributeError):  # older ones do not
    from hypothesis.internal.conjecture.providers import GLOBAL_CONSTANTS

    _patches.setattr("hypothesis.internal.conjecture.providers._get_local_constants", lambda: GLOBAL_CONSTANTS)


#: Where tests have their files: in memory, if there is room, since the program waits for the disk after each file.
MEMORY = Path("/dev/shm")  # noqa: S108 (each run has a folder of its own)
if not THOROUGH and "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and disk_usage(MEMORY).free > 4 << 30:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

gc.disable()  # collecting tests makes a million objects and hardly any garbage; see `pytest_collection_finish`


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours and no width from the environment."""
    for name in ("FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the modules and tests, which stay to the end."""
    gc.enable()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes long and seldom finds anything; `.ci/thorough` runs it."""
    if THOROUGH:
        return
    cases: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        sample = item.get_closest_marker("sampled")
        if item.get_closest_marker("thorough") or (sample and cases[test] % sample.args[0]):
            item.add_marker(pytest.mark.skip(reason="takes long; ASNSOLVE_THOROUGH=1 runs it"))
        cases[test] += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the summary count the skipped tests of a folder by their reasons, where it would list their places."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = (str(item.path.parent), None, report.longrepr[2])  # type: ignore[assignment]
    return report
