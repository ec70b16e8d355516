"""Pools: exposures as columns of codes, their candidates and hierarchy, and what a user states about them.

`readers`, `delimited` and `tables` read tables, `cells` makes texts of their values, `columns` encodes them,
`evaluation` evaluates expressions over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.pools.candidates import (
        DISCOVERED,
        DISCOVERED_ID,
        Candidate,
        SubPools,
        check_ids,
        listed_ids,
        parse_cell,
        with_backgrounds,
    )
    from solver.pools.cells import is_given, normalise, number_of, without_zeros
    from solver.pools.columns import (
        Codes,
        EncodedColumn,
        Mask,
        Numbers,
        Row,
        constant_column,
        distinct,
        encode,
        first_rows,
        marked,
        matching,
        merge_columns,
        natural,
        number_rows,
        number_texts,
        ranges,
    )
    from solver.pools.evaluation import Evaluation, Table
    from solver.pools.hierarchy_graph import Node, walk_hierarchy
    from solver.pools.levels import HIERARCHY
    from solver.pools.links import SCIENCE, Link, link, link_texts
    from solver.pools.pool import REQUIRED, Pool
    from solver.pools.pool_text import PoolText, TextPart
    from solver.pools.readers import read_columns
    from solver.pools.statements import KINDS, MARKS, Statements, Texts, observation_name

__all__ = [
    "DISCOVERED", "DISCOVERED_ID", "HIERARCHY", "KINDS", "MARKS", "REQUIRED", "SCIENCE", "Candidate", "Codes",
    "EncodedColumn", "Evaluation", "Link", "Mask", "Node", "Numbers", "Pool", "PoolText", "Row", "Statements",
    "SubPools", "Table", "TextPart", "Texts", "check_ids", "constant_column", "distinct", "encode", "first_rows",
    "is_given", "link", "link_texts", "listed_ids", "marked", "matching", "merge_columns", "natural", "normalise",
    "number_of", "number_rows", "number_texts", "observation_name", "parse_cell", "ranges", "read_columns",
    "walk_hierarchy", "with_backgrounds", "without_zeros",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
