"""The command `asnsolve from-list`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from rules.rule import Rule
from solver.app import console
from solver.associations import MEMBER_TYPES, member_type
from solver.default import chosen_rules, default_base
from solver.errors import AssociationError, UsageError
from solver.storage import from_list, member_name, refuse_to_lose, write_file

#: The ending by which the pipelines take a file for an association.
_ENDING = ".json"

#: What every association has near its beginning.
MARK = b'"products"'


def run(options: argparse.Namespace) -> int:
    """Make the association, write it, and tell."""
    check_ending(options.output_file)
    refuse_to_lose(options.output_file, MARK, overwrite=options.overwrite)
    folder = options.output_file.parent
    association = from_list(
        ((member_name(file, folder), kind) for file, kind in _files(options)),
        _rule(options),
        product_name=options.product_name,
        asn_id=options.asn_id,
        asn_type=options.type,
    )
    write_file(options.output_file, association.to_json())
    products = console.plural(len(association.products), "product")
    members = console.plural(sum(len(product.members) for product in association.products), "member")
    console.output().print(console.inert(f"written to {options.output_file}: {products} with {members}"))
    return 0


def check_ending(path: Path) -> None:
    """Refuse a name that the pipelines do not take for that of an association.

    Raises:
        UsageError: it does not end as it should.
    """
    if path.suffix != _ENDING:
        raise UsageError(f"{path}: the pipelines only read associations from files whose names end with {_ENDING}")


def _rule(options: argparse.Namespace) -> type[Rule]:
    rules = chosen_rules(options.ruledefs)
    bases = {base.__name__.lower(): base for base in map(default_base, (2, 3))}
    return bases.get(options.rule.lower()) or rules.find(options.rule)


def _files(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The files that the command line names, with their types."""
    yield from ((file, "science") for file in options.files)
    for kind in MEMBER_TYPES:
        yield from ((file, kind) for file in getattr(options, f"as_{kind}"))
    for path in options.list:
        yield from _listed(path)


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    """The files of a text: a name a line, and a type after it, or none for science."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--list {path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if len(words) > 2:  # noqa: PLR2004 (name and type)
            raise UsageError(f"--list {path}, line {number}: {line.strip()!r} is more than a file name and its type")
        if words:
            yield words[0], _type(words, f"--list {path}, line {number}")


def _type(words: list[str], place: str) -> str:
    """The type in a line of a list."""
    try:
        return member_type(words[1]) if len(words) > 1 else "science"
    except AssociationError as error:
        raise AssociationError(f"{place}: {error}") from error
