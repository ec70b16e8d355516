"""Associations as data: their content, names, comparison and merging, and the schema of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.associations.association import (
        DEGRADED as DEGRADED,
        MEMBER_TEXTS as MEMBER_TEXTS,
        NOT_DEGRADED as NOT_DEGRADED,
        Association as Association,
        Member as Member,
        Product as Product,
        outline as outline,
    )
    from solver.associations.association_table import Associations as Associations, Wanted as Wanted
    from solver.associations.collisions import Collision as Collision, colliding as colliding
    from solver.associations.comparison import (
        Comparison as Comparison,
        MovedProduct as MovedProduct,
        ProductDifference as ProductDifference,
        ProductKey as ProductKey,
        changes as changes,
        compare as compare,
        without_paths as without_paths,
    )
    from solver.associations.json_text import json_files as json_files, json_lines as json_lines
    from solver.associations.member_types import MEMBER_TYPES as MEMBER_TYPES, member_type as member_type
    from solver.associations.merging import merge as merge
    from solver.associations.names import (
        RATES as RATES,
        exposure_name as exposure_name,
        exposure_named as exposure_named,
        file_parts as file_parts,
        is_plain as is_plain,
        level_of as level_of,
        sequence_of as sequence_of,
        uncompressed as uncompressed,
        with_other_suffix as with_other_suffix,
        with_suffix as with_suffix,
    )
    from solver.associations.provenance import (
        PRODUCT_SUFFIXES as PRODUCT_SUFFIXES,
        makes as makes,
        product_graph as product_graph,
    )
    from solver.associations.provenance_figure import product_figure as product_figure
    from solver.associations.schema import (
        FIELDS as FIELDS,
        WORDS as WORDS,
        check_schema as check_schema,
        require_form as require_form,
    )
    from solver.associations.texts import Kind as Kind, Texts as Texts, Views as Views, any_between as any_between

__getattr__, __dir__ = late(__name__, __file__)
