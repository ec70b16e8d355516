"""The situations of the mission's pipeline notebooks (spacetelescope/jwst-pipeline-notebooks).

Each is a folder of downloaded files, one command, and the associations that the notebook makes with functions of its
own. Members and their roles are compared, product by product; names are not. `notebooks.toml` explains its form.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.rows import Observation, Plan, Program
from benchmarks.simulated_files import write
from benchmarks.simulator import COLUMNS, POSITION_COLUMNS, with_positions
from solver import load
from solver.app.cli import main

NOTEBOOKS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("notebooks.toml").read_text(encoding="utf-8"))

#: the members of a product in order, each as `role name`
Product = tuple[str, ...]


def rows_of(lines: Sequence[str]) -> list[dict[str, str]]:
    """The pool rows of exposures."""
    program = Program(1001, Random(1))
    targets = {name: program.target() for name in dict.fromkeys(line.split()[1] for line in lines)}
    observations: dict[str, Observation] = {}
    for line in lines:
        number, target, exp_type, detectors, *settings = line.split()
        if number not in observations:
            observations[number] = program.observation("TEMPLATE", targets[target])
        columns = dict(each.split("=", 1) for each in settings)
        texts = {key: columns.pop(key) for key in Plan._fields if key in columns}
        dithers: dict[str, Any] = {key: int(text) if text.isdecimal() else text for key, text in texts.items()}
        if exp_type.endswith("TACQ"):
            observations[number].acquire(exp_type, detectors, **columns)
        else:
            observations[number].expose(exp_type, detectors.split(","), Plan(**dithers), **columns)
    return [dict(zip((*COLUMNS, *POSITION_COLUMNS), row, strict=True)) for row in with_positions(program.rows())]


def products_of(lines: Iterable[str], exposures: Sequence[str]) -> Counter[Product]:
    """The products that lines of the data file describe."""
    found: Counter[Product] = Counter()
    for line in lines:
        roles = [each.split() for each in line.removeprefix("each ").split(", ")]
        members = [each for role, *patterns in roles for each in members_of(role, patterns, exposures)]
        if not line.startswith("each "):
            found[tuple(sorted(members))] += 1
            continue
        science = {each for each in members if each.startswith("science ")}
        for one in science:
            itself = one.replace("science ", "background ")
            used = {one, *(each for each in members if each not in {itself, *science})}
            found[tuple(sorted(used - {_as_selfcal(each) for each in used}))] += 1
    return found


def _as_selfcal(member: str) -> str:
    """The member that the pipeline's step has anyway where this is science or background."""
    role, name = member.split(" ")
    return f"selfcal {name}" if role in {"science", "background"} else ""


def members_of(role: str, patterns: Iterable[str], exposures: Sequence[str]) -> Iterator[str]:
    """The exposures that match patterns, or products by their optical elements."""
    for each in patterns:
        pattern, _, suffix = each.rpartition("_")
        found = [name for name in exposures if fnmatchcase(name, pattern)]
        assert found or role in {"direct_image", "sourcecat", "segmap"}, f"no exposure matches {each}"
        yield from (f"{role} {name}_{suffix}" for name in found or [pattern])


def as_written(role: str, path: str) -> str:
    """A member as the data file has it: an exposure without its program, a product by its optical elements."""
    stem = Path(path).stem
    name = "_".join(stem.split("_")[-2:]) if "-" in stem.partition("_")[0] else stem.removeprefix("jw01001")
    return f"{role} {name}"


def test_each_of_the_notebooks_is_here_and_each_difference_has_its_reason() -> None:
    assert len({name.partition(",")[0] for name in NOTEBOOKS}) == 17
    for notebook in NOTEBOOKS.values():
        reasons = [*notebook.get("without", {}).values(), *(each["reason"] for each in notebook.get("differences", ()))]
        assert all(" rule" in each.lower() and each.endswith(".") for each in reasons)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_and_one_command_make_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = NOTEBOOKS[name]
    monkeypatch.chdir(tmp_path)
    rows = rows_of(notebook["files"])
    write(Path("data"), rows)
    assert main(["generate", "data", "-p", "out", *notebook.get("options", "").split()]) == 0

    exposures = [row["filename"].removeprefix("jw01001").removesuffix("_uncal.fits") for row in rows]
    wanted = products_of(notebook["products"], exposures)
    for role in notebook.get("without", {}):
        lacking = Counter(tuple(each for each in made if not each.startswith(f"{role} ")) for made in wanted.elements())
        assert lacking != wanted, f"no product of the notebook has {role}"
        wanted = lacking
    for each in notebook.get("differences", ()):
        gone = products_of(each.get("notebook", ()), exposures)
        assert gone <= wanted, "the notebook does not have what is said to differ"
        wanted = wanted - gone + products_of(each["asnsolve"], exposures)

    products = [product for association in load("out") for product in association.products]
    found = Counter(tuple(sorted(as_written(each.exptype, each.expname) for each in made.members)) for made in products)
    problems = [f"not expected: {', '.join(each)}" for each in (found - wanted).elements()]
    problems += [f"not made: {', '.join(each)}" for each in (wanted - found).elements()]
    assert not problems, "\n".join(problems)
