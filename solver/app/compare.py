"""Show how two sets of associations differ, or two versions of rules.

Compare two sets of association files by their products: the members, and all
that is recorded about them. Order, file names and sequence numbers do not matter.
With --rules-version, compare what two versions of the rules make of pools. The
exit code is 0 if there is no difference, else 1.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from itertools import chain, starmap
from operator import itemgetter
from pathlib import Path

from solver import associations, batch, pools, storage
from solver.app import console
from solver.app.options import ATTENTION, flag, names, several
from solver.errors import UsageError
from solver.multimap import grouped
from solver.words import few, plural

OPTIONS = (
    names("paths SET", "two sets, each a file, an archive, or a folder with *_asn.json; with --rules-version, pools"),
    several("--rules-version VERSION", "compare this version of the rules with the current one, or two if repeated"),
    flag("--json", "print the comparison as JSON"),
)

#: Rules are compared two by two.
_PAIR = 2


def run(options: Namespace) -> int:
    """Compare, and show the differences."""
    from dataclasses import asdict

    if options.rules_version:
        return _versions(options)
    if len(options.paths) != _PAIR:
        raise UsageError(f"{plural(len(options.paths), 'set')} named; name two to compare")
    first, second = map(Path, options.paths)
    for path in (first, second):
        storage.refuse_gone(path)
    one, other = (map(associations.without_paths, storage.load(path)) for path in (first, second))
    found = associations.compare(one, other)
    console.show_either({"equal": found.equal, **asdict(found)}, _differences(found, first, second), json=options.json)
    return 0 if found.equal else ATTENTION


def _versions(options: Namespace) -> int:
    """What two versions of the rules make of pools, by rule and change."""
    from solver.default import chosen_rules

    if len(options.rules_version) > _PAIR:
        raise UsageError(f"{len(options.rules_version)} versions of the rules named; name one, or two to compare")
    pair = ("mission", *options.rules_version)[-_PAIR:]
    versions = [chosen_rules([each]) if Path(each).suffix == ".py" else chosen_rules(version=each) for each in pair]
    paths = batch.find_inputs(map(Path, options.paths)).pools
    made = ([batch.generate(pool, each).associations for each in versions] for pool in map(pools.Pool.read, paths))
    changes = chain.from_iterable(each.items() for each in starmap(associations.changes, made))
    found = grouped((key, product) for key, products in sorted(changes, key=itemgetter(0)) for product in products)
    rows = [(rule, change, len(products), few(products, 1)) for (rule, change), products in found.items()]
    changed = f"{plural(sum(map(len, found.values())), 'product')} of {plural(len(paths), 'pool')} changed"
    same = f"no difference between {' and '.join(pair)}"
    shown = [console.Table("Rule", "Change", "Products", "Example", rows=rows), "", changed] if rows else [same]
    data = [{"rule": rule, "change": change, "products": products} for (rule, change), products in found.items()]
    console.show_either(data, shown, json=options.json)
    return ATTENTION if rows else 0


def _differences(found: associations.Comparison, first: Path, second: Path) -> Iterator[str]:
    for path, products in ((first, found.only_first), (second, found.only_second)):
        if products:
            yield f"Only in {path}: {plural(len(products), 'product')}"
            yield from (f"  {_name(product)}" for product in products)
    for each in found.different:
        yield f"Different: {_name(each.product)}"
        yield from (f"  {line}" for line in each.lines())
    apart = {f"only in {first}": found.only_first, f"only in {second}": found.only_second, "different": found.different}
    counts = [f"{len(products):,} {what}" for what, products in apart.items() if products]
    yield ", ".join([f"{plural(found.same, 'product')} the same", *(counts or ["0 differ"])])


def _name(product: associations.ProductKey) -> str:
    program, identifier, kind, name = product
    return f"{name}  ({kind}, candidate {identifier} of program {program.lstrip('0') or 'none'})"
