"""Changelog, version and citation agree, and a release is made from the fragments."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from changes.release import NEXT, entries_of, fragments, release, unreleased
from solver.version import __version__

ROOT = Path(__file__).parents[2]
LOG = Path("docs", "CHANGELOG.md")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with one fragment and one release."""
    for name in ("docs", "solver", "changes"):
        (tmp_path / name).mkdir()
    for name in ("solver/version.py", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / LOG).write_text(
        f"# Changelog\n\n{NEXT}\n## 0.1.0 (2026-01-01)\n\n### Added\n\n- One.\n", encoding="utf-8"
    )
    (tmp_path / "changes" / "two.fixed.md").write_text("Two\nlines.\n", encoding="utf-8")
    return tmp_path


def test_every_fragment_is_of_a_kind() -> None:
    assert all(text.endswith((".", "!", "?", ")")) for texts in unreleased(ROOT).values() for text in texts)


def test_the_newest_section_is_of_this_version() -> None:
    newest = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / LOG).read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert newest.groups() == (__version__, str(cited["date-released"])) == (cited["version"], newest[2])
    assert {"cff-version", "message", "title", "authors", "license"} <= cited.keys()


def test_a_release_gathers_the_fragments(copy: Path) -> None:
    release(copy, "9.8.7", "2027-02-03")
    expected = (
        f"# Changelog\n\n{NEXT}\n## 9.8.7 (2027-02-03)\n\n### Fixed\n\n- Two lines.\n\n"
        "## 0.1.0 (2026-01-01)\n\n### Added\n\n- One.\n"
    )
    assert (copy / LOG).read_text(encoding="utf-8") == expected
    assert '__version__ = "9.8.7"' in (copy / "solver" / "version.py").read_text(encoding="utf-8")
    cited = yaml.safe_load((copy / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], str(cited["date-released"])) == ("9.8.7", "2027-02-03")
    assert fragments(copy) == []


def test_a_release_that_is_repeated_adds_to_its_section(copy: Path) -> None:
    release(copy, "9.8.7", "2027-02-03")
    (copy / "changes" / "three.fixed.md").write_text("Three.\n", encoding="utf-8")
    text = (copy / LOG).read_text(encoding="utf-8").replace("\n\n### Fixed", "\n\nIn short:\n\n- Much.\n\n### Fixed")
    (copy / LOG).write_text(text, encoding="utf-8")
    release(copy, "9.8.7", "2027-02-04")
    text = (copy / LOG).read_text(encoding="utf-8")
    _, newest, first = text.split("\n## ")
    assert newest.startswith("9.8.7 (2027-02-04)\n\nIn short:\n\n- Much.\n\n### Fixed\n\n- Two")
    assert entries_of(newest)["fixed"] == ["Two lines.", "Three."]
    assert entries_of(first)["added"] == ["One."]


def test_a_fragment_of_no_kind_is_named(copy: Path) -> None:
    (copy / "changes" / "odd.news.md").write_text("News.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.news\.md: rename it odd\.KIND\.md"):
        release(copy, "9.8.7", "2027-02-03")
