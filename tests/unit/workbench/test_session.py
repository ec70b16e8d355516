"""The session as a library: steps, what they change, and the command line that says the same."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from benchmarks import simulated_files
from solver import AsnsolveError, Pool, Statements, UsageError, generate, ingest, load
from solver.app.cli import _parse as options_of
from solver.app.cli import main
from solver.app.open import session_of
from solver.headers import read_exposures
from solver.workbench import Choices, Session, Step
from tests.fuzz.test_inert import EVIL
from tests.unit.small import row

#: Two images of observation 1, one of observation 2, and a background in observation 3 that nothing links.
ROWS = [
    row("jw00001001001_02101_00001_mirimage"),
    row("jw00001001001_02101_00002_mirimage"),
    row("jw00001002001_02101_00001_mirimage", obs_num="2", asn_candidate="[('o002', 'OBSERVATION')]"),
    row(
        "jw00001003001_02101_00001_mirimage",
        obs_num="3",
        targetid="2",
        bkgdtarg="T",
        asn_candidate="[('o003', 'OBSERVATION')]",
    ),
]
LINK, OUT = "--background o003:o001", "--exclude o002"


def session(rows: list[dict[str, str]] = ROWS, **how: Any) -> Session:
    pool = Pool.from_rows(rows, name="pool.csv")
    return Session(lambda: lambda stated: pool.with_statements(stated) if stated else pool, **how)


def products(of: Session) -> dict[str, set[str]]:
    contents = of.contents
    return {each["product"]: {contents["texts"][file] for file in each["files"]} for each in contents["associations"]}


def files(of: Session) -> list[str]:
    """The exposures that are shown and not left out."""
    out = {row for rows in of.contents["left_out"].values() for row in rows}
    return [name for row, name in enumerate(of.contents["levels"][-1]["labels"]) if row not in out]


def made(line: str) -> dict[str, set[str]]:
    """The products of a command line, and their members."""
    with TemporaryDirectory() as folder:
        assert main([*shlex.split(line)[1:], "-p", folder]) in {0, 1}
        every = [product for each in load(folder) for product in each.products]
    return {each.name: {member.expname for member in each.members} for each in every}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Session]:
    """Opens the small pool as the command does, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pool.csv").write_text(Pool.from_rows(ROWS).to_text(), encoding="utf-8")
    return lambda *words: session_of(options_of(["open", "pool.csv", *words]))


def test_a_step_states_something_and_undo_takes_it_back() -> None:
    opened = session()
    before = products(opened)
    opened.take(Step(add="--background o003:o001"))
    opened.take(Step(add=OUT))
    view = opened.view()
    assert (view["statements"], view["steps"], view["revision"]) == ([OUT, LINK], 2, 3)
    opened.undo()
    assert opened.view()["statements"] == [LINK]
    opened.take(Step(withdraw=(LINK,)))
    assert products(opened) == before
    opened.undo()
    opened.undo()
    opened.undo()  # there is nothing left to undo
    assert products(opened) == before
    assert opened.view()["steps"] == 0


def test_changes_are_those_of_all_statements_or_of_the_last_step() -> None:
    """Spectra of a target and of a background that nothing links."""
    rows = simulated_files.rows_of("mrs")
    opened = session([each | {"asn_candidate": f"[('o00{each['obs_num']}', 'OBSERVATION')]"} for each in rows])
    former = products(opened)
    for last in (False, True):
        nothing = opened.changes(last=last)
        assert not any((nothing["gained"], nothing["lost"]))
    opened.take(Step(add="--background o002:o001"))
    opened.take(Step(add="--exclude jw01001001001_03101_00002_mirifulong"))
    every, latest = opened.changes(), opened.changes(last=True)
    product, left_out = "jw01001001001_03101_00001_mirifulong", "jw01001001001_03101_00002_mirifulong"
    assert every["gained"][product] == [f"jw01001002001_03101_0000{number}_mirifulong_rate.fits" for number in (1, 2)]
    came, gone = products(opened).keys() - former.keys(), former.keys() - products(opened).keys()
    assert (came, gone) == ({"jw01001-c1000_t001_miri"}, {"jw01001-a3001_t001_miri", left_out})
    assert {name: set(every["gained"][name]) for name in came} == {name: products(opened)[name] for name in came}
    assert {name: set(every["lost"][name]) for name in gone} == {name: former[name] for name in gone}
    assert (latest["gained"], set(latest["lost"]) - products(opened).keys()) == ({}, {left_out})
    assert latest["lost"]["jw01001-c1000_t001_miri"] == [f"{left_out}_cal.fits"]
    opened.take(Step(choices=Choices(level="3")))
    assert product in opened.changes(last=True)["lost"]
    # the same level with and without statements
    assert opened.changes()["lost"].keys() - products(opened).keys() == {"jw01001-a3001_t001_miri"}


