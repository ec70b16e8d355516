from __future__ import annotations

import pytest

from benchmarks.report import brief, line, summary, table, with_block
from benchmarks.results import ReferenceTimes
from tests.unit.benchmarks.made import results, row

MADE = results(
    row(20, 0.25, reference=ReferenceTimes((2.0, 4.0, 1.0), "2026-01-31"), peak=50 << 20),
    row(801, 0.5, series="packaged", reference=ReferenceTimes((150.0,), "2026-01-30", recorded=True)),
    row(1248, 0.75, series="parallel", reference=ReferenceTimes((900.0,), "2026-01-31", stopped=True)),
    row(10_000, 1.5, workers=2),
    row(1_000_000, 45.0, workers=2, peak=5000 << 20),
)

TABLE = """\
workload             exposures  associations  workers  asnsolve s  µs/exposure        jwst s    times  limit s  times    MiB  growth
simulated 20                20            40                 0.25       12,500           2.0      8.0     0.12    2.0     50
packaged 801               801         1,602                  0.5          624  150 recorded      300     0.25    2.0
parallel 1,248           1,248         2,496                 0.75          601         ≥ 900  ≥ 1,200     0.38    2.0
simulated 10,000        10,000        20,000        2         1.5          150                            0.75    2.0
simulated 1,000,000  1,000,000     2,000,000        2          45           45                              22    2.0  5,000    0.74

`import solver` adds 0.38 s to the start of Python.
≥: the reference was stopped then, unfinished.
recorded: the reference ran on 2026-01-30, not with this run."""  # noqa: E501 (as wide as the table is)


def test_the_table() -> None:
    assert table(MADE) == TABLE


def test_the_table_explains_only_the_marks_it_has() -> None:
    assert table(results(row(20, 0.25))).splitlines()[2:] == ["", "`import solver` adds 0.38 s to the start of Python."]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (0, "simulated 20: 0.25 s, limit 0.12 s, jwst 2.0 s"),
        (2, "parallel 1,248: 0.75 s, limit 0.38 s, jwst ≥ 900 s"),
        (3, "simulated 10,000: 1.5 s, 2 workers, limit 0.75 s"),
    ],
)
def test_a_row_in_a_line(place: int, expected: str) -> None:
    assert line(MADE.rows[place]) == expected


def test_a_summary_tells_when_where_and_with_what() -> None:
    first, blank, *shown = summary(MADE, "results/x.json").splitlines()
    assert first == (
        "Measured on 2026-01-31, on 2 cores of Some Processor 9, 24 GiB, Linux 6.1, Python 3.11.7, "
        "with asnsolve 0.1.0, jwst 3.0.0; 0.5 other processes ran (all runs: `results/x.json`):"
    )
    assert blank == ""
    assert [each.removeprefix("    ") for each in shown] == TABLE.splitlines()


def test_a_brief_table_has_large_workloads_once() -> None:
    made = results(*MADE.rows, row(10_000, 1.0, workers=1))
    assert brief(made).splitlines()[4:-2] == [
        "| packaged 801 | 801 | 150 recorded | 0.5 | 0.25 |",
        "| parallel 1,248 | 1,248 | ≥ 900 | 0.75 | 0.38 |",
        "| simulated 1,000,000 | 1,000,000 |  | 45 | 22 |",
        "| simulated 10,000 | 10,000 |  | 1.0 | 0.5 |",
    ]


def test_a_block_of_a_page_is_replaced() -> None:
    page = "# Title\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter <!-- b: begin --><!-- b: end -->\n"
    expected = "# Title\n<!-- a: begin -->\n\nnew\n\n<!-- a: end -->\nafter <!-- b: begin --><!-- b: end -->\n"
    assert with_block(page, "a", "new") == expected
    assert with_block(expected, "a", "new") == expected


@pytest.mark.parametrize("page", ["", "<!-- a: begin -->", "<!-- a: begin --><!-- a: begin --><!-- a: end -->"])
def test_a_page_without_the_block_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="needs one line <!-- a: begin --> and one line <!-- a: end -->"):
        with_block(page, "a", "new")
