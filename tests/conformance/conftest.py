"""Fixtures of the conformance tests; README.md tells what these tests are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conformance import interpreter
from tests.conformance.interpreter import NoReferenceError, Reference

REQUIRED = "ASNSOLVE_REQUIRE_REFERENCE"


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The reference; without it the test is skipped, or fails if the variable says that it must not be missing."""
    try:
        python = interpreter.find()
    except NoReferenceError as error:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))
    return Reference(python, _shared(tmp_path_factory) / "reference")


@pytest.fixture(scope="session")
def older_reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The older release of the reference; without it the test is skipped."""
    try:
        python = interpreter.find_older()
    except NoReferenceError as error:
        pytest.skip(str(error))
    return Reference(python, _shared(tmp_path_factory) / "older-reference")


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers have in common."""
    root = tmp_path_factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many associations were compared; xdist tells it only when started in this folder."""
    counts: dict[str, int] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name.startswith("compared: "):
                counts[name] = counts.get(name, 0) + int(str(value))
    for name, count in counts.items():
        terminalreporter.write_line(f"{count} {name}")
