"""Pipes, devices, links to themselves and folders that cannot be listed: a word, a message, and never a hang."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from types import FrameType

import pytest

from benchmarks.simulated_files import rows_of, write
from solver.app.cli import main

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")

#: Seconds after which a command hangs.
_BOUND = 60

#: What a folder of exposures or pools may also have, and nobody can read.
PIPE = "jw01001001001_02101_00099_nrca1_rate.fits"
ASSOCIATION = "jw01001-o001_20260102t030405_image2_00001_asn.json"


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """A command that hangs fails."""

    def fail(number: int, frame: FrameType | None) -> None:
        del number, frame
        pytest.fail("it hangs")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(_BOUND)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def ran(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(command.split())
    return code, capsys.readouterr().err


@pytest.mark.parametrize("name", ["pipe", "pipe.csv.gz", "pipe.parquet", "pipe.fits", "/dev/zero"])
@pytest.mark.parametrize(
    "command",
    [
        "generate NAME -p out",
        "generate pool.csv NAME -p out",
        "inspect NAME",
        "report NAME",
        "explain NAME a1",
        "check NAME out",
        "pool NAME -o x.csv",
    ],
)
def test_what_never_ends_is_refused(command: str, name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if name.startswith("/") and not Path(name).exists():
        pytest.skip(f"there is no {name} here")
    if not name.startswith("/"):
        os.mkfifo(folder / name)
    code, message = ran(command.replace("NAME", name), capsys)
    assert code == (1 if "pool.csv" in command else 2)
    assert f"{name}" in message
    assert "cannot be read: it is a pipe or a device; save its content in a file" in message
    assert not (folder / "x.csv").exists()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("generate pool.csv -p out -r NAME", "rules.py"),
        ("rules -r NAME", "rules.py"),
        ("verify -r NAME", "rules.py"),
        ("verify --against NAME", "rules.py"),
        ("generate pool.csv -p out --rules-version NAME", "rules.py"),
        ("generate pool.csv -p out --statements NAME", "statements.toml"),
        ("from-list --list NAME -o x.json --product-name p", "list"),
        ("edit NAME -a x.fits", "pipe_asn.json"),
        ("edit NAME -a x.fits -o x.json", "pipe_asn.json"),
        ("check pool.csv NAME", "pipe_asn.json"),
        ("compare NAME NAME", "pipe_asn.json"),
        ("show NAME", "pipe_asn.json"),
        ("gather NAME out", "pipe_asn.json"),
        ("plan NAME", "pipe_asn.json"),
        ("show NAME", "pipe.jsonl"),
        ("show NAME", "pipe.jsonl.gz"),
        ("compare NAME NAME", "pipe.jsonl.zst"),
        ("extract NAME -p out", "pipe.jsonl"),
        ("show NAME", "pipe.parquet"),
    ],
)
def test_what_never_ends_is_neither_rules_nor_statements_nor_associations(
    command: str, name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / name)
    code = main(command.replace("NAME", name).split())
    message = "".join(capsys.readouterr())
    assert code == (1 if command.startswith("check") else 2)  # to check, it is a finding
    assert name in message
    assert "cannot be read: it is a pipe or a device; save its content in a file" in message
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, "pool.csv"])


def test_what_never_ends_among_exposures_is_skipped_with_a_word(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "data", rows_of("image_dithers"))
    for name in (PIPE, ASSOCIATION, "other.txt"):
        os.mkfifo(folder / "data" / name)
    for command in ("pool data -o x.csv", "generate data -p out --dry-run"):
        code, message = ran(command, capsys)
        why = "cannot be read: it is a pipe or a device; save its content in a file"
        called = f"asnsolve {command.split()[0]}"
        assert code == 1
        assert message.splitlines() == [f"{called}: skipped: data/{name} {why}" for name in (PIPE, ASSOCIATION)]


def test_what_is_not_a_file_among_pools_is_skipped_with_a_word(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pools").mkdir()
    shutil.copy("pool.csv", "pools")
    os.mkfifo("pools/a.csv")
    (folder / "pools" / "b.csv").symlink_to("b.csv")
    (folder / "pools" / "c.csv").symlink_to("nowhere")
    assert ran("generate pools -p out", capsys) == (
        0,
        "pools: skipped 3 files of another kind (pipe, device or broken link): a.csv, b.csv, c.csv\n",
    )


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("generate loop", "loop cannot be read: "),
        ("generate loop/pool.csv", "loop/pool.csv cannot be read: "),
        ("generate loop pool.csv -p out", "loop cannot be read: "),
        ("generate pool.csv -r loop", "loop cannot be read: "),
        ("generate pool.csv -r loop.py", "loop.py cannot be read: "),
        ("generate pool.csv --statements loop", "loop cannot be read: "),
        ("generate pool.csv -p loop", "cannot write loop: "),
        ("generate pool.csv -p loop/out", "cannot write loop/out: "),
        ("generate pool.csv --existing -p loop", "cannot write loop: "),
        ("generate pool.csv --archive loop.jsonl", "loop.jsonl exists and is not an archive"),
        ("generate pool.csv --archive loop/all.jsonl", "loop/all.jsonl cannot be written: "),
        ("report loop", "loop cannot be read: "),
        ("report pool.csv -o loop/x.html", "cannot write loop/x.html: "),
        ("inspect loop", "loop cannot be read: "),
        ("explain loop a1", "loop cannot be read: "),
        ("check loop out", "loop cannot be read: "),
        ("check pool.csv loop", "loop cannot be read: Too many"),
        ("pool loop -o x.csv", "loop cannot be read: Too many"),
        ("pool pool.csv -o loop/x.csv", "cannot write loop/x.csv: "),
        ("show loop", "loop cannot be read: Too many"),
        ("show loop.jsonl", "loop.jsonl cannot be read: Too many"),
        ("compare loop pool.csv", "loop cannot be read: Too many"),
        ("gather loop out", "loop cannot be read: Too many"),
        ("plan loop", "loop cannot be read: Too many"),
        ("extract loop.jsonl", "loop.jsonl cannot be read: "),
        ("edit loop_asn.json -a x.fits", "loop_asn.json cannot be read: "),
        ("rules -r loop.py", "loop.py cannot be read: "),
        ("verify -r loop.py", "loop.py cannot be read: "),
    ],
)
def test_a_link_to_itself_is_named(command: str, why: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("loop", "loop.py", "loop.jsonl", "loop_asn.json"):
        (folder / name).symlink_to(name)
    code, message = ran(command, capsys)
    assert f"asnsolve {command.split(maxsplit=1)[0]}: error: {why}" in message
    assert code == (1 if command.endswith("pool.csv -p out") else 2)
    assert (folder / "loop").is_symlink()


def deep(folder: Path) -> Path:
    """A folder whose path is too long to be listed by it, which is so for every user."""
    folder.mkdir()
    with chdir(folder):
        for _ in range(20):
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
    return folder


def closed(folder: Path) -> Path:
    """A folder that may not be listed."""
    if getattr(os, "geteuid", int)() == 0:
        pytest.skip("the superuser may list every folder")
    folder.mkdir(mode=0)
    return folder


@pytest.mark.parametrize("make", [deep, closed])
def test_a_folder_that_cannot_be_listed_is_skipped_like_a_file_that_cannot_be_read(
    make: type[Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "data" / "good", rows_of("image_dithers"))
    bad = make(folder / "data" / "bad")
    try:
        for command in ("pool data -o x.csv", "generate data -p out", "inspect data", "report data"):
            code, message = ran(command, capsys)
            assert code == 1
            assert f"skipped: data/{bad.name}" in message
            assert "cannot be listed: " in message
        code, message = ran("generate data/bad -p out", capsys)
        assert code == 2
        assert "cannot be listed: " in message or "data/bad cannot be opened" in message
    finally:
        bad.chmod(0o700)
        shutil.rmtree(bad)


@pytest.mark.parametrize(
    "command",
    [
        ["generate", "", "-p", "out"],
        ["generate", "pool.csv", "", "-p", "out"],
        ["generate", "pool.csv", "-p", ""],
        ["generate", "pool.csv", "-p", "out", "-r", ""],
        ["generate", "pool.csv", "--archive", ""],
        ["generate", "pool.csv", "--statements", ""],
        ["report", "pool.csv", "-o", ""],
        ["report", ""],
        ["explain", "", "a1"],
        ["check", "pool.csv", ""],
        ["show", "pool.csv", "--json", ""],
        ["compare", "", "pool.csv"],
        ["gather", "", "out"],
        ["edit", "", "-a", "x.fits"],
        ["from-list", "", "-o", "x.json"],
        ["from-list", "a.fits", "--list", "", "-o", "x.json"],
        ["pool", "", "-o", "x.csv"],
        ["plan", ""],
    ],
)
def test_an_empty_text_does_not_name_this_folder(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert ": an empty text names no" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["pool.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("generate pool.csv -p out --profile", 0),
        ("generate pool.csv none.csv -p out", 1),
        ("generate none.csv -p out", 2),
        ("generate pool.csv --no-such-option", 2),
        ("--no-such-option", 2),
    ],
)
@pytest.mark.parametrize("to", ["/dev/full", "a pipe that nobody reads"])
def test_messages_that_cannot_be_written_change_no_exit_code(command: str, code: int, to: str, folder: Path) -> None:
    del folder
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.open(to, os.O_WRONLY) if to.startswith("/") else os.dup(writing)
    done = subprocess.run(
        [sys.executable, "-m", "solver.app", *command.split()],
        stdout=subprocess.DEVNULL,
        stderr=stream,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    os.close(stream)
    os.close(writing)
    assert done.returncode == code
