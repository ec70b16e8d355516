"""The state of each pool in a run, and the parts to solve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from solver.associations import Association
from solver.batch.available_files import Lacking
from solver.batch.parts import Part
from solver.batch.summary import Summary
from solver.pools import Pool, PoolText, TextPart
from solver.solving import Dropped
from solver.storage import Written

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
        summary: what was made.
        associations: the associations, if details were requested.
        dropped: the associations left out in favour of another, if details were requested.
        orphans: the exposures in no association, with the reasons.
        lacking: the associations that lack files, if only files that exist count.
        written: what was written, once it is.
        error: why it has no results; empty if it has.
    """

    path: Path
    made: Ingested | None = None
    share: float = 1.0
    name: str = ""
    exposures: int = 0
    summary: Summary = field(default_factory=Summary)
    associations: list[Association] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    orphans: dict[str, str] = field(default_factory=dict)
    lacking: list[Lacking] = field(default_factory=list)
    written: Written | None = None
    error: str = ""

    def add(self, part: Part) -> None:
        """Add what was made of the next part."""
        self.summary.add(part.summary)
        self.associations += part.associations
        self.dropped += part.dropped
        self.orphans |= part.orphans
        self.lacking += part.lacking

    def to_dict(self, *, archive: Path | None = None, existing: bool = False) -> dict[str, object]:
        """What was made, for machines.

        Args:
            archive: the archive to which associations were written, if any.
            existing: whether associations that lack files are listed.
        """
        if self.error:
            return {"pool": self.path.name, "error": self.error}
        return {
            "pool": self.name,
            "exposures": self.exposures,
            **({} if self.made is None else {"made_of": self.made.to_dict()}),
            "folder": None if self.written is None else str(self.written.folder),
            **({} if archive is None else {"archive": str(archive)}),
            "associations": [
                {
                    "file": each.file_name,
                    "rule": each.asn_rule,
                    "type": each.asn_type,
                    "program": each.program,
                    "id": each.asn_id,
                    "products": [{"name": part.name, "members": len(part.members)} for part in each.products],
                }
                for each in self.associations
            ],
            **({"lacking": [each.to_dict() for each in self.lacking]} if existing else {}),
            "orphans": self.orphans,
            "dropped": [
                {"name": each.association.products[0].name, "for": each.kept.products[0].name, "why": each.why}
                for each in self.dropped
            ],
            "rules": [
                {"rule": each.rule, "eligible": each.eligible, "groups": each.groups, "invalid": dict(each.invalid)}
                for each in self.summary.tried.values()
            ],
        }


def runs_of(files: Iterable[Path]) -> list[PoolRun]:
    """Runs on pool files; their shares of the work are those of their sizes."""
    sizes = {path: _size(path) for path in files}
    total = sum(sizes.values()) or 1
    return [PoolRun(path, share=size / total) for path, size in sizes.items()]


def _size(path: Path) -> int:
    """The size of a file; an unreadable file is reported when its turn comes."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A part of a pool to solve.

    Attributes:
        run: the run of its pool.
        whole: the pool, or its text where the workers read it.
        pool: the exposures of the part.
        last: whether it is the pool's last part.
    """

    run: PoolRun
    whole: Pool | PoolText
    pool: Pool | TextPart
    last: bool

    @property
    def share(self) -> float:
        """Its share of all the work."""
        return self.run.share * len(self.pool) / len(self.whole)
