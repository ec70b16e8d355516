"""Show associations: a table, or all members.

Show associations: one with all its members, several as a table with a line for
each product.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import TypeAlias

from solver import associations, pools, storage
from solver.app import console
from solver.app.inputs import expanded
from solver.app.options import ATTENTION, flag, names
from solver.multimap import grouped
from solver.words import plural

OPTIONS = (
    names("paths ASN", "files, archives, folders with *_asn.json, or patterns of names"),
    flag("-v --verbose", "list the members of several associations, too"),
    flag("--exists", "mark members whose files are missing; exit code 1 if there are any"),
    flag("--json", "print everything as JSON"),
)

#: The files of associations, each with its missing members.
Shown: TypeAlias = "Mapping[Path, tuple[associations.Association, frozenset[str]]]"


def run(options: Namespace) -> int:
    """Show the associations; 1 if `--exists` is given and members are missing."""
    shown = {
        file: (association, frozenset(storage.missing_members(association, _folder(file)) if options.exists else ()))
        for file, association in storage.load_named(*expanded(options.paths))
    }
    lines = _lines(shown, exists=options.exists, verbose=options.verbose)
    console.show_either(list(_as_data(shown, exists=options.exists)), lines, json=options.json)
    return ATTENTION if any(missing for _, missing in shown.values()) else 0


def _folder(file: Path) -> Path:
    """The folder from which members are looked for; an archive counts as a folder of its files."""
    return file.parent.parent if storage.is_archive(file.parent) else file.parent


def _lines(shown: Shown, *, exists: bool, verbose: bool) -> Iterator[object]:
    if len(shown) == 1 or verbose:
        for file, (association, missing) in shown.items():
            yield from (*_details(file, association, missing), "")
    elif shown:
        yield from (_table(shown, exists=exists), "")
    products = [product for association, _ in shown.values() for product in association.products]
    members = plural(sum(len(product.members) for product in products), "member")
    absent = frozenset[str]().union(*(missing for _, missing in shown.values()))
    what = f"{plural(len(shown), 'association')} with {plural(len(products), 'product')} and {members}"
    yield f"{what}; {plural(len(absent), 'distinct file')} missing" if exists else what


def _table(shown: Shown, *, exists: bool) -> console.Table:
    rows = []
    for file, (association, missing) in shown.items():
        for product in association.products:
            counts = Counter(member.exptype for member in product.members)
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
            absent = [sum(member.expname in missing for member in product.members) or ""] * exists
            rows.append((file.name, association.asn_rule, association.asn_type, product.name, kinds, *absent))
    return console.Table("Association", "Rule", "Type", "Product", "Members", *["Missing"] * exists, rows=rows)


def _details(file: Path, association: associations.Association, missing: frozenset[str]) -> Iterator[str]:
    """An association with all its members."""
    yield str(file)
    facts = {"type": association.asn_type, "rule": association.asn_rule, "program": association.program.lstrip("0")}
    facts |= {"candidate": association.asn_id, "target": association.target, "pool": association.asn_pool}
    yield f"  {', '.join(f'{what} {value}' for what, value in facts.items() if value)}"
    yield from members_of(association, missing)


def members_of(association: associations.Association, missing: Collection[str] = ()) -> Iterator[str]:
    """The members of each product."""
    for product in association.products:
        yield f"  product {product.name}"
        width = max((len(member.exptype) for member in product.members), default=0)
        for member in product.members:
            yield f"    {member.exptype:<{width}}  {member.expname}{_remarks(member, missing)}"


def _remarks(member: associations.Member, missing: Collection[str]) -> str:
    remarks = ["missing"] if member.expname in missing else []
    remarks += [f"exposure error: {member.exposerr}"] if pools.normalise(member.exposerr or "") else []
    return f"  ({'; '.join(remarks)})" if remarks else ""


def _as_data(shown: Shown, *, exists: bool) -> Iterator[Mapping[str, object]]:
    """The associations, for machines."""
    by_type = attrgetter("exptype", "expname")
    for file, (association, missing) in shown.items():
        products = [{"name": one.name, "members": grouped(map(by_type, one.members))} for one in association.products]
        data = {**associations.outline(str(file), association), "target": association.target, "products": products}
        yield data | ({"missing": sorted(missing)} if exists else {})
