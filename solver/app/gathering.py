"""The command `asnsolve gather`."""

from __future__ import annotations

import argparse

from solver.app import console
from solver.gathering import gather


def run(options: argparse.Namespace) -> int:
    """Gather, and tell what is there now."""
    found = gather(
        options.associations,
        options.destination,
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
    associations = console.plural(len(found.associations), "association")
    members = console.plural(len(found.members), "member")
    old = len(every) - len(found.new)
    there = f"; {console.plural(old, 'file')} of them there already" if old else ""
    out.print(console.inert(f"gathered in {options.destination.resolve()}: {associations} with {members}{there}"))
    return 0
