"""Many pools in one run: their parts, the workers, the results of each pool, and where results go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.batch.arguments import ids_of
    from solver.batch.available_files import AvailableFiles, Lacking
    from solver.batch.generation import generate
    from solver.batch.hints import Hint, hints_of, united
    from solver.batch.many_pools import Batch
    from solver.batch.parts import Job
    from solver.batch.pool_files import Inputs, find_inputs, has_exposures
    from solver.batch.runs import PoolRun, runs_of
    from solver.batch.sinks import FolderSink, Sink, former_associations, sink_of
    from solver.batch.status import Status, status_of
    from solver.batch.summary import Summary

__all__ = [
    "AvailableFiles", "Batch", "FolderSink", "Hint", "Inputs", "Job", "Lacking", "PoolRun", "Sink", "Status", "Summary",
    "find_inputs", "former_associations", "generate", "has_exposures", "hints_of", "ids_of", "runs_of", "sink_of",
    "status_of", "united",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