def test_exposures_that_are_left_out_are_still_shown() -> None:
    opened = session()
    opened.take(Step(add="--exclude o002 --exclude '*_00002_*' --background o003:o001"))
    assert opened.contents["levels"][-1]["labels"] == tuple(each["filename"] for each in ROWS)
    assert opened.contents["left_out"] == {"--exclude o002": [2], "--exclude *_00002_*": [1]}
    assert [each["name"] for each in opened.contents["observations"]] == ["o001", "o002", "o003"]
    shown = {row for each in opened.contents["associations"] for row in each["rows"]}
    assert shown == {0, 3}
    opened.take(Step(withdraw=("--exclude o002",)))
    assert opened.contents["left_out"] == {"--exclude *_00002_*": [1]}


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Step(add="--background o009:o001"), r"^--background o009:o001: no exposure belongs to observation o009"),
        (Step(add="--background o003:"), "cannot understand --background 'o003:'"),
        (Step(add="--background"), "cannot understand '--background'; write it as --background o004:o003"),
        (Step(add="--background 'o003"), 'cannot understand "--background \'o003"; write'),
        (Step(add="--rules /tmp/x.py"), "'rules' is not a statement"),
        (Step(add="--exclude '*'"), "leaves no exposures"),
        (Step(add="--set nope=1:o001"), "there is no column NOPE"),
        (Step(choices=Choices(without=("Asn_Nope",))), "Asn_Nope"),
        (Step(choices=Choices(rules_version="my/rules")), "no version of the rules is my/rules"),
        (Step(choices=Choices(split_by=("nope",))), "NOPE"),
    ],
)
def test_what_cannot_be_done_is_the_librarys_sentence_and_changes_nothing(step: Step, message: str) -> None:
    opened = session()
    opened.take(Step(add=LINK))
    before = opened.view()
    with pytest.raises(AsnsolveError, match=message):
        opened.take(step)
    assert opened.view() == before


@pytest.mark.parametrize("words", ["", "--level 3", "--exclude o001 --background-at 2", "-i o001 o002 --keep-first"])
def test_the_command_line_makes_what_is_shown(words: str, opened: Callable[..., Session]) -> None:
    bench = opened(*words.split())
    assert made(bench.command) == products(bench)
    choices = msgspec.structs.replace(bench.view()["choices"], without=("Asn_Lv3Image",), split_by=("filter",))
    bench.take(Step(add="--background o003:o002 --set 'filter=F560W:jw00001002001*'", choices=choices))
    assert set(words.split()) <= {*bench.command.split(), "-i", "--ids"}
    assert made(bench.command) == products(bench)


def test_the_command_line_names_rules_of_ones_own_and_a_run(opened: Callable[..., Session], tmp_path: Path) -> None:
    main(["generate", "pool.csv", "-p", "out", *LINK.split()])
    again = session_of(options_of(["open", "out"]))
    assert again.view()["statements"] == [LINK]
    assert again.command.endswith(f"{LINK} -p out")
    assert made(again.command) == products(again)
    rules = "from rules.level3 import Asn_Lv3Image\n\n\nclass Asn_Mine(Asn_Lv3Image):\n    asn_type = 'mine3'\n"
    (tmp_path / "mine.py").write_text(rules, encoding="utf-8")
    own = opened("-r", "mine.py", "--ignore-default")
    assert own.command == "asnsolve generate pool.csv --ignore-default -r mine.py -p asn"
    assert made(own.command) == products(own)


