"""What `asnsolve generate` says about what it has made."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from solver.app import console
from solver.associations import Association
from solver.batch import Lacking, PoolRun, Summary
from solver.solving import Dropped, Trial
from solver.storage import Written

if TYPE_CHECKING:
    from solver.headers import Ingested


#: Most associations that lack files that are shown, and most files of one.
_SHOWN = 10
_SHOWN_FILES = 3


def tell(runs: Sequence[PoolRun], options: argparse.Namespace, seconds: float) -> None:
    """Print what was made, for people."""
    out = console.output()
    good, several = [run for run in runs if not run.error], len(runs) > 1
    for run in good:
        if run.made is not None:
            from solver.app.pool import show_ingested  # most runs are about pools and do without

            show_ingested(run.made)
    summary = Summary()
    for run in good:
        summary.add(run.summary)
    if options.verbose or options.debug:
        for association in chain.from_iterable(run.associations for run in good):
            _tell_association(association)
    if options.debug:
        _tell_trials(summary.tried, [each for run in good for each in run.dropped])
    if several:
        _tell_pools(good)
    _tell_rules(summary)
    for why, count in sorted(summary.dropped.items()):
        out.print(f"{count} more not kept: {why} as another one")
    exposures = console.plural(sum(run.exposures for run in good), "exposure")
    of = f"{exposures} of {console.plural(len(good), 'pool')}" if several else exposures
    out.print(
        f"{console.plural(summary.associations, 'association')} from {of} in {seconds:.2f} s; "
        f"{console.plural(summary.orphans, 'exposure')} in none"
    )
    _tell_lacking([each for run in good for each in run.lacking], options)
    _tell_written(good, summary, options)
    if len(good) < len(runs):
        missing = console.plural(len(runs) - len(good), "pool")
        sys.stderr.write(f"asnsolve generate: error: no results for {missing} of {len(runs):,}, as told above\n")


def _tell_written(runs: Iterable[PoolRun], summary: Summary, options: argparse.Namespace) -> None:
    if options.dry_run:
        console.output().print("dry run: nothing was written")
    elif options.archive is not None:
        size = console.plural(summary.associations, "association")
        console.output().print(console.inert(f"written to {options.archive.resolve()}: {size}"))
    else:
        tell_files([run.written for run in runs if run.written is not None])


def _tell_pools(runs: Iterable[PoolRun]) -> None:
    made = console.table(
        "Pool", "Exposures", "Associations", "In none", numbers=("Exposures", "Associations", "In none")
    )
    for run in runs:
        counts = (run.exposures, run.summary.associations, run.summary.orphans)
        console.add(made, run.path, *(f"{count:,}" for count in counts))
    console.output().print(made)
    console.output().print()


def _tell_rules(summary: Summary) -> None:
    if not summary.rules:
        return
    made = console.table("Rule", "Type", "Candidates", "Associations", "Members", numbers=("Associations", "Members"))
    for name in sorted(summary.rules):
        rule = summary.rules[name]
        console.add(made, name, ", ".join(sorted(rule.types)), _counted(rule.ids), rule.ids.total(), rule.members)
    console.output().print(made)
    console.output().print()


def _tell_lacking(lacking: Sequence[Lacking], options: argparse.Namespace) -> None:
    """Say which associations need files that are not there."""
    if not lacking:
        return
    out = console.output()
    shown = lacking if options.verbose else lacking[:_SHOWN]
    for each in shown:
        what = "left out, since it needs" if each.left_out else "written without"
        names = ", ".join(each.files if options.verbose else each.files[:_SHOWN_FILES])
        more = len(each.files) - _SHOWN_FILES
        names += f", … {more:,} more" if more > 0 and not options.verbose else ""
        out.print(console.inert(f"{each.association}: {what} {names}"))
    left_out = sum(each.left_out for each in lacking)
    out.print(
        f"{console.plural(left_out, 'association')} left out, and {len(lacking) - left_out:,} written without some "
        f"members, for files that are not there{'' if len(shown) == len(lacking) else '; -v lists all'}"
    )


def _counted(counts: Counter[str], most: int = 6) -> str:
    """`o001 (2), o002, … 4 more`: which candidates, and how often."""
    shown = [each if counts[each] == 1 else f"{each} ({counts[each]})" for each in sorted(counts)[:most]]
    return ", ".join(shown) + (f", … {len(counts) - most} more" if len(counts) > most else "")


def tell_files(written: Sequence[Written]) -> None:
    """Say what became of the files of a folder."""
    out = console.output()
    if not written:
        return
    files = console.plural(sum(len(each.files) for each in written), "file")
    out.print(console.inert(f"written to {written[0].folder.resolve()}: {files}"))
    removed = sum(len(each.removed) for each in written)
    if removed:
        out.print(f"removed {console.plural(removed, 'file')} of an earlier run that this one does not make")
    kept = [name for each in written for name in each.kept]
    if kept:
        out.print(console.inert(f"left alone, since changed after an earlier run wrote them: {', '.join(kept)}"))


def _tell_association(association: Association) -> None:
    out = console.output()
    out.print(console.inert(f"{association.file_name}  ({association.asn_rule}: {association.constraints})"))
    for product in association.products:
        out.print(console.inert(f"  {product.name}"))
        for member in product.members:
            out.print(console.inert(f"    {member.exptype:<20} {member.expname}"))
    out.print()


def _tell_trials(tried: Mapping[str, Trial], dropped: Sequence[Dropped]) -> None:
    out = console.output()
    made = console.table("Rule", "Exposures that qualify", "Groups", "Groups that lack something")
    for each in tried.values():
        lacking = "; ".join(f"{count} no group that {what}" for what, count in sorted(each.invalid.items()))
        console.add(made, each.rule, each.eligible, each.groups, lacking)
    out.print(made)
    out.print()
    for gone in dropped:
        one, other = gone.association, gone.kept
        names = [f"{each.products[0].name} ({each.asn_rule})" for each in (one, other)]
        out.print(console.inert(f"not kept: {names[0]}, {gone.why} as {names[1]}"))
    if dropped:
        out.print()


def tell_as_json(runs: Sequence[PoolRun], options: argparse.Namespace) -> None:
    """Print what was made, for machines: an object for the pool, or a list with one for each of several."""
    data = [_as_data(run, options) for run in runs]
    sys.stdout.write(json.dumps(data if len(data) > 1 else data[0], indent=1) + "\n")


def _made_of(made: Ingested) -> dict[str, object]:
    from solver.app.pool import as_data  # most runs are about pools and do without

    return as_data(made)


def _as_data(run: PoolRun, options: argparse.Namespace) -> dict[str, object]:
    if run.error:
        return {"pool": run.path.name, "error": run.error}
    return {
        "pool": run.name,
        "exposures": run.exposures,
        **({} if run.made is None else {"made_of": _made_of(run.made)}),
        "folder": None if run.written is None else str(run.written.folder),
        **({} if options.archive is None or options.dry_run else {"archive": str(options.archive)}),
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
            for association in run.associations
        ],
        **(
            {"lacking": [{"file": e.association, "files": list(e.files), "left_out": e.left_out} for e in run.lacking]}
            if options.existing
            else {}
        ),
        "orphans": run.orphans,
        "dropped": [
            {"name": gone.association.products[0].name, "for": gone.kept.products[0].name, "why": gone.why}
            for gone in run.dropped
        ],
        "rules": [
            {"rule": each.rule, "eligible": each.eligible, "groups": each.groups, "invalid": dict(each.invalid)}
            for each in run.summary.tried.values()
        ],
    }


def tell_stages(stages: Mapping[str, float], elapsed: float) -> None:
    """Print where the time went, on standard error; the stages of several processes are added up."""
    made = console.table("Stage", "Seconds", "Share", numbers=("Seconds", "Share"))
    spent = sum(stages.values())
    whole = max(elapsed, spent)
    for stage, seconds in {**stages, "other": whole - spent}.items():
        console.add(made, stage, f"{seconds:.3f}", f"{seconds / whole:.0%}")
    console.add(made, "in all", f"{whole:.3f}", "100%")
    console.output(errors=True).print(made)
