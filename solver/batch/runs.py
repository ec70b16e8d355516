"""The state of each pool in a run, and the parts to solve."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from solver.associations import Association, Associations, Comparison, outline
from solver.batch.hints import Hint, united
from solver.batch.parts import Part
from solver.batch.summary import Summary
from solver.guards import real
from solver.pools import Pool, PoolText, Statements, TextPart
from solver.storage import Record, Written

if TYPE_CHECKING:
    from solver.headers import Ingested


@dataclass(slots=True, eq=False)
class PoolRun:
    """The state of a pool in a run.

    Attributes:
        path: its file.
        made: the pool, if it was made from exposures.
        share: its share of all the work, judged by the size of the file.
        name: its name in associations.
        exposures: number of its exposures.
        summary: the associations, in numbers.
        parts: results of its parts that are not written yet.
        written: what was written, once it is.
        archive: the archive of its associations, if requested.
        changes: what changed since the previous run; None if there was none.
        error: why it has no results; empty if it has.
        record: the request, in a form from which it can be repeated.
    """

    path: Path
    made: Ingested | None = None
    share: float = 1.0
    name: str = ""
    exposures: int = 0
    summary: Summary = field(default_factory=Summary)
    parts: list[Part] = field(default_factory=list)
    written: Written | None = None
    archive: Path | None = None
    changes: Comparison | None = None
    error: str = ""
    record: Record = field(default_factory=Record)

    def completed(self, folder: Path = Path()) -> Record:
        """The record, now that there are results; a pool that was made from exposures is in the folder."""
        pool = real(self.path) if self.made is None else folder / self.name
        return self.record.completed(str(pool), None if self.made is None else self.made.text)

    @property
    def hints(self) -> list[Hint]:
        """What a person may want to state or to look into."""
        return united(self.summary.hints, self.summary.programs)

    def to_dict(self) -> dict[str, object]:
        """The results, for machines; details must have been requested."""
        if self.error:
            return {"pool": self.path.name, "error": self.error}
        summary, stated = self.summary, (Statements.of(self.record.statements), self.record.options)
        gone = ((each.association.products[0], each.kept.products[0], each.why) for each in chain(*summary.replaced))
        return {
            "pool": self.name,
            "exposures": self.exposures,
            **({} if self.made is None else {"made_of": self.made.to_dict()}),
            "folder": None if self.written is None else str(self.written.folder),
            **({} if self.archive is None else {"archive": str(self.archive)}),
            "associations": [outline(each.file_name, each) | _products(each) for each in chain(*summary.kept)],
            **({"lacking": [each._asdict() for each in summary.lacking]} if "existing" in self.record.options else {}),
            "changes": None if self.changes is None else msgspec.to_builtins(self.changes.by_kind()),
            "orphans": summary.reasons,
            "absent": {f"level{level}": count for level, count in sorted(summary.absent.items())},
            "hints": [each._asdict() | {"option": each.action(self.path, *stated)} for each in self.hints],
            "dropped": [{"name": one.name, "for": other.name, "why": why} for one, other, why in gone],
            "rules": [asdict(each) for each in summary.tried.values()],
        }


def _products(association: Association) -> dict[str, list[dict[str, object]]]:
    return {"products": [{"name": made.name, "members": len(made.members)} for made in association.products]}


def runs_of(files: Iterable[Path], record: Record, exposures: Sequence[Path], made: Ingested | None) -> list[PoolRun]:
    """Runs on pool files, and on the pool that was made from exposures, with the same options.

    The larger a file, the larger its share of the work; a missing file is reported when its turn comes. The folder of
    the exposures identifies the run on their pool.
    """
    sizes = {path: path.stat().st_size if os.access(path, os.F_OK) else 0 for path in files}
    total = sum(sizes.values()) or 1
    runs = [PoolRun(path, share=size / total, record=record) for path, size in sizes.items()]
    if made is not None:
        place = exposures[0] if len(exposures) == 1 else Path(commonpath([real(path).parent for path in exposures]))
        runs.append(PoolRun(place, made, record=record))
    return runs


class Task(NamedTuple):
    """A part of a pool to solve.

    Attributes:
        run: the run of its pool.
        whole: the pool, or its text where the workers read it.
        pool: the exposures of the part.
        share: its share of all the work.
        last: whether it is the pool's last part.
        former: the associations of earlier runs on its programs whose numbers are kept.
    """

    run: PoolRun
    whole: Pool | PoolText
    pool: Pool | TextPart
    share: float
    last: bool
    former: Associations | None = None
