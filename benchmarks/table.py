"""`make bench`: whole runs over workloads, asnsolve beside the reference and the limit, in one table.

benchmarks/README.md tells what is measured and how to run it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import plot, reference, report
from benchmarks.measuring import Incumbent, measure, start_times, today
from benchmarks.results import FOLDER, Results, save, this_machine, versions
from benchmarks.workloads import Workload, workloads
from solver.version import __version__

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "speed.md"
README = ROOT / "README.md"

#: Seconds that the reference may take for a workload, in the quick set and in the whole one.
_SOON, _LONG = 30.0, 900.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table.

    Args:
        arguments: what follows the program's name; None takes it from the shell.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.renew and options.only:
        parser.error("--renew measures everything; leave --only out")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the process that is timed is ended, too
    with tempfile.TemporaryDirectory() as folder:
        try:
            program = reference.installed(Path(folder, "reference"))
            chosen = _chosen(options, {workload.name: workload for workload in workloads(program)})
            incumbent = Incumbent(program, reference.recorded(), _seconds(options))
            results = _measure_all(chosen, incumbent, Path(folder), options.output)
        except RuntimeError as error:  # of a program that failed, or of a choice that cannot be made
            parser.error(str(error))
    print("\n" + report.table(results))
    if program is None:
        print("Packaged pools are those of the reference, which is not installed; see benchmarks/README.md.")
    if options.renew:
        renew(results)
    return 0


def _chosen(options: argparse.Namespace, every: Mapping[str, Workload]) -> list[Workload]:
    """The workloads to measure."""
    unknown = [name for name in options.only or () if name not in every]
    if unknown:
        raise RuntimeError(f"there is no workload {', '.join(unknown)}; there are: {', '.join(every)}")
    if options.only:
        return [every[name] for name in options.only]
    return [workload for workload in every.values() if workload.quick or options.all or options.renew]


def _seconds(options: argparse.Namespace) -> float:
    """How long the reference may run for a workload."""
    usual = _LONG if options.all or options.renew else _SOON
    return usual if options.reference is None else float(options.reference)


def renew(results: Results) -> None:
    """Renew what is committed: the results of this machine, the record of the reference, the plot, and the pages."""
    file = FOLDER / f"{results.machine.slug}.json"
    save(results, file)
    ran = {row.workload: row.reference for row in results.rows if row.reference and not row.reference.recorded}
    if ran:
        reference.record(results.machine, ran)
    plot.draw(results, plot.FILE)
    whole = report.summary(results, file.relative_to(ROOT).as_posix())
    for page, block in ((PAGE, whole), (README, report.brief(results))):
        text = page.read_text(encoding="utf-8")
        page.write_text(report.with_block(text, "make bench", block), encoding="utf-8")


def _measure_all(chosen: Sequence[Workload], incumbent: Incumbent, folder: Path, output: Path) -> Results:
    """Measure workloads, tell of each, and save after each what there is."""
    software = {"asnsolve": __version__, **versions("numpy", "pyarrow", "msgspec"), "jwst": reference.VERSION}
    load = round(os.getloadavg()[0], 1)
    results = Results(today(), this_machine(), software, load, start_times(), ())
    for workload in chosen:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            pool = Path(name) / "pool.csv"
            workload.write(pool)
            for workers in workload.workers:
                row = measure(workload, workers, pool, Path(name), incumbent)
                results = replace(results, date=today(), rows=(*results.rows, row))
                save(results, output)
                print(report.line(row), file=sys.stderr, flush=True)
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    parser.add_argument("--all", action="store_true", help="all workloads, also those that take long")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this workload; may be given again")
    parser.add_argument(
        "--reference",
        type=float,
        metavar="SECONDS",
        help=f"how long the reference may run for a workload (default: {_SOON:.0f}, with --all {_LONG:.0f})",
    )
    parser.add_argument("--output", type=Path, default=ROOT / "out" / "bench" / "results.json", metavar="FILE")
    parser.add_argument(
        "--renew", action="store_true", help="measure all, and renew the committed results, the plot and the pages"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
