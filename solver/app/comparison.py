"""The command `asnsolve compare`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from solver.app import console
from solver.associations import Comparison, ProductKey, compare, without_paths
from solver.storage import load

#: Exit code where the two differ.
DIFFERENT = 1


def run(options: argparse.Namespace) -> int:
    """Compare and tell; 0 if all is the same, else 1."""
    found = compare(*(map(without_paths, load(path)) for path in (options.first, options.second)))
    if options.json:
        sys.stdout.write(json.dumps({"equal": found.equal, **asdict(found)}, indent=1) + "\n")
    else:
        _tell(found, options)
    return 0 if found.equal else DIFFERENT


def _tell(found: Comparison, options: argparse.Namespace) -> None:
    out = console.output()
    for path, products in ((options.first, found.only_first), (options.second, found.only_second)):
        if products:
            out.print(console.inert(f"Only in {path}: {console.plural(len(products), 'product')}"))
            for product in products:
                out.print(console.inert(f"  {_name(product)}"))
    for each in found.different:
        out.print(console.inert(f"Different: {_name(each.product)}"))
        if each.targets is not None:
            out.print(console.inert(f"  target {each.targets[0] or 'none'} / {each.targets[1] or 'none'}"))
        for sign, members in (("-", each.only_first), ("+", each.only_second)):
            for name, role in members:
                out.print(console.inert(f"  {sign} {role} {name}"))
    differ = len(found.only_first) + len(found.only_second) + len(found.different)
    out.print(f"{console.plural(found.same, 'product')} the same, {differ:,} not")


def _name(product: ProductKey) -> str:
    program, identifier, kind, name = product
    return f"{name}  ({kind}, candidate {identifier} of program {program})"
