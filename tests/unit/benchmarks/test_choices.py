from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import choices
from benchmarks.choices import Choice, Choices, associations, blocks, compressors, parquet, serialisers, tables
from benchmarks.readers import READERS
from benchmarks.report import with_block
from benchmarks.results import FOLDER, read
from benchmarks.simulator import simulate, write_pool
from tests.unit.benchmarks.made import MACHINE

MADE = Choices(
    date="2026-01-31",
    machine=MACHINE,
    versions={"pyarrow": "20.0"},
    load=0.5,
    associations=1000,
    readers=(Choice("csv", "100,000", (5.0, 4.0, 6.0), peak=150 << 20), Choice("polars", "100,000")),
    serialisers=(Choice("json", "4 spaces", (0.1,), size=1_389_000), Choice("json", "compact", (0.03,), size=900_000)),
    compressors=(Choice("gzip", "level 1", (0.006,), size=45_000), Choice("zstd", "level 1")),
)
TABLES = {
    "readers": """\
library  exposures        seconds  MiB
csv        100,000            5.0  150
polars     100,000  not installed""",
    "serialisers": """\
library    layout  µs/association  bytes/association
json     4 spaces             100              1,389
json      compact              30                900""",
    "compressors": """\
library           µs/association  bytes/association
gzip     level 1             6.0                 45
zstd     level 1   not installed""",
}


def test_the_tables() -> None:
    assert tables(MADE) == TABLES


def test_the_blocks_of_the_page() -> None:
    made = blocks(MADE, "results/x.json")
    assert made.pop("choices") == (
        "Measured on 2026-01-31, on 2 cores of Some Processor 9, 24 GiB, Linux 6.1, Python 3.11.7, with pyarrow 20.0; "
        "0.5 other processes ran ([all runs](results/x.json))."
    )
    assert {name: block.replace("\n    ", "\n").strip() for name, block in made.items()} == TABLES


@pytest.mark.parametrize("library", READERS)
def test_readers_make_codes_and_values_of_every_column(tmp_path: Path, library: str) -> None:
    pytest.importorskip(library)
    pool = tmp_path / "pool.csv"
    write_pool([*simulate(1), ("",) * 64], pool)
    lines = pool.read_text(encoding="utf-8").splitlines()[1:]
    columns = [[values[code] for code in codes] for codes, values in READERS[library](pool)]
    assert ["|".join(row) for row in zip(*columns, strict=True)] == lines
    assert all(len(set(values)) == len(values) for _, values in READERS[library](pool))


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "_ROUNDS", 1)


@pytest.mark.usefixtures("once")
def test_serialisers_write_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []
    timed = choices.timed

    def keeping(library: str, how: str, make: Callable[[], bytes]) -> Choice:
        made.append(make())
        return timed(library, how, make)

    monkeypatch.setattr(choices, "timed", keeping)
    data = [association.to_dict() for association in associations(20)[:3]]
    rows = [choice for choice in serialisers(data) if choice.seconds]
    assert [choice.size for choice in rows] == [len(text) for text in made]
    assert {choice.library for choice in rows} >= {"json", "msgspec"}
    for text in made:
        assert json.loads(b"[" + text.replace(b"\n{", b"\n,{") + b"]") == data


@pytest.mark.usefixtures("once")
def test_compressors_make_less() -> None:
    text = b"0123456789" * 1000
    rows = [choice for choice in compressors(text) if choice.seconds]
    assert [choice.size for choice in rows if choice.library == "gzip"] == [
        len(gzip.compress(text, level)) for level in (1, 3, 6, 9)
    ]
    assert all((choice.size or 0) < len(text) for choice in rows)


@pytest.mark.usefixtures("once")
def test_tables_are_written_with_each_codec() -> None:
    rows = list(parquet(associations(20)))
    assert [choice.how for choice in rows] == ["snappy", *(f"zstd, level {level}" for level in (1, 3, 6, 9))]
    assert all(choice.seconds and choice.size for choice in rows)


@pytest.mark.usefixtures("once")
def test_a_library_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def importing(name: str) -> object:
        if name == "orjson":
            raise ModuleNotFoundError(name)
        return import_module(name)

    monkeypatch.setattr(choices, "import_module", importing)
    rows = list(serialisers([{}]))
    assert [choice.seconds for choice in rows if choice.library == "orjson"] == [(), ()]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("choices-*.json")), ids=lambda file: file.name)
def test_the_page_shows_the_committed_results(file: Path) -> None:
    page = choices.PAGE.read_text(encoding="utf-8")
    shown = page
    for name, block in blocks(read(file, Choices), f"results/{file.name}").items():
        shown = with_block(shown, name, block)
    assert shown == page
