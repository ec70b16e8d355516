"""Results for people: tables of text, and the parts of pages that show them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks.results import Results, Row, exponents

_MIB = 2**20

#: Exposures of the workloads that README shows.
_LARGE = 500

_COLUMNS = (
    "workload", "exposures", "associations", "workers", "asnsolve s", "µs/exposure", "jwst s", "times",
    "limit s", "times", "MiB", "growth",
)  # fmt: skip


def table(results: Results) -> str:
    """All rows, and below them what the marks mean."""
    growing = exponents(results.rows)
    lines = [_cells(row, growing.get((row.workload, row.workers))) for row in results.rows]
    notes = [f"`import solver` adds {results.import_seconds:.2f} s to the start of Python."]
    times = [row.reference for row in results.rows if row.reference is not None]
    if any(each.stopped for each in times):
        notes.append("≥: the reference was stopped then, unfinished.")
    earlier = sorted({each.date for each in times if each.recorded})
    if earlier:
        notes.append(f"recorded: the reference ran on {', '.join(earlier)}, not with this run.")
    return "\n".join([aligned([_COLUMNS, *lines]), "", *notes])


def line(row: Row) -> str:
    """A row in a line, for who waits."""
    parts = [f"{row.workload}: {figure(row.seconds)} s", f"limit {figure(median(row.limit))} s"]
    if row.reference is not None:
        parts.append(f"jwst {_reference(row)[0]} s")
    if row.workers is not None:
        parts.insert(1, f"{row.workers} worker{'s' if row.workers > 1 else ''}")
    return ", ".join(parts)


def _cells(row: Row, growth: float | None) -> tuple[str, ...]:
    return (
        row.workload,
        f"{row.exposures:,}",
        f"{row.associations:,}",
        "" if row.workers is None else str(row.workers),
        figure(row.seconds),
        figure(row.per_exposure),
        *_reference(row),
        figure(median(row.limit)),
        figure(row.over_limit),
        "" if row.peak is None else figure(row.peak / _MIB),
        "" if growth is None else f"{growth:.2f}",
    )


def _reference(row: Row) -> tuple[str, str]:
    """What the reference took, and how many times as long as asnsolve that is."""
    if row.reference is None or row.speedup is None:
        return "", ""
    least = "≥ " if row.reference.stopped else ""
    recorded = " recorded" if row.reference.recorded else ""
    return f"{least}{figure(median(row.reference.seconds))}{recorded}", f"{least}{figure(row.speedup)}"


def figure(value: float) -> str:
    """A number with as many digits as can be trusted.

    >>> [figure(value) for value in (0.0123, 0.456, 7.89, 45.6, 1234.5)]
    ['0.012', '0.46', '7.9', '46', '1,234']
    """
    if value >= 10:  # noqa: PLR2004 (two digits and more before the point)
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Columns below each other: the first one to the left, all others to the right.

    >>> print(aligned([["a", "n"], ["bcd", "10"]]))
    a     n
    bcd  10
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def summary(results: Results, file: str) -> str:
    """The table for a page, with when and where it was measured; `file` has all figures."""
    software = ", ".join(f"{package} {version}" for package, version in results.versions.items())
    return (
        f"Measured on {results.date}, on {results.machine}, with {software}; "
        f"{results.load:.1f} other processes ran (all runs: `{file}`):\n\n{indented(table(results))}"
    )


def brief(results: Results) -> str:
    """A small table for README: the workloads that take long with the reference, each with its fastest run."""
    fastest: dict[str, Row] = {}
    for row in sorted(results.rows, key=lambda each: each.seconds):
        if row.exposures >= _LARGE:
            fastest.setdefault(row.workload, row)
    rows = [row for row in results.rows if fastest.get(row.workload) is row]
    cells = [
        (row.workload, f"{row.exposures:,}", _reference(row)[0], figure(row.seconds), figure(median(row.limit)))
        for row in rows
    ]
    return "\n".join(
        [
            f"Seconds, measured on {results.date}, on {results.machine}; `docs/reference/speed.md` has all figures.",
            "",
            "| pool | exposures | asn_generate | asnsolve | limit |",
            "|---|---:|---:|---:|---:|",
            *(f"| {' | '.join(row)} |" for row in cells),
            "",
            "≥: stopped, unfinished, after that time. *recorded*: measured on an earlier day.",
        ]
    )


def indented(text: str) -> str:
    """A text as a block of code of a page."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def with_block(page: str, name: str, block: str) -> str:
    """A page with what stands between its lines `<!-- NAME: begin -->` and `<!-- NAME: end -->` replaced.

    Raises:
        ValueError: the page has no such lines.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"the page needs one line {begin} and one line {end}")
    before, rest = page.split(begin)
    return f"{before}{begin}\n\n{block}\n\n{end}{rest.split(end)[1]}"
