"""Make an association of files that you name.

Make an association from files that you name, in the roles that you give them.
At Level 3 all files go into one product. At Level 2 (-r DMSLevel2bBase) each
science file gets its own product, together with all files that are not
science.
"""

from __future__ import annotations

from argparse import Namespace
from functools import partial
from itertools import chain, product
from pathlib import Path
from typing import Any

from solver import associations, storage, whole_files
from solver.app import console
from solver.app.inputs import expanded, given
from solver.app.options import ATTENTION, FORMAT, OVERWRITE, list_of, names, option, path, path_to, several
from solver.errors import UsageError
from solver.words import plural


def _member_types(command: Any) -> None:
    """An option for each role."""
    for name, meaning in associations.MEMBER_TYPES.items():
        in_role = partial(lambda role, file: (file, role), name)
        list_of(f"--{name.replace('_', '-')} FILE", meaning, dest="in_roles", type=in_role)(command)


OPTIONS = (
    names("files FILE", "science files, or patterns of names", nargs="*"),
    path_to("-o --output-file ASN", "the file to write", required=True),
    option("--product-name NAME", "name of the product; needed at Level 3"),
    _member_types,
    several("--list TEXT", "a text file: on each line a file name and, unless it is science, its role", type=path),
    option("-r --rule", "the rule, or base class of rules, to record in the association", default="DMS_Level3_Base"),
    several("--ruledefs FILE", "a file with rules of your own", type=path),
    option("-i --id ID", "id of the candidate", dest="asn_id", default="a3001"),
    option("-t --type TYPE", "association type, such as image3 (default: the rule's)", dest="asn_type"),
    option("-f --format {json}", FORMAT),
    OVERWRITE,
)


def run(options: Namespace) -> int:
    """Make the association and write it; 1 if a pipeline could not run it as it is."""
    from solver.default import chosen_rules, default_base

    check_output(options.output_file, overwrite=options.overwrite)
    folder = options.output_file.parent
    named = chain(product(options.files, ["science"]), options.in_roles, *map(storage.read_list, options.list))
    files = ((storage.member_name(file, folder), role) for name, role in named for file in expanded([name]))
    bases = {base.__name__.lower(): base for base in map(default_base, (2, 3))}
    known = chosen_rules(options.ruledefs)
    rule = bases.get(options.rule.lower()) or known.find(options.rule)
    made = storage.from_list(files, rule, **given(options, "product_name", "asn_id", "asn_type"))
    whole_files.write_file(options.output_file, made.to_json())
    contents = f"{plural(len(made.products), 'product')} with {plural(len(made.members), 'member')}"
    console.show(f"written to {options.output_file}: {contents}")
    found = list(storage.remarks(made, folder))
    for remark in found:
        console.warn(f"asnsolve from-list: warning: {remark}")
    return ATTENTION if found else 0


def check_output(path: Path, *, overwrite: bool) -> None:
    """Refuse a name that the pipelines do not recognise as an association's, or a file of another kind."""
    if path.suffix != ".json":
        raise UsageError(f"{path}: the pipelines only read associations from files whose names end with .json")
    whole_files.refuse_to_lose(path, mark=b'"products"', overwrite=overwrite)
