"""Rule sets, and the mission's: names, older names, and what all of its rules have."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from types import ModuleType

import pytest

from rules import MISSION, RuleSet, TwinRulesError, UnknownRuleError, level2_base, level3_base, naming
from rules.loading import rules_in
from rules.rule import Rule, RuleSpec
from rules.vocabulary import NodsAsBackground, has, same
from solver.pools.columns import encode
from solver.pools.evaluation import Evaluation
from tests.unit.small import make_rule

LEVEL2, LEVEL3 = MISSION.of_level(2), MISSION.of_level(3)

ALL = [pytest.param(rule.spec, id=rule.__name__) for rule in MISSION]
OF_LEVEL3 = [pytest.param(rule.spec, id=rule.__name__) for rule in LEVEL3]
OF_LEVEL2 = [pytest.param(rule.spec, id=rule.__name__) for rule in LEVEL2]

OLDER = {
    "Asn_Image": "Asn_Lv3Image",
    "Asn_MIRI_LRS_FIXEDSLIT": "Asn_Lv3SpectralTarget",
    "Asn_MIRI_LRS_SLITLESS": "Asn_Lv3TSO",
    "Asn_MIRI_IFU": "Asn_Lv3MIRMRS",
    "Asn_NIR_SO_SLITLESS": "Asn_Lv3SlitlessSpectral",
    "Asn_NRS_FIXEDSLIT": "Asn_Lv3NRSFSS",
    "Asn_NRS_MSA": "Asn_Lv3SpectralSource",
    "Asn_NRS_IFU": "Asn_Lv3NRSIFU",
}


@pytest.mark.parametrize(("older", "current"), OLDER.items())
def test_a_rule_answers_to_its_older_name(older: str, current: str) -> None:
    assert MISSION.find(older).__name__ == current
    assert MISSION.find(older.upper()) is MISSION.find(current.lower()) is MISSION.find(current)


#: A rule file.
MINE = "from rules.level3 import Asn_Lv3Image\nclass Asn_Mine(Asn_Lv3Image):\n    'My images.'\n"


def chosen(*names: str) -> RuleSet:
    return RuleSet(tuple(map(MISSION.find, names)))


def test_no_two_rules_answer_to_one_name() -> None:
    names = [name.lower() for rule in MISSION for name in (rule.spec.name, *rule.spec.aliases)]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Asn_Imge", "no rule is named 'Asn_Imge'; did you mean Asn_Lv3Image or Asn_Lv3ImageMosaic?"),
        ("asn_lv3tsso", "no rule is named 'asn_lv3tsso'; did you mean Asn_Lv3TSO or Asn_Lv3NRSFSS or Asn_Lv3Image?"),
        (
            "DMS_Level3_Base",
            "DMS_Level3_Base is a class that rules inherit from, not a rule; 'asnsolve rules' lists them all",
        ),
        ("zzz", "no rule is named 'zzz'; 'asnsolve rules' lists them all"),
        ("", "no rule is named ''; 'asnsolve rules' lists them all"),
    ],
)
def test_an_unknown_name_is_refused_with_suggestions(name: str, message: str) -> None:
    with pytest.raises(UnknownRuleError) as caught:
        chosen("Asn_Lv3Image", "Asn_Lv3ImageMosaic", "Asn_Lv3TSO", "Asn_Lv3NRSFSS").find(name)
    assert str(caught.value) == message


def test_a_suggestion_for_an_older_name_is_the_current_one_once() -> None:
    with pytest.raises(UnknownRuleError) as caught:
        chosen("Asn_Lv3Image").find("Asn_Imagee")
    assert caught.value.near == ("Asn_Lv3Image",)


def test_rules_of_a_module_are_those_whose_names_say_so() -> None:
    module = ModuleType("module")
    vars(module).update(
        Asn_B=make_rule(same("program"), name="Asn_B"),
        Asn_A=make_rule(same("program"), name="Asn_A"),
        AsnMixin_Base=level3_base.AsnMixin_Base,
        Asn_number=3,
        Asn_text=str,
    )
    assert [rule.__name__ for rule in rules_in(module)] == ["Asn_A", "Asn_B"]


def test_a_set_is_a_collection_of_its_rules() -> None:
    assert isinstance(LEVEL2, Collection)
    assert [rule in LEVEL2 for rule in (*LEVEL2.rules[:1], *LEVEL3.rules[:1])] == [True, False]
    assert repr(chosen("Asn_Lv3TSO")) == "<RuleSet: 1 rule>"


def test_sets_unite_in_order_with_what_is_declared_beside_them() -> None:
    united = RuleSet.union(chosen("Asn_Lv3TSO"), MISSION.of_level(2), chosen("Asn_Lv3AMI"))
    assert [rule.spec.level for rule in united] == [3, *[2] * len(LEVEL2), 3]
    assert united.domain is MISSION.domain
    assert united.intentions == MISSION.intentions
    assert len(RuleSet.union()) == len(RuleSet.union().intentions) == len(RuleSet.union().domain.modes) == 0


def test_twins_are_refused_whatever_the_case_and_older_names_count() -> None:
    twin = make_rule(same("program"), name="Asn_Lv3IMAGE", aliases=("asn_IMAGE", "Asn_Other"))
    with pytest.raises(TwinRulesError) as caught:
        RuleSet.union(chosen("Asn_Lv3Image"), RuleSet((twin,)))
    assert caught.value.names == ("asn_image", "asn_lv3image")


def test_a_set_without_some_rules_keeps_the_others_in_order() -> None:
    assert MISSION.without(*(rule.__name__ for rule in LEVEL3)) == LEVEL2
    assert chosen("Asn_Lv3TSO", "Asn_Lv3Image", "Asn_Lv3AMI").without("asn_image") == chosen("Asn_Lv3TSO", "Asn_Lv3AMI")
    with pytest.raises(UnknownRuleError, match=r"^no rule is named 'Asn_Imag'"):
        MISSION.without("Asn_Imag")


def test_a_set_goes_to_another_process_with_its_files_and_what_was_left_out(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    sent = RuleSet.union(MISSION.without("Asn_Lv3AMI"), RuleSet.from_file(file)).of_level(3)
    file.unlink()
    script = "import pickle, sys; print(*(rule.__name__ for rule in pickle.load(sys.stdin.buffer)))"
    done = subprocess.run([sys.executable, "-c", script], input=pickle.dumps(sent), capture_output=True, check=True)
    assert done.stdout.decode().split() == [rule.__name__ for rule in sent]
    assert pickle.loads(pickle.dumps(MISSION)) == MISSION  # noqa: S301 (its own)
    assert pickle.loads(pickle.dumps(chosen("Asn_Lv3TSO"))) == chosen("Asn_Lv3TSO")  # noqa: S301 (its own)


def test_a_set_that_was_sent_is_made_when_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import sys\nassert not getattr(sys, 'elsewhere', False)\n" + MINE)
    sent = pickle.dumps(RuleSet.union(RuleSet.from_file(file), LEVEL2))
    script = (
        "import pickle, sys; sys.elsewhere = True; sent = pickle.load(sys.stdin.buffer); print('sent', flush=True); "
        "assert not hasattr(sent, 'other'); len(sent)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=sent, capture_output=True, check=False)
    assert done.stdout == b"sent\n"
    assert done.stderr.decode().splitlines()[-1] == f"rules.errors.RuleFileError: {file}: line 2: AssertionError: "


def test_errors_are_imported_without_the_rules_and_the_rules_without_what_analyses_need() -> None:
    script = (
        "import sys, {}; print(*(name for name in ('rules.level3', 'rules.domains', 'rules.intended', 'rules.rule')"
        " if name in sys.modules))"
    )
    for module, expected in (("rules.errors", ""), ("rules.mission", "rules.level3 rules.rule")):
        command = [sys.executable, "-c", script.format(module)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        assert done.stdout.strip() == expected


@pytest.mark.parametrize("spec", ALL)
def test_every_rule_keeps_to_one_program(spec: RuleSpec) -> None:
    assert same("program") in spec.agreements


@pytest.mark.parametrize("spec", OF_LEVEL3)
def test_every_level_3_rule_keeps_to_one_instrument(spec: RuleSpec) -> None:
    assert spec.level == 3
    assert spec.asn_type.endswith("3")
    assert spec.lists_candidates
    assert same("instrume") in spec.agreements


@pytest.mark.parametrize("spec", OF_LEVEL2)
def test_every_level_2_rule_is_for_candidates_and_named_by_its_exposure(spec: RuleSpec) -> None:
    assert spec.level == 2
    assert spec.asn_type.endswith("2")
    assert not spec.lists_candidates
    assert not spec.discovered
    assert spec.product_name == naming.EXPOSURE
    assert has("science") in spec.validity


def test_the_missions_rules_are_those_of_both_levels() -> None:
    assert RuleSet((*LEVEL2, *LEVEL3)) == MISSION.of_level(2, 3) == MISSION
    assert sorted(rule.__name__ for rule in LEVEL2) == [
        "Asn_Lv2CoronAsRate", "Asn_Lv2FGS", "Asn_Lv2Image", "Asn_Lv2ImageNonScience", "Asn_Lv2ImageSpecial",
        "Asn_Lv2ImageTSO", "Asn_Lv2MIRLRSFixedSlitNod", "Asn_Lv2NRSFSS", "Asn_Lv2NRSIFUNod", "Asn_Lv2NRSLAMPImage",
        "Asn_Lv2NRSLAMPSpectral", "Asn_Lv2NRSMSA", "Asn_Lv2Spec", "Asn_Lv2SpecImprint", "Asn_Lv2SpecSpecial",
        "Asn_Lv2SpecTSO", "Asn_Lv2WFSC", "Asn_Lv2WFSSMIR", "Asn_Lv2WFSSNIS", "Asn_Lv2WFSSNRC",
        "Asn_Lv2WFSSParallel", "Asn_MIRLRSTAConfirm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["DMSLevel2bBase", *(name for name in vars(level2_base) if name.startswith("AsnMixin"))]
)
def test_each_base_and_mixin_of_level_2_contributes_to_some_rule(name: str) -> None:
    mixin = getattr(level2_base, name)
    declares = any(not each.startswith("__") for each in vars(mixin))
    parts = [mixin] if declares else mixin.__bases__  # what only combines mixins contributes all of them
    assert all(contributed(each, LEVEL2) for each in parts)
    assert any(issubclass(rule, mixin) for rule in LEVEL2)


def test_which_level_2_rules_are_for_which_candidates() -> None:
    kinds = ("observation", "background", "group", "mosaic", "direct_image")
    table = Evaluation({"candidate_type": encode(kinds)})
    by_kinds: dict[str, set[str]] = {}
    for rule in LEVEL2:
        assert rule.spec.candidates is not None
        holds = table.holds(rule.spec.candidates).tolist()
        taken = " ".join(kind for kind, each in zip(kinds, holds, strict=True) if each)
        by_kinds.setdefault(taken, set()).add(rule.__name__)
    assert by_kinds.pop("direct_image") == {"Asn_Lv2WFSSParallel"}
    assert by_kinds.pop("observation background") == {
        "Asn_Lv2CoronAsRate", "Asn_Lv2Image", "Asn_Lv2NRSFSS", "Asn_Lv2NRSIFUNod", "Asn_Lv2NRSMSA", "Asn_Lv2Spec",
        "Asn_Lv2WFSSMIR", "Asn_Lv2WFSSNIS", "Asn_Lv2WFSSNRC", "Asn_MIRLRSTAConfirm",
    }  # fmt: skip
    assert set(by_kinds) == {"observation"}


@pytest.mark.parametrize("spec", ALL)
def test_every_rule_says_what_it_groups_and_for_which_instruments(spec: RuleSpec) -> None:
    assert spec.summary.endswith(".")
    assert spec.instruments
    assert set(spec.instruments) <= {"fgs", "miri", "nircam", "niriss", "nirspec"}


def contributed(mixin: type[Rule], among: RuleSet = LEVEL3) -> set[str]:
    """Rules whose spec has something that this class declares, named by what it is."""
    names = set()
    for rule in among:
        own = {name: value for name, value in vars(mixin).items() if not name.startswith("__")}
        if mixin not in rule.__mro__:
            continue
        if any(stated.by == mixin.__name__ for stated in rule.spec.stated):
            names.add("constraints")
        if set(own.pop("instruments", ())) & set(rule.spec.instruments):
            names.add("instruments")
        own.pop("constraints", None)
        telling = {name: value for name, value in own.items() if value != getattr(Rule, name, None)}
        names |= {name for name, value in telling.items() if getattr(rule.spec, name) == value}
    return names


@pytest.mark.parametrize(
    ("mixin", "declarations"),
    [
        (
            "DMS_Level3_Base",
            {"constraints", "level", "lists_candidates", "roles", "product_name", "target", "member_name"},
        ),
        ("AsnMixin_Base", {"constraints"}),
        ("AsnMixin_OpticalPath", {"constraints"}),
        ("AsnMixin_Target", {"constraints"}),
        ("AsnMixin_Image", {"constraints", "asn_type"}),
        ("AsnMixin_Spectrum", {"asn_type"}),
        ("AsnMixin_CrossCandidate", {"discovered"}),
        ("AsnMixin_MIRI", {"instruments"}),
        ("AsnMixin_NIRSPEC", {"instruments"}),
        ("AsnMixin_NIRISS", {"instruments"}),
        ("AsnMixin_NIRCAM", {"instruments"}),
    ],
)
def test_each_base_and_mixin_contributes_to_some_rule(mixin: str, declarations: set[str]) -> None:
    assert contributed(getattr(level3_base, mixin)) == declarations


def test_what_single_rules_declare_that_others_do_not() -> None:
    assert isinstance(MISSION.find("Asn_Lv3SpectralTarget").spec.expansion, NodsAsBackground)
    assert not MISSION.find("Asn_Lv3TSO").spec.discovered
    assert not MISSION.find("Asn_Lv3ImageMosaic").spec.discovered
    assert MISSION.find("Asn_Lv3WFSCMB").spec.asn_type == "wfs-image3"
