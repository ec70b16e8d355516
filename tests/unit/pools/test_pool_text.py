"""The text of a pool in parts: what is read of them is the same as what is cut from the whole pool."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from benchmarks.simulator import simulate, write_pool
from solver.errors import PoolError
from solver.pools import Pool, PoolText, pool_text
from solver.solving import cut_into_shards


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_text, "_LARGE", 0)


@pytest.fixture
def lines(tmp_path: Path) -> list[str]:
    """The header and the rows of a pool of seven programs, each with its line end."""
    write_pool(list(simulate(3, programs=7, exposures=200)), tmp_path / "pool.csv")
    return (tmp_path / "pool.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def opened(folder: Path, text: str, **how: str) -> PoolText | None:
    (folder / "pool.csv").write_bytes(text.encode())
    return PoolText.open(folder / "pool.csv", **how)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("last", ["\n", ""])
def test_parts_are_the_shards_of_the_pool(tmp_path: Path, lines: list[str], last: str, *, shuffled: bool) -> None:
    header, *rows = lines
    if shuffled:
        Random(1).shuffle(rows)
    text = opened(tmp_path, "".join([header, *rows]).rstrip("\n") + last)
    assert text is not None
    whole = Pool.read(tmp_path / "pool.csv")
    assert (len(text), text.name) == (len(whole), whole.name)
    shards = cut_into_shards(whole, 60)
    assert cut_into_shards(text, 60) == shards
    assert len(shards) > 2
    for shard in shards:
        part, expected = text.select(shard), whole.select(shard)
        pool = part.read()
        assert len(part) == len(pool) == len(expected)
        assert (pool.name, pool.file_names) == (expected.name, expected.file_names)
        assert pool.columns.keys() == expected.columns.keys()
        for name, column in pool.columns.items():
            assert (column.values, column.codes.tolist()) == (
                expected.columns[name].values,
                expected.columns[name].codes.tolist(),
            )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("|", "|\u00e9"),
        ("|", "|#"),
        ("|", '|"'),
        ("\n", "\r\n"),
        ("\n", "\n\n"),
        ("\n", "|\n"),
        ("|program", "|programme"),
        ("filename", "file"),
    ],
)
def test_what_may_not_be_plain_is_not_divided(tmp_path: Path, lines: list[str], old: str, new: str) -> None:
    text = "".join(lines).lower()
    assert opened(tmp_path, text) is not None
    assert opened(tmp_path, text[:-1].replace(old, new, 1)) is None
    assert opened(tmp_path, (text + lines[1]).replace(old, new, 1)) is None


@pytest.mark.parametrize("how", [{"table_format": "ascii"}, {"delimiter": ","}, {"delimiter": ""}, {"delimiter": "||"}])
def test_other_tables_are_not_divided(tmp_path: Path, lines: list[str], how: dict[str, str]) -> None:
    assert opened(tmp_path, "".join(lines), **how) is None


@pytest.mark.parametrize("name", ["{}", " {} ", "upper", "none"])
def test_repeated_and_missing_file_names_are_not_divided(tmp_path: Path, lines: list[str], name: str) -> None:
    first, _, rest = lines[-1].partition("|")
    again = {"upper": first.upper(), "none": "NULL"}.get(name, name.format(first))
    assert opened(tmp_path, "".join([*lines, f"{again}|{rest}"])) is None


@pytest.mark.parametrize("before", [1, 3])
def test_a_part_is_read_with_the_delimiter_of_the_whole(tmp_path: Path, lines: list[str], before: int) -> None:
    header, *rows = (line.replace("|", "^") for line in lines)
    program = lines[0].lower().split("|").index("program")
    ours = [row.split("^") for row in rows[: before + 2]]
    for number, cells in enumerate(ours):
        cells[program] = "1" if number < before else ("2", "002")[number % 2]
    text = opened(tmp_path, "".join([header, *map("^".join, ours)]), delimiter="^")
    assert text is not None
    assert text.program.values == ("", "1", "2")
    part = text.select(range(before, before + 2)).read()
    assert (list(part["program"]), len(part)) == (["2", "2"], 2)


def test_the_delimiter_is_recognised(tmp_path: Path, lines: list[str]) -> None:
    text = opened(tmp_path, "".join(lines).replace("|", ";"))
    assert text is not None
    assert text.select(range(len(text))).delimiter == ";"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PoolError, match=r"none\.csv cannot be read: No such file"):
        PoolText.open(tmp_path / "none.csv")


def test_a_small_pool_is_not_divided(tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_text, "_LARGE", 20_000_000)
    assert opened(tmp_path, "".join(lines)) is None
