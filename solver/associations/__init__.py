"""Associations as data: their content, names, comparison and merging, and the schema of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.associations.association import DEGRADED, NOT_DEGRADED, Association, Member, Product, outline
    from solver.associations.association_table import Associations, Wanted
    from solver.associations.collisions import Collision, colliding
    from solver.associations.comparison import Comparison, ProductKey, changes, compare, without_paths
    from solver.associations.json_text import json_files, json_lines
    from solver.associations.member_types import MEMBER_TYPES, member_type
    from solver.associations.merging import merge
    from solver.associations.names import (
        RATES,
        exposure_name,
        file_parts,
        is_plain,
        level_of,
        sequence_of,
        uncompressed,
        with_other_suffix,
        with_suffix,
    )
    from solver.associations.provenance import PRODUCT_SUFFIXES, makes, product_graph
    from solver.associations.provenance_figure import product_figure
    from solver.associations.schema import FIELDS, WORDS, check_schema
    from solver.associations.texts import Kind, Texts, Views, any_between

__all__ = [
    "DEGRADED", "FIELDS", "MEMBER_TYPES", "NOT_DEGRADED", "PRODUCT_SUFFIXES", "RATES", "WORDS", "Association",
    "Associations", "Collision", "Comparison", "Kind", "Member", "Product", "ProductKey", "Texts", "Views", "Wanted",
    "any_between", "changes", "check_schema", "colliding", "compare", "exposure_name", "file_parts", "is_plain",
    "json_files", "json_lines", "level_of", "makes", "member_type", "merge", "outline", "product_figure",
    "product_graph", "sequence_of", "uncompressed", "with_other_suffix", "with_suffix", "without_paths",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
