"""Parts of pools: what to do with each, and its outcome, in any process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from rules.rule_set import RuleSet
from solver.associations import Associations, colliding, json_files, merge
from solver.batch.available_files import AvailableFiles
from solver.batch.doubts import doubts_of
from solver.batch.hints import hints_of, mixed_versions
from solver.batch.summary import Summary, nested
from solver.default import ROLES
from solver.errors import AsnsolveError, CancelledError, SolvingError
from solver.pools import Evaluation, Mask, Pool, TextPart, marked
from solver.progress import Reporter
from solver.solving import SCIENCE, Request, solve_unchecked, uncollected
from solver.storage import Kind, Piece
from solver.version import CODE_VERSION

#: Why an exposure is in no association if only files that exist count.
_MISSING = "files of its associations do not exist"


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every part of every pool. It can be sent to other processes.

    Attributes:
        rules: the rules; the source of rule files travels with them.
        request: what is asked of a pool.
        merge: whether to put the Level 2 products of a candidate into one association.
        files: whether to make the text of a file for each association.
        archive: the kind of archive to make pieces for, if any.
        details: whether to give back the associations themselves.
        hints: whether to look for hints.
        available: the files that exist, if associations are to name them by where they are.
        versions: the keywords that say how files were calibrated, with their values, by their names in associations.
        software: the version of the sender; a worker of another version refuses.
    """

    rules: RuleSet
    request: Request
    merge: bool = False
    files: bool = False
    archive: Kind | None = None
    details: bool = False
    hints: bool = False
    available: AvailableFiles = field(default_factory=AvailableFiles)
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    software: str = CODE_VERSION


class Part(NamedTuple):
    """The result of a part of a pool.

    Attributes:
        summary: what was made, in numbers, and in detail if requested.
        files: file name to text, if requested.
        piece: what an archive takes, if requested.
    """

    summary: Summary
    files: Mapping[str, str]
    piece: Piece | None


#: The result of a part, or why it has none: one class of error, since not all errors can be pickled.
Outcome = Part | SolvingError


def solve_part(job: Job, pool: Pool | TextPart, reporter: Reporter, former: Associations | None = None) -> Outcome:
    """Do a job on a pool or a part of one; `check_request` has accepted the whole pool.

    Args:
        job: what to do.
        pool: the exposures.
        reporter: follows the solving.
        former: the associations of an earlier run whose numbers are kept; by default those of the request.

    Raises:
        CancelledError: the reporter cancelled it.
    """
    if job.software != CODE_VERSION:
        return SolvingError(f"a worker has {CODE_VERSION}, not {job.software}; install the same version on both")
    with uncollected():
        try:
            with reporter.stage("read"):
                part = pool if isinstance(pool, Pool) else pool.read()
            request = job.request if former is None else replace(job.request, former=former)
            return _solved(replace(job, request=request), part, reporter)
        except CancelledError:
            raise
        except AsnsolveError as error:
            return SolvingError(str(error))


def _solved(job: Job, pool: Pool, reporter: Reporter) -> Part:
    result = solve_unchecked(pool, job.rules, job.request, reporter=reporter)
    found = colliding(result.associations) if job.request.finalize else []
    with reporter.stage("hints"):
        more = mixed_versions(result.associations, job.versions), doubts_of(pool, job.rules, result, found)
        hints = [*hints_of(pool, job.rules, job.request, result), *chain(*more)] if job.hints else []
    associations = result.associations
    if job.merge:
        level2 = [rule.spec.name for rule in job.rules if rule.spec.level == 2]  # noqa: PLR2004 (the level's name)
        associations = Associations.of(merge(associations, level2, job.request.former))
    associations, lacking = job.available.apply(associations)
    if lacking:  # exposures that are left out with them are orphans, too
        rows = np.flatnonzero(~associations.used(len(pool))).tolist()
        reasons = {name: result.reasons.get(name, _MISSING) for name in map(pool.file_names.__getitem__, rows)}
        result = replace(result, associations=associations, orphans=pool.select(rows), reasons=reasons)
    with reporter.stage("serialise"):
        files = json_files(associations) if job.files else {}
    piece = None if job.archive is None else job.archive.piece(associations, reporter)
    words = (associations.words[word] for word in ("program", "asn_id", "asn_type", "asn_rule"))
    mine, used = _asked_for(pool, job.request), partial(result.associations.used, len(pool))
    own = result.select(rule=job.rules.own) if job.rules.own else ()
    summary = Summary(
        made=Counter(zip(*words, strict=True)),
        members=Counter(associations.words["asn_rule"].at(associations.owners)),
        dropped=Counter(result.dropped.whys),
        tried={each.rule: each for each in result.tried},
        exposures=int(mine.sum()),
        absent=Counter({level: int((mine & ~used(level)).sum()) for level in {rule.spec.level for rule in job.rules}}),
        orphans=int((mine & ~used()).sum()),
        science=int(Evaluation(result.orphans).choose(ROLES).where(SCIENCE.__eq__).sum()),
        reasons=dict(result.reasons),
        lacking=list(lacking),
        kept=[associations] if job.details else [],
        replaced=[result.dropped] if job.details else [],
        programs=set(pool["program"].values[1:]),
        hints=hints,
        collisions=found,
        own={product.name: (each.asn_rule, each.asn_id) for each in own for product in each.products},
        nested=nested(result.associations) if job.hints else (),
    )
    return Part(summary, files, piece)


def _asked_for(pool: Pool, request: Request) -> Mask:
    """The exposures of the candidates that were asked for; otherwise all."""
    if not request.candidates:
        return np.ones(len(pool), dtype=np.bool_)
    every = pool.sub_pools(discover=False)
    return marked(every.take(every.named(request.candidates)).exposure, len(pool))
