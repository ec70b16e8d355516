"""Show the associations of a pool as a web page.

Find the associations of a pool and show them on one web page, which needs no
network: the observing hierarchy, the associations and roles of each exposure,
and why others are in no association. No association files are written.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Literal

from solver import pools, reports, solving, whole_files
from solver.app import console
from solver.app.inputs import read_once, recall, refuse_to_lose, request_of, rules_of, stated
from solver.app.options import ATTENTION, CHOICE, OVERWRITE, POOL, path_to
from solver.errors import UsageError
from solver.guards import real
from solver.words import left_out, plural

OPTIONS = (
    *POOL,
    *CHOICE,
    path_to("-o --output FILE", "the page (default: report.html)", default=Path("report.html")),
    path_to("--png FILE", "also draw the hierarchy and the matrix, as a PNG (needs matplotlib)"),
    path_to("--svg FILE", "the same, as an SVG"),
    OVERWRITE,
)

#: The options that name files, the page and the kinds of figures.
_KINDS: tuple[Literal["output", "png", "svg"], ...] = ("output", "png", "svg")


def run(options: Namespace) -> int:
    """Make the report and the figures before writing any of them; 1 if files had to be skipped."""
    paths = {kind: path for kind in _KINDS if (path := getattr(options, kind)) is not None}
    recall(options)
    _check(options, [*paths.values()])
    rules, request = rules_of(options), request_of(options)
    read, statements = read_once(options), stated(options)
    pool = read(statements)
    solving.check_request(pool, rules, request)
    with console.Progress() as progress:
        result = solving.solve_unchecked(pool, rules, request, reporter=progress)
    why = reports.explained(pool, result, rules)
    how = {"request": request, "statements": statements, "source": options.pool, "unstated": read(pools.Statements())}
    contents = reports.contents_of(pool, result, rules, why=why, **how)
    made = {kind: reports.page(contents) if kind == "output" else reports.rendered(contents, kind) for kind in paths}
    for kind, path in paths.items():
        whole_files.write_file(path, made[kind])
    found = f"{plural(len(result.associations), 'association')} from {plural(len(pool), 'exposure')}"
    sizes = (f"written to {path.resolve()} ({path.stat().st_size / 1e6:.1f} MB)" for path in paths.values())
    absent = result.absent(len(pool), {rule.spec.level for rule in rules})
    console.show(found, left_out(absent, len(result.orphans)), *sizes)
    return ATTENTION if options.incomplete else 0


def _check(options: Namespace, files: list[Path]) -> None:
    """Refuse what cannot be made, as figures without matplotlib, before any work is done."""
    if len(files) > 1:
        from solver.drawing import sheet  # only figures need it

        sheet(1, 1)
    if len({real(path) for path in (*files, options.pool)}) <= len(files):
        raise UsageError("the pool, the report and the figures need different names")
    refuse_to_lose(options, output=b'<meta name="generator" content="asnsolve ', png=b"\x89png", svg=b"<svg")
