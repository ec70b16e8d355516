"""The command `asnsolve generate`."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rules.rule_set import RuleSet
from solver.app.console import Progress
from solver.app.telling import Told, tell, tell_as_json, tell_profile
from solver.associations import is_plain
from solver.batch import Alone, Batch, Folder, IntoArchive, Job, Nowhere, Output, Present, Workers, name_of
from solver.batch import pool_files as pools
from solver.default import chosen_rules
from solver.errors import UsageError
from solver.pools import Pool
from solver.progress import Profile
from solver.solving import Request
from solver.storage import Archive, Results, kind_of

if TYPE_CHECKING:
    from solver.headers import Ingested

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
    return pools.read(options.pool, options)


def run(options: argparse.Namespace) -> int:
    """Find, write, and tell; 0, or 2 if a pool has no results, or 1 if files of exposures had to be skipped."""
    started = time.perf_counter()
    profile = Profile()
    _check(options)
    version = _version(options.version_id)
    rules = rule_choice(options)  # what is wrong with them is told before anything is read
    found = pools.found(options.pools)
    made = _made(options, found.exposures)
    job = Job(
        rules=rules,
        request=_request(options, version),
        merge=options.merge,
        files=options.archive is None and not options.dry_run,
        archive=None if options.archive is None or options.dry_run else kind_of(options.archive),
        details=options.json or options.verbose or options.debug,
        present=_present(options, found, made),
    )
    pools_to_come = [*found.files, *([] if made is None else [made[0]])]
    several = len(pools_to_come) > 1
    results = Results(
        options.path, asked=_asked(options, version), overwrite=options.overwrite, pools=map(name_of, pools_to_come)
    )
    with Progress() as progress, ExitStack() as stack:

        def failed(message: str) -> None:
            progress.tell(f"asnsolve generate: error: {message}")

        for line in found.passed_over:
            progress.tell(line)
        output = stack.enter_context(_output(options, found.files, results, profile, holding=several))
        workers = stack.enter_context(_workers(options, job, progress))
        batch = Batch(
            found.files,
            options,
            job,
            output,
            profile=profile,
            progress=progress,
            failed=failed if several else None,
            made=made,
        )
        for task, outcome in workers.solve(batch.tasks()):
            batch.take(task, outcome)
        output.finish()
    told = Told(batch.runs, options, time.perf_counter() - started)
    (tell_as_json if options.json else tell)(told)
    if options.profile:
        tell_profile(profile, told.seconds)
    if any(each.error for each in batch.runs):
        return INCOMPLETE
    return SKIPPED if made is not None and made[1].skipped else 0


def _made(options: argparse.Namespace, exposures: Sequence[Path]) -> tuple[Path, Ingested] | None:
    """The pool of the exposures that are named, if any, and where they are."""
    by_hand = [name for name in _BY_HAND if getattr(options, name)]
    if exposures:
        from solver.app import ingestion  # most runs are about pools and do without

        return ingestion.place_of(exposures), ingestion.of_exposures(exposures, options)
    if by_hand:
        option = f"--{by_hand[0].replace('_', '-')}"
        raise UsageError(f"{option} is for exposures; a pool lists its candidates itself, in ASN_CANDIDATE")
    return None


def _present(options: argparse.Namespace, found: pools.Found, made: tuple[Path, Ingested] | None) -> Present | None:
    """The files that are there, if exposures are named, or associations of these alone are asked for."""
    if made is None and not options.existing:
        return None
    named = {} if made is None else made[1].files
    return Present.among((*found.exposures, *found.files), named, options.path, only=options.existing)


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


def _output(
    options: argparse.Namespace, files: Sequence[Path], results: Results, profile: Profile, *, holding: bool
) -> Output:
    """Where the results go."""
    if options.dry_run:
        return Nowhere()
    if options.archive is None:
        return Folder(results, profile)
    if options.archive.resolve() in {path.resolve() for path in files}:
        raise UsageError(f"--archive {options.archive} is a pool that is to be read; choose another name")
    archive = Archive(options.archive, overwrite=options.overwrite)
    return IntoArchive(archive, results, profile, holding=holding)


def _workers(options: argparse.Namespace, job: Job, progress: Progress) -> Workers:
    """Who solves the parts."""
    if options.dask is not None:
        from solver.batch import Cluster  # an extra, and takes long to import

        return Cluster(job, options.dask)
    if options.workers > 1:
        from solver.batch import Processes  # takes a while to import, and one process does without

        return Processes(job, options.workers)
    return Alone(job, progress)
