"""Differences are reported, and in a way that can be read."""

from __future__ import annotations

import pytest

from tests.conformance.canonical import Entry, comparable, differences, in_orders

ENTRY = Entry("Asn_Lv3Image", "image3", "o001", "00001", "t001", "name", (("a_cal.fits", "science"),))
OTHER = ENTRY._replace(name="other")
CHANGED = ENTRY._replace(target="t002", members=(("a_cal.fits", "background"), ("b_cal.fits", "science")))


@pytest.mark.parametrize(
    ("found", "expected", "report"),
    [
        ([], [], []),
        ([ENTRY, OTHER], [OTHER, ENTRY], []),
        (
            [],
            [ENTRY],
            [
                "expected 1 associations, found 0",
                "missing Asn_Lv3Image 00001 o001 name of type image3, target t001",
                "          a_cal.fits science",
            ],
        ),
        (
            [ENTRY, ENTRY],
            [ENTRY],
            [
                "expected 1 associations, found 2",
                "extra   Asn_Lv3Image 00001 o001 name of type image3, target t001",
                "          a_cal.fits science",
            ],
        ),
        (
            [CHANGED],
            [ENTRY],
            [
                "expected 1 associations, found 1",
                "differs Asn_Lv3Image 00001 o001 name",
                "    target: expected t001, found t002",
                "    missing member a_cal.fits science",
                "    extra member   a_cal.fits background",
                "    extra member   b_cal.fits science",
            ],
        ),
    ],
)
def test_report(found: list[Entry], expected: list[Entry], report: list[str]) -> None:
    assert differences(found, expected).splitlines() == report


@pytest.mark.parametrize(("kind", "level"), [("image3", 3), ("tso-image2", 2), ("nrslamp-spec2", 2), ("wfs-image3", 3)])
def test_level(kind: str, level: int) -> None:
    assert ENTRY._replace(type=kind).level == level


def test_orders_are_different() -> None:
    given = [text.splitlines() for text in in_orders("FILENAME\na\nb\nc\nd\n")]
    assert given[0] == ["FILENAME", "a", "b", "c", "d"]
    assert len({*map(tuple, given)}) == 3
    assert len({*map(frozenset, given)}) == 1
    assert {rows[0] for rows in given} == {"FILENAME"}


def test_merged_associations_have_no_rule_and_target() -> None:
    level2 = ENTRY._replace(rule="Asn_Lv2Image", type="image2")
    assert comparable([level2, ENTRY], "--merge") == [ENTRY, level2._replace(rule="merged", target="")]
    assert comparable([level2, ENTRY], "-i o001") == [level2, ENTRY]
