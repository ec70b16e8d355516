"""Find the associations of pools and write them.

Find the Level 2 and Level 3 associations of each pool and write one file for
each of them.

Without options it looks within every candidate that the pool lists, and in each
program across its candidates (discovery); of associations with the same members it
keeps one.
"""

from __future__ import annotations

import shlex
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain

from solver import associations, batch, headers, pools, storage
from solver.app import console, inputs, pool
from solver.app.explain import show_why_empty
from solver.app.inputs import show_hints
from solver.app.options import (
    ATTENTION,
    BAD_INPUT,
    CHOICE,
    DISTINCT,
    FOLDER,
    FORMAT,
    READING,
    RECORDED,
    VERSION,
    flag,
    option,
    path_to,
    workers,
)
from solver.app.show import members_of
from solver.errors import UsageError
from solver.multimap import grouped
from solver.words import few, lack, left_out, option_words, plural

OPTIONS = (
    path_to(
        "pools POOL",
        "tables with one row per exposure, or folders of them (each a pool), or "
        "FITS files and folders of them (together one pool)",
        nargs="+",
    ),
    *READING,
    *CHOICE,
    option("--engine {signatures,constraint}", "how solutions are found; both find the same", default="signatures"),
    flag("--per-pool-algorithm --no-merge", "ignored; kept for compatibility with asn_generate"),
    flag("--dms --DMS", "with -i: leave out an association if a background candidate makes the same or a larger one"),
    flag("--selfcal", "add selfcal members to IFU products: exposures in which the pipeline can find bad pixels"),
    flag("--merge", "put the Level 2 products of a candidate in one file"),
    flag("--no-finalize", "write groups as found: not validated or divided by nod, no members added, duplicates kept"),
    *FOLDER,
    flag("--existing", "leave out members whose files do not exist yet, and list the associations that need them"),
    flag("--keep-numbers", "keep file names from the previous run; new products take the next free numbers"),
    flag("--relative", "write paths of members relative to the folder of -p, where asnsolve plan runs the pipelines"),
    path_to("--archive FILE", "write all associations to one file instead: .jsonl, .jsonl.gz, .jsonl.zst or .parquet"),
    option("--save-orphans [FILE]", "also write the exposures in no association, as a pool", const="orphaned.csv"),
    option("--version-id [VERSION]", "version in the names of associations; without a value, the time of the run"),
    option("--format {json}", FORMAT),
    flag("--dry-run", "write nothing"),
    flag("--fail-if-empty", "exit with 1 if no association is made"),
    flag("--fail-if-science-orphans", "exit with 1 if a science exposure is in no association"),
    flag("--json", "print what was made as JSON"),
    flag("-v --verbose", "print every association with its members, and every assumption"),
    flag("-D --debug", "also print what each rule found and which associations were left out"),
    option("--workers N", "number of processes that solve", type=workers, default=1),
    option("--dask ADDRESS", "let the workers of this dask scheduler solve, such as tcp://10.0.0.1:8786"),
    flag("--profile", "print where the time went"),
    VERSION,
)

#: Why an association is left out.
_WHYS = {"same members": "same members as another", "same product name": "a larger one has the same product"}

#: What `--selfcal` needs of the pipeline.
_SWITCH_ON = "selfcal members take effect only if the step is switched on: --steps.badpix_selfcal.skip=false"


