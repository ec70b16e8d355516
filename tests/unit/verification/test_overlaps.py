"""A mission rule copied with one agreement more makes products that have the name of the mission rule's products."""

from __future__ import annotations

import pytest

from rules import MISSION
from rules.domains import DOMAIN
from rules.rule import Rule
from rules.vocabulary import same
from solver import Pool, generate
from solver.verification.findings import Declared
from solver.verification.overlaps import overlaps
from solver.verification.search import Space
from solver.verification.witnesses import WitnessPool

IMAGE = next(rule for rule in MISSION if rule.spec.name == "Asn_Lv3Image")
SPACE = Space(DOMAIN)


def with_agreement(column: str) -> type[Rule]:
    """The rule for images, for exposures that also agree on a column."""
    body = {"__doc__": "As Asn_Lv3Image, in parts.", "constraints": (same(column),)}
    return type("Asn_Part", IMAGE.__bases__, body)


@pytest.mark.parametrize(
    "column", ["act_id", "detector", "dithptin", "expspcin", "mostilno", "nints", "patttype", "visit"]
)
def test_products_of_one_name_are_found_for_each_agreement(column: str) -> None:
    rules = [IMAGE, with_agreement(column)]
    found = {each.code: each for each in overlaps(rules, Declared(()), SPACE, {"Asn_Part"})}
    pool = found["V302"].pool
    assert isinstance(pool, WitnessPool)
    result = generate(Pool.from_rows(pool.rows()), rules)
    names = [each.products[0].name for each in (*result.associations, *(lost.association for lost in result.dropped))]
    assert len(set(names)) < len(names)
