"""Many pools in one run: their parts, the workers, the results of each pool, and where results go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.batch.arguments import ids_of as ids_of
    from solver.batch.available_files import AvailableFiles as AvailableFiles, Lacking as Lacking
    from solver.batch.generation import generate as generate
    from solver.batch.hints import Hint as Hint, hints_of as hints_of, misspelt as misspelt, united as united
    from solver.batch.many_pools import Batch as Batch
    from solver.batch.parts import Job as Job
    from solver.batch.pool_files import Inputs as Inputs, find_inputs as find_inputs, has_exposures as has_exposures
    from solver.batch.runs import PoolRun as PoolRun, runs_of as runs_of
    from solver.batch.sinks import (
        FolderSink as FolderSink,
        Sink as Sink,
        former_associations as former_associations,
        sink_of as sink_of,
    )
    from solver.batch.status import Status as Status, altered as altered, status_of as status_of
    from solver.batch.summary import Summary as Summary

__getattr__, __dir__ = late(__name__, __file__)
