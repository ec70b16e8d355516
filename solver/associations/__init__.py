"""Associations as data: their content, names, comparison and merging, and the schema of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.associations.association import DEGRADED, NOT_DEGRADED, Association, Member, Product, canonical
    from solver.associations.association_table import Associations
    from solver.associations.comparison import Comparison, ProductKey, compare, without_paths
    from solver.associations.json_text import json_files, json_lines
    from solver.associations.member_types import MEMBER_TYPES, member_type
    from solver.associations.merging import merge
    from solver.associations.names import exposure_name, is_plain, with_suffix
    from solver.associations.schema import WORDS, check_schema
    from solver.associations.texts import Texts, Views

__all__ = [
    "DEGRADED", "MEMBER_TYPES", "NOT_DEGRADED", "WORDS", "Association", "Associations", "Comparison", "Member",
    "Product", "ProductKey", "Texts", "Views", "canonical", "check_schema", "compare", "exposure_name", "is_plain",
    "json_files", "json_lines", "member_type", "merge", "with_suffix", "without_paths",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
