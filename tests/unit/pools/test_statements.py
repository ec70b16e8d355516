"""Statements: facts about exposures that no table contains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from solver import Pool, generate
from solver.errors import UsageError
from solver.pools import KINDS, Row, Statements, Texts, link, link_texts
from tests.unit.small import WORDS, Watched, candidates, pool_of, row

#: exposures: program, observation, type, pointing, target, and what they are marked as
EXPOSURES = [
    "1 1 MIR_MRS SCIENCE a", "1 1 MIR_TACQ TARGET_ACQUISITION a",
    "1 2 MIR_MRS SCIENCE b", "1 2 MIR_TACQ TARGET_ACQUISITION b",
    "1 3 MIR_IMAGE SCIENCE c", "1 3 MIR_TACQ TARGET_ACQUISITION c", "1 4 MIR_MRS SCIENCE a",
]  # fmt: skip

#: two targets, each followed by its background
PAIRS = [f"1 {number} MIR_MRS SCIENCE {target}" for number, target in enumerate("abcd", start=1)]

Given = dict[str, Texts]


def rows_of(lines: list[str]) -> list[Row]:
    rows = []
    for number, line in enumerate(lines):
        *values, mark = [*line.split(), ""][:6]
        made = dict(zip(("program", "obs_num", "exp_type", "pntgtype", "targetid"), values, strict=True))
        name = f"jw{made['program']:0>5}{made['obs_num']:0>3}001_02101_{number:05d}_mirimage_uncal.fits"
        cell = f"[('o{made['obs_num']:0>3}', 'OBSERVATION')]"
        made |= {"filename": name, "bkgdtarg": "F", "is_psf": "", "is_imprt": "", "asn_candidate": cell}
        rows.append(made | WORDS.get(mark, {}))
    return rows


def list_too(rows: Iterable[Row], kind: str) -> None:
    """List rows in candidate c1000, too."""
    for each in rows:
        each["asn_candidate"] = f"{each['asn_candidate'][:-1]}, ('c1000', '{kind}')]"


def cells(rows: list[Row]) -> list[str]:
    """The candidates above the observation, row by row, as `1000 1001`."""
    return [" ".join(re.findall(r"'c(\d+)', '(?!OBSERVATION)", each["asn_candidate"])) for each in rows]


#: exposures, statements, and the candidates above the observation, row by row
LINKED: dict[str, tuple[list[str], Given, str]] = {
    "nothing": (EXPOSURES, {}, "------"),
    "a candidate": (EXPOSURES, {"candidate": "c1001=background:o001,o2"}, "1001 1001 1001 1001 - - -"),
    "in any case, by pattern": (
        EXPOSURES, {"candidate": "JW1-C1000 = Group : jw1-o003, jw00001004001_*"}, "- - - - 1000 1000 1000",
    ),
    "a program's": (EXPOSURES, {"candidate": "jw00001-c1003=mosaic:o001,o004"}, "1003 1003 - - - - 1003"),
    "background of all of one target": (EXPOSURES, {"background": "o002"}, "1000 1000 1000 1000 - - 1000"),
    "background of one observation": (EXPOSURES, {"background": "o002:o001"}, "1000 1000 1000 1000 - - -"),
    "one PSF of two": (EXPOSURES, {"psf": "o002:o001,o004"}, "1000 1000 1000 1000 - - 1000"),
    "two backgrounds of one": (EXPOSURES, {"background": ["o002:o001", "o004:o001"]}, "1000 1000 1000 1000 - - 1000"),
    "each target its own": (PAIRS, {"background": ["o002:o001", "o004:o003"]}, "1000 1000 1001 1001"),
    "exposures of one observation": (
        ["1 1 MIR_MRS SCIENCE a"] * 3, {"background": "*_00001_*:*_00000_*"}, "1000 1000 -",
    ),
    "in a stated candidate": (
        EXPOSURES, {"candidate": "c1000=background:o001,o002", "background": "o002"}, "1000 1000 1000 1000 - - -",
    ),
    "beside a stated candidate": (
        PAIRS, {"candidate": "c1000=group:o001,o003", "background": "o002:o001"}, "1001,1000 1001 1000 -",
    ),
    "PSF with a background of its own": (
        PAIRS, {"background": ["o002:o001", "o004:o003"], "psf": "o003:o001"}, "1000,1002 1000 1001,1002 1001",
    ),
    "PSF of all but another PSF": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b psf", "1 3 MIR_MRS SCIENCE c"], {"psf": "o003"}, "1000 - 1000",
    ),
    "background of all but another background": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b background", "1 3 MIR_MRS SCIENCE c"],
        {"background": "o003"},
        "1000 - 1000",
    ),
    "background of a PSF, too": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE a psf", "1 3 MIR_MRS SCIENCE c"],
        {"background": "o003"},
        "1000 1001 1000,1001",
    ),
    "background of nothing but science": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b imprint", "1 3 MIR_MRS SCIENCE c"],
        {"background": "o003"},
        "1000 - 1000",
    ),
    "alone in a stated candidate": (PAIRS, {"candidate": "c1005=background:o002", "background": "o002"}, "- 1005 - -"),
    "in a stated candidate of another type": (
        PAIRS, {"candidate": "c1005=mosaic:o001,o002", "background": "o002:o001"}, "1000,1005 1000,1005 - -",
    ),
    "in a stated candidate of another type, for all": (
        PAIRS[:2], {"candidate": "c1005=mosaic:o001,o002", "background": "o002"}, "1000,1005 1000,1005",
    ),
    "a program's, by a file": (
        EXPOSURES, {"candidate": "jw00001-c1003=mosaic:o001,jw00001004*"}, "1003 1003 - - - - 1003",
    ),
    "imprints": (EXPOSURES, {"imprint": "jw00001001001_02101_00000_*"}, "------"),
    "two programs": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b", "2 1 MIR_MRS SCIENCE a", "2 2 MIR_MRS SCIENCE b"],
        {"background": ["jw00001-o002", "jw2-o002"]},
        "1000 1000 1000 1000",
    ),
    "two programs at once": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b", "2 1 MIR_MRS SCIENCE a", "2 2 MIR_MRS SCIENCE b"],
        {"background": "jw00001-o002,jw2-o002"},
        "1000 1000 1000 1000",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("exposures", "stated", "above"), LINKED.values(), ids=LINKED)
def test_what_is_linked(exposures: list[str], stated: Given, above: str) -> None:
    rows = rows_of(exposures)
    link(Statements.of(stated), rows)
    wanted = above.replace("-", " ").split(" ") if " " not in above.strip("-") else above.split(" ")
    assert cells(rows) == [each.replace(",", " ").strip("-") for each in wanted][: len(rows)]


class Observed(dict[str, str]):
    """A row that counts how often any is read."""

    times = 0

    def __getitem__(self, column: str) -> str:
        Observed.times += 1
        return super().__getitem__(column)


def paired(programs: int, observations: int, exposures: int) -> list[Row]:
    """Science and background in turn, observation by observation, and the rows count what is read."""
    places = [(str(one + 1), str(two + 1)) for one in range(programs) for two in range(observations)]
    rows = rows_of([f"{one} {two} MIR_MRS SCIENCE {int(two) % 2}" for one, two in places for _ in range(exposures)])
    return [Observed(each | {"program": Watched(each["program"])}) for each in rows]


#: the programs, observations and exposures of a size, and the statements
SIZED: dict[str, tuple[Callable[[int], tuple[int, int, int]], Callable[[int], Given]]] = {
    "a link for each observation": (
        lambda size: (1, 2 * size, 1),
        lambda size: {"background": [f"o{2 * each + 2:03}:o{2 * each + 1:03}" for each in range(size)]},
    ),
    "a link with each observation": (
        lambda size: (1, 2 * size, 1),
        lambda size: {"background": "o002:" + ",".join(f"o{2 * each + 1:03}" for each in range(size))},
    ),
    "a link of all exposures": (lambda size: (1, 2, size), lambda _: {"background": "o002:o001"}),
    "a link for each program": (
        lambda size: (size, 2, 1), lambda size: {"background": [f"jw{each + 1}-o002" for each in range(size)]},
    ),
    "a pattern for each exposure": (
        lambda size: (1, size, 1),
        lambda size: {"set": [f"band=short:jw00001{each + 1:03}001_*" for each in range(size)]},
    ),
    "observations left out": (
        lambda size: (1, size, 1), lambda size: {"exclude": [f"o{each + 2:03}" for each in range(size - 1)]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shape", "stated"), SIZED.values(), ids=SIZED)
def test_rows_are_not_read_for_each_statement_or_name(
    shape: Callable[[int], tuple[int, int, int]], stated: Callable[[int], Given]
) -> None:
    found = list[int]()
    for size in (20, 80):
        rows, statements = paired(*shape(size)), Statements.of(stated(size))
        Observed.times = Watched.compared = 0
        statements.left_out(rows)
        link(statements, rows)
        found.append(Observed.times + Watched.compared)
    assert 0 < found[1] < 5 * found[0]


def test_what_serves_nothing_in_one_of_its_programs_is_refused() -> None:
    rows = rows_of([*PAIRS[:2], "2 1 MIR_MRS SCIENCE a"])
    with pytest.raises(UsageError, match="no other science exposure of the same type"):
        link(Statements.of(background="jw00001002*,jw00002*"), rows)


def test_marks_are_on_the_exposures_that_are_named_and_not_on_those_that_they_serve() -> None:
    rows = rows_of(EXPOSURES)
    rows[0]["bkgdtarg"] = "T"
    link(Statements.of(background=["o002:o001", "o3:o001"], psf="jw1-o004:o1", imprint="*_00000_mirimage*"), rows)
    assert [each["bkgdtarg"] for each in rows] == ["F", "F", "T", "T", "T", "T", "F"]
    assert [each["is_psf"] for each in rows] == ["F", "F", "", "", "", "", "T"]
    assert [each["is_imprt"] for each in rows] == ["T"] + [""] * 6


def test_a_background_that_is_stated_leaves_the_candidates_that_the_proposal_has() -> None:
    rows = rows_of(PAIRS)
    list_too(rows, "BACKGROUND")
    other = [dict(each) for each in rows]
    link(Statements.of(background="o002:o001"), rows)
    assert [each["asn_candidate"].count("'c1000'") for each in rows] == [1, 0, 1, 1]
    assert [each["asn_candidate"].count("'c1001'") for each in rows] == [1, 1, 0, 0]
    link(Statements.of(background=["o002:o001", "o004:o003"]), other)
    assert [each["asn_candidate"].count("'c1000'") for each in other] == [1, 0, 1, 0]


def test_a_reference_leaves_a_candidate_of_science_and_not_one_of_another_reference() -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b psf", "1 3 MIR_MRS SCIENCE c"])
    list_too(rows[1:], "GROUP")
    link(Statements.of(psf="o003:o001"), rows)
    assert [each["asn_candidate"].count("'c1000'") for each in rows] == [0, 1, 1]


@pytest.mark.parametrize("kind", ["psf", "background"])
def test_it_is_known_which_exposures_were_science_before(kind: str) -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", f"1 2 MIR_MRS SCIENCE b {kind}", "1 3 MIR_MRS SCIENCE c"])
    before, after, value = link(Statements.of({kind: ["o002:o001", "o003:o001"], "set": "band=short:o002"}), rows)
    assert [before.which, before.turned] == [{rows[1]["filename"]}, frozenset()]
    assert [after.which, after.turned] == [{rows[2]["filename"]}, {rows[2]["filename"]}]
    assert (str(value.statement), value.which) == ("--set band=short:o002", before.which)


def test_order_does_not_matter_and_values_come_before_links() -> None:
    rows = rows_of(PAIRS)
    one = Statements.of(background="o002:o001", exclude="o004", set=["targetid=a:o003", "nints=4:*"])
    other = Statements.of(set=["targetid=a:o003", "nints=4:*"]) + Statements.of(exclude="o004", background="o002:o001")
    assert one == other
    assert [each.kind for each in one] == ["exclude", "set", "set", "background"]
    kept = one.values(rows)
    assert [(each["targetid"], each["nints"]) for each in kept] == [("a", "4"), ("b", "4"), ("a", "4")]
    assert "nints" not in rows[0]


#: A value may contain both separators.
def test_a_value_is_split_at_the_first_equals_sign_and_the_last_colon() -> None:
    (kept,) = Statements.of(set="targname=a=b:c:o001").values(rows_of(PAIRS[:1]))
    assert kept["targname"] == "a=b:c"


ALONE = "no other science exposure of the same type can use these"

#: statements, and what is wrong with them
WRONG: list[tuple[Given, str]] = [
    ({"background": "o009"}, "--background o009: no exposure belongs to observation o009 (observations: jw00001-o0"),
    ({"imprint": "jw9*"}, "--imprint jw9*: no file name matches 'jw9*'; patterns look like jw"),
    ({"candidate": "c1000=group:jw1-o001,jw1-o9"}, "--candidate c1000=group:jw1-o001,jw1-o9: no exposure belongs t"),
    ({"psf": "o001"}, "--psf o001: o001 is an observation of several programs; write jw00001-o001 or jw00002-o001"),
    ({"exclude": "*"}, "--exclude leaves no exposures"),
    ({"set": "bnad=short:*"}, "--set bnad=short:*: there is no column BNAD; did you mean BAND?"),
    (
        {"set": "zzzzzzzz=1:*"},
        "--set zzzzzzzz=1:*: there is no column ZZZZZZZZ; asnsolve rules RULE shows what a rule requires",
    ),
    ({"set": "asn_candidate=x:*"}, "--set asn_candidate=x:*: ASN_CANDIDATE cannot be set; use --candidate"),
    (
        {"candidate": "c1000=group:*"},
        "--candidate c1000=group:*: its exposures are of programs 1, 2, and no candidate crosses programs; asnsolve",
    ),
    (
        {"background": "jw1-o002:jw2-o001"},
        "--background jw1-o002:jw2-o001: its exposures are of programs 1, 2, and no candidate crosses programs; asns",
    ),
    (
        {"background": "jw1-o002:jw1-o002"},
        "--background jw1-o002:jw1-o002: the same exposures are on both sides of the colon (jw0",
    ),
    ({"candidate": "jw1-c1005=group:o001"}, "--candidate jw1-c1005=group:o001: program 1 has c1005 already; use c1000"),
    (
        {"background": "jw1-o002,jw1-o004"},
        (
            "--background jw1-o002,jw1-o004: the matching science exposures have several targets; add FOR, as in "
            "--background jw00001-o002:jw00001-o001 and --background jw00001-o004:jw00001-o003"
        ),
    ),
    ({"background": "jw2-o001"}, f"--background jw2-o001: {ALONE}"),
    ({"background": "*"}, f"--background *: {ALONE}"),
    ({"psf": "jw1-o001,jw1-o002,jw1-o003,jw1-o004"}, f"{ALONE}"),
]


def test_a_background_is_proposed_for_science_rather_than_for_a_psf_reference() -> None:
    rows = rows_of(PAIRS[:3])
    rows[1]["is_psf"] = "T"
    assert [*link_texts(rows, [2], "background", unlinked=False)] == ["jw00001-o003:jw00001-o001"]
    rows[0]["is_psf"] = "T"
    assert [*link_texts(rows, [2], "background", unlinked=False)] == ["jw00001-o003:jw00001-o002"]


def test_targets_to_choose_from_are_science_and_may_share_a_candidate_already() -> None:
    rows = rows_of([*(f"1 {number} MIR_MRS SCIENCE {target}" for number, target in enumerate("ab", start=1)),
                    "1 3 MIR_MRS SCIENCE c psf", "1 4 MIR_MRS SCIENCE d"])  # fmt: skip
    list_too((rows[0], rows[3]), "GROUP")
    with pytest.raises(UsageError, match=r"have several targets; add FOR, as in --psf jw00001-o004:jw00001-o002$"):
        link(Statements.of(psf="o004"), rows)


#: exposures, the number of the first that is linked, and the texts with the number of exposures of each
PROPOSED: dict[str, tuple[list[str], int, dict[str, int]]] = {
    "one target": (["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b"], 1, {"o002": 1}),
    "the target before": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE c", "1 3 MIR_MRS SCIENCE b"],
        2,
        {"o003:o002": 1},
    ),
    "all observations of a target": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE c", "1 3 MIR_MRS SCIENCE a", "1 4 MIR_MRS SCIENCE b"],
        3,
        {"o004:o001,o003": 1},
    ),
    "nothing for one, something for the next": (
        ["1 1 MIR_MRS SCIENCE a", "1 2 MIR_IMAGE SCIENCE b", "1 3 MIR_MRS SCIENCE b", "1 3 MIR_MRS SCIENCE b"],
        1,
        {"o003": 2},
    ),
}


@pytest.mark.parametrize(("exposures", "first", "proposed"), PROPOSED.values(), ids=PROPOSED)
def test_the_target_that_was_observed_next_to_a_background_is_proposed(
    exposures: list[str], first: int, proposed: dict[str, int]
) -> None:
    rows = rows_of(exposures)
    texts = link_texts(rows, range(first, len(rows)), "background", unlinked=True)
    assert {text.replace("jw00001-", ""): len(mine) for text, mine in texts.items()} == proposed


def test_the_nearest_target_may_be_the_next() -> None:
    images = ["1 2 MIR_IMAGE SCIENCE x"] * 2
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", *images, "1 3 MIR_MRS SCIENCE b", "1 4 MIR_MRS SCIENCE c"])
    assert [*link_texts(rows, [3], "background", unlinked=False)] == ["jw00001-o003:jw00001-o004"]


def test_targets_need_no_number_to_be_proposed_for() -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b"])
    for each in rows:
        del each["targetid"]
    assert link_texts(rows, [1], "background", unlinked=False) == {"jw00001-o002": [1]}


def test_what_shares_a_candidate_with_all_that_it_fits_is_proposed_on_request_only() -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b", "1 3 MIR_MRS SCIENCE c"])
    list_too(rows[:2], "BACKGROUND")
    assert [*link_texts(rows, [1, 2], "background", unlinked=True)] == ["jw00001-o003"]
    assert [*link_texts(rows, [1, 2], "background", unlinked=False)] == ["jw00001-o002", "jw00001-o003"]


def test_a_psf_reference_is_not_proposed_for_another() -> None:
    rows = rows_of(["1 1 MIR_MRS SCIENCE a", "1 2 MIR_MRS SCIENCE b psf", "1 3 MIR_MRS SCIENCE c"])
    assert [*link_texts(rows, [2], "psf", unlinked=False)] == ["jw00001-o003"]


@pytest.mark.parametrize(("stated", "problem"), WRONG, ids=[problem[:40] for _, problem in WRONG])
def test_impossible_statements_are_errors(stated: Given, problem: str) -> None:
    rows = rows_of([*PAIRS, "2 1 MIR_MRS SCIENCE a"])
    rows[3]["asn_candidate"] = "[('o004', 'OBSERVATION'), ('c1005', 'GROUP')]"
    statements = Statements.of(stated)
    with pytest.raises(UsageError) as error:
        link(statements, statements.values(rows))
    assert problem in str(error.value)


#: kind and text of statements that do not have the form
MALFORMED = [
    ("candidate", "c1000"), ("candidate", "c1000=group"), ("candidate", "c1000=:o001"), ("candidate", "c1000=group:"),
    ("candidate", "=group:o001"), ("set", "band=short"), ("set", "=short:o001"), ("set", " = short:o001"),
    ("background", "o001:"), ("background", "o001:,"), ("background", ":o001"), ("psf", ""), ("exclude", ","),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), MALFORMED)
def test_a_malformed_statement_is_an_error(kind: str, text: str) -> None:
    with pytest.raises(UsageError) as error:
        Statements.of({kind: text})
    assert str(error.value) == f"cannot understand --{kind} {text!r}; write it as {KINDS[kind][1]}"


@pytest.mark.parametrize("identifier", ["o001", "c99", "x1", "jw1-o001"])
def test_the_id_of_a_candidate_has_one_form(identifier: str) -> None:
    with pytest.raises(UsageError, match=f"'{identifier}' is not the id of a new candidate, such as c1001$"):
        Statements.of(candidate=f"{identifier}=group:o001")


def test_a_statement_of_a_file_is_refused_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('exclude = ["zzz*"]')
    with pytest.raises(UsageError) as error:
        Statements.read(file).values(rows_of(PAIRS))
    assert str(error.value).startswith(f"{file}: exclude 'zzz*': no file name matches 'zzz*'")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("backgroud", "did you mean background?"),
        ("zzz", "choose from ami, background, coronagraphy, direct_image, group, mosaic"),
    ],
)
def test_candidates_have_one_of_the_known_types(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        Statements.of(candidate=f"c1000={name}:o001")
    assert str(error.value) == f"--candidate c1000={name}:o001: {name!r} is not a candidate type; {hint}"


def test_an_observation_that_is_not_there_is_named_with_a_program_only_where_there_are_several() -> None:
    with pytest.raises(UsageError, match=r"belongs to observation o9 \(observations: o001, o002, o003, o004\)$"):
        Statements.of(exclude="o9").values(rows_of(PAIRS))
    with pytest.raises(
        UsageError, match=r"belongs to observation jw1-o9 \(observations: jw00001-o001, jw00001-o002\)$"
    ):
        Statements.of(exclude="jw1-o9").values(rows_of(PAIRS[:2]))


def test_at_most_ten_observations_and_two_programs_are_named() -> None:
    rows = rows_of([f"{program} 1 MIR_MRS SCIENCE a" for program in (1, 2, 3)])
    with pytest.raises(UsageError, match=r"several programs; write jw00001-o001 or jw00002-o001$"):
        Statements.of(exclude="o001").values(rows)
    rows = rows_of([f"1 {number} MIR_MRS SCIENCE a" for number in range(1, 13)])
    with pytest.raises(UsageError, match=r"\(observations: o001, .*, o010, … 2 more\)$"):
        Statements.of(exclude="o099").values(rows)


def test_no_exposure_belongs_to_observation_0() -> None:
    rows = rows_of(PAIRS[:2])
    rows[0]["obs_num"] = ""
    with pytest.raises(UsageError, match=r"no exposure belongs to observation o000 \(observations: o002\)$"):
        Statements.of(exclude="o000").values(rows)


def test_a_value_may_have_line_ends() -> None:
    (kept,) = Statements.of(set="targname=a\nb:o001").values(rows_of(PAIRS[:1]))
    assert kept["targname"] == "a\nb"


def test_statements_name_observations_as_those_before_them_set_them() -> None:
    stated = Statements.of(set=["obs_num=7:o002", "band=short:o007", "program=2:o001", "band=long:jw2-o001"])
    assert [each.get("band") for each in stated.values(rows_of(PAIRS[:3]))] == ["long", "short", None]


def test_an_exposure_is_named_by_any_of_its_files_and_needs_no_observation() -> None:
    rows = rows_of(PAIRS[:2])
    for each in rows:
        del each["obs_num"]
    name = rows[0]["filename"].replace("_uncal", "_calints") + ".gz"
    assert Statements.of(exclude=name).values(rows) == rows[1:]
    with pytest.raises(UsageError, match="no exposure belongs to observation o001; none has OBS_NUM"):
        Statements.of(exclude="o001").values(rows)


def test_a_file_of_statements_equals_options(tmp_path: Path) -> None:
    path = tmp_path / "stated.toml"
    path.write_text('background = ["o002:o001"]\n[candidate]\nc1000 = "mosaic:o001,o002"\n', encoding="utf-8")
    options = Statements.of(background="o002:o001", candidate="c1000=mosaic:o001,o002")
    assert Statements.read(path) == options
    assert Statements.of(options.to_dict()) == options


#: content of a file, and what is wrong with it
FILES = [
    ("background = 'o002'", 'background must be a list of strings, such as background = ["o004", "o004:o003"]'),
    ("psf = [2]", 'psf must be a list of strings, such as psf = ["o004", "o004:o003"]'),
    ("backgrounds = []", "'backgrounds' is not a statement; choose from exclude, set, background, psf, imprint"),
    ("[candidate]\nc1000 = 1", "cannot understand --candidate 'c1000=1'; write it as c1001=background:"),
    ("candidate = 1", "candidate must be a list of strings"),
    ("background = [", "cannot be read: "),
    ("background = " + "[" * 100_000, "cannot be read: "),
    ("exclude = 1", 'exclude must be a list of strings, such as exclude = ["o005", "jw*_nrcb4*"]'),
]


@pytest.mark.parametrize(
    ("content", "problem"),
    FILES,
    ids=["text", "number", "misspelt", "candidate", "no list", "cut off", "nested", "quotes"],
)
def test_files_with_something_else_are_an_error(content: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        Statements.read(path)
    assert str(error.value).startswith(str(path))
    assert problem in str(error.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no\.toml cannot be read: No such file"):
        Statements.read(tmp_path / "no.toml")


def mrs(name: str, observation: int, target: str) -> dict[str, str]:
    more = {"exp_type": "MIR_MRS", "band": "short", "channel": "12", "detector": "mirifushort", "filter": ""}
    place = {"obs_num": str(observation), "asn_candidate": candidates(f"o{observation:03d} observation")}
    return row(name, **more, **place, targetid=target, mostilno="1")


def backgrounds(pool: Pool, level: int) -> dict[str, list[str]]:
    """The backgrounds of each product, as letters."""
    made = generate(pool, level=level)
    return {
        product.name: sorted(member.expname[:1] for member in product.members if member.exptype == "background")
        for association in made
        for product in association.products
        if any(member.exptype == "science" for member in product.members)
    }


def test_a_background_serves_nothing_but_what_is_stated_also_in_discovery() -> None:
    pool = pool_of(mrs("a", 1, "1"), mrs("b", 2, "2"), mrs("c", 3, "1"), mrs("d", 4, "4"))
    stated = pool.with_statements({"background": ["o002:o001", "o004:o003"]})
    level3 = backgrounds(stated, 3)
    assert level3["jw00001-c1000_t001_miri"] == ["b"]
    assert level3["jw00001-c1001_t001_miri"] == ["d"]
    assert level3["jw00001-a3001_t001_miri"] == []
    level2 = backgrounds(stated, 2)
    assert {name[:1]: which for name, which in level2.items()} == {"a": ["b"], "b": [], "c": ["d"], "d": []}


def test_a_background_within_an_observation_serves_nothing_else_of_it_and_is_calibrated() -> None:
    imprint = mrs("i", 3, "1") | {"is_imprt": "T"}
    pool = pool_of(mrs("a", 3, "1"), mrs("b", 3, "1"), imprint, mrs("c", 5, "2"))
    stated = pool.with_statements({"background": "b*:o005"})
    assert [cell.count("'o003'") for cell in stated["asn_candidate"]] == [1, 0, 1, 0]
    made = generate(stated, level=2)
    assert {
        (product.name[:1], "".join(sorted(member.expname[:1] for member in product.members)))
        for association in made
        for product in association.products
    } == {("a", "ai"), ("b", "b"), ("c", "bc"), ("i", "i")}
    level3 = backgrounds(stated, 3)
    assert level3["jw00001-c1000_t002_miri"] == ["b"]
    assert level3["jw00001-o003_t001_miri"] == []


def test_imprints_of_what_is_served_come_along() -> None:
    pool = pool_of(mrs("a", 1, "1"), mrs("i", 1, "1") | {"is_imprt": "T"}, mrs("b", 2, "2"))
    for text in ("o002", "o002:o001", "o002:a*"):
        stated = pool.with_statements({"background": text})
        assert [cell.count("'c1000'") for cell in stated["asn_candidate"]] == [1, 1, 1]


def test_a_background_that_a_reference_shares_with_science_does_not_link_the_two() -> None:
    coronagraph = {"exp_type": "MIR_LYOT", "filter": "F2300C", "detector": "MIRIMAGE"}
    pool = pool_of(*(mrs(name, number, str(number)) | coronagraph for number, name in enumerate("apxb", start=1)))
    stated = pool.with_statements({"background": "o004:o001,o002", "psf": "o002:o003"})
    assert {
        "".join(member.expname[:1] for member in association.members) for association in generate(stated, level=3)
    } == {"xp"}
    level2 = backgrounds(stated, 2)
    assert {name[:1]: which for name, which in level2.items()} == {"a": ["b"], "p": ["b"], "x": [], "b": []}


def test_a_psf_reference_that_is_marked_as_background_too_has_no_background_but_its_own() -> None:
    coronagraph = {"exp_type": "MIR_LYOT", "filter": "F2300C", "detector": "MIRIMAGE"}
    science, background = mrs("a", 1, "1") | coronagraph, mrs("b", 2, "2") | coronagraph
    pool = pool_of(science, background, background | {"filename": "p_uncal.fits", "bkgdtarg": "T"})
    stated = pool.with_statements({"background": "b*:o001", "psf": "p*:o001"})
    assert {name[:1]: which for name, which in backgrounds(stated, 2).items()} == {"a": ["b"], "b": [], "p": []}


@pytest.mark.parametrize(("flags", "psf"), [({}, ["p*:o003"]), ({"is_psf": "T"}, [])])
def test_a_reference_that_is_marked_as_imprint_too_has_no_background_but_its_own(flags: Row, psf: list[str]) -> None:
    coronagraph = {"exp_type": "MIR_LYOT", "filter": "F2300C", "detector": "MIRIMAGE"}
    reference = mrs("p", 1, "1") | {"is_imprt": "T"} | flags
    pool = pool_of(*(each | coronagraph for each in (mrs("a", 1, "1"), reference, mrs("b", 2, "2"), mrs("x", 3, "3"))))
    stated = pool.with_statements({"background": "b*:a*", "psf": psf})
    level2 = backgrounds(stated, 2)
    assert {name[:1]: which for name, which in level2.items()} == {"a": ["b"], "b": [], "p": [], "x": []}


def test_a_background_of_all_of_its_observation_stays_in_it() -> None:
    stated = pool_of(mrs("a", 3, "1"), mrs("b", 3, "1")).with_statements({"background": "b*"})
    assert [cell.count("'o003'") for cell in stated["asn_candidate"]] == [1, 1]


def test_a_statement_leaves_the_pool_as_it_was_and_is_kept_with_the_new_one() -> None:
    pool = pool_of(mrs("a", 1, "1"), mrs("b", 2, "2"))
    stated = pool.with_statements({"background": "o002", "exclude": []})
    assert [(str(link.statement), sorted(link.which), sorted(link.served)) for link in stated.links] == [
        ("--background o002", ["b_uncal.fits"], ["a_uncal.fits"])
    ]
    assert pool.links == ()
    assert not pool["bkgdtarg"].given().any()
