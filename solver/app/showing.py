"""The command `asnsolve show`."""

from __future__ import annotations

import argparse
import glob
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solver.app import console
from solver.associations import Association, Member, Product
from solver.errors import AssociationError
from solver.pools import normalise
from solver.storage import is_archive, load_named, missing_members

#: Exit code where members are missing.
MISSING = 1

#: The files of associations, and the members of each that are missing.
Shown = Mapping[Path, tuple[Association, frozenset[str]]]


def run(options: argparse.Namespace) -> int:
    """Show the associations; 1 if missing members are asked for, and there are any."""
    shown = {
        file: (association, frozenset(missing_members(association, _folder(file)) if options.exists else ()))
        for file, association in load_named(*_paths(options.paths))
    }
    if options.json:
        sys.stdout.write(json.dumps(list(_as_data(shown, exists=options.exists)), indent=1) + "\n")
    else:
        _tell(shown, options)
    return MISSING if any(missing for _, missing in shown.values()) else 0


def _paths(given: Iterable[str]) -> Iterator[Path]:
    """The paths, with patterns replaced by what they stand for, as some shells leave it to the program."""
    for text in given:
        if Path(text).exists() or not glob.has_magic(text):
            yield Path(text)
            continue
        found = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 (the pattern may begin at the root)
        if not found:
            raise AssociationError(f"{text}: no file has a name like this")
        yield from map(Path, found)


def _folder(file: Path) -> Path:
    """The folder from which members are looked for; associations of an archive are told as if it were a folder."""
    return file.parent.parent if is_archive(file.parent) else file.parent


def _tell(shown: Shown, options: argparse.Namespace) -> None:
    out = console.output()
    if len(shown) == 1 or options.verbose:
        for file, (association, missing) in shown.items():
            for line in _details(file, association, missing):
                out.print(console.inert(line))
            out.print()
    else:
        _tell_table(shown, exists=options.exists)
    products = [product for association, _ in shown.values() for product in association.products]
    members = sum(len(product.members) for product in products)
    absent = frozenset[str]().union(*(missing for _, missing in shown.values()))
    out.print(
        f"{console.plural(len(shown), 'association')} with {console.plural(len(products), 'product')} "
        f"and {console.plural(members, 'member')}"
        + (f"; {console.plural(len(absent), 'file')} missing" if options.exists else "")
    )


def _tell_table(shown: Shown, *, exists: bool) -> None:
    headings = ("Association", "Rule", "Type", "Product", "Members")
    made = console.table(*headings, *(["Missing"] if exists else []), numbers=("Missing",))
    for file, (association, missing) in shown.items():
        for product in association.products:
            counts = Counter(member.exptype for member in product.members)
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
            absent = sum(member.expname in missing for member in product.members)
            cells = (file.name, association.asn_rule, association.asn_type, product.name, kinds)
            console.add(made, *cells, *([absent or ""] if exists else []))
    if shown:
        out = console.output()
        out.print(made)
        out.print()


def _details(file: Path, association: Association, missing: frozenset[str]) -> Iterator[str]:
    """An association with all its members."""
    yield str(file)
    known = (
        ("type", association.asn_type),
        ("rule", association.asn_rule),
        ("program", association.program),
        ("candidate", association.asn_id),
        ("target", association.target),
        ("pool", association.asn_pool),
    )
    yield f"  {', '.join(f'{name} {value}' for name, value in known if value)}"
    for product in association.products:
        yield f"  product {product.name}"
        width = max((len(member.exptype) for member in product.members), default=0)
        for member in product.members:
            yield f"    {member.exptype:<{width}}  {member.expname}{_remarks(member, missing)}"


def _remarks(member: Member, missing: frozenset[str]) -> str:
    remarks = ["missing"] if member.expname in missing else []
    remarks += [f"exposure error: {member.exposerr}"] if normalise(member.exposerr or "") else []
    return f"  ({'; '.join(remarks)})" if remarks else ""


def _as_data(shown: Shown, *, exists: bool) -> Iterator[dict[str, object]]:
    """The associations, for machines."""
    for file, (association, missing) in shown.items():
        yield {
            "file": str(file),
            "rule": association.asn_rule,
            "type": association.asn_type,
            "program": association.program,
            "id": association.asn_id,
            "target": association.target,
            "products": [{"name": product.name, "members": _by_type(product)} for product in association.products],
            **({"missing": sorted(missing)} if exists else {}),
        }


def _by_type(product: Product) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for member in product.members:
        found.setdefault(member.exptype, []).append(member.expname)
    return found
