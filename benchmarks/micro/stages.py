"""The stages of a run, each with what the stages before it make of a simulated pool."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

import numpy as np

from benchmarks.rows import COLUMNS, NULL
from benchmarks.simulator import write_pool
from benchmarks.workloads import many_programs
from rules import MISSION
from solver.associations.association_table import Associations
from solver.associations.json_text import json_files
from solver.pools.candidates import SubPools
from solver.pools.evaluation import Evaluation
from solver.pools.pool import Pool
from solver.solving import groups
from solver.solving.attachment import Joined, joined
from solver.solving.compilation import Compiled, Solutions, compile_rule
from solver.solving.products import Groups, PoolTexts, assemble
from solver.solving.pruning import prune

#: Of so many rows one lacks its filter in the pool with missing values.
_LACKING = 7
_FILTER = COLUMNS.index("filter")


class Run:
    """A simulated pool, and what each stage makes of it; a stage is run when what it makes is asked for."""

    def __init__(self, exposures: int) -> None:
        """Begin with a pool of about so many exposures."""
        self._exposures = exposures

    @cached_property
    def text(self) -> bytes:
        """The pool as a file."""
        return _text(list(many_programs(self._exposures)))

    @cached_property
    def pool(self) -> Pool:
        """The pool."""
        return Pool.read(io.BytesIO(self.text))

    @cached_property
    def evaluation(self) -> Evaluation:
        """The evaluation of expressions over the pool, with all of them found."""
        evaluation = Evaluation(self.pool)
        compile_all(evaluation, self.sub_pools)
        return evaluation

    @cached_property
    def sub_pools(self) -> SubPools:
        """Its sub-pools, with discovery."""
        return self.pool.sub_pools()

    @cached_property
    def compiled(self) -> Sequence[Compiled]:
        """All rules over the sub-pools, without those for which nothing is eligible."""
        return compile_all(self.evaluation, self.sub_pools)

    @cached_property
    def with_gaps(self) -> Sequence[Compiled]:
        """All rules over the sub-pools of a pool in which some filters are missing, so that groups overlap."""
        rows = [
            (*row[:_FILTER], NULL, *row[_FILTER + 1 :]) if number % _LACKING == 0 else row
            for number, row in enumerate(many_programs(self._exposures))
        ]
        pool = Pool.read(io.BytesIO(_text(rows)))
        return compile_all(Evaluation(pool), pool.sub_pools())

    @cached_property
    def solutions(self) -> Sequence[Solutions]:
        """The solutions of each rule."""
        return solve_all(self.compiled)

    @cached_property
    def joined(self) -> Sequence[Joined]:
        """What joins the solutions of each rule."""
        return join_all(self.compiled, self.solutions)

    @cached_property
    def made(self) -> Associations:
        """The associations of all valid groups."""
        return assemble_all(self, self.joined)

    @cached_property
    def kept(self) -> Associations:
        """The associations that stay, numbered."""
        return prune(self.made)[0].numbered()


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    write_pool(rows, stream)
    return stream.getvalue().encode()


def compile_all(evaluation: Evaluation, sub_pools: SubPools) -> Sequence[Compiled]:
    """State all rules over sub-pools; those for which nothing is eligible are left out."""
    every = (compile_rule(rule.spec, evaluation, sub_pools) for rule in MISSION)
    return [compiled for compiled in every if len(compiled)]


def solve_all(rules: Sequence[Compiled]) -> Sequence[Solutions]:
    """Find the groups of rules."""
    return [groups.solve(compiled) for compiled in rules]


def join_all(rules: Sequence[Compiled], solutions: Sequence[Solutions]) -> Sequence[Joined]:
    """Find what joins the groups of each rule."""
    return [joined(*each) for each in zip(rules, solutions, strict=True)]


def assemble_all(run: Run, joins: Sequence[Joined]) -> Associations:
    """Give the valid groups of all rules, with what joins them, members and names."""
    made: list[Associations] = []
    texts = PoolTexts(run.pool, Evaluation(run.pool), run.sub_pools, None)
    for compiled, solutions, joining in zip(run.compiled, run.solutions, joins, strict=True):
        found = Groups.of(compiled, solutions, joining)
        invalid = np.zeros(len(solutions), dtype=np.bool_)
        for validity in compiled.spec.validity:
            invalid |= found.lacking(validity, compiled)
        made.append(assemble(found, np.flatnonzero(~invalid), compiled, texts, finished=True))
    return Associations.joined(made)


#: What is timed, by name: asked for a run, the stages before it are done, and a function is made that does this one.
STAGES: Mapping[str, Callable[[Run], Callable[[], Sequence[object]]]] = {
    "read": lambda run: partial(_read, run.text),
    "compile": lambda run: partial(_compile, run.pool, run.sub_pools),
    "groups": lambda run: partial(solve_all, run.compiled),
    "groups_with_missing_values": lambda run: partial(solve_all, run.with_gaps),
    "joins": lambda run: partial(join_all, run.compiled, run.solutions),
    "assemble": lambda run: partial(assemble_all, run, run.joined),
    "prune": lambda run: partial(_prune, run.made),
    "number": lambda run: run.kept.numbered,
    "serialise": lambda run: partial(_serialise, run.kept),
}


def _read(text: bytes) -> Sequence[str]:
    return Pool.read(io.BytesIO(text)).file_names


def _compile(pool: Pool, sub_pools: SubPools) -> Sequence[Compiled]:
    return compile_all(Evaluation(pool), sub_pools)  # with nothing evaluated yet


def _prune(associations: Associations) -> Associations:
    return prune(associations)[0]


def _serialise(associations: Associations) -> Sequence[str]:
    return list(json_files(associations).values())
