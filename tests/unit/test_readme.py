"""README is short, and every link in it works on the index page of a package, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from solver.app.cli import main
from tests.pages import README, ROOT

TEXT = README.read_text(encoding="utf-8")


def test_it_is_short_and_complete() -> None:
    assert len(TEXT.splitlines()) <= 200
    assert not re.findall(r"@@\w+@@", TEXT)


def test_links_work_without_the_repository() -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", TEXT)
    assert [link for link in links if not link.startswith("https://")] == []


def test_pages_that_it_names_exist() -> None:
    names = re.findall(r"`(docs/[\w/.-]+)`", TEXT)
    assert [name for name in names if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "page", [README, ROOT / "docs" / "how-to" / "from-asn-generate.md"], ids=lambda page: page.stem
)
def test_options_of_the_table_are_options(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    known = capsys.readouterr().out + "--no-merge"  # deprecated there, and so not in the help
    rows = re.search(r"^\| `asn_generate` \|.*?\n\n", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert rows
    options = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", rows[0])) - {"--no-merge"}
    assert {option for option in options if option not in known} == set()
