"""Rules that people adapt: rules that replace others, are left out, are imported, or are split by a column."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from benchmarks.simulator import COLUMNS, simulate
from rules import MISSION, RuleError, RuleFileError, RuleSet, TwinRulesError, UnknownRuleError
from solver import Pool, explain, explain_pair, generate
from solver.associations import colliding
from solver.checking import check
from solver.default import chosen_rules
from solver.errors import MissingColumnError
from tests.unit.small import exposures, found, members, pool_of, row

#: A rule in place of the mission's, with what a test gives.
REPLACING = """
from rules import level3
from rules.vocabulary import same

class {name}(level3.Asn_Lv3Image):
    'Images of one visit.'

    replaces = {replaces!r}
    constraints = (same("visit"),)
"""


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.py"
    path.write_text(text)
    return path


def replacing(folder: Path, name: str, replaces: object, file: str = "mine") -> Path:
    return write(folder, REPLACING.format(name=name, replaces=replaces), file)


def names(rules: RuleSet) -> set[str]:
    return {rule.__name__ for rule in rules}


# --- Replaced ------------------------------------------------------------------------------------


@pytest.mark.parametrize("replaces", ["Asn_Lv3Image", "asn_lv3image", "Asn_Image", ("Asn_Lv3Image",)])
@pytest.mark.parametrize("name", ["Asn_Lv3Image", "Asn_Mine"])
def test_a_rule_takes_the_place_of_another(name: str, replaces: object, tmp_path: Path) -> None:
    file = replacing(tmp_path, name, replaces)
    made = chosen_rules([file])
    assert names(made) == names(MISSION) - {"Asn_Lv3Image"} | {name}
    assert made.find(name).spec.summary == "Images of one visit."
    assert RuleSet.joined(RuleSet.from_file(file), MISSION) == RuleSet((*RuleSet.from_file(file), *made.rules[:-1]))


def test_a_rule_takes_the_place_of_several(tmp_path: Path) -> None:
    made = chosen_rules([replacing(tmp_path, "Asn_Mine", ("Asn_Lv3Image", "Asn_Lv3ImageBackground"))])
    assert names(made) == names(MISSION) - {"Asn_Lv3Image", "Asn_Lv3ImageBackground"} | {"Asn_Mine"}


def test_in_the_place_of_a_rule_of_the_same_name_it_answers_to_the_older_name_too(tmp_path: Path) -> None:
    assert chosen_rules([replacing(tmp_path, "Asn_Lv3Image", "Asn_Lv3Image")]).by_name.keys() == MISSION.by_name.keys()
    other = chosen_rules([replacing(tmp_path, "Asn_Mine", "Asn_Lv3Image")])
    assert other.by_name.keys() == MISSION.by_name.keys() - {"asn_lv3image", "asn_image"} | {"asn_mine"}


def test_what_replaces_goes_to_another_process(tmp_path: Path) -> None:
    file = replacing(tmp_path, "Asn_Lv3Image", "Asn_Lv3Image")
    made = chosen_rules([file], without=["Asn_Lv3AMI"])
    sent = pickle.dumps(made)
    file.unlink()
    assert pickle.loads(sent) == made  # noqa: S301 (its own)


def test_the_products_of_a_replaced_rule_come_once(tmp_path: Path) -> None:
    made = generate(
        pool_of(*exposures("a; b", visit="1")), chosen_rules([replacing(tmp_path, "Asn_Mine", "Asn_Lv3Image")])
    )
    assert [each.asn_rule for each in made.associations if each.level == 3] == ["Asn_Mine"]


@pytest.mark.parametrize("name", ["Asn_Lv3Image", "Asn_Mine"])
def test_a_rule_that_nobody_has_cannot_be_replaced(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownRuleError, match=r"^no rule is named 'Asn_Lv3Imag'; did you mean Asn_Lv3Image"):
        chosen_rules([replacing(tmp_path, name, "Asn_Lv3Imag")])


@pytest.mark.parametrize("replaces", [(), "Asn_Lv3AMI"])
def test_who_takes_a_name_of_the_mission_reads_what_to_write(replaces: object, tmp_path: Path) -> None:
    file = replacing(tmp_path, "Asn_Lv3Image", replaces)
    with pytest.raises(RuleFileError) as caught:
        chosen_rules([file])
    remedy = 'state replaces = "Asn_Lv3Image" in the class, or leave the mission\'s out with --without Asn_Lv3Image'
    assert str(caught.value) == f"{file}: Asn_Lv3Image: the mission has a rule of this name; rename yours, {remedy}"
    if not replaces:
        assert names(chosen_rules([file], without=["Asn_Lv3Image"])) == names(MISSION)
    assert names(chosen_rules([file], mission=False)) == {"Asn_Lv3Image"}


def test_two_that_replace_the_same_rule_by_one_name_are_twins(tmp_path: Path) -> None:
    files = [replacing(tmp_path, "Asn_Lv3Image", "Asn_Lv3Image", file) for file in ("mine", "yours")]
    with pytest.raises(TwinRulesError, match="asn_lv3image"):
        chosen_rules(files)
    other = replacing(tmp_path, "Asn_Other", "Asn_Lv3Image", "other")
    assert {"Asn_Lv3Image", "Asn_Other"} < names(chosen_rules([files[0], other]))


# --- Left out -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Asn_Lv3Image", "asn_lv3image", "Asn_Image"])
def test_a_rule_of_the_mission_is_left_out(name: str) -> None:
    assert names(chosen_rules(without=[name])) == names(MISSION) - {"Asn_Lv3Image"}


def test_a_rule_of_a_file_is_left_out(tmp_path: Path) -> None:
    file = replacing(tmp_path, "Asn_Mine", ())
    assert names(chosen_rules([file], without=["asn_mine", "Asn_Lv3AMI"])) == names(MISSION) - {"Asn_Lv3AMI"}
    assert names(chosen_rules([file], mission=False, without=["Asn_Mine"])) == set()


def test_a_rule_that_nobody_has_cannot_be_left_out(tmp_path: Path) -> None:
    file = replacing(tmp_path, "Asn_Mine", ())
    with pytest.raises(UnknownRuleError, match=r"^no rule is named 'Asn_Lv3Imag'; did you mean Asn_Lv3Image"):
        chosen_rules([file], without=["Asn_Lv3Imag"])
    for files in ([file], []):
        with pytest.raises(UnknownRuleError, match=r"^the rule Asn_Lv3Image is left out by --ignore-default; "):
            chosen_rules(files, mission=False, without=["Asn_Lv3Image"])


# --- Imported -------------------------------------------------------------------------------------

IMPORTS = "from rules.level2 import Asn_Lv2Image\nfrom rules.level3 import Asn_Lv3Image, Asn_Lv3AMI\n"
INHERITS = IMPORTS + "class Asn_Mine(Asn_Lv3Image):\n    'Mine.'\n"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (IMPORTS, {"Asn_Lv2Image", "Asn_Lv3Image", "Asn_Lv3AMI"}),
        (INHERITS, {"Asn_Lv2Image", "Asn_Lv3AMI", "Asn_Mine"}),
        ("from rules.level3 import *\n", names(MISSION.of_level(3))),
    ],
)
def test_rules_of_the_mission_that_a_file_imports_are_used(text: str, own: set[str], tmp_path: Path) -> None:
    file = write(tmp_path, text)
    assert names(chosen_rules([file], mission=False)) == own
    assert names(chosen_rules([file])) == names(MISSION) | own
    assert len(chosen_rules([file])) == len(names(MISSION) | own)


# --- Split by a column ----------------------------------------------------------------------------

VISITS = pool_of(*exposures("a visit=1; b visit=2; c visit=2"))
ALONE, TOGETHER = [("o001", "a"), ("o001", "b c")], [("o001", "a b c")]


@pytest.mark.parametrize(
    ("split_by", "level3"),
    [
        ([], TOGETHER),
        (["visit"], ALONE),
        (["VISIT"], ALONE),
        (["visit:Asn_Lv3Image"], ALONE),
        (["visit:asn_image", "visit"], ALONE),
        (["visit:Asn_Lv3AMI"], TOGETHER),
        (["filter"], TOGETHER),  # on which they agree anyway
    ],
)
def test_level_3_is_split_by_visit(split_by: list[str], level3: list[tuple[str, str]]) -> None:
    rules = chosen_rules(split_by=split_by)
    assert found(VISITS, *rules.of_level(3)) == level3
    assert found(VISITS, *rules.of_level(2)) == found(VISITS, *MISSION.of_level(2))
    assert rules.by_name.keys() == MISSION.by_name.keys()


def product_names(values: list[str], column: str = "mood") -> list[str]:
    rows = [row(f"a{number}", **{column: value}) for number, value in enumerate(values)]
    made = generate(pool_of(*rows), chosen_rules(split_by=[column]).of_level(3))
    return [product.name for each in made.associations for product in each.products]


def test_product_names_have_the_value() -> None:
    start = "jw00001-o001_t001_miri_f770w"
    assert product_names(["1", "2"], "visit") == [f"{start}-visit1", f"{start}-visit2"]
    assert product_names(["1.5", "-1.5"], "ra_v1") == [f"{start}-ra_v1-1p5", f"{start}-ra_v11p5"]
    assert product_names(["Good Weather/A_b{c}"]) == [f"{start}-moodgood-weather-a-b-c-"]


def test_a_rule_is_split_by_several_columns() -> None:
    rows = [row(each, visit=each, mood=mood) for each, mood in zip("1122", "xyxx", strict=True)]
    rows = [each | {"filename": f"a{number}_uncal.fits"} for number, each in enumerate(rows)]
    rules = chosen_rules(split_by=["visit", "mood"])
    assert found(pool_of(*rows), *rules.of_level(3)) == [("o001", "a0"), ("o001", "a1"), ("o001", "a2 a3")]
    made = generate(pool_of(*rows), rules.of_level(3)).associations
    assert [each.products[0].name.partition("_f770w")[2] for each in made] == [
        "-visit1-moodx", "-visit1-moody", "-visit2-moodx",
    ]  # fmt: skip


CORONAGRAPHY = {"exp_type": "MIR_4QPM", "filter": "F1065C", "subarray": "MASK1065"}
SPECTRA = {"exp_type": "MIR_MRS", "channel": "12", "band": "SHORT", "filter": ""}


@pytest.mark.parametrize(
    ("usual", "others", "joining"),
    [
        (CORONAGRAPHY, "p visit=3 psf; q visit=4 exp_type=MIR_TACQ", {"p": "psf", "q": "target_acquisition"}),
        (SPECTRA, "p visit=3 background targetid=2", {"p": "background"}),
    ],
)
def test_psf_and_background_exposures_and_acquisitions_of_other_visits_still_join(
    usual: dict[str, str], others: str, joining: dict[str, str]
) -> None:
    rows = exposures("a visit=1; b visit=2; " + others, **usual)
    made = generate(pool_of(*rows), chosen_rules(split_by=["visit"]).of_level(3)).associations
    science = [
        members(each) for each in made if "psf" in members(each).values() or "background" in members(each).values()
    ]
    assert science == [{"a": "science"} | joining, {"b": "science"} | joining]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a mood=x; b mood=y; c mood=", {"-moodx": "a c", "-moody": "b c"}),
        ("a mood=; b mood=", {"": "a b"}),  # as of an instrument that has no such value
        ("a mood=; b mood=; c mood=x filter=F1000W", {"": "a b", "-moodx": "c"}),
    ],
)
def test_an_exposure_without_the_value_goes_with_every_value(text: str, made: dict[str, str]) -> None:
    found = generate(pool_of(*exposures(text)), chosen_rules(split_by=["mood"]).of_level(3)).associations
    names = (each.products[0].name.replace("f1000w", "f770w").partition("_f770w")[2] for each in found)
    assert dict(zip(names, (" ".join(members(each)) for each in found), strict=True)) == made


def test_explanations_know_what_is_split() -> None:
    pool, rules = pool_of(row("a", mood="x"), row("b", mood="y"), row("c")), chosen_rules(split_by=["mood"])
    assert "in 2 associations" in str(explain(pool, "c_uncal.fits", rules=rules))
    assert "to jw00001-o001_t001_miri_f770w-moodx: its mood is Y, not X" in str(
        explain_pair(pool, "a_uncal.fits", "b_uncal.fits", rules=rules)
    )


def test_a_pool_has_to_have_the_column() -> None:
    with pytest.raises(MissingColumnError, match=r"^--split-by names the column MOOD, which the pool does not have"):
        generate(VISITS, chosen_rules(split_by=["mood"]))


def test_level_2_is_not_split() -> None:
    with pytest.raises(RuleError, match=r"^cannot split Asn_Lv2Spec by band: only Level 3 products are split$"):
        chosen_rules(split_by=["band:Asn_Lv2Spec"])


def test_a_rule_that_nobody_has_cannot_be_split() -> None:
    with pytest.raises(UnknownRuleError, match=r"^no rule is named 'Asn_Lv3Imag'"):
        chosen_rules(split_by=["visit:Asn_Lv3Imag"])


@pytest.mark.parametrize(("label", "column"), [("target", "targetid"), ("observation", "obs_num")])
def test_the_label_of_a_column_is_not_its_name(label: str, column: str) -> None:
    message = f"^cannot split by {label}: no column has this name; did you mean {column}[?]$"
    with pytest.raises(RuleError, match=message):
        chosen_rules(split_by=[label])


def test_what_is_split_goes_to_another_process_and_is_checked_and_is_the_same_with_either_engine() -> None:
    rules = chosen_rules(split_by=["visit"])
    sent = pickle.loads(pickle.dumps(rules))  # noqa: S301 (its own)
    made, again = generate(VISITS, rules), generate(VISITS, sent, engine="constraint")
    assert [each.to_dict() for each in made.associations] == [each.to_dict() for each in again.associations]
    assert check(VISITS, made.associations, rules).errors == ()
    assert check(VISITS, generate(VISITS).associations, rules).errors


# --- On programs of several modes ------------------------------------------------------------------

#: Rules that are equal to the mission's, in their place.
EQUAL = """
from rules import level2, level3

