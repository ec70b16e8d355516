"""The command `asnsolve gather`; tests/unit/storage/test_gathering.py has what it does to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from solver.app.cli import main


@pytest.fixture
def data(enter: Callable[[str], Path]) -> Path:
    """The current folder, with two associations that share a background, which is in another folder."""
    return enter("gathered")


#: Options, and the files that are then there.
OPTIONS = {
    "types": (["-t", "science"], {"a.fits", "a_asn.json"}),
    "types, by the long name": (["--exp-types", "psf", "--exp-types", "background"], {"s.fits", "a_asn.json"}),
    "no such types": (["-x", "science"], {"s.fits", "a_asn.json"}),
    "no such types, by the long name": (["--exclude-types", "background"], {"a.fits", "a_asn.json"}),
    "a command": (["-c", "cp -p"], {"a.fits", "s.fits", "a_asn.json"}),
    "a command, by the long name": (["--cmd", "cp -p"], {"a.fits", "s.fits", "a_asn.json"}),
    "links": (["--link", "symbolic"], {"a.fits", "s.fits", "a_asn.json"}),
    "another source": (["-s", "copies"], {"a.fits", "s.fits", "a_asn.json"}),
    "another source, by the long name": (["--source", "copies"], {"a.fits", "s.fits", "a_asn.json"}),
}


@pytest.mark.parametrize(("options", "expected"), OPTIONS.values(), ids=OPTIONS)
def test_options(data: Path, options: list[str], expected: set[str]) -> None:
    (data / "copies").mkdir()
    for name in ("a.fits", "s.fits"):
        (data / "copies" / name).write_text("copy")
    assert main(["gather", *options, "a_asn.json", "new"]) == 0
    there = {path.name: path for path in (data / "new").iterdir()}
    assert {*there} == expected
    assert {path.is_symlink() for path in there.values() if path.suffix == ".fits"} == {"--link" in options}
    copied = {path.read_text() for path in there.values() if path.suffix == ".fits"}
    assert copied <= {"copy"} if options[0] in {"-s", "--source"} else {"a.fits", "sky/s.fits"}


@pytest.mark.parametrize(
    ("lost", "remedy"),
    [
        ("a.fits", "name the folder of these files with -s"),
        ("sky/s.fits", "name the folder of these files with -s, or leave them out with -x"),
    ],
)
def test_what_is_not_science_may_be_left_out(
    lost: str, remedy: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / lost).unlink()
    assert main(["gather", "a_asn.json", "new"]) == 2
    assert capsys.readouterr().err.endswith(f"because of missing members: {lost}; {remedy}\n")


def test_all_associations_that_lack_members_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "sky" / "s.fits").unlink()
    assert main(["gather", "a_asn.json", "b_asn.json", "new"]) == 2
    assert "a_asn.json, b_asn.json: nothing was written, because of missing members: " in capsys.readouterr().err


def test_what_is_in_the_way_is_replaced_on_request(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "new").mkdir()
    (data / "new" / "a.fits").write_text("other")
    assert main(["gather", "a_asn.json", "new"]) == 2
    assert capsys.readouterr().err == (
        "asnsolve gather: error: new has a.fits with other content; choose another folder, or use --overwrite\n"
    )
    assert [path.name for path in (data / "new").iterdir()] == ["a.fits"]
    assert main(["gather", "a_asn.json", "new", "--overwrite"]) == 0
    assert (data / "new" / "a.fits").read_text() == "a.fits"
