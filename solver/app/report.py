"""Show the associations of a pool as a web page.

Find the associations of a pool and show them on one web page, which needs no
network: the observing hierarchy, the associations and roles of each exposure,
and why others are in no association. No association files are written.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from solver import reports, solving, whole_files
from solver.app import console
from solver.app.inputs import exit_code, read_pool, recall, refuse_to_lose, request_of, rules_of, stated
from solver.app.options import CHOICE, OVERWRITE, POOL, path_to
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

#: Kinds of figures.
_FIGURES: tuple[reports.Format, ...] = ("png", "svg")


def run(options: Namespace) -> int:
    """Make the report and the figures before writing any of them; 1 if files had to be skipped."""
    output = options.output
    figures = {kind: path for kind in _FIGURES if (path := getattr(options, kind)) is not None}
    recall(options)
    _check(options, [output, *figures.values()])
    rules, request = rules_of(options), request_of(options)
    pool = read_pool(options)
    solving.check_request(pool, rules, request)
    with console.Progress() as progress:
        result = solving.solve_unchecked(pool, rules, request, reporter=progress)
    why = reports.explained(pool, result, rules)
    contents = reports.contents_of(pool, result, rules, why=why, request=request, statements=stated(options))
    files: dict[Path, str | bytes] = {output: reports.page(contents)}
    files |= {path: reports.rendered(contents, kind) for kind, path in figures.items()}
    for path, content in files.items():
        whole_files.write_file(path, content)
    made = f"{plural(len(contents.associations), 'association')} from {plural(len(pool), 'exposure')}"
    sizes = (f"written to {path.resolve()} ({path.stat().st_size / 1e6:.1f} MB)" for path in files)
    absent = result.absent(len(pool), {rule.spec.level for rule in rules})
    console.show(made, left_out(absent, len(result.orphans)), *sizes)
    return exit_code(options)


def _check(options: Namespace, files: list[Path]) -> None:
    """Refuse what cannot be made, before any work is done."""
    if len(files) > 1:
        from solver.drawing import require_matplotlib  # only figures need it

        require_matplotlib()
    if len({real(path) for path in (*files, options.pool)}) <= len(files):
        raise UsageError("the pool, the report and the figures need different names")
    refuse_to_lose(options, output=b'<meta name="generator" content="asnsolve ', png=b"\x89png", svg=b"<svg")