HOSTILE = [
    "o001'; rm -rf ~",
    'a"b\\c',
    "$(x)`y`",
    "-dash*",
    "\x1b]0;owned\x07*",
    "é\u202eü\x7f",
    "\U0001f52d x",
    "a\nb",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_reach_the_command_and_the_file_as_they_are(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [*ROWS, row("x", filename=f"{name.rstrip('*')}_uncal.fits")]
    bench = session(rows, source="pool.csv")
    bench.take(Step(add=f"--exclude {shlex.quote(name)}"))
    assert len(files(bench)) == len(ROWS)
    assert bench.command.isprintable()
    (tmp_path / "stated.toml").write_text(bench.toml, encoding="utf-8")
    assert bench.toml.rstrip().isprintable()
    assert [each.text for each in Statements.read(tmp_path / "stated.toml")] == [name.strip()]
    if name.isprintable():
        assert shlex.split(bench.command)[-3].removeprefix("--exclude=") == name
        (tmp_path / "pool.csv").write_text(Pool.from_rows(rows).to_text(), encoding="utf-8")
        assert made(bench.command) == products(bench)


def test_the_view_is_json_and_inert() -> None:
    rows = [*ROWS, row("x", filename=f"{EVIL}_uncal.fits", targprop=EVIL, obs_num="7")]
    opened = session(rows)
    view = json.loads(msgspec.json.encode(opened.view()))
    shown = json.dumps(view["data"], ensure_ascii=False)
    assert "owned" in shown
    assert shown.isprintable()


def test_a_fix_of_an_explanation_is_a_step() -> None:
    images = [{**each, "bkgdtarg": ""} for each in ROWS[:2]]
    nameless = row("jw00001001001_02101_00003_mirimage", subarray="", filter="")
    opened = session([*images, nameless])
    fixes = opened.explain("00003")["fixes"]
    fix = next(iter(fixes.values()))
    assert "--set" in fix
    opened.take(Step(add=fix))
    assert any("jw00001001001_02101_00003_mirimage_cal.fits" in each for each in products(opened).values())
    with pytest.raises(AsnsolveError, match="'jw0000' matches 4 exposures"):
        session().explain("jw0000")


# --- Files ----------------------------------------------------------------------------------------


def test_a_pool_that_changes_is_noticed_and_read_again(opened: Callable[..., Session], tmp_path: Path) -> None:
    bench, file = opened(), tmp_path / "pool.csv"
    bench.take(Step(add=LINK))
    assert not bench.is_stale()
    file.write_text(Pool.from_rows(ROWS[1:]).to_text(), encoding="utf-8")
    assert bench.is_stale()
    assert len(files(bench)) == len(ROWS)
    bench.reload()
    view = bench.view()
    assert (bench.is_stale(), len(files(bench)), view["steps"], view["statements"]) == (False, 3, 1, [LINK])
    bench.undo()
    assert bench.view()["statements"] == []


@pytest.mark.parametrize("content", ["", "FILENAME\nx\n", Pool.from_rows(ROWS[:3]).to_text(), None])
def test_a_pool_that_no_longer_fits_is_refused_and_what_was_there_stays(
    content: str | None, opened: Callable[..., Session], tmp_path: Path
) -> None:
    bench, file = opened(), tmp_path / "pool.csv"
    bench.take(Step(add=LINK))
    whole, shown = file.read_text(encoding="utf-8"), products(bench)
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises((AsnsolveError, OSError)):
        bench.reload()
    assert bench.is_stale()
    assert products(bench) == shown
    file.write_text(whole, encoding="utf-8")
    bench.reload()
    assert not bench.is_stale()
    assert products(bench) == shown


def test_what_asnsolve_writes_into_the_folder_is_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    simulated_files.main("data")
    bench = session_of(options_of(["open", "data"]))
    assert main([*shlex.split(bench.command)[1:], "-p", "data"]) == 0
    assert not bench.is_stale()
    file = next(Path("data").rglob("*_rate.fits"))
    os.utime(file, ns=(0, 0))
    assert bench.is_stale()


def test_what_was_stated_of_files_can_be_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of a folder of files are opened with the folder and the statements; of files that changed, their pool."""
    monkeypatch.chdir(tmp_path)
    simulated_files.main("data")
    before = products(session_of(options_of(["open", "data"])))
    stated = ["--background", "o002:o001", "--exclude", "jw01001001001_03101_00002_mirifulong"]
    assert main(["generate", "data", "-p", "out", *stated]) in {0, 1}
    bench = session_of(options_of(["open", "out", "--imprint", "jw01001002001_03101_00001_mirifulong"]))
    assert bench.contents["pool"] == "data"
    exclude, link, imprint = bench.view()["statements"]
    assert [exclude, link] == [" ".join(stated[2:]), " ".join(stated[:2])]
    assert bench.command.endswith("-p out")
    bench.take(Step(withdraw=(exclude, link, imprint)))
    assert products(bench) == before
    next(Path("data").rglob("*_rate.fits")).unlink()
    assert session_of(options_of(["open", "out"])).view()["statements"] == []


#: What people state of files: links, values from which others are derived, and what is left out.
STATED: list[Mapping[str, list[str]]] = [
    {},
    {"background": ["o002:o001"]},
    {"exclude": ["jw01001001001_03101_00001_mirifulong"], "set": ["targprop=OTHER:o002", "targname=OTHER:o002"]},
    {"candidate": ["c1005=mosaic:o001,o002"], "imprint": ["o002"]},
]


def test_a_folder_that_is_read_once_is_as_if_it_were_read_each_time(tmp_path: Path) -> None:
    simulated_files.main(str(tmp_path))
    found = read_exposures([tmp_path])
    for texts in (*STATED, *STATED):
        pool = found.ingested(Statements.of(texts)).pool
        expected = ingest([tmp_path], texts).pool
        assert pool.to_text() == expected.to_text()
        assert generate(pool).associations == generate(expected).associations


def test_bad_options_are_refused(opened: Callable[..., Session]) -> None:
    with pytest.raises(UsageError, match="no exposure belongs to observation o077"):
        opened("--exclude", "o077")
    with pytest.raises(AsnsolveError, match="Asn_Nope"):
        opened("--without", "Asn_Nope")
