"""Write the associations of an archive as files.

Write the associations of an archive, which `asnsolve generate --archive` made, as the files that
`asnsolve generate` would have written: all of them, or those that are chosen.
"""

from __future__ import annotations

from argparse import Namespace
from fnmatch import fnmatchcase
from pathlib import Path

from solver import associations, storage
from solver.app import console
from solver.app.options import FOLDER, option
from solver.errors import ArchiveError, UsageError
from solver.words import few

OPTIONS = (
    option("archive ARCHIVE", "the archive", type=Path),
    option("names NAME", "file names of associations; * and ? stand for any characters", nargs="*"),
    option("--program PROGRAM", "only those of this program", action="append"),
    option("--rule RULE", "only those of this rule", action="append"),
    *FOLDER,
)

#: What every association's file name ends with.
_ENDING = "_asn.json"

#: Most names that a message shows.
_SHOWN = 6


def run(options: Namespace) -> int:
    """Write the chosen associations of an archive as files."""
    every = {"--program": options.program or [], "--rule": options.rule or [], "NAME": options.names}
    asked: dict[str, list[str]] = {what: given for what, given in every.items() if given}
    met: dict[str, set[str]] = {what: set() for what in asked}
    known: dict[str, set[str]] = {"--program": set(), "--rule": set()}
    files: dict[str, str] = {}
    for name, association in storage.kind_of(options.archive).read(options.archive):
        if not name.endswith(_ENDING) or not associations.is_plain(name):
            raise ArchiveError(str(options.archive), f"has {name!r}, which is no name of an association's file")
        if name in files:
            raise ArchiveError(str(options.archive), f"has {name} twice")
        known["--program"].add(association.program)
        known["--rule"].add(association.asn_rule)
        hits = {what: {each for each in asked[what] if _means(what, each, name, association)} for what in asked}
        for what in asked:
            met[what] |= hits[what]
        if all(hits.values()):
            files[name] = association.to_json()
    for what, given in asked.items():
        for each in given:
            if each not in met[what]:
                has = f"; it has {few(sorted(known[what]), _SHOWN)}" if what in known else ""
                raise UsageError(f"{options.archive} has nothing of {what} {each}{has}")
    # tells the files of this run from those of another one from the same archive
    chosen = [f"{'' if what == 'NAME' else f'{what} '}{each}" for what in asked for each in sorted(asked[what])]
    written = storage.write_results(
        options.path,
        files,
        pool=str(options.archive.resolve()),
        asked=" ".join(["extract", *chosen]),
        overwrite=options.overwrite,
    )
    console.show_written([written])
    return 0


def _means(what: str, given: str, name: str, association: associations.Association) -> bool:
    """Whether a program, a rule or a file name that is asked for means this association."""
    match what:
        case "--program":
            return given.zfill(5).lower() == association.program.lower()
        case "--rule":
            return _current_name(given) == association.asn_rule.lower()
        case _:
            return fnmatchcase(name, given) or name == given + ".json"


def _current_name(given: str) -> str:
    """The name of a rule, which may be given by an older one, in lower case."""
    from solver.default import default_rules

    rule = default_rules().by_name.get(given.lower())
    return (given if rule is None else rule.spec.name).lower()
