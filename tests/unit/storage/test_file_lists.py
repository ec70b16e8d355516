"""Associations of files that the user names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from rules import MISSION, Rule
from rules.level2_base import DMSLevel2bBase
from rules.level3_base import AsnMixin_Image, DMS_Level3_Base
from rules.vocabulary import DirectImage
from solver import Association, from_list
from solver.associations.member_types import MEMBER_TYPES, member_type
from solver.errors import AssociationError
from tests.unit.small import cases


def products(association: Association) -> dict[str, str]:
    """Product name to its members, as in `a b/background`."""
    return {
        product.name: " ".join(
            member.expname if member.exptype == "science" else f"{member.expname}/{member.exptype}"
            for member in product.members
        )
        for product in association.products
    }


#: The rules that cases name.
RULES: Mapping[str, type[Rule]] = {
    "DMSLevel2bBase": DMSLevel2bBase,
    "DMS_Level3_Base": DMS_Level3_Base,
    "AsnMixin_Image": AsnMixin_Image,
    "Asn_Lv2Image": MISSION.find("Asn_Lv2Image"),
    "Asn_Lv3Image": MISSION.find("Asn_Lv3Image"),
}
MADE, KNOWN, REFUSED = cases(__file__).values()


def made(files: Iterable[str | list[str]], options: Mapping[str, str], rule: str | None = None) -> Association:
    """The association of a case."""
    given = {key: RULES[value] if key == "rule" else value for key, value in options.items()}
    listed = [each if isinstance(each, str) else (each[0], each[1]) for each in files]
    return from_list(listed, *([RULES[rule]] if rule else []), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", MADE)
def test_products_and_members(case: str) -> None:
    files, rule, options, expected = MADE[case]
    assert products(made(files, options, rule)) == expected


def test_the_mean_and_all_integrations_are_both_kept() -> None:
    assert len(from_list(["a_rate.fits", "a_rateints.fits"], DMSLevel2bBase).products) == 2


@pytest.mark.parametrize("case", KNOWN)
def test_what_is_known_of_the_association(case: str) -> None:
    files, options, expected = KNOWN[case]
    known = made(files, options | {"product_name": "p"})
    assert [known.asn_rule, known.asn_type, known.asn_id, known.program, known.target] == expected
    assert Association.from_json(known.to_json()) == known


@pytest.mark.parametrize("case", REFUSED)
def test_files_that_make_no_association_are_refused(case: str) -> None:
    files, options, message = REFUSED[case]
    with pytest.raises(AssociationError) as error:
        made(files, options)
    assert str(error.value) == message


@pytest.mark.parametrize(("file", "product"), [("a\udcff.fits", "p"), ("a.fits", "p\udcff")])
def test_a_name_that_is_not_valid_text_is_refused(file: str, product: str) -> None:
    with pytest.raises(AssociationError) as error:
        from_list([file], product_name=product)
    name = ascii(product if file == "a.fits" else file)
    assert str(error.value) == f"the name {name} is not UTF-8 text; rename it"


def test_every_rule_can_be_named() -> None:
    for rule in MISSION:
        listed = from_list(["a_rate.fits"], rule, product_name="p")
        assert (listed.asn_rule, listed.asn_type) == (rule.spec.name, rule.spec.asn_type)
        assert listed.products[0].name == "p"


def test_every_type_that_a_rule_gives_is_known() -> None:
    given = set[str]()
    for spec in (rule.spec for rule in MISSION):
        given |= {case.value for case in spec.roles.cases if isinstance(case.value, str)} | {spec.roles.otherwise}
        given |= {kind for _, kind in spec.expansion.files} if isinstance(spec.expansion, DirectImage) else set()
    assert {"science", "psf", "segmap", "target_acquisition"} <= given <= {*MEMBER_TYPES}
    assert all(member_type(each) == each for each in MEMBER_TYPES)