def run(options: Namespace) -> int:
    """Find and write; the exit code says whether there is something to look at."""
    import numpy as np  # noqa: F401 (takes half as long again where many imports are under way)

    started = time.perf_counter()
    _check(options)
    archive = None if options.archive is None else storage.kind_of(options.archive)
    if options.version_id == "":
        options.version_id = datetime.now(UTC).strftime("%Y%m%dt%H%M%S")
    rules = inputs.rules_of(options)  # so that bad rules are reported before anything is read
    found = batch.find_inputs(options.pools)
    statements = inputs.stated(options)
    asked = inputs.given(options, *RECORDED)
    record = storage.Record.begun(statements.to_dict(), asked, mission=not options.ignore_default)
    if statements and len(found.pools) + bool(found.exposures) > 1:
        raise UsageError(f"{next(iter(statements))}: statements apply to one pool; {len(found.pools):,} are named")
    made = inputs.exposures_in(found.exposures, options).ingested(statements) if found.exposures else None
    runs = batch.runs_of(found.pools, record, found.exposures, made)
    how = {"asked": _asked(options), "overwrite": options.overwrite}
    place = options.archive or options.path
    former = batch.former_associations(runs, place, asked=how["asked"]) if options.keep_numbers else {}
    job = batch.Job(
        rules=rules,
        request=inputs.request_of(options),
        merge=options.merge,
        files=archive is None and not options.dry_run,
        archive=None if options.dry_run else archive,
        details=options.json or options.verbose or options.debug,
        hints=True,
        available=_available(options, found, made),
        versions={} if made is None else made.versions,
    )
    with console.Progress() as progress:
        for line in found.passed_over:
            console.warn(line)
        batch.Batch(
            runs=runs,
            job=job,
            sink=batch.Sink() if options.dry_run else batch.sink_of(runs, options.path, options.archive, **how),
            read=inputs.reading_stated(options),
            divide=None if statements else inputs.reading(options, pools.PoolText.open),
            former=former,
            orphans_file=options.save_orphans,
            failed=(lambda message: console.warn(f"asnsolve generate: error: {message}")) if len(runs) > 1 else None,
            reporter=progress,
        ).run(workers=options.workers, cluster=options.dask)
    seconds = time.perf_counter() - started
    for each in runs:
        console.log("info", each.error or "pool done", pool=str(each.path), associations=each.summary.associations)
    good = [each for each in runs if not each.error]
    if options.json:
        data = [each.to_dict() for each in runs]
        console.show_either(data if len(data) > 1 else data[0], (), json=True)
    elif good:
        _show(good, options, seconds, several=len(runs) > 1)
        show_why_empty(good, options)
    if len(good) < len(runs):
        missing = f"no results for {plural(len(runs) - len(good), 'pool')} of {len(runs):,}, for the reasons above"
        console.warn(f"asnsolve generate: error: {missing}")
    if options.profile:
        sys.stderr.write(f"{_profile(progress.seconds, seconds)}\n")
    empty = options.fail_if_empty and not any(each.summary.associations for each in good)
    science = options.fail_if_science_orphans and any(each.summary.science for each in good)
    incomplete = len(good) < len(runs) or options.incomplete
    return BAD_INPUT if not good else ATTENTION if empty or science or incomplete else 0


def _check(options: Namespace) -> None:
    """Refuse options that do not go together or are out of range."""
    if options.dask is not None and options.workers > 1:
        raise UsageError("--dask and --workers: the cluster has workers of its own; take one of the two")
    if options.save_orphans is not None and not associations.is_plain(options.save_orphans):
        raise UsageError(f"{options.save_orphans!r} is not a file name for results; give a plain name without folders")


def _available(options: Namespace, found: batch.Inputs, made: headers.Ingested | None) -> batch.AvailableFiles:
    """The files that exist, if exposures are named or `--existing` is given."""
    if made is None and not options.existing:
        return batch.AvailableFiles()
    named, places = {} if made is None else made.files, (*found.exposures, *found.pools)
    return batch.AvailableFiles.among(places, named, options.path, only=options.existing, relative=options.relative)


def _asked(options: Namespace) -> str:
    """The options that distinguish a run from one without options on the same pool."""
    asked = {name: value for name, value in inputs.given(options, *DISTINCT).items() if value != "both"}
    asked |= {"ids": [" ".join(batch.ids_of(options.ids) or ())]} if options.ids else {}
    return " ".join(option_words(asked))


def _show(runs: Sequence[batch.PoolRun], options: Namespace, seconds: float, *, several: bool) -> None:
    """Print what was made."""
    summary = batch.Summary()
    for run in runs:
        summary.add(run.summary)
        if run.made is not None:
            console.show(*pool.summary(run.made, notes=options.verbose))
    for each in chain(*summary.kept):
        console.show(f"{each.file_name}  ({each.asn_rule}: {each.constraints})", *members_of(each), "")
    if options.debug:
        console.show(*_tried(summary))
    if several:
        rows = ((run.path, run.exposures, run.summary.associations, run.summary.orphans) for run in runs)
        console.show(console.Table("Pool", "Exposures", "Associations", "In no association", rows=rows), "")
    console.show(*_made(summary))
    made, of = plural(summary.associations, "association"), plural(summary.exposures, "exposure")
    of = f"the {of} of {few(batch.ids_of(options.ids) or ())}" if options.ids else of
    of += f" of {plural(len(runs), 'pool')}" if several else ""
    console.show(f"{made} from {of} in {seconds:.2f} s")
    console.show_advice(left_out(summary.absent, summary.orphans))
    console.show(*_lacking(summary.lacking, every=options.verbose), *([_SWITCH_ON] if options.selfcal else []))
    if options.dry_run:
        console.show("dry run: nothing was written")
    elif options.archive is not None:
        console.show(f"written to {options.archive.resolve()}: {made}")
    else:
        console.show_written([run.written for run in runs if run.written is not None])
    console.show(*_changes([run.changes for run in runs if run.changes is not None], every=options.verbose))
    # why nothing came of candidates that were asked for is said below
    hints = {run.path: run.hints for run in runs if run.summary.associations or not options.ids}
    show_hints(hints, options, every=options.verbose)
    # of colliding products each pipeline has to run in a folder of its own, which the hints say and a plan does not do
    if summary.made and not summary.collisions and options.archive is None and not options.dry_run:
        console.show_advice("next:", shlex.join(["asnsolve", "plan", str(options.path)]))


