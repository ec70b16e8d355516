"""Show how two sets of associations differ.

Compare two sets of association files: the same products with the same members, in all their keys?
Order, file names and sequence numbers do not matter. Exit code 0 if they are the same, 1 if not.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from solver import associations, storage
from solver.app import console
from solver.app.options import ATTENTION, flag, path_to
from solver.words import plural

OPTIONS = (
    path_to("first A", "a file, an archive, or a folder with *_asn.json"),
    path_to("second B", "the same"),
    flag("--json", "print the comparison as JSON"),
)


def run(options: Namespace) -> int:
    """Compare, and show the differences."""
    from dataclasses import asdict

    one, other = (map(associations.without_paths, storage.load(path)) for path in (options.first, options.second))
    found = associations.compare(one, other)
    data = {"equal": found.equal, **asdict(found)}
    console.show_either(data, _differences(found, options.first, options.second), json=options.json)
    return 0 if found.equal else ATTENTION


def _differences(found: associations.Comparison, first: Path, second: Path) -> Iterator[str]:
    for path, products in ((first, found.only_first), (second, found.only_second)):
        if products:
            yield f"Only in {path}: {plural(len(products), 'product')}"
            yield from (f"  {_name(product)}" for product in products)
    for each in found.different:
        yield f"Different: {_name(each.product)}"
        yield from (f"  {line}" for line in each.lines())
    differ = len(found.only_first) + len(found.only_second) + len(found.different)
    same = f"{plural(found.same, 'product')} {'is' if found.same == 1 else 'are'} the same"
    yield f"{same}, {differ:,} {'differs' if differ == 1 else 'differ'}"


def _name(product: associations.ProductKey) -> str:
    program, identifier, kind, name = product
    return f"{name}  ({kind}, candidate {identifier} of program {program})"
