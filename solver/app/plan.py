"""Write what to run for associations, in order.

Write the commands that run the pipelines on associations, in an order in which
each finds the files that it needs: Level 2 before Level 3, and images before
slitless spectra, which need their catalogues. Where only `_uncal` files exist,
the commands that make `_rate` files come first. The exit code is 1 if other
files are missing, if two associations make the same product, or if one is left
out because no pipeline runs its asn_type.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from solver import storage, whole_files
from solver.app import console
from solver.app.inputs import refuse_to_lose
from solver.app.options import ATTENTION, OVERWRITE, names, option, path_to
from solver.words import few

OPTIONS = (
    names("paths ASN", "associations, or folders with *_asn.json"),
    option("--format {sh,make}", "a script for sh, or rules for make, which runs only what changed", default="sh"),
    path_to("-s --source FOLDER", "where `_uncal` files are (default: where the `_rate` files are expected)"),
    path_to("-o --output FILE", "the file to write (default: standard output)"),
    OVERWRITE,
)


def run(options: Namespace) -> int:
    """Write the plan; 1 if something is missing."""
    refuse_to_lose(options, output=b"# made by asnsolve plan")
    plan = storage.plan_of(map(Path, options.paths), options.source)
    text, runner = (plan.as_script(), "sh") if options.format == "sh" else (plan.as_makefile(), "make -f")
    rates = ["_rate" in each.name for each in plan.missing]
    remedies = [storage.where_to_search("the _uncal files", options.source) + ", or supply _rate files"] * any(rates)
    remedies += [f"{'for all but the _rate files, ' * any(rates)}add associations that make them"] * (not all(rates))
    lacking = {
        "left out, because no pipeline runs their asn_type": (plan.unknown, "set image2, image3, … with from-list -t"),
        "missing files that this plan does not make": (plan.missing, "; ".join(remedies)),
        "products made twice, the second overwriting the first": (plan.twice, "plan each in a folder of its own"),
    }
    for what, (found, remedy) in lacking.items():
        if found:
            console.warn(f"asnsolve plan: {what}: {few(found)}; {remedy}")
    if options.output is None:
        sys.stdout.write(text)
    else:
        whole_files.write_file(options.output, text)
        how = f"run it with {runner} {options.output}"
        console.show(f"written to {options.output}; {'it fails until these files exist' if plan.missing else how}")
    return ATTENTION if any(found for found, _ in lacking.values()) else 0
