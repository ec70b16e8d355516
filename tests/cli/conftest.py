"""A plain terminal for all tests of the command line, and a small pool in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.solving import shards

MANIFEST = "asnsolve-manifest.json"

#: Four images of two observations, an acquisition, and an exposure that no rule takes.
POOL = """\
FILENAME|PROGRAM|OBS_NUM|VISIT|INSTRUME|DETECTOR|EXP_TYPE|TARGETID|TARGPROP|PNTGTYPE|SUBARRAY|FILTER|ASN_CANDIDATE
a1_uncal.fits|1|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]
a2_uncal.fits|1|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]
b1_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o002', 'OBSERVATION'), ('c1000', 'GROUP')]
b2_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F560W|[('o002', 'OBSERVATION'), ('c1000', 'GROUP')]
t_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_TACQ|1|M 31|TARGET_ACQUISITION|FULL|FND|[('o002','OBSERVATION'), ('c1000','GROUP')]
x_uncal.fits|1|3|1|NIRCAM|NRCA1|NRC_LED|NULL|NULL|SCIENCE|FULL|NULL|NULL
"""


def many_programs(*programs: int) -> str:
    """The pool once for each of these programs, in one."""
    header, *rows = POOL.splitlines(keepends=True)
    return header + "".join(f"p{each}{row.replace('|1|', f'|{each}|', 1)}" for each in programs for row in rows)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours and no width from the environment."""
    for name in ("FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `pool.csv` in it, which is the current one."""
    (tmp_path / "pool.csv").write_text(POOL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def crowd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pool of five programs, which is cut into three parts."""
    monkeypatch.setattr(shards, "SHARD_SIZE", 12)
    (folder / "pool.csv").write_text(many_programs(1, 2, 3, 4, 10), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """The files in a folder but for the manifest, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}
