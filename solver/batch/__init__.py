"""Many pools in one run: parts, workers, what was made of each pool, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.batch.batch import Batch, PoolRun
    from solver.batch.cluster import Cluster
    from solver.batch.existing import Lacking, Present, without_paths
    from solver.batch.job import Job
    from solver.batch.outputs import Folder, IntoArchive, Nowhere, Output, name_of
    from solver.batch.processes import Processes
    from solver.batch.summary import Summary
    from solver.batch.workers import Alone, Workers

__all__ = [
    "Alone", "Batch", "Cluster", "Folder", "IntoArchive", "Job", "Lacking", "Nowhere", "Output", "PoolRun", "Present",
    "Processes", "Summary", "Workers", "name_of", "without_paths",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
