"""Results made up for tests."""

from __future__ import annotations

from benchmarks.results import Machine, ReferenceTimes, Results, Row

MACHINE = Machine("Some Processor 9", 2, 23.5, "Linux 6.1", "3.11.7")


def row(
    exposures: int,
    seconds: float,
    *,
    series: str = "simulated",
    workers: int | None = None,
    reference: ReferenceTimes | None = None,
    peak: int | None = None,
) -> Row:
    """A row whose limit is half of what asnsolve takes."""
    ours = (seconds, seconds * 2, seconds / 2)
    limit = tuple(each / 2 for each in ours)
    return Row(f"{series} {exposures:,}", series, exposures, 2 * exposures, workers, ours, limit, peak, reference)


def results(*rows: Row) -> Results:
    """Results with these rows."""
    start = {"python": (0.25, 0.5), "import solver": (0.5, 1.0)}
    return Results("2026-01-31", MACHINE, {"asnsolve": "0.1.0", "jwst": "3.0.0"}, 0.5, start, rows)