def _changes(changes: Sequence[associations.Comparison], *, every: bool) -> Iterator[object]:
    """What changed against the former runs: how many products, the names of a few, and maybe all differences."""
    found = ((kind, one) for each in changes for kind, some in each.by_kind().items() for one in some)
    names = grouped((kind.replace("moved", "changed candidate"), _name_of(one)) for kind, one in found)
    rows = [(kind, len(some), few(some)) for kind, some in names.items()]
    if rows:
        yield from ("", console.Table("Since the previous run", "Products", "Names", rows=rows), "")
    elif changes:
        yield "no products changed since the previous run"
    for one in chain.from_iterable(each.different for each in changes if every):
        yield from (f"{one.product[-1]}: {line}" for line in one.lines())


def _name_of(changed: associations.ProductKey | associations.ProductDifference | associations.MovedProduct) -> str:
    """The name of a product that has changed; of one in another candidate also both ids."""
    product = changed if isinstance(changed, tuple) else changed.product
    return product[-1] + (f" ({changed.was} → {product[1]})" if isinstance(changed, associations.MovedProduct) else "")


def _tried(summary: batch.Summary) -> Iterator[object]:
    """The outcome of each rule, and what was left out for what."""
    rows = []
    for each in summary.tried.values():
        invalid = ((count, lack(what), what.partition(", if the")[2]) for what, count in sorted(each.invalid.items()))
        lacking = "; ".join(f"{count}: {lacks}{where and f' (if the{where})'}" for count, lacks, where in invalid)
        rows.append((each.rule, each.eligible, each.groups, lacking))
    yield from (console.Table("Rule", "Exposures that qualify", "Groups", "Groups rejected", rows=rows), "")
    for gone in chain(*summary.replaced):
        pair = gone.association, gone.kept
        one, other = (f"{each.products[0].name} ({each.asn_rule} in {each.asn_id})" for each in pair)
        yield f"left out: {one} for {other}: {gone.reason}"
    if summary.dropped:
        yield ""


def _made(summary: batch.Summary) -> Iterator[object]:
    """What each rule made, and what was left out; that Level 3 products share exposures is normal, and noted once."""
    rows = []
    made = grouped(((rule, kind), one) for (_, one, kind, rule), count in summary.made.items() for _ in range(count))
    for (rule, kind), ids in sorted(made.items()):
        shown = [one if count == 1 else f"{one} ({count})" for one, count in sorted(Counter(ids).items())]
        rows.append((rule, kind, few(shown, 6), len(ids), summary.members[rule]))
    if rows:
        yield from (console.Table("Rule", "Type", "Candidates", "Associations", "Members", rows=rows), "")
    if summary.nested:
        part, whole = (f"discovered candidate {each}" if each[0] == "a" else each for each in summary.nested[0])
        yield f"Some Level 3 products share science exposures, because, for example, {part} is part of {whole}"
    for why, count in sorted(summary.dropped.items()):
        yield f"{plural(count, 'association')} left out: {_WHYS[why]}"


def _lacking(lacking: Sequence[batch.Lacking], *, every: bool) -> Iterator[str]:
    """Which associations need files that do not exist."""
    shown = lacking if every else lacking[:10]
    for each in shown:
        what = "left out, because these files are missing:" if each.left_out else "written without these missing files:"
        yield f"{each.file}: {what} {', '.join(each.files) if every else few(each.files)}"
    if lacking:
        left_out = sum(each.left_out for each in lacking)
        more = "" if len(shown) == len(lacking) else "; -v lists all"
        rest = len(lacking) - left_out
        yield f"files are missing: {plural(left_out, 'association')} left out, {rest:,} with fewer members{more}"


def _profile(stages: Mapping[str, float], elapsed: float) -> console.Table:
    """Where the time went, summed over processes."""
    spent = sum(stages.values())
    whole = max(elapsed, spent)
    every = {**stages, "other": whole - spent, "total": whole}
    rows = ((stage, f"{seconds:7.3f}", f"{seconds / whole:5.0%}") for stage, seconds in every.items())
    return console.Table("Stage", "Seconds", "Share", rows=rows)
