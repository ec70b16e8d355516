"""The command `asnsolve edit`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.app import console
from solver.app.from_list import MARK, check_ending
from solver.associations import Association, Comparison, compare
from solver.errors import AssociationError, UsageError
from solver.storage import content_text, edit, has_member, member_name, read_content, refuse_to_lose, write_file

Content = Mapping[str, Any]


def run(options: argparse.Namespace) -> int:
    """Edit all associations, then write them and tell what has changed."""
    associations = [Path(path) for path in options.paths if path.endswith(".json")]
    files = list(dict.fromkeys(path for path in options.paths if not path.endswith(".json")))
    _check(options, associations, files)
    before = {path: read_content(path) for path in associations}
    after, refused = {}, []
    for path, here in _concerned(before, files, options).items():
        try:
            after[path] = _edited(path, before[path], here, options)
        except AssociationError as error:
            refused.append(f"{path}: {error}")
    if refused:
        raise AssociationError("; ".join(refused))
    for path, content in after.items():
        if content != before[path] or options.output is not None:
            # what a symbolic link points to is changed, and the link stays one
            write_file((options.output or path).resolve(), content_text(content))
        _tell(path, options.output, before[path], content)
    return 0


def _check(options: argparse.Namespace, associations: list[Path], files: list[str]) -> None:
    """Refuse what does not go together."""
    if not associations:
        raise UsageError("no association is named; its name ends with .json")
    if options.product_name is None and not files:
        raise UsageError("no files are named; what ends with .json is taken for an association")
    if options.product_name is not None and files:
        raise UsageError(f"{', '.join(files)}: a product is renamed by itself; change its members before or after")
    if options.change_type and options.type is None:
        raise UsageError("-c needs the new type of the files; give it with -t")
    if options.type is not None and not (options.add or options.change_type):
        raise UsageError("-t is the type of files that are added or changed, with -a or -c")
    if len(associations) > 1 and options.output is not None:
        raise UsageError("-o names one file, and more than one association is edited; leave it out, or edit one by one")
    if len(associations) > 1 and options.product_name is not None:
        raise UsageError("--product-name would give several associations a product of one name; rename one by one")
    if options.output is not None:
        check_ending(options.output)
        refuse_to_lose(options.output, MARK, overwrite=options.overwrite)


def _concerned(
    contents: Mapping[Path, Content], files: list[str], options: argparse.Namespace
) -> Mapping[Path, list[str]]:
    """The files that concern each association: of several associations, those that have a file as a member."""
    if options.add or len(contents) == 1:
        return dict.fromkeys(contents, files)
    found = {
        path: [file for file in files if has_member(content, file, ignore_suffix=options.ignore)]
        for path, content in contents.items()
    }
    nowhere = [file for file in files if not any(file in here for here in found.values())]
    if nowhere:
        raise AssociationError(f"{', '.join(nowhere)}: not a member of any of the {len(contents)} associations")
    return found


def _edited(path: Path, content: Content, files: list[str], options: argparse.Namespace) -> Content:
    kind = options.type or "science"
    names = [member_name(file, (options.output or path).parent) for file in files]
    return edit(
        content,
        add=dict.fromkeys(names, kind) if options.add else {},
        retype=dict.fromkeys(files, kind) if options.change_type else {},
        remove=files if options.remove else (),
        product_name=options.product_name,
        products=options.product,
        ignore_suffix=options.ignore,
        force=options.force,
    )


def _tell(path: Path, output: Path | None, before: Content, after: Content) -> None:
    out = console.output()
    found = compare([Association.from_dict(before)], [Association.from_dict(after)])
    what = str(path) if output is None else f"{path}, written to {output}"
    out.print(console.inert(f"{what}: nothing changes" if found.equal else f"{what}:"))
    for line in _changes(found):
        out.print(console.inert(f"  {line}"))


def _changes(found: Comparison) -> list[str]:
    lines = [f"- product {key[-1]}" for key in found.only_first]
    lines += [f"+ product {key[-1]}" for key in found.only_second]
    for each in found.different:
        lines.append(f"product {each.product[-1]}")
        lines += [f"  - {kind} {name}" for name, kind in each.only_first]
        lines += [f"  + {kind} {name}" for name, kind in each.only_second]
    return lines
