"""The command `asnsolve generate`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from rules import LEVEL2, LEVEL3, Rule, load
from solver.app import console
from solver.app.writing import Written, write_results
from solver.associations import Association
from solver.errors import UsageError
from solver.generate import Result, generate
from solver.merge import merge
from solver.pool import Pool

_VERSION = re.compile(r"[A-Za-z0-9.-]{1,40}")


def read_pool(options: argparse.Namespace) -> Pool:
    """The pool that the command line names."""
    return Pool.read(
        options.pool,
        delimiter="\t" if options.delimiter == "\\t" else options.delimiter,
        table_format=options.pool_format,
        duplicates="first" if options.keep_first else "error",
    )


def run(options: argparse.Namespace) -> int:
    """Find, write, and tell."""
    started = time.perf_counter()
    version = _version(options.version_id)
    rules = chosen_rules(options)
    pool = read_pool(options)
    with console.Steps(len(rules)) as steps:
        result = generate(
            pool,
            rules,
            candidates=() if options.discover else options.ids,
            discover=options.discover or (options.ids is None and not options.all_candidates),
            version_id=version,
            engine=options.engine,
            finalize=not options.no_finalize,
            backgrounds=options.dms,
            progress=steps,
        )
    if options.merge:
        level2 = [rule.spec.name for rule in rules if rule.spec.level == 2]  # noqa: PLR2004 (the level's name)
        result = replace(result, associations=merge(result.associations, level2))
    written = None if options.dry_run else _write(options, version, result)
    if options.json:
        sys.stdout.write(json.dumps(_as_data(pool, result, written), indent=1) + "\n")
    else:
        _tell(pool, result, written, time.perf_counter() - started, options)
    return 0


def chosen_rules(options: argparse.Namespace) -> tuple[type[Rule], ...]:
    """The rules that the command line asks for."""
    if options.ignore_default and not options.rules:
        raise UsageError("--ignore-default leaves no rules; name a file with rules of your own with -r")
    own = tuple(rule for path in options.rules or () for rule in load(path))
    mission = () if options.ignore_default else (*LEVEL2, *LEVEL3)
    names = Counter(name.lower() for rule in (*mission, *own) for name in (rule.spec.name, *rule.spec.aliases))
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        raise UsageError(f"-r: two rules answer to the name {', '.join(twice)}; rename one of them")
    wanted = {"2": (2,), "3": (3,), "both": (2, 3)}[options.level]
    return tuple(rule for rule in (*mission, *own) if rule.spec.level in wanted)


def _version(given: str | None) -> str | None:
    """The version for names; the time of the run where the option has no value."""
    if given == "":
        return datetime.now(UTC).strftime("%Y%m%dt%H%M%S")
    if given is not None and not _VERSION.fullmatch(given):
        raise UsageError(f"--version-id {given!r} becomes part of file names; use letters, digits, '.' and '-'")
    return given


def _write(options: argparse.Namespace, version: str | None, result: Result) -> Written:
    files = {association.file_name: association.to_json() for association in result.associations}
    if options.save_orphans in files:
        raise UsageError(f"--save-orphans {options.save_orphans} is the name of an association; choose another")
    if options.save_orphans is not None:
        files[options.save_orphans] = result.orphans.to_text({"orphan_because": list(result.reasons.values())})
    return write_results(
        options.path,
        files,
        pool=str(options.pool.resolve()),
        asked=_asked(options, version),
        overwrite=options.overwrite,
    )


def _asked(options: argparse.Namespace, version: str | None) -> str:
    """What makes a run another one than a run without options on the same pool."""
    parts = [f"-i {' '.join(sorted({each.strip().lower() for each in options.ids}))}"] if options.ids else []
    parts += [f"--level {options.level}"] if options.level != "both" else []
    parts += [f"--version-id {version}"] if version is not None else []
    parts += [f"-r {path}" for path in options.rules or ()]
    flags = ("discover", "all_candidates", "dms", "merge", "no_finalize", "ignore_default")
    return " ".join([*parts, *(f"--{flag.replace('_', '-')}" for flag in flags if getattr(options, flag))])


def _as_data(pool: Pool, result: Result, written: Written | None) -> dict[str, object]:
    """What was made, for machines."""
    return {
        "pool": pool.name,
        "exposures": len(pool),
        "folder": None if written is None else str(written.folder),
        "associations": [
            {
                "file": association.file_name,
                "rule": association.asn_rule,
                "type": association.asn_type,
                "program": association.program,
                "id": association.asn_id,
                "products": [
                    {"name": product.name, "members": len(product.members)} for product in association.products
                ],
            }
            for association in result.associations
        ],
        "orphans": dict(result.reasons),
        "dropped": [
            {"name": each.association.products[0].name, "for": each.kept.products[0].name, "why": each.why}
            for each in result.dropped
        ],
        "rules": [
            {"rule": each.rule, "eligible": each.eligible, "groups": each.groups, "invalid": dict(each.invalid)}
            for each in result.tried
        ],
    }


def _tell(pool: Pool, result: Result, written: Written | None, seconds: float, options: argparse.Namespace) -> None:
    out = console.output()
    if options.verbose or options.debug:
        for association in result.associations:
            _tell_association(association)
    if options.debug:
        _tell_trials(result)
    made = console.table("Rule", "Type", "Candidates", "Associations", "Members", numbers=("Associations", "Members"))
    by_rule = Counter(association.asn_rule for association in result.associations)
    for rule in sorted(by_rule):
        mine = [association for association in result.associations if association.asn_rule == rule]
        members = sum(len(product.members) for association in mine for product in association.products)
        ids = _counted(association.asn_id for association in mine)
        console.add(made, rule, ", ".join(sorted({each.asn_type for each in mine})), ids, len(mine), members)
    if by_rule:
        out.print(made)
        out.print()
    duplicates = Counter(each.why for each in result.dropped)
    for why, count in sorted(duplicates.items()):
        out.print(f"{count} more not kept: {why} as another one")
    orphans = len(result.orphans)
    out.print(
        f"{console.plural(len(result.associations), 'association')} from {console.plural(len(pool), 'exposure')} "
        f"in {seconds:.2f} s; {console.plural(orphans, 'exposure')} in none"
    )
    _tell_written(written)


def _tell_written(written: Written | None) -> None:
    out = console.output()
    if written is None:
        out.print("dry run: nothing was written")
        return
    out.print(console.inert(f"written to {written.folder.resolve()}: {console.plural(len(written.files), 'file')}"))
    if written.removed:
        out.print(
            f"removed {console.plural(len(written.removed), 'file')} of an earlier run that this one does not make"
        )
    if written.kept:
        names = ", ".join(written.kept)
        out.print(console.inert(f"left alone, since changed after an earlier run wrote them: {names}"))


def _tell_association(association: Association) -> None:
    out = console.output()
    out.print(console.inert(f"{association.file_name}  ({association.asn_rule}: {association.constraints})"))
    for product in association.products:
        out.print(console.inert(f"  {product.name}"))
        for member in product.members:
            out.print(console.inert(f"    {member.exptype:<20} {member.expname}"))
    out.print()


def _tell_trials(result: Result) -> None:
    out = console.output()
    made = console.table("Rule", "Exposures that qualify", "Groups", "Groups that lack something")
    for each in result.tried:
        lacking = "; ".join(f"{count} no group that {what}" for what, count in sorted(each.invalid.items()))
        console.add(made, each.rule, each.eligible, each.groups, lacking)
    out.print(made)
    out.print()
    for dropped in result.dropped:
        one, other = dropped.association, dropped.kept
        names = [f"{each.products[0].name} ({each.asn_rule})" for each in (one, other)]
        out.print(console.inert(f"not kept: {names[0]}, {dropped.why} as {names[1]}"))
    if result.dropped:
        out.print()


def _counted(ids: Iterable[str], most: int = 6) -> str:
    """`o001 (2), o002, … 4 more`: which candidates, and how often."""
    counts = Counter(ids)
    shown = [each if counts[each] == 1 else f"{each} ({counts[each]})" for each in sorted(counts)[:most]]
    return ", ".join(shown) + (f", … {len(counts) - most} more" if len(counts) > most else "")
