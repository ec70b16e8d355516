"""The command `asnsolve generate`."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from rules.rule_set import RuleSet
from solver.app.console import Progress
from solver.app.telling import tell, tell_as_json, tell_stages
from solver.associations import is_plain
from solver.batch import (
    ArchiveSink,
    AvailableFiles,
    Batch,
    FolderSink,
    Inputs,
    Job,
    PoolRun,
    Reading,
    Sink,
    find_inputs,
    has_exposures,
    name_of,
    runs_of,
)
from solver.default import chosen_rules
from solver.errors import UsageError
from solver.pools import Pool
from solver.progress import Reporter
from solver.solving import Request
from solver.storage import Archive, Results, kind_of

#: Exit codes where some pools have no results, and where files of exposures had to be skipped.
INCOMPLETE = 2
SKIPPED = 1

_VERSION = re.compile(r"[A-Za-z0-9.-]{1,40}")

#: Options that are about exposures, and not about pools.
_BY_HAND = ("candidate", "candidate_file", "background", "psf", "imprint")

#: More processes than this are a mistake in the command.
_MOST_WORKERS = 256


def read_pool(options: argparse.Namespace) -> Pool:
    """The one pool that the command line names."""
    if has_exposures(options.pool):
        from solver.app import ingestion  # most runs are about pools and do without

        return ingestion.of_exposures([options.pool], options).pool
    return reading(options).pool(options.pool)


def run(options: argparse.Namespace) -> int:
    """Find, write, and tell; 0, or 2 if a pool has no results, or 1 if files of exposures had to be skipped."""
    started = time.perf_counter()
    _check(options)
    version = _version(options.version_id)
    rules = rule_choice(options)  # what is wrong with them is an error before anything is read
    inputs = find_inputs(options.pools)
    made = _made(options, inputs)
    runs = [*runs_of(inputs.pools), *([] if made is None else [made])]
    results = Results(
        options.path,
        asked=_asked(options, version),
        overwrite=options.overwrite,
        pools=[name_of(each.path) for each in runs],
    )
    writing = not options.dry_run
    job = Job(
        rules=rules,
        request=_request(options, version),
        merge=options.merge,
        files=options.archive is None and writing,
        archive=kind_of(options.archive) if options.archive is not None and writing else None,
        details=options.json or options.verbose or options.debug,
        available=_available(options, inputs, made),
    )
    with Progress() as progress:
        for line in inputs.passed_over:
            progress.tell(line)
        batch = Batch(
            runs=runs,
            job=job,
            sink=_sink(options, runs, results, progress),
            reading=reading(options),
            orphans_file=options.save_orphans,
            failed=(lambda message: progress.tell(f"asnsolve generate: error: {message}")) if len(runs) > 1 else None,
            reporter=progress,
        )
        batch.run(workers=options.workers, cluster=options.dask)
    seconds = time.perf_counter() - started
    if options.json:
        tell_as_json(runs, options)
    else:
        tell(runs, options, seconds)
    if options.profile:
        tell_stages(progress.seconds, seconds)
    if any(each.error for each in runs):
        return INCOMPLETE
    return SKIPPED if made is not None and made.made is not None and made.made.skipped else 0


def reading(options: argparse.Namespace) -> Reading:
    """How pool files are read."""
    return Reading(
        delimiter="\t" if options.delimiter == "\\t" else options.delimiter,
        table_format=options.pool_format,
        duplicates="first" if options.keep_first else "error",
    )


def _made(options: argparse.Namespace, inputs: Inputs) -> PoolRun | None:
    """The run on the pool that is made of exposures, if there are some."""
    by_hand = [name for name in _BY_HAND if getattr(options, name)]
    if inputs.exposures:
        from solver.app import ingestion  # most runs are about pools and do without

        return PoolRun(ingestion.place_of(inputs.exposures), ingestion.of_exposures(inputs.exposures, options))
    if by_hand:
        option = f"--{by_hand[0].replace('_', '-')}"
        raise UsageError(f"{option} is for exposures; a pool lists its candidates itself, in ASN_CANDIDATE")
    return None


def _available(options: argparse.Namespace, inputs: Inputs, made: PoolRun | None) -> AvailableFiles | None:
    """The files that exist, if exposures are named, or associations of these alone are asked for."""
    if made is None and not options.existing:
        return None
    named = {} if made is None or made.made is None else made.made.files
    return AvailableFiles.among((*inputs.exposures, *inputs.pools), named, options.path, only=options.existing)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together, or are out of bounds."""
    if not 1 <= options.workers <= _MOST_WORKERS:
        raise UsageError(f"--workers {options.workers}: give a number of processes from 1 to {_MOST_WORKERS}")
    if options.dask is not None and options.workers > 1:
        raise UsageError("--dask and --workers: the cluster has workers of its own; take one of the two")
    if options.archive is not None:
        kind_of(options.archive)
    if options.save_orphans is not None and not is_plain(options.save_orphans):
        raise UsageError(f"{options.save_orphans!r} is no file name for results; give a plain name without folders")


def rule_choice(options: argparse.Namespace) -> RuleSet:
    """The rules that the command line asks for."""
    if options.ignore_default and not options.rules:
        raise UsageError("--ignore-default leaves no rules; name a file with rules of your own with -r")
    every = chosen_rules(options.rules or (), mission=not options.ignore_default)
    return every if options.level == "both" else every.of_level(int(options.level))


def _request(options: argparse.Namespace, version: str | None) -> Request:
    """What the command line asks of a pool."""
    ids = () if options.discover else options.ids
    return Request(
        candidates=None if ids is None else tuple(sorted({each.strip().lower() for each in ids})),
        discover=options.discover or (options.ids is None and not options.all_candidates),
        version_id=version,
        engine=options.engine,
        finalize=not options.no_finalize,
        backgrounds=options.dms,
    )


def _version(given: str | None) -> str | None:
    """The version for names; the time of the run where the option has no value."""
    if given == "":
        return datetime.now(UTC).strftime("%Y%m%dt%H%M%S")
    if given is not None and not _VERSION.fullmatch(given):
        raise UsageError(f"--version-id {given!r} becomes part of file names; use letters, digits, '.' and '-'")
    return given


def _asked(options: argparse.Namespace, version: str | None) -> str:
    """What makes a run another one than a run without options on the same pool."""
    parts = [f"-i {' '.join(sorted({each.strip().lower() for each in options.ids}))}"] if options.ids else []
    parts += [f"--level {options.level}"] if options.level != "both" else []
    parts += [f"--version-id {version}"] if version is not None else []
    parts += [f"-r {path}" for path in options.rules or ()]
    flags = ("existing", "discover", "all_candidates", "dms", "merge", "no_finalize", "ignore_default")
    return " ".join([*parts, *(f"--{flag.replace('_', '-')}" for flag in flags if getattr(options, flag))])


def _sink(options: argparse.Namespace, runs: Sequence[PoolRun], results: Results, reporter: Reporter) -> Sink:
    """Where the results go."""
    if options.dry_run:
        return Sink()
    if options.archive is None:
        return FolderSink(results, reporter)
    if options.archive.resolve() in {each.path.resolve() for each in runs}:
        raise UsageError(f"--archive {options.archive} is a pool that is to be read; choose another name")
    return ArchiveSink(Archive(options.archive, overwrite=options.overwrite), results, reporter, holding=len(runs) > 1)
