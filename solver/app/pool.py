"""Make a pool of downloaded exposures.

Make a pool of exposures: of FITS files, by their primary headers; of folders with such; of tables
that the archive (MAST) gives. With -v it says what is not in the headers and had to be assumed.
Exit code 1 if files had to be skipped.
"""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentTypeError, Namespace

from solver import headers, pools, whole_files
from solver.app import console
from solver.app.inputs import ingested
from solver.app.options import OVERWRITE, STATEMENTS, SUFFIX, flag, option, path_to
from solver.errors import UsageError
from solver.words import plural


def _candidates_of_all(cell: str) -> list[str]:
    """A pool's cell as candidates of every exposure."""
    try:
        return [f"{identifier}={kind}:*" for identifier, kind in pools.parse_cell(cell)]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


OPTIONS = (
    path_to("files FILES", "FITS files, folders with such, tables of the archive", nargs="+"),
    path_to("-o --output POOL", "the pool to write", required=True),
    STATEMENTS,
    SUFFIX,
    option("--keyword KEYWORD", "a further keyword that becomes a column", action="append"),
    option("--asn-candidate LIST", SUPPRESS, dest="candidate", type=_candidates_of_all, action="extend"),
    *(
        option(
            f"--{column.replace('_', '-')} VALUE", SUPPRESS, dest="set", type=f"{column}={{}}:*".format, action="append"
        )
        for column in ("dms_note", "is_imprt", "pntgtype")
    ),
    option("--workers N", "number of threads that read", type=int, default=8),
    flag("--json", "print what was found and assumed as JSON"),
    flag("-v --verbose", "print every exposure and every assumption"),
    OVERWRITE,
)

#: Exit code if files had to be skipped.
SKIPPED = 1

#: What the first line of every pool contains, in lower case.
_MARK = b"asn_candidate"

#: More threads than this are a mistake in the command.
_MOST_READERS = 256


def run(options: Namespace) -> int:
    """Make a pool and write it; 1 if files had to be skipped."""
    if headers.is_fits(options.output.name):
        raise UsageError(f"-o {options.output} is a name for an exposure; give the pool another, such as pool.csv")
    if not 1 <= options.workers <= _MOST_READERS:
        raise UsageError(f"--workers {options.workers}: give a number of threads from 1 to {_MOST_READERS}")
    whole_files.refuse_to_lose(options.output, _MARK, overwrite=options.overwrite)
    made = ingested(options.files, options, options.workers)
    whole_files.write_file(options.output, made.text)
    if options.json:
        console.show_json({"pool": str(options.output), "exposures": len(made.pool), **made.to_dict()})
    else:
        show_ingested(made, exposures=options.verbose, notes=options.verbose)
        console.show(f"written to {options.output.resolve()}")
    return SKIPPED if made.skipped else 0


def show_ingested(made: headers.Ingested, *, exposures: bool = False, notes: bool = False) -> None:
    """Print what was found and what was assumed, maybe in detail."""
    if exposures:
        console.show(_exposures(made.pool), "")
    kinds = ", ".join(f"{count:,} {product}" for product, count in made.products.items())
    line = f"{plural(len(made.pool), 'exposure')} from {plural(sum(made.products.values()), 'file')} ({kinds})"
    if made.passed:
        line += f"; passed over: {', '.join(headers.passed_over(made.passed))}"
    if made.skipped:
        line += f"; skipped: {plural(len(made.skipped), 'file')}"
    rows = ((", ".join(each.columns).upper(), f"{each.exposures:,}", each.assumed, each.effect) for each in made.notes)
    headings = ("Not in the headers", "Exposures", "Assumed", "What it decides")
    if notes:
        console.show(line, *made.remarks, "", console.Table(*headings, rows=rows, numbers=("Exposures",)), "")
    else:
        assumed = f"{plural(len(made.notes), 'assumption')} on what is not in the headers; -v lists them"
        console.show(line, *made.remarks, assumed, "")


def _exposures(pool: pools.Pool) -> console.Table:
    ids = (", ".join(each for each, _ in pools.parse_cell(cell)) for cell in pool["asn_candidate"])
    names = (name.removesuffix("_uncal.fits") for name in pool.file_names)
    return console.Table("Exposure", "Type", "Candidates", rows=zip(names, pool["exp_type"], ids, strict=True))
