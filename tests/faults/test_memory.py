"""Too little memory, and files that would take too much: a message, and never a crash."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.simulator import simulate, write_pool
from solver.app.cli import main
from tests.cli.scenes import POOL

resource = pytest.importorskip("resource", reason="this system has no limits")

ROOT = Path(__file__).parents[2]

#: More than a program needs that has read what it needs, and less than threads and bombs take.
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_AS, ({} << 20,) * 2); import solver.app.__main__"


def limited(megabytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with so much address space."""
    command = [sys.executable, "-c", LIMITED.format(megabytes), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.csv"
    write_pool(simulate(1, programs=4, exposures=20_000), path)
    return path


@pytest.mark.sampled(3)
@pytest.mark.parametrize("megabytes", [700, 500, 450])
def test_native_code_without_memory_does_not_crash(megabytes: int, large: Path) -> None:
    """pyarrow ended the process in one of several ways; where it may not have enough, it is not used."""
    done = limited(megabytes, "generate", str(large), "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")


def test_too_little_memory_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raised here, since Python itself may abort where a limit leaves none for the exception."""

    def without_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("solver.batch.many_pools.check_request", without_memory)
    (tmp_path / "pool.csv").write_text(POOL, encoding="utf-8")
    assert main(["generate", str(tmp_path / "pool.csv"), "--dry-run"]) == 2
    message = "asnsolve generate: error: there is not enough memory; take a larger machine, or fewer --workers\n"
    assert capsys.readouterr() == ("", message)


def test_parquet_is_refused_without_room(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    done = limited(500, "generate", str(tmp_path / "x.parquet"))
    assert done.returncode == 2
    assert "Parquet needs" in done.stderr
    assert "raise the limit (ulimit -v)" in done.stderr


#: the file, and what it begins with: each unpacks to 300 MB
BOMBS = {
    "pool.csv.gz": POOL.encode(),
    "a_uncal.fits.gz": b"SIMPLE  =                    T".ljust(80),
    "all.jsonl.gz": b'{"asn_file":"',
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str, tmp_path: Path) -> None:
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as stream:
        stream.write(BOMBS[name])
        for _ in range(300):
            stream.write(b" " * 1_000_000)
    if name.startswith("all"):
        with (tmp_path / name).open("ab") as end:
            end.write(bytes.fromhex("1f8b08000000000000ff03000000000000000000"))
    command = "show" if name.startswith("all") else "generate"
    done = limited(1000, command, str(tmp_path / name))
    assert done.returncode == 2
    assert ("header without an end" if "fits" in name else "MB; if that is right, unpack it") in done.stderr
