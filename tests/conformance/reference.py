"""Run the reference, jwst 3.0.0, and write what it makes or reads in a comparable form.

Run it with a Python that has jwst; it imports nothing of this project:

    python reference.py pools FOLDER                  write the pools packaged with jwst, as plain text
    python reference.py run POOL OUT.json [ARG ...]   what `asn_generate` makes of a pool
    python reference.py write POOL FOLDER             the same as association files, which it writes itself
    python reference.py read FOLDER OUT.json          what its pipelines read from association files
    python reference.py compare OUT.json FOLDER ...   what its comparison says of pairs of folders
    python reference.py tool FOLDER NAME [ARG ...]    run its tool NAME, such as asn_edit, in a folder
    python reference.py list OUT.json RULE NAME=TYPE  its association of a list of files with types
    python reference.py open FOLDER OUT.json ASN      the files that its pipelines open for an association

The packaged pools have macros in their cells, which `pools` replaces by what they stand for.
Every ARG is passed on to `asn_generate`.

The result of `run` is {"associations": [{rule, type, id, program, target, name, members: [[file, type], ...]}, ...],
"seconds": S}, sorted, with an entry for each product. That of `read` has such associations for each reader; that of
`compare` has a list for each pair, of the kinds of differences, which is empty if there are none.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

_SCHEMAS = {2: "asn_schema_jw_level2b.json", 3: "asn_schema_jw_level3.json"}


def expand(folder: str) -> None:
    """Write the packaged pools into `folder`, without macros."""
    helpers = import_module("jwst.associations.tests.helpers")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path in sorted(_package().glob("tests/data/*.csv")):
        pool = helpers.combine_pools(str(path))
        lines = ["|".join(pool.colnames).upper()]
        # A row without a file, such as "set acid", only drives the counters of the macros.
        lines += ["|".join(map(str, row)) for row in pool if ".fits" in str(row["filename"])]
        (Path(folder) / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(pool: str, result: str, *arguments: str) -> None:
    """Generate the associations of a pool, and time it."""
    start = time.perf_counter()
    table = import_module("jwst.associations").AssociationPool.read(pool)
    generator = import_module("jwst.associations.main").Main(args=list(arguments), pool=table)
    generator.generate()
    seconds = round(time.perf_counter() - start, 2)
    _save(result, {"associations": _plain(generator.associations), "seconds": seconds})


def write(pool: str, folder: str) -> None:
    """Let `asn_generate` write association files into `folder`."""
    import_module("jwst.associations.main").Main.cli(["-p", folder, pool])


def read(folder: str, result: str) -> None:
    """Read the association files in `folder` in every way, and validate them against the schema of their level."""
    schemas = {level: json.loads((_package() / "lib" / name).read_text("utf-8")) for level, name in _SCHEMAS.items()}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in _files(folder):
        content = json.loads(path.read_text("utf-8"))
        level = 2 if content["asn_type"].endswith("2") or "Level2" in content["asn_rule"] else 3
        import_module("jsonschema").validate(content, schemas[level])
        for reader, association in _readings(path, level):
            found.setdefault(reader, []).append(association)
    _save(result, {reader: _plain(associations) for reader, associations in found.items()})


def _readings(path: Path, level: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the reader for users and those of the pipelines make of a file. None needs the science files."""
    with path.open() as stream:
        yield "load_asn", import_module("jwst.associations").load_asn(stream)
    datamodels = import_module("jwst.datamodels")
    yield "ModelContainer", datamodels.ModelContainer.read_asn(str(path))
    yield "ModelLibrary", datamodels.ModelLibrary._load_asn(str(path))  # noqa: SLF001 (what opening it calls first)
    pipeline = import_module("jwst.stpipe").Pipeline()
    load = {2: pipeline.load_as_level2_asn, 3: pipeline.load_as_level3_asn}[level]
    association = load(str(path))
    if association.filename != str(path):  # a file that is no association is taken for a single exposure
        raise ValueError(f"{path} is no association for the Level {level} pipelines")
    yield "Pipeline", association


def compare(result: str, *folders: str) -> None:
    """Compare the association files of the first folder with those of the second, the third with the fourth, …"""
    diff = import_module("jwst.associations.lib.diff")
    found = []
    for left, right in zip(folders[::2], folders[1::2], strict=True):
        try:
            diff.compare_asn_files(_files(left), _files(right), strict_expname=True)
        except diff.MultiDiffError as errors:
            found.append([type(error).__name__ for error in errors])
        else:
            found.append([])
    _save(result, found)


def tool(folder: str, name: str, *arguments: str) -> None:
    """Run one of its command line tools in a folder."""
    os.chdir(folder)
    sys.argv = [name, *arguments]
    import_module(_TOOLS[name]).main()


def from_list(result: str, rule: str, *files: str) -> None:
    """Its association of files with types, as it is made from Python."""
    associations = import_module("jwst.associations")
    items = [tuple(file.split("=")) for file in files]
    make = import_module("jwst.associations.asn_from_list").asn_from_list
    bases = associations.AssociationRegistry(include_bases=True)
    made = make(items, rule=bases[rule], with_exptype=True, product_name="p")
    _save(result, [{**product, "members": [*map(dict, product["members"])]} for product in made["products"]])


def opened(folder: str, result: str, association: str) -> None:
    """The files that the pipelines of either level open for an association, as seen from a folder."""
    os.chdir(folder)
    pipeline = import_module("jwst.pipeline").Image2Pipeline()
    pipeline.set_primary_input(association)
    level2 = [product["members"] for product in pipeline.load_as_level2_asn(association)["products"]]
    with import_module("jwst.datamodels").ModelContainer(association) as models:
        level3 = [str(model.meta.filename) for model in models]
    _save(result, {"level 2": [member["expname"] for members in level2 for member in members], "level 3": level3})


def _plain(associations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = [
        {
            "rule": association["asn_rule"].removeprefix("candidate_").removeprefix("discover_"),
            "type": association["asn_type"],
            "id": association["asn_id"],
            "program": association["program"],
            "target": association.get("target"),
            "name": product["name"],
            "members": sorted([member["expname"], member["exptype"]] for member in product["members"]),
        }
        for association in associations
        for product in association["products"]
    ]
    return sorted(found, key=json.dumps)


def _files(folder: str) -> list[Path]:
    return sorted(Path(folder).glob("*_asn.json"))


def _package() -> Path:
    return Path(str(import_module("jwst.associations").__file__)).parent


def _save(result: str, value: object) -> None:
    Path(result).write_text(json.dumps(value), encoding="utf-8")


_TOOLS: Mapping[str, str] = {
    "asn_from_list": "jwst.associations.asn_from_list",
    "asn_edit": "jwst.scripts.asn_edit",
    "asn_gather": "jwst.scripts.asn_gather",
}


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "pools": expand,
    "run": run,
    "write": write,
    "read": read,
    "compare": compare,
    "tool": tool,
    "list": from_list,
    "open": opened,
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=_COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    _COMMANDS[options.command](*options.arguments)


if __name__ == "__main__":
    main()
