"""What is to be done with every part of every pool of a run, wherever it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.rule_set import RuleSet
from solver.associations import merge
from solver.batch.existing import Lacking, Present
from solver.batch.summary import Details, Summary
from solver.errors import AsnsolveError, SolvingError
from solver.pools import Pool
from solver.progress import Profile
from solver.solving import Request, solve_unchecked, uncollected
from solver.storage import Kind, Piece
from solver.version import CODE_VERSION


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with every part of every pool. It can be handed to other processes.

    Attributes:
        rules: the rules; the source of rule files travels with them.
        request: what is asked of a pool.
        merge: whether to put the Level 2 products of a candidate into one association.
        files: whether to make the text of a file for each association.
        archive: the kind of archive to make pieces for, if any.
        details: whether the associations themselves are to be shown.
        present: the files that are there, if associations are to name them where they are.
        software: which asnsolve asks; another one has to refuse.
    """

    rules: RuleSet
    request: Request
    merge: bool = False
    files: bool = False
    archive: Kind | None = None
    details: bool = False
    present: Present | None = None
    software: str = CODE_VERSION


@dataclass(frozen=True, slots=True)
class Part:
    """What was made of a part of a pool.

    Attributes:
        summary: counts.
        orphans: rows of the exposures that are in no association, to the reason for each.
        files: file name to text, if asked for.
        piece: what an archive takes, if asked for.
        details: what was made, if asked for.
        seconds: where the time went.
        lacking: the associations that lack files, if only those that are there count.
    """

    summary: Summary
    orphans: Mapping[int, str]
    files: Mapping[str, str]
    piece: Piece | None
    details: Details | None
    seconds: Mapping[str, float]
    lacking: tuple[Lacking, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing could be made of a part: the error's message, since errors do not all travel well."""

    message: str


Outcome = Part | Failure


def made_of(outcome: Outcome) -> Part:
    """What was made.

    Raises:
        SolvingError: nothing was.
    """
    if isinstance(outcome, Failure):
        raise SolvingError(outcome.message)
    return outcome


def do(job: Job, pool: Pool, progress: Callable[[str], None] | None = None) -> Outcome:
    """Do a job on a pool, or on a part of one that `solver.solving.generation.check` has passed.

    Args:
        job: what to do.
        pool: the exposures.
        progress: is called with the name of each rule before it is solved.
    """
    if job.software != CODE_VERSION:
        return Failure(f"a worker has {CODE_VERSION}, and this is {job.software}; install the same version on both")
    with uncollected():
        return _do(job, pool, progress)


def _do(job: Job, pool: Pool, progress: Callable[[str], None] | None) -> Outcome:
    profile = Profile()
    try:
        result = solve_unchecked(pool, job.rules, job.request, progress=progress, profile=profile)
    except AsnsolveError as error:
        return Failure(str(error))
    associations = result.associations
    if job.merge:
        level2 = [rule.spec.name for rule in job.rules if rule.spec.level == 2]  # noqa: PLR2004 (the level's name)
        associations = merge(associations, level2)
    associations, lacking = (associations, ()) if job.present is None else job.present.apply(associations)
    files: dict[str, str] = {}
    if job.files:
        with profile.stage("serialise"):
            files = {association.file_name: association.to_json() for association in associations}
    piece = None if job.archive is None else job.archive.piece(associations, profile)
    return Part(
        summary=Summary.of(associations, result),
        orphans={row: result.reasons[name] for row, name in enumerate(pool.file_names) if name in result.reasons},
        files=files,
        piece=piece,
        details=Details(associations, result.dropped) if job.details else None,
        seconds=profile.seconds,
        lacking=lacking,
    )
