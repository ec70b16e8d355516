"""Change members and product names of associations.

Add files to associations, remove them, change their roles or suffixes, or
rename a product. Names that end with .json are associations, all others are
members. A change that leaves a product without science, or a file in it
twice, is refused. To test associations by their rules, use asnsolve check.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from solver import associations, storage, whole_files
from solver.app import console
from solver.app.from_list import check_output
from solver.app.inputs import expanded, given
from solver.app.options import OVERWRITE, flag, names, one_of, option, path_to, several
from solver.errors import AssociationError, UsageError
from solver.guards import real

OPTIONS = (
    names("paths NAME", "associations (*.json), and the files in question, or patterns of names such as '*nrcb*'"),
    one_of(
        flag("-a --add", "add the files to each product"),
        flag("-r --remove", "remove the files from each product that has them"),
        flag("-c --change-type", "give the files the role of -t"),
        option("--suffix SUFFIX", "give the files this suffix, such as crf; if none are named, all exposures"),
        option("--product-name NAME", "give the product this name"),
        required=True,
    ),
    option("-t --type TYPE", "role of the files, such as background (default for -a: science)"),
    several("--product NAME", "change only this product", dest="products"),
    flag("-i --ignore", "ignore suffixes: a_rate.fits also matches a_cal.fits", dest="ignore_suffix"),
    flag("--delete-empty", "with -r or -c: delete products and associations left without science", dest="prune"),
    path_to("-o --output ASN", "the file to write (default: in place)"),
    flag("--force", "make a change that would be refused"),
    OVERWRITE,
)

#: Endings of associations; YAML is refused, with the command that converts it.
_ENDINGS = (".json", ".yaml", ".yml")

Content = Mapping[str, Any]


def run(options: Namespace) -> None:
    """Edit all associations, or none; no other process edits or generates in their folders meanwhile."""
    paths = [Path(path) for name in options.paths if name.endswith(_ENDINGS) for path in expanded([name])]
    files = list(dict.fromkeys(name for name in options.paths if not name.endswith(_ENDINGS)))
    _check(options, paths, files)
    files = files or (["*"] if options.suffix is not None else [])
    if options.add:
        files = list(expanded(files))
    folders = {Path(os.path.realpath(options.output or each)).parent for each in paths}
    with whole_files.sole_writer(filter(Path.is_dir, folders), storage.MANIFEST):
        _edit(options, paths, files)


def _edit(options: Namespace, paths: list[Path], files: list[str]) -> None:
    """Edit, write, and show what has changed."""
    before = {path: storage.read_content(path) for path in paths}
    after, refused = {}, []
    concerned = dict.fromkeys(before, files)
    if len(before) > 1 and not options.add:
        concerned = storage.members_in(before, files, ignore_suffix=options.ignore_suffix)
    for path, here in concerned.items():
        try:
            after[path] = _edited(path, before[path], here, options)
        except AssociationError as error:
            refused.append(f"{path}: {error}")
    if refused:
        raise AssociationError("; ".join(refused))
    gone = dict.fromkeys(path for path, content in after.items() if options.prune and not content["products"])
    changed = [path for path in after if path not in gone and (after[path] != before[path] or options.output)]
    # changes the target of a symbolic link, and keeps the link
    whole_files.write_files({real(options.output or each): storage.content_text(after[each]) for each in changed})
    for each in gone:
        each.unlink()
    for path, content in after.items():
        what = str(path) if options.output is None else f"{path}, written to {options.output}"
        console.show(*_changes(what, before[path], content, deleted=path in gone))


def _check(options: Namespace, paths: list[Path], files: list[str]) -> None:
    """Refuse options that do not go together."""
    if not paths:
        raise UsageError("name at least one association, a file that ends with .json")
    if options.product_name is None and options.suffix is None and not files:
        raise UsageError("no files are named; what ends with .json is taken for an association")
    if options.product_name is not None and files:
        raise UsageError(f"{', '.join(files)}: a product is renamed by itself; change its members before or after")
    if not options.add and options.change_type != (options.type is not None):
        raise UsageError("-t is the role of the files: -c requires it, -a allows it, other changes do not")
    if options.prune and (options.output is not None or not (options.remove or options.change_type)):
        raise UsageError("--delete-empty goes with -r or -c, and without -o, since it deletes files in place")
    if len(paths) > 1 and (options.output or options.product_name) is not None:
        raise UsageError("-o and --product-name take one association; edit several one at a time")
    if options.output is not None:
        check_output(options.output, overwrite=options.overwrite)


def _edited(path: Path, content: Content, files: list[str], options: Namespace) -> Content:
    kind = options.type or "science"
    names = [storage.member_name(file, (options.output or path).parent) for file in files]
    return storage.edit(
        content,
        add=dict.fromkeys(names, kind) if options.add else {},
        retype=dict.fromkeys(files, kind) if options.change_type else {},
        suffixes=dict.fromkeys(files, options.suffix.lstrip("_")) if options.suffix is not None else {},
        remove=files if options.remove else (),
        **given(options, "prune", "product_name", "products", "ignore_suffix", "force"),
    )


def _changes(what: str, before: Content, after: Content, *, deleted: bool) -> Iterator[str]:
    one, other = ([associations.Association.from_dict(each)] for each in (before, after))
    found = associations.compare(one, other)
    yield f"{what}: nothing changes" if found.equal else f"{what}: deleted" if deleted else f"{what}:"
    yield from (f"  - product {key[-1]}" for key in found.only_first)
    yield from (f"  + product {key[-1]}" for key in found.only_second)
    for each in found.different:
        yield f"  product {each.product[-1]}"
        yield from (f"    {line}" for line in each.lines())
