"""Make a pool from downloaded files.

Make a pool from the primary headers of FITS files, or from tables of the
archive (MAST). With -v it lists what is not in the headers and was assumed.
The exit code is 1 if files could not be used.
"""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

from solver import headers, pools, whole_files
from solver.app import console
from solver.app.inputs import exposures_in, refuse_to_lose, stated
from solver.app.options import ATTENTION, STATEMENTS, SUFFIX, flag, names, option, path_to, several, workers
from solver.errors import AsnsolveError, UsageError
from solver.words import few, plural


def _candidates_of_all(cell: str) -> list[str]:
    """A pool's cell as candidates of every exposure."""
    try:
        return [f"{identifier}={kind}:*" for identifier, kind in pools.parse_cell(cell)]
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


OPTIONS = (
    names("files FILES", "FITS files, folders of FITS files, tables of the archive"),
    path_to("-o --output POOL", "the pool to write", required=True),
    STATEMENTS,
    SUFFIX,
    several("--keyword KEYWORD", "a header keyword that becomes a further column"),
    option("--asn-candidate LIST", SUPPRESS, dest="candidate", type=_candidates_of_all, action="extend"),
    several("--dms-note VALUE", SUPPRESS, dest="set", type="dms_note={}:*".format),
    several("--is-imprt VALUE", SUPPRESS, dest="set", type="is_imprt={}:*".format),
    several("--pntgtype VALUE", SUPPRESS, dest="set", type="pntgtype={}:*".format),
    option("--workers N", "number of threads that read", type=workers, default=8),
    flag("--json", "print what was found and assumed as JSON"),
    flag("-v --verbose", "print every exposure and every assumption"),
    flag("--overwrite", "replace a pool that has other exposures or candidates, or a file not made by asnsolve"),
)


def run(options: Namespace) -> int:
    """Make a pool and write it; 1 if files could not be used."""
    if headers.is_fits(options.output.name):
        raise UsageError(f"-o {options.output} is a name for an exposure; give the pool another, such as pool.csv")
    refuse_to_lose(options, output=b"asn_candidate")
    made = exposures_in([*map(Path, options.files)], options, options.workers).ingested(stated(options))
    if not options.overwrite and options.output.exists() and options.output.stat().st_size:
        try:
            former = _listed(pools.Pool.read(options.output))
        except AsnsolveError as error:
            raise UsageError(f"{error}; to replace this file, use --overwrite") from error
        if lost := dict.fromkeys(file for file, _ in sorted(former - _listed(made.pool))):
            what = f"{plural(len(lost), 'exposure')} that the new pool lacks, or lists in fewer candidates: {few(lost)}"
            raise UsageError(f"{options.output} has {what}; choose another name, or use --overwrite")
    whole_files.write_file(options.output, made.text)
    data = {"pool": str(options.output), "exposures": len(made.pool), **made.to_dict()}
    exposures = [_exposures(made.pool), ""] if options.verbose else []
    written = f"written to {options.output.resolve()}"
    console.show_either(data, (*exposures, *summary(made, notes=options.verbose), written), json=options.json)
    return ATTENTION if made.skipped else 0


def _listed(pool: pools.Pool) -> set[tuple[str, tuple[str, str]]]:
    """The files of a pool, each alone and with each of its candidates."""
    every = zip(pool.file_names, pool["asn_candidate"], strict=True)
    return {(file, pair) for file, cell in every for pair in (("", ""), *pools.parse_cell(cell))}


def summary(made: headers.Ingested, *, notes: bool) -> Iterator[object]:
    """What was found and what was assumed, maybe in detail."""
    kinds = ", ".join(f"{count:,} {product}" for product, count in made.products.items())
    what, source = ("file", "headers") if made.files else ("row", "table")
    line = f"{plural(len(made.pool), 'exposure')} from {plural(sum(made.products.values()), what)} ({kinds})"
    skipped = headers.passed_over(made.passed)
    skipped += [plural(len(made.skipped), "unusable file")] if made.skipped else []
    yield from (f"{line}; skipped: {', '.join(skipped)}" if skipped else line, *made.remarks)
    if notes:
        headings = (f"Not in the {source}", "Exposures", "Assumed", "Consequence")
        rows = ((", ".join(each.columns).upper(), each.exposures, each.assumed, each.effect) for each in made.notes)
        yield from ("", console.Table(*headings, rows=rows))
    else:
        yield f"{len(made.notes)} assumptions were made about values that are not in the {source}; list them with -v"
    yield ""


def _exposures(pool: pools.Pool) -> console.Table:
    ids = (", ".join(each for each, _ in pools.parse_cell(cell)) for cell in pool["asn_candidate"])
    names = (name.removesuffix("_uncal.fits") for name in pool.file_names)
    return console.Table("Exposure", "Type", "Candidates", rows=zip(names, pool["exp_type"], ids, strict=True))
