"""The command `asnsolve gather`."""

from __future__ import annotations

import argparse
from pathlib import Path

from solver.app import console
from solver.errors import UsageError
from solver.storage import gather


def run(options: argparse.Namespace) -> int:
    """Gather, and tell what is there now."""
    *associations, destination = map(Path, options.paths)
    if not associations:
        raise UsageError(f"nothing to gather; name the associations before the folder {destination}")
    found = gather(
        associations,
        destination,
        exp_types=options.exp_types,
        exclude_types=options.exclude_types,
        source_folder=options.source,
        link=options.link,
        command=options.cmd,
        overwrite=options.overwrite,
    )
    out = console.output()
    every = (*found.associations, *found.members)
    if options.verbose:
        for path in every:
            out.print(console.inert(f"{path}{'' if path in found.new else '  (there already)'}"))
    what = f"{console.plural(len(found.associations), 'association')} with "
    what += console.plural(len(found.members), "member")
    old = len(every) - len(found.new)
    there = f"; {console.plural(old, 'file')} of them there already" if old else ""
    out.print(console.inert(f"gathered in {destination.resolve()}: {what}{there}"))
    return 0
