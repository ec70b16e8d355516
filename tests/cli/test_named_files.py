"""Files that a command line names: where none can be written, and names that could do harm. What is in the way of one
is in `tests/fuzz/test_overwrite.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from solver.app.cli import main

#: Scene, and a command that writes one file, by that file's name.
WRITERS = {
    "new.csv": ("exposures", "pool data -o {}"),
    "report.html": ("pool", "report pool.csv -o {}"),
    "figure.svg": ("pool", "report pool.csv --svg {}"),
    "rules.dot": ("pool", "rules Asn_Image --dot {}"),
    "rules.svg": ("pool", "rules Asn_Image --svg {}"),
    "shown.csv": ("rules", "verify -r mine.py Asn_Deep --witness-pool {}"),
    "made_asn.json": ("lists", "from-list a.fits --product-name p -o {}"),
    "edited_asn.json": ("associations", "edit l3_asn.json -a c_cal.fits -o {}"),
}


@pytest.fixture(params=WRITERS)
def file(request: pytest.FixtureRequest, enter: Callable[[str], Path]) -> str:
    """A file that a command can write, in whose scene we are."""
    if request.param == "figure.svg":
        pytest.importorskip("matplotlib")
    enter(WRITERS[request.param][0])
    return str(request.param)


def error(capsys: pytest.CaptureFixture[str]) -> str:
    """The message, which has to be all that is printed."""
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err.partition(": error: ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("place", "problem"),
    [("no/{}", "cannot write no/{}: No such file or directory"), ("{}", "{} exists and is not a file; ")],
    ids=["no such folder", "a folder"],
)
def test_where_no_file_can_be_nothing_is_written(
    place: str, problem: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "/" not in place:
        Path(file).mkdir()
    before = sorted(Path().rglob("*"))
    assert main(WRITERS[file][1].format(place.format(file)).split()) == 2
    assert error(capsys).startswith(problem.format(file))
    assert sorted(Path().rglob("*")) == before


EVIL = "\x1b]0;owned\x07\x1b[31m"

#: Commands with a name that would steer the terminal, where there is nothing of that name.
NAMING = (
    "generate {}.csv", "generate pool.csv -i {}", "pool {}.fits -o p.csv", "extract {}.jsonl", "compare {}.json out",
    "check pool.csv {}.json", "explain pool.csv {}", "inspect {}.csv", "report {}.csv", "rules {}", "verify {}",
    "from-list a.fits -r {} -o x.json", "edit {}.json -a a.fits", "gather {}.json new", "show {}.json",
    "plan {}.json", "plan out/{}.json --format make",
)  # fmt: skip


@pytest.mark.parametrize("line", NAMING)
def test_a_name_cannot_steer_the_terminal(
    line: str, enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    enter("pool")
    assert main([word.format(EVIL) for word in line.split()]) == 2
    message = error(capsys)
    assert message.isprintable()
    assert r"\x1b" in message
