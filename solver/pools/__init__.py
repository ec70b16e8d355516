"""Pools: exposures as columns of codes, their candidates and hierarchy, and what a user states about them.

`readers`, `delimited` and `tables` read tables, `cells` turns their values into texts, `columns` encodes these,
`evaluation` evaluates expressions over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.pools.candidates import (
        DISCOVERED as DISCOVERED,
        DISCOVERED_ID as DISCOVERED_ID,
        Candidate as Candidate,
        SubPools as SubPools,
        cell_in_words as cell_in_words,
        check_ids as check_ids,
        parse_cell as parse_cell,
        with_backgrounds as with_backgrounds,
    )
    from solver.pools.cells import (
        is_given as is_given,
        normalise as normalise,
        number_of as number_of,
        numbers_of as numbers_of,
        whole_number_of as whole_number_of,
        without_zeros as without_zeros,
    )
    from solver.pools.columns import (
        Codes as Codes,
        EncodedColumn as EncodedColumn,
        Mask as Mask,
        Numbers as Numbers,
        Row as Row,
        constant_column as constant_column,
        distinct as distinct,
        encode as encode,
        first_rows as first_rows,
        marked as marked,
        matching as matching,
        merge_columns as merge_columns,
        natural as natural,
        number_rows as number_rows,
        number_texts as number_texts,
        ranges as ranges,
    )
    from solver.pools.delimited import delimited_text as delimited_text
    from solver.pools.evaluation import Evaluation as Evaluation
    from solver.pools.hierarchy_graph import Node as Node
    from solver.pools.levels import HIERARCHY as HIERARCHY
    from solver.pools.links import SCIENCE as SCIENCE, Link as Link, link as link, link_texts as link_texts
    from solver.pools.pool import REQUIRED as REQUIRED, Pool as Pool
    from solver.pools.pool_text import PoolText as PoolText, TextPart as TextPart
    from solver.pools.readers import read_columns as read_columns
    from solver.pools.statements import (
        KINDS as KINDS,
        MARKS as MARKS,
        TYPES as TYPES,
        Statements as Statements,
        Texts as Texts,
        observation_name as observation_name,
    )

__getattr__, __dir__ = late(__name__, __file__)
