"""Words that readers stumbled over stay out of help pages and outputs."""

from __future__ import annotations

import re

import pytest

from solver.app.cli import COMMANDS, main
from tests.cli.recorder import lines_of
from tests.cli.scenes import SCENES

#: Phrases, as regular expressions; "there is no X" is plain English.
UNWANTED = (
    r"(?<!there )\bis no\b", r"\btells?\b", r"\btold\b", r"\bstands? for\b", r"\bnone of its\b", r"\bin none\b",
    r"\bnot kept\b", r"\bthere can be\b", r"\bbesides\b", r"\bnobody\b", r"\bnothing comes of\b", r"\bin the way\b",
    r"\bpassed over\b", r"\bcame of\b", r"\bdo(?:es)? not take (?:it|both)\b", r"\bothers suit\b", r"\bflag t\b",
    r"\bis understood\b", r"\bwhat becomes of\b", r"\bwhat became of\b", r"\bproved over\b",
    r"\bas they should\b", r"\bof one name\b", r"\bproblems solved\b", r"\bbackground of each other\b",
    r"\bdropped,", r"\bthat was solved\b", r"\bno group that\b", r"\bflag is (?:not )?given\b", r"\bmember type\b",
    r"\bis another one\b", r"\bin place of all\b", r"\brecognised\)", r"\bits name says\b",
    r"\bagrees with the others\b", r"\bcatalogs?\b", r"\bneed not agree\b", r"\bthough qualifying\b",
    r"\bchange something\b", r"\bmay not fit\b",
)  # fmt: skip

UNWANTED_IN_ONE = re.compile("|".join(UNWANTED), re.IGNORECASE)

OUTPUTS = {f"{scene}: {line}": printed for scene in SCENES for line, printed in lines_of(scene)}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_plain(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    assert UNWANTED_IN_ONE.findall(" ".join(capsys.readouterr().out.split())) == []


@pytest.mark.parametrize("what", OUTPUTS)
def test_outputs_are_plain(what: str) -> None:
    assert UNWANTED_IN_ONE.findall(OUTPUTS[what]) == []


def test_the_list_finds_what_it_is_for() -> None:
    assert UNWANTED_IN_ONE.findall("a.fits is no FITS file, and tells nothing; there is no column X") == [
        "is no",
        "tells",
    ]
