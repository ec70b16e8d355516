"""The command `asnsolve report`: what became of a pool, as a page to look at and as figures."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from solver.app import console
from solver.app.generation import read_pool, rule_choice
from solver.errors import UsageError
from solver.reports import Contents, Format, contents_of, explained, page, rendered
from solver.solving import generate
from solver.storage import refuse_to_lose, write_file

#: The report's name where the user gives none.
DEFAULT = Path("report.html")

#: By this a report is known to be one, and so may be replaced.
_MARK = b'<meta name="generator" content="asnsolve '


#: By these files of each kind are known.
_MARKS: dict[Format, bytes] = {"png": b"\x89png", "svg": b"<svg"}


def run(options: argparse.Namespace) -> int:
    """Make the report and the figures, and only then write them."""
    output = options.output or DEFAULT
    asked: dict[Format, Path | None] = {"png": options.png, "svg": options.svg}
    figures = {kind: path for kind, path in asked.items() if path is not None}
    _check(options, output, figures)
    rules = rule_choice(options)
    pool = read_pool(options)
    with console.Progress() as progress:
        result = generate(
            pool,
            rules,
            candidates=() if options.discover else options.ids,
            discover=options.discover or (options.ids is None and not options.all_candidates),
            reporter=progress,
        )
    contents = contents_of(pool, result, rules, explainer=explained(pool, result, rules))
    files: dict[Path, str | bytes] = {output: page(contents)}
    files |= {path: rendered(contents, kind) for kind, path in figures.items()}
    for path, content in files.items():
        write_file(path, content)
    _tell(contents, list(files))
    return 0


def _check(options: argparse.Namespace, output: Path, figures: dict[Format, Path]) -> None:
    """Whether everything that is asked for can be made, before any work is done."""
    if figures and importlib.util.find_spec("matplotlib") is None:
        raise UsageError("figures are drawn by matplotlib, which is not here; pip install 'asnsolve[figures]'")
    paths = [path.resolve() for path in (output, *figures.values(), options.pool)]
    if len(set(paths)) < len(paths):
        raise UsageError("the pool, the report and the figures need different names")
    refuse_to_lose(output, _MARK, overwrite=options.overwrite)
    for kind, path in figures.items():
        refuse_to_lose(path, _MARKS[kind], overwrite=options.overwrite)


def _tell(contents: Contents, paths: list[Path]) -> None:
    out = console.output()
    orphans = sum(len(each.rows) for each in contents.orphans)
    out.print(
        f"{console.plural(len(contents.associations), 'association')} from "
        f"{console.plural(len(contents.outside), 'exposure')}; {console.plural(orphans, 'exposure')} in none"
    )
    for path in paths:
        size = path.stat().st_size
        out.print(console.inert(f"written to {path.resolve()} ({size / 1e6:.1f} MB)"))
