"""The command `asnsolve generate`."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rules import source_of
from solver.app import pools
from solver.app.batch import Batch
from solver.app.console import Progress
from solver.app.job import Job, RuleChoice
from solver.app.outputs import Folder, IntoArchive, Nowhere, Output, Place
from solver.app.telling import Told, tell, tell_as_json, tell_profile
from solver.app.workers import Alone, Workers
from solver.archives import kind_of
from solver.archives.archive import Archive
from solver.errors import UsageError
from solver.generate import Request
from solver.pool import Pool
from solver.profile import Profile

#: Exit code where some pools have no results.
INCOMPLETE = 2

_VERSION = re.compile(r"[A-Za-z0-9.-]{1,40}")

#: More processes than this are a mistake in the command.
_MOST_WORKERS = 256


def read_pool(options: argparse.Namespace) -> Pool:
    """The one pool that the command line names."""
    return pools.read(options.pool, options)


def run(options: argparse.Namespace) -> int:
    """Find, write, and tell; 0, or 2 if a pool has no results."""
    started = time.perf_counter()
    profile = Profile()
    _check(options)
    version = _version(options.version_id)
    job = Job(
        choice=rule_choice(options),
        request=_request(options, version),
        merge=options.merge,
        files=options.archive is None and not options.dry_run,
        archive=None if options.archive is None or options.dry_run else kind_of(options.archive),
        details=options.json or options.verbose or options.debug,
    )
    job.choice.rules()  # what is wrong with them is told before anything is read
    found = pools.found(options.pools)
    several = len(found.files) > 1
    place = Place(options.path, _asked(options, version), options.overwrite)
    with Progress() as progress, ExitStack() as stack:

        def failed(message: str) -> None:
            progress.tell(f"asnsolve generate: error: {message}")

        for line in found.passed_over:
            progress.tell(line)
        output = stack.enter_context(_output(options, found.files, place, profile))
        workers = stack.enter_context(_workers(options, job, progress))
        batch = Batch(
            found.files, options, job, output, profile=profile, progress=progress, failed=failed if several else None
        )
        for task, outcome in workers.solve(batch.tasks()):
            batch.take(task, outcome)
        output.finish()
    told = Told(batch.runs, options, time.perf_counter() - started)
    (tell_as_json if options.json else tell)(told)
    if options.profile:
        tell_profile(profile, told.seconds)
    return INCOMPLETE if any(each.error for each in batch.runs) else 0


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together, or are out of bounds."""
    if not 1 <= options.workers <= _MOST_WORKERS:
        raise UsageError(f"--workers {options.workers}: give a number of processes from 1 to {_MOST_WORKERS}")
    if options.dask is not None and options.workers > 1:
        raise UsageError("--dask and --workers: the cluster has workers of its own; take one of the two")
    if options.archive is not None:
        kind_of(options.archive)


def rule_choice(options: argparse.Namespace) -> RuleChoice:
    """The rules that the command line asks for."""
    if options.ignore_default and not options.rules:
        raise UsageError("--ignore-default leaves no rules; name a file with rules of your own with -r")
    return RuleChoice(
        levels={"2": (2,), "3": (3,), "both": (2, 3)}[options.level],
        mission=not options.ignore_default,
        files=tuple((path, source_of(path)) for path in options.rules or ()),
    )


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
    flags = ("discover", "all_candidates", "dms", "merge", "no_finalize", "ignore_default")
    return " ".join([*parts, *(f"--{flag.replace('_', '-')}" for flag in flags if getattr(options, flag))])


def _output(options: argparse.Namespace, files: Sequence[Path], place: Place, profile: Profile) -> Output:
    """Where the results go."""
    if options.dry_run:
        return Nowhere()
    if options.archive is None:
        return Folder(place, profile)
    if options.archive.resolve() in {path.resolve() for path in files}:
        raise UsageError(f"--archive {options.archive} is a pool that is to be read; choose another name")
    archive = Archive(options.archive, overwrite=options.overwrite)
    return IntoArchive(archive, place, profile, holding=len(files) > 1)


def _workers(options: argparse.Namespace, job: Job, progress: Progress) -> Workers:
    """Who solves the parts."""
    if options.dask is not None:
        from solver.app.cluster import Cluster  # an extra, and takes long to import

        return Cluster(job, options.dask)
    if options.workers > 1:
        from solver.app.processes import Processes  # takes a while to import, and one process does without

        return Processes(job, options.workers)
    return Alone(job, progress)
