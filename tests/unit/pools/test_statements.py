"""Candidates and marks that the user adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.errors import UsageError
from solver.pools import Row
from solver.pools.statements import (
    ByHand,
    Candidate,
    apply_statements,
    candidate_from,
    read_statements,
    united_statements,
)

#: exposures: program, observation, type and pointing
EXPOSURES = [
    "1 1 MIR_MRS SCIENCE", "1 1 MIR_TACQ TARGET_ACQUISITION", "1 2 MIR_MRS SCIENCE", "1 2 MIR_TACQ TARGET_ACQUISITION",
    "1 3 MIR_IMAGE SCIENCE", "1 3 MIR_TACQ TARGET_ACQUISITION", "1 4 MIR_MRS SCIENCE",
]  # fmt: skip


def rows_of(lines: list[str]) -> list[Row]:
    rows = []
    for number, line in enumerate(lines):
        row = dict(zip(("program", "obs_num", "exp_type", "pntgtype"), line.split(), strict=True))
        name = f"jw{row['program']:0>5}{row['obs_num']:0>3}001_02101_{number:05d}_mirimage_uncal.fits"
        rows.append(row | {"filename": name, "bkgdtarg": "F", "is_psf": "", "is_imprt": ""})
    return rows


def cells(rows: list[Row]) -> list[str]:
    """The candidates above the observation, row by row, as `1000 1001`."""
    return [" ".join(part[2:6] for part in row["asn_candidate"].split("(")[2:]) for row in rows]


def test_without_anything_each_observation_is_a_candidate() -> None:
    rows = rows_of(EXPOSURES)
    assert apply_statements(ByHand(), rows) == []
    assert rows[2]["asn_candidate"] == "[('o002', 'OBSERVATION')]"
    assert cells(rows) == [""] * 7


#: The candidates of those that are linked by their exposure type.
LINKED = [*["1000"] * 4, "", "", "1000"]

#: what is added by hand, the candidates above the observation, row by row, and what is said of them
ADDED = [
    (
        ByHand((candidate_from("c1001=background:o001,o2"),)),
        ["1001"] * 4 + [""] * 3,
        ["c1001 (background) of o001, o002"],
    ),
    (
        ByHand((candidate_from("C1000 = Group : jw1-o003, jw00001004001_*"),)),
        [""] * 4 + ["1000"] * 3,
        ["c1000 (group) of o003, o004"],
    ),
    (
        ByHand(marks={"background": ("o002",)}),
        ["1000"] * 4 + ["", "", "1000"],
        ["c1000 (background) of o001, o002, o004"],
    ),
    (ByHand(marks={"psf": ("o004",)}), ["1000"] * 4 + ["", "", "1000"], ["c1000 (coronagraphy) of o001, o002, o004"]),
    (
        ByHand((candidate_from("c1000=background:o001,o002"),), {"background": ("o002",), "psf": ("o003",)}),
        ["1000"] * 4 + ["1001"] * 2 + [""],
        ["c1000 (background) of o001, o002", "c1001 (coronagraphy) of o003"],
    ),
    (ByHand(marks={"imprint": ("jw00001001001_02101_00000_*",)}), [""] * 7, []),
    (ByHand(everywhere=(("c1005", "GROUP"),)), ["1005"] * 7, []),
]


@pytest.mark.parametrize(("by_hand", "above", "said"), ADDED, ids=range(len(ADDED)))
def test_candidates(by_hand: ByHand, above: list[str], said: list[str]) -> None:
    rows = rows_of(EXPOSURES)
    assert apply_statements(by_hand, rows) == said
    assert cells(rows) == above


def test_marks_are_on_the_exposures_that_are_named() -> None:
    rows = rows_of(EXPOSURES)
    apply_statements(
        ByHand(marks={"background": ("o002", "o3"), "psf": ("jw1-o004",), "imprint": ("*_00000_mirimage*",)}), rows
    )
    assert [row["bkgdtarg"] for row in rows] == ["F", "F", "T", "T", "T", "T", "F"]
    assert [row["is_psf"] for row in rows] == [""] * 6 + ["T"]
    assert [row["is_imprt"] for row in rows] == ["T"] + [""] * 6


def test_what_headers_mark_and_nothing_links_is_said() -> None:
    rows = rows_of(EXPOSURES)
    for row in rows[2:6]:
        row["bkgdtarg"] = "T"
    rows[6]["is_psf"] = "T"
    assert apply_statements(ByHand(), rows) == [
        "none lists o002, o003 as background: --background o002,o003 does",
        "none lists o004 as psf: --psf o004 does",
    ]
    assert apply_statements(ByHand(marks={"background": ("o002", "o003")}), rows) == [
        "c1000 (background) of o001, o002, o003",
        "none lists o004 as psf: --psf o004 does",
    ]


def test_every_program_has_its_own_candidate() -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE", "1 2 MIR_MRS SCIENCE", "2 1 MIR_MRS SCIENCE", "2 2 MIR_MRS SCIENCE"])
    apply_statements(ByHand(marks={"background": ("jw00001-o002", "jw00002-o002")}), rows)
    assert cells(rows) == ["1000", "1000", "1001", "1001"]


#: what is added by hand, and what is wrong with it
WRONG = [
    (ByHand(marks={"background": ("o009",)}), "--background: no exposure has the observation o009; it is o002, "),
    (ByHand(marks={"imprint": ("jw9*",)}), "--imprint: no exposure has the file name jw9*; it is o002, "),
    (
        ByHand((Candidate("c1000", "GROUP", ("jw1-o001", "o9")),)),
        "--candidate c1000: no exposure has the observation o9; ",
    ),
    (
        ByHand(marks={"psf": ("o001",)}),
        "--psf: o001 is an observation of several programs; write jw00001-o001 or jw00002-o001",
    ),
]


@pytest.mark.parametrize(("by_hand", "problem"), WRONG, ids=range(len(WRONG)))
def test_what_is_not_there_is_an_error(by_hand: ByHand, problem: str) -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE", "2 1 MIR_MRS SCIENCE"])
    with pytest.raises(UsageError) as error:
        apply_statements(by_hand, rows)
    assert str(error.value).startswith(problem)


@pytest.mark.parametrize("text", ["c1000", "c1000=group", "c1000=:o001", "c1000=group:", "o001=group:o001", "c99=a:o1"])
def test_candidates_of_another_form_are_an_error(text: str) -> None:
    with pytest.raises(UsageError) as error:
        candidate_from(text)
    problem = f"--candidate {text!r} has no form that is understood; write c1001=background:o001,o002"
    assert str(error.value) == problem


def test_a_file_says_the_same_as_options(tmp_path: Path) -> None:
    path = tmp_path / "candidates.toml"
    path.write_text(
        'background = ["o002"]\nimprint = ["jw1*"]\n[candidate]\nc1000 = "background:o001,o002"\n', encoding="utf-8"
    )
    options = ByHand(
        (Candidate("c1000", "BACKGROUND", ("o001", "o002")),),
        {"background": ("o002",), "psf": (), "imprint": ("jw1*",)},
    )
    assert read_statements(path) == options
    both = united_statements([options, ByHand(marks={"background": ("o003",)}, everywhere=(("c1", "GROUP"),))])
    assert (both.candidates, both.everywhere) == (options.candidates, (("c1", "GROUP"),))
    assert both.marks == {"background": ("o002", "o003"), "psf": (), "imprint": ("jw1*",)}


#: content of a file, and what is wrong with it
FILES = [
    ("background = 'o002'", 'background has to be a list, such as background = ["o002"]'),
    ("psf = [2]", 'psf has to be a list, such as psf = ["o002"]'),
    ("backgrounds = []", "'backgrounds' means nothing here; there may be background, psf, imprint and [candidate]"),
    ("[candidate]\nc1000 = 1", 'lines under [candidate] have to look like c1001 = "background:o001,o002"'),
    ("candidate = 1", 'lines under [candidate] have to look like c1001 = "background:o001,o002"'),
    ("[candidate]\nc1000 = 'x'", "'c1000=x' has no form that is understood; write c1001=background:o001,o002"),
    ("background = [", "cannot be read: "),
]


@pytest.mark.parametrize(("content", "problem"), FILES)
def test_files_with_something_else_are_an_error(content: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_statements(path)
    assert str(error.value).replace(":", "").startswith(f"{path} {problem}".replace(":", ""))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no\.toml cannot be read: No such file"):
        read_statements(tmp_path / "no.toml")
