"""Plans of what to run: the pipelines for associations, each after those that make the files it needs."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from solver.associations import PRODUCT_SUFFIXES, RATES, Association, Product, file_parts, makes
from solver.errors import UsageError
from solver.guards import real
from solver.headers import shutters_file
from solver.multimap import grouped
from solver.storage.json_files import read_content
from solver.storage.loading import association_files
from solver.storage.member_files import is_file, named_files

_DETECTOR1 = "calwebb_detector1"

#: The pipelines in the order in which they run: what they do, and the types of associations that they take.
#: Images come before spectra, since slitless spectra need the catalogue and the segments of an image of Level 3.
PIPELINES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    _DETECTOR1: ("Level 1: from ramps to count rates", ()),
    "calwebb_image2": ("Level 2: images", ("image2", "tso-image2", "wfs-image2")),
    "calwebb_image3": ("Level 3: images", ("image3",)),
    "calwebb_spec2": ("Level 2: spectra", ("spec2", "tso-spec2", "nrslamp-spec2")),
    "calwebb_spec3": ("Level 3: spectra", ("spec3",)),
    "calwebb_coron3": ("Level 3: coronagraphy", ("coron3",)),
    "calwebb_tso3": ("Level 3: time series", ("tso3",)),
    "calwebb_ami3": ("Level 3: interferometry", ("ami3",)),
    "calwebb_wfs-image3": ("Level 3: wavefront sensing", ("wfs-image3",)),
}
_OF_TYPE = {asn_type: pipeline for pipeline, (_, types) in PIPELINES.items() for asn_type in types}

_HEADING = "# Made by asnsolve plan: what to run, in this order."


class Step(NamedTuple):
    """A run of a pipeline on a file.

    Attributes:
        pipeline: name of the pipeline.
        file: the association, or the uncalibrated file.
        folder: where it runs, and so writes its products.
        takes: the files that it needs besides `file`.
    """

    pipeline: str
    file: Path
    folder: Path
    takes: tuple[Path, ...] = ()

    def __hash__(self) -> int:
        """That of what identifies it; what it takes may be thousands of files."""
        return hash((self.pipeline, self.file, self.folder))

    @property
    def command(self) -> str:
        """The command for a shell in the folder."""
        file = self.file.name if self.file.parent == self.folder else str(self.file)
        return f"strun {self.pipeline} {shlex.quote(file)}"


#: Steps of one kind in one folder.
_block = attrgetter("pipeline", "folder")


class Plan(NamedTuple):
    """What to run.

    Attributes:
        steps: the runs, in order.
        makers: the files that one step needs and an earlier one makes, with that step.
        missing: files that neither exist nor are made by a step.
        unknown: associations of a type that no pipeline takes.
        twice: the products that several associations make in one folder.
    """

    steps: tuple[Step, ...]
    makers: Mapping[Path, Step]
    missing: tuple[Path, ...]
    unknown: tuple[Path, ...]
    twice: tuple[str, ...] = ()

    def as_script(self) -> str:
        """A script for sh, which stops at the first pipeline that fails."""
        lines = ["#!/bin/sh", _HEADING, "set -e"]
        for (pipeline, folder), steps in groupby(self.steps, _block):
            lines += ["", f"# {PIPELINES[pipeline][0]}", f"cd {shlex.quote(str(folder))}"]
            lines += [step.command for step in steps]
        return "\n".join([*lines, ""])

    def as_makefile(self) -> str:
        """A file for make, which runs a pipeline only if a file that it needs is newer than its products.

        Its products are the files that other steps need, or else an empty file beside its association. If a pipeline
        fails, make deletes the product that it had begun, so that it runs again.

        Raises:
            UsageError: make cannot take a name.
        """
        for step in self.steps:
            for path in map(str, (step.file, step.folder, *step.takes)):
                if not re.fullmatch(r"[\w./+,@-]+", path):
                    raise UsageError(f"{step.file}: make cannot take the name {path}; use --format sh, or rename it")
        made = grouped((step, path) for path, step in self.makers.items())
        goals = {step: made.get(step) or [step.file.with_suffix(".done")] for step in self.steps}
        every = " ".join(str(goal) for goal, *_ in goals.values())
        lines = [_HEADING, f"all: {every}", ".PHONY: all", ".DELETE_ON_ERROR:"]  # what is half written is no product
        for (pipeline, folder), steps in groupby(self.steps, _block):
            lines += ["", f"# {PIPELINES[pipeline][0]}"]
            for step in steps:
                goal, *others = goals[step]
                mark = "" if step in made else f" && touch {goal.name}"
                lines.append(f"{goal}: {' '.join(map(str, (step.file, *step.takes)))}")
                lines.append(f"\tcd {folder} && {step.command}{mark}")
                lines += [f"{other}: {goal} ;" for other in others]
        return "\n".join([*lines, ""])


def plan_of(paths: Iterable[Path], source_folder: Path | None = None) -> Plan:
    """The steps to run for associations, in an order in which each finds the files that it needs.

    Args:
        paths: association files, or folders of them.
        source_folder: where uncalibrated files are, if not where the rate files are expected.

    Raises:
        AssociationError: a file cannot be read or is not an association, or a folder has none.
        UsageError: a name cannot be written into a script.
    """
    files = sorted({real(file.parent) / file.name for path in paths for file in association_files(path)})
    associations = {file: Association.from_dict(read_content(file)) for file in files}
    steps = {
        file: Step(pipeline, file, file.parent, tuple(dict.fromkeys(_taken(association, file.parent))))
        for file, association in associations.items()
        if (pipeline := _OF_TYPE.get(association.asn_type.lower()))
    }
    pairs = ((step, product) for file, step in steps.items() for product in associations[file].products)
    made = grouped(((step.folder, product.name.lower()), (step, product)) for step, product in pairs)
    makers = _makers(steps.values(), made)
    lacking = [path for step in steps.values() for path in step.takes if path not in makers and not is_file(path)]
    makers |= {path: step for path in lacking if (step := _calibration(path, source_folder))}
    order = list(PIPELINES)
    used = {*makers.values(), *steps.values()}
    every = sorted(used, key=lambda step: (order.index(step.pipeline), step.file, step.folder))
    for path in (path for step in every for path in (step.file, step.folder)):
        if not str(path).isprintable():
            raise UsageError(f"{path}: a script cannot hold this name; rename it")
    missing = dict.fromkeys(path for path in lacking if path not in makers)
    twice = tuple(name for (_, name), same in made.items() if len({step.pipeline for step, _ in same}) < len(same))
    return Plan(tuple(every), makers, tuple(missing), tuple(file for file in files if file not in steps), twice)


def _taken(association: Association, folder: Path) -> Iterator[Path]:
    """The files that an association needs."""
    for member in association.members:
        files = [member.expname, *map(str, named_files(member.extra, folder).values())]
        exposure, *others = (Path(os.path.normpath(folder / file)) for file in files)
        shutters = shutters_file(exposure) if file_parts(exposure.name)[1] in RATES else None
        yield from (exposure, *others, *([] if shutters is None else [shutters]))


def _makers(steps: Iterable[Step], made: Mapping[tuple[Path, str], Sequence[tuple[Step, Product]]]) -> dict[Path, Step]:
    """The files that a step takes of another, and the first step that makes each."""
    found: dict[Path, Step] = {}
    for path in (path for step in steps for path in step.takes):
        name, suffix, _ = file_parts(path.name, PRODUCT_SUFFIXES - RATES)
        for step, product in made.get((path.parent, name.lower()), []):
            if suffix and makes(product, suffix):
                found.setdefault(path, step)
    return found


def _calibration(path: Path, source_folder: Path | None) -> Step | None:
    """The step that makes a rate file, if the uncalibrated file is there."""
    name, suffix, ending = file_parts(path.name)
    file = real(source_folder or path.parent) / f"{name}_uncal{ending}"
    return Step(_DETECTOR1, file, path.parent) if suffix in RATES and is_file(file) else None
