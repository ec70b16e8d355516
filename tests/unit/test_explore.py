"""Exploring finds what fails for some examples only, and keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties import explore

PROPERTIES = """\
from hypothesis import given, strategies as st

@given(st.integers(0, 9))
def test_digits(number):
    assert number != 7

@given(st.integers(0, 9))
def test_all_numbers(number):
    assert number < 10

def test_no_property():
    raise AssertionError
"""


@pytest.mark.thorough
def test_what_is_found_is_kept_with_its_example_and_stays_out_of_later_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("some", "more"):
        (tmp_path / f"test_{name}.py").write_text(PROPERTIES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(explore, "HERE", Path())
    (found,) = explore.explore(1, tmp_path / "kept", ["more"], [])
    assert found.endswith("test_some.py::test_digits")
    report = (tmp_path / "kept" / "1.txt").read_text()
    assert "number=7" in report
    assert f"{found} fails with --hypothesis-seed=1: {tmp_path}/kept/1.txt" in capsys.readouterr().out
    assert explore.explore(2, tmp_path / "kept", ["more"], [found]) == []
