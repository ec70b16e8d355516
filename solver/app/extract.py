"""Write the associations of an archive as files.

Write associations from an archive made by `asnsolve generate --archive` as
files, exactly as `asnsolve generate` would have written them: all, or those
that are chosen.
"""

from __future__ import annotations

import fnmatch
from argparse import Namespace
from glob import has_magic

from solver import associations, storage
from solver.app import console
from solver.app.options import FOLDER, names, path_to, several
from solver.errors import ArchiveError, UsageError
from solver.multimap import grouped
from solver.words import few

OPTIONS = (
    path_to("archive ARCHIVE", "the archive"),
    names("names NAME", "file names of associations; * and ? match any characters", nargs="*"),
    several("--program PROGRAM", "only those of this program"),
    several("--rule RULE", "only those of this rule"),
    *FOLDER,
)


def run(options: Namespace) -> None:
    """Write the chosen associations of an archive as files."""
    asked = _asked(options)
    kinds = {what for what, _ in asked}
    patterns = {key: text for key, text in asked.items() if has_magic(text)}
    plain = grouped(((key[0], text), key) for key, text in asked.items() if key not in patterns)
    met, known = set[tuple[str, str]](), set[tuple[str, str]]()
    files: dict[str, str] = {}
    for name, association in storage.kind_of(options.archive).read(options.archive):
        if not name.endswith("_asn.json") or not associations.is_plain(name):
            raise ArchiveError(str(options.archive), f"has {name!r}, which is not a name of an association file")
        if name in files:
            raise ArchiveError(str(options.archive), f"has {name} twice")
        known |= {("--program", association.program), ("--rule", association.asn_rule)}
        has = {"--program": association.program, "--rule": association.asn_rule, "NAME": name.removesuffix(".json")}
        hits = {key for what, text in has.items() for key in plain.get((what, text.lower()), ())}
        hits |= {key for key, pattern in patterns.items() if fnmatch.fnmatchcase(has[key[0]].lower(), pattern)}
        met |= hits
        if {what for what, _ in hits} == kinds:
            files[name] = association.to_json()
    for what, each in (key for key in asked if key not in met):
        others = few(sorted(value for of, value in known if of == what), 6)
        noun = what.strip("-").lower()
        named = f"named {each!r}" if what == "NAME" else f"of {noun} {each}; its {noun}s are {others}"
        raise UsageError(f"{options.archive} has no association {named}")
    # identifies this run's files among those of other runs from the same archive
    words = ["extract", *(each if what == "NAME" else f"{what} {each}" for what, each in sorted(asked))]
    if asked and not files:
        raise UsageError(f"{options.archive}: no association matches {' and '.join(words[1:])}; leave one out")
    pool, this = str(options.archive.resolve()), " ".join(words)
    with storage.Results(options.path, asked=this, overwrite=options.overwrite) as results:
        written = results.write(files, pool=pool)
    console.show_written([written])


def _asked(options: Namespace) -> dict[tuple[str, str], str]:
    """The programs, rules and names that are requested, with their patterns in lower case."""
    from solver.default import default_rules

    current = {older: rule.spec.name.lower() for older, rule in default_rules().by_name.items()}
    asked = {("--program", each): each.zfill(5).lower() for each in options.program}
    asked |= {("--rule", each): current.get(each.lower(), each.lower()) for each in options.rule}
    return asked | {("NAME", each): each.removesuffix(".json").lower() for each in options.names}