class Asn_Lv2Image(level2.Asn_Lv2Image):
    'The same.'
    replaces = 'Asn_Lv2Image'

class Asn_Lv2Spec(level2.Asn_Lv2Spec):
    'The same.'
    replaces = 'Asn_Lv2Spec'

class Asn_Mine(level3.Asn_Lv3Image):
    'The same, and otherwise named.'
    replaces = 'Asn_Lv3Image'
"""

MIXED = Pool.from_rows(dict(zip(COLUMNS, values, strict=True)) for values in simulate(1))


def test_equal_rules_in_the_place_of_the_missions_make_the_same(tmp_path: Path) -> None:
    rules = chosen_rules([write(tmp_path, EQUAL)])
    made, right = generate(MIXED, rules), generate(MIXED)
    files = [each.to_dict() | {"asn_rule": ""} for each in made.associations]
    assert files == [each.to_dict() | {"asn_rule": ""} for each in right.associations]
    assert made.orphans.file_names == right.orphans.file_names
    assert check(MIXED, made.associations, rules).errors == ()


@pytest.mark.parametrize("column", ["visit", "dithptin", "pupil"])
def test_what_is_split_lacks_no_exposure_and_has_no_name_twice(column: str) -> None:
    rules = chosen_rules(split_by=[column])
    made, whole = generate(MIXED, rules).associations, generate(MIXED).associations
    assert check(MIXED, made, rules).errors == ()
    assert colliding(made) == colliding(whole) == []
    assert len(made) >= len(whole)
    files, all_files = ({(each.level, m.expname) for each in some for m in each.members} for some in (made, whole))
    assert files == all_files
