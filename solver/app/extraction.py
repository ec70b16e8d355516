"""The command `asnsolve extract`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from solver.app.telling import tell_files
from solver.associations import Association, is_plain
from solver.default import default_rules
from solver.errors import ArchiveError, UsageError
from solver.storage import kind_of, write_results

#: What every association's file name ends with.
_ENDING = "_asn.json"

#: Most names that a message shows.
_SHOWN = 6

#: What a user may choose by: the option, what was given for it, and whether that means an association.
_Choice = tuple[str, list[str], Callable[[str, str, Association], bool]]


def run(options: argparse.Namespace) -> int:
    """Write the chosen associations of an archive as files."""
    choices = [choice for choice in _choices(options) if choice[1]]
    met: set[tuple[str, str]] = set()
    files: dict[str, str] = {}
    known: dict[str, set[str]] = {"--program": set(), "--rule": set()}
    for name, association in kind_of(options.archive).read(options.archive):
        if not name.endswith(_ENDING) or not is_plain(name):
            raise ArchiveError(str(options.archive), f"has {name!r}, which is no name of an association's file")
        if name in files:
            raise ArchiveError(str(options.archive), f"has {name} twice")
        known["--program"].add(association.program)
        known["--rule"].add(association.asn_rule)
        wanted = True
        for what, given, means in choices:
            hits = {(what, each) for each in given if means(each, name, association)}
            met |= hits
            wanted = wanted and bool(hits)
        if wanted:
            files[name] = association.to_json()
    for what, given, _ in choices:
        for each in given:
            if (what, each) not in met:
                has = f"; it has {_listed(known[what])}" if what in known else ""
                raise UsageError(f"{options.archive} has nothing of {what} {each}{has}")
    written = write_results(
        options.path, files, pool=str(options.archive.resolve()), asked=_asked(choices), overwrite=options.overwrite
    )
    tell_files([written])
    return 0


def _choices(options: argparse.Namespace) -> tuple[_Choice, ...]:
    return (
        ("--program", options.program or [], lambda given, _, each: given.zfill(5).lower() == each.program.lower()),
        ("--rule", options.rule or [], lambda given, _, each: _rule(given) == each.asn_rule.lower()),
        ("NAME", options.names, lambda given, name, _: fnmatchcase(name, given) or name == given + ".json"),
    )


def _rule(given: str) -> str:
    """The current name of a rule, which may be given by an older one, in lower case."""
    rule = default_rules().by_name.get(given.lower())
    return (given if rule is None else rule.spec.name).lower()


def _asked(choices: Iterable[_Choice]) -> str:
    """What tells the files of this run from those of another one from the same archive."""
    parts = ["extract"]
    for what, given, _ in choices:
        option = "" if what == "NAME" else f"{what} "
        parts += [f"{option}{each}" for each in sorted(given)]
    return " ".join(parts)


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    return ", ".join(every[:_SHOWN]) + (", …" if len(every) > _SHOWN else "")
