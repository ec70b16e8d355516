"""Declarations: how they are collected, and that every mistake is found when the class is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from rules import MISSION, DeclarationError, Rule
from rules.declarations import Declarations
from rules.rule import RuleSpec, Stated
from rules.vocabulary import (
    Column,
    Field,
    Many,
    OneProduct,
    OneSeed,
    all_of,
    any_of,
    at_least,
    case,
    choose,
    close_on_sky,
    combination,
    contains,
    first_given,
    has,
    in_candidate,
    join,
    mapped,
    nod_pairs,
    nods_as_background,
    not_,
    one_of,
    one_seed,
    present,
    same,
    select,
    spans,
    within,
    without,
)
from tests.unit.small import Plain, make_rule

PROGRAM = same("program")


def declares(**declared: Any) -> Callable[[], type[Rule]]:
    return lambda: make_rule(PROGRAM, **declared)


def states(*constraints: Any) -> Callable[[], type[Rule]]:
    return lambda: make_rule(PROGRAM, *constraints)


class FilterGiven(Rule):
    constraints = (same("filter"),)


class FilterOptional(Rule):
    constraints = (same("filter", optional=True),)


EVERY_DECLARATION = (
    "constraints, roles, candidates, discovered, asn_type, product_name, target, member_name, cardinality, selection, "
    "expansion, level, lists_candidates, instruments, aliases, replaces"
)

#: what is wrong: what is declared, the declaration that the message names, and what it says
MISTAKES: dict[str, tuple[Callable[[], type[Rule]], str, str]] = {
    "a column that is almost one": (
        states(one_of("exp_tipe", "x")), "'exp_tipe'", "there is no pool column 'exp_tipe'; did you mean 'exp_type'?",
    ),
    "a column that is like none": (
        states(present("zzz")),
        "'zzz'",
        "there is no pool column 'zzz'; one of your own is declared as column('zzz', 'its label')",
    ),
    "a column without a name": (
        states(present("")),
        "''",
        "there is no pool column ''; one of your own is declared as column('its_name', 'its label')",
    ),
    "an agreement in a column without a name": (
        states(same("")),
        "''",
        "there is no pool column ''; one of your own is declared as column('its_name', 'its label')",
    ),
    "a column deep inside": (
        states(all_of(present("band"), any_of(present("bandd")))), "'bandd'",
        "there is no pool column 'bandd'; did you mean 'band'?",
    ),
    "an agreement's column": (
        states(same("filterr")), "'filterr'", "there is no pool column 'filterr'; did you mean 'filter'?",
    ),
    "a column of first_given": (
        states(same(first_given("pupill", "grating"))), "'pupill'",
        "there is no pool column 'pupill'; did you mean 'pupil'?",
    ),
    "a column of mapped": (
        states(same(mapped("slit", "fxd_slot", {"a": "b"}))), "'fxd_slot'",
        "there is no pool column 'fxd_slot'; did you mean 'fxd_slit'?",
    ),
    "a column of a table": (
        states(combination("t", ("gratin",), [("a",)])), "'gratin'",
        "there is no pool column 'gratin'; did you mean 'grating'?",
    ),
    "a column of join": (
        states(join("psf", sharing=("progam",))), "'progam'",
        "there is no pool column 'progam'; did you mean 'program'?",
    ),
    "a column of spans": (
        states(spans("obsnum", 2, in_candidates=("group",))), "'obsnum'",
        "there is no pool column 'obsnum'; did you mean 'obs_num'?",
    ),
    "a column of roles": (
        declares(roles=choose(case(Column("pntgtyp"), present("band")), otherwise="x")), "'pntgtyp'",
        "there is no pool column 'pntgtyp'; did you mean 'pntgtype'?",
    ),
    "a role asked for in a constraint": (
        states(one_of("role", "psf")), "'role'",
        "'role' is known only to same(…, unless=…) and member_name (role) and to candidates (candidate_type)",
    ),
    "a candidate type asked for in a constraint": (
        states(one_of("candidate_type", "group")), "'candidate_type'",
        "'candidate_type' is known only to same(…, unless=…) and member_name (role) and to candidates (candidate_type)",
    ),
    "no values": (
        states(one_of("band")), "one_of('band')", "names nothing; name at least one",
    ),
    "all of nothing": (states(all_of()), "all_of()", "names nothing; name at least one"),
    "any of nothing": (states(any_of()), "any_of()", "names nothing; name at least one"),
    "an empty table": (
        states(combination("t", ("band",), [])), "combination('t', ('band'), 0 rows)",
        "names nothing; name at least one",
    ),
    "a short row": (
        states(combination("t", ("band", "lamp"), [("a", "b"), ("c",)])), "combination('t', ('band', 'lamp'), 2 rows)",
        "row ('c',) of the table 't' needs 2 values",
    ),
    "a long row": (
        states(combination("t", ("band",), [("a", "b")])), "combination('t', ('band'), 1 rows)",
        "row ('a', 'b') of the table 't' needs 1 values",
    ),
    "joining by nothing": (
        states(join("psf", sharing=())), "join('psf', sharing=())", "names nothing; name at least one",
    ),
    "spanning nowhere": (
        states(spans("obs_num", 2, in_candidates=())), "spans('obs_num', 2, in_candidates=())",
        "names nothing; name at least one",
    ),
    "without nothing": (states(without()), "without()", "names nothing; name at least one"),
    "without what is not inherited": (
        states(without(has("psf"))), "without(has('psf'))", "nothing that it inherits states has('psf')",
    ),
    "a text as constraint": (
        states("exp_type"), "'exp_type'", "is not a constraint; use the constructors of rules.vocabulary",
    ),
    "an attribute as constraint": (
        states(first_given("pupil", "grating")), "first_given('pupil', 'grating')",
        "is not a constraint; use the constructors of rules.vocabulary",
    ),
    "a misspelt declaration": (
        declares(roel=Plain.roles), "roel", "rules have no such declaration; did you mean roles?",
    ),
    "an unknown declaration": (
        declares(zzz=1), "zzz", f"rules have no such declaration; a rule declares {EVERY_DECLARATION}",
    ),
    "a method": (
        declares(check=lambda self: self), "check",
        f"rules have no such declaration; a rule declares {EVERY_DECLARATION}",
    ),
    "its own spec": (
        declares(spec=None), "spec", f"rules have no such declaration; a rule declares {EVERY_DECLARATION}",
    ),
    "a misspelt type of candidates": (
        states(has("psf", in_candidates=("observations",))), "has('psf', in_candidates=('observations',))",
        "there is no candidate type 'observations'; did you mean 'observation'?",
    ),
    "a misspelt type of candidates that the rule is for": (
        declares(candidates=one_of("candidate_type", "groups", "mosaic")),
        "one_of('candidate_type', 'groups', 'mosaic')",
        "there is no candidate type 'groups'; did you mean 'group'?",
    ),
    "a misspelt type of candidates in an agreement": (
        states(same(in_candidate("backgroud", "any", "obs_num"))),
        "in_candidate('backgroud', 'any', otherwise='obs_num')",
        "there is no candidate type 'backgroud'; did you mean 'background'?",
    ),
    "a misspelt type of associations": (
        lambda: make_rule(same("program"), asn_type="image4"),
        "asn_type = 'image4'", "there is no association type 'image4'; did you mean 'image3'?",
    ),
    "nothing to agree on": (
        make_rule, "constraints", "no exposures would have to agree; state same(…)",
    ),
    "two bases that state one agreement differently": (
        lambda: make_rule(bases=(FilterOptional, FilterGiven, Plain)), "same('filter', optional=True)",
        "FilterOptional states it so, but FilterGiven states same('filter'); take one of them away with without(…)",
    ),
    "its own agreement, stated differently": (
        lambda: make_rule(same("filter"), bases=(FilterOptional, Plain)), "same('filter')",
        (
            "Asn_Test states it so, but FilterOptional states same('filter', optional=True); "
            "take one of them away with without(…)"
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_when_the_class_is_made(mistake: str) -> None:
    make, declaration, problem = MISTAKES[mistake]
    with pytest.raises(DeclarationError) as caught:
        make()
    stated = caught.value.declaration
    assert (stated if isinstance(stated, str) else repr(stated)) == declaration
    assert (caught.value.rule, caught.value.problem) == ("Asn_Test", problem)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_message_names_class_and_declaration_as_it_is_written(mistake: str) -> None:
    make, declaration, problem = MISTAKES[mistake]
    with pytest.raises(DeclarationError) as caught:
        make()
    assert str(caught.value) == f"rule class Asn_Test: {declaration}: {problem}"


#: declarations of the wrong kind, and what the message says they have to be
KINDS: dict[str, tuple[Any, str]] = {
    "constraints": ([same("program")], "require(…)"),
    "roles": ("science", "choose(…)"),
    "candidates": ("mosaic", "a predicate on candidate_type"),
    "discovered": ("yes", "True or False"),
    "asn_type": (3, "a word such as 'image3'"),
    "product_name": ("jw{program}", "product_name(…)"),
    "target": ("t001", "a Field"),
    "member_name": ("cal", "a MemberName"),
    "cardinality": (1, "many() or one_seed(…)"),
    "selection": ("imprint", "select(…)"),
    "expansion": ("nods", "an expansion such as one_product()"),
    "level": ("3", "2 or 3"),
    "lists_candidates": (1, "True or False"),
    "instruments": ("miri", "a tuple of words; is a comma missing?"),
    "aliases": ("Asn_Old", "a tuple of words; is a comma missing?"),
    "replaces": (["Asn_Lv3Image"], "a rule's name, or a tuple of them"),
}


@pytest.mark.parametrize("declaration", KINDS)
def test_a_declaration_of_the_wrong_kind_is_found_when_the_class_is_made(declaration: str) -> None:
    value, words = KINDS[declaration]
    with pytest.raises(DeclarationError) as caught:
        make_rule(bases=(FilterGiven, Plain), **{declaration: value})
    assert str(caught.value) == f"rule class Asn_Test: {declaration} = {value!r}: must be {words}"


def test_every_declaration_has_a_kind() -> None:
    assert ", ".join(KINDS) == EVERY_DECLARATION


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"constraints": PROGRAM}, f"constraints = {PROGRAM!r}: must be require(…)"),
        ({"constraints": [PROGRAM]}, f"constraints = [{PROGRAM!r}]: must be require(…)"),
        ({"aliases": ("Asn_Old", 3)}, "aliases = ('Asn_Old', 3): must be a tuple of words; is a comma missing?"),
        ({"instruments": (None,)}, "instruments = (None,): must be a tuple of words; is a comma missing?"),
        ({"cardinality": OneSeed}, f"cardinality = {OneSeed!r}: must be many() or one_seed(…)"),
        ({"expansion": None}, "expansion = None: must be an expansion such as one_product()"),
    ],
    ids=str,
)
def test_what_is_inside_of_a_declaration_has_a_kind_too(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        make_rule(**({"bases": (FilterGiven, Plain)} | declared))
    assert str(caught.value) == f"rule class Asn_Test: {message}"


def test_none_is_what_some_declarations_are_by_default() -> None:
    spec = make_rule(PROGRAM, candidates=None, selection=None).spec
    assert (spec.candidates, spec.selection) == (None, None)


#: Roles of Plain are background, psf and science: what is stated, and what the message says
UNKNOWN_ROLES: dict[str, tuple[Any, dict[str, Any], str]] = {
    "has": (has("sciense"), {}, "no exposure has role 'sciense'; did you mean 'science'?"),
    "has one like none": (has("zzz"), {}, "no exposure has role 'zzz'; the roles are background, psf, science"),
    "has one that others have": (
        has("imprint"), {}, "no exposure has role 'imprint'; the roles are background, psf, science",
    ),
    "join": (join("pfs", sharing=("visit",)), {}, "no exposure has role 'pfs'; did you mean 'psf'?"),
    "same unless": (
        same("targetid", unless="bakground"), {}, "no exposure has role 'bakground'; did you mean 'background'?",
    ),
    "same only": (
        same("targetid", only="zzz"), {}, "no exposure has role 'zzz'; the roles are background, psf, science",
    ),
    "same unless one of several": (
        same("targetid", unless=one_of("role", "psf", "zzz")), {},
        "no exposure has role 'zzz'; the roles are background, psf, science",
    ),
    "with the role of what fits": (
        has("zzz"), {"cardinality": one_seed("science", fitting=("psf",), fitting_as="dark")},
        "no exposure has role 'zzz'; the roles are background, dark, psf, science",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN_ROLES)
def test_a_role_that_no_exposure_has_is_found_when_the_class_is_made(case: str) -> None:
    stated, declared, problem = UNKNOWN_ROLES[case]
    with pytest.raises(DeclarationError) as caught:
        make_rule(PROGRAM, stated, **declared)
    assert str(caught.value) == f"rule class Asn_Test: {stated!r}: {problem}"


def test_roles_that_are_known() -> None:
    assert make_rule(PROGRAM, same("targetid", unless="imprint"))  # a mixin may exempt what some rules do not have
    assert make_rule(PROGRAM, has("dark"), cardinality=one_seed("science", fitting=("psf",), fitting_as="dark"))
    own = choose(case("moon", present("band")), otherwise="science")
    assert make_rule(PROGRAM, same("targetid", unless="moon"), has("moon"), roles=own)
    anything = choose(case(Column("pntgtype"), present("pntgtype")), otherwise="science")
    assert make_rule(PROGRAM, has("science"), roles=anything)


SUITS = select("psf", about="science", kind=present("band"), target="targetid", index="dithptin")

#: Mistakes that are easily made and make a rule that silently does something else; each must be refused.
SLIPS: dict[str, Callable[[], object]] = {
    "a seed of a role that no exposure has": declares(cardinality=one_seed("sciense")),
    "a fitting role that no exposure has": declares(cardinality=one_seed("science", fitting=("bakground",))),
    "a lone role that no exposure has": declares(cardinality=one_seed("science", fitting=("psf",), lone=("pfs",))),
    "a role that no exposure has, in a selection": declares(selection=dataclasses.replace(SUITS, role="pfs")),
    "a role that no exposure has, that the selection is about": declares(
        selection=dataclasses.replace(SUITS, about="sciense")
    ),
    "nods of a role that no exposure has": declares(expansion=nod_pairs("sciense")),
    "nods as background of a role that no exposure has": declares(expansion=nods_as_background("sciense", "x1d")),
    "a column of differing that there is none": declares(
        cardinality=one_seed("science", fitting=("psf",), differing=("pattnum",))
    ),
    "a column of a selection that there is none": declares(
        selection=select("psf", about="science", kind=present("band"), target="targettid", index="dithptin")
    ),
    "a level that there is none": declares(level=4),
}


NO_LIMIT = "the limit must be a number, 0 or greater"


@pytest.mark.parametrize(
    ("declare", "problem"),
    [
        (lambda: make_rule(PROGRAM, at_least(0)), "at_least(0): 0 must be a whole number of 1 or more"),
        (lambda: make_rule(PROGRAM, at_least("2")), "at_least('2'): '2' must be a whole number of 1 or more"),  # type: ignore[arg-type]
        (lambda: make_rule(PROGRAM, all_of("filter")), "all_of('filter'): 'filter' is not a predicate"),  # type: ignore[arg-type]
        (lambda: make_rule(PROGRAM, any_of(PROGRAM)), "any_of(same('program')): same('program') is not a predicate"),  # type: ignore[arg-type]
        (lambda: make_rule(PROGRAM, not_("filter")), "not_('filter'): 'filter' is not a predicate"),  # type: ignore[arg-type]
        (lambda: make_rule(PROGRAM, within("expstart", -1)), f"{within('expstart', -1)!r}: {NO_LIMIT}"),
        (
            lambda: make_rule(PROGRAM, within("expstart", float("nan"))),
            f"{within('expstart', float('nan'))!r}: {NO_LIMIT}",
        ),
        (lambda: make_rule(PROGRAM, close_on_sky(arcseconds=-1)), f"{close_on_sky(arcseconds=-1)!r}: {NO_LIMIT}"),
        (
            lambda: make_rule(PROGRAM, asn_type="Image 3"),
            "asn_type = 'Image 3': becomes part of file names; use lower-case letters, digits and '-'",
        ),
        (
            lambda: make_rule(PROGRAM, target=Field("target")),  # type: ignore[arg-type]
            (
                "Field(labels='target', prefix='', width=0, drop=(), otherwise='', plain=False): "
                "labels must be a tuple of words, and width a number"
            ),
        ),
        (
            lambda: make_rule(PROGRAM, contains("filter", "")),
            "contains('filter', ''): names nothing; name at least one",
        ),
        (
            lambda: make_rule(PROGRAM, candidates=one_of("instrume", "miri")),
            "one_of('instrume', 'miri'): of a candidate only candidate_type is known, no instrume",
        ),
    ],
)
def test_what_stands_in_the_wrong_place_is_refused(declare: Callable[[], object], problem: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare()
    assert str(caught.value) == f"rule class Asn_Test: {problem}"


def test_a_number_is_refused_as_a_word() -> None:
    with pytest.raises(TypeError, match=r"^one_of\('nints', …\) takes words, not 1; pool values are texts"):
        one_of("nints", 1)  # type: ignore[arg-type]


def test_one_word_is_a_list_of_one_and_roles_may_be_several() -> None:
    assert one_seed("science", fitting="background") == one_seed("science", fitting=("background",))
    assert has("psf", in_candidates="group") == has("psf", in_candidates=["GROUP"])
    assert spans("obs_num", 2, in_candidates="group") == spans("OBS_NUM", 2, in_candidates=("group",))
    assert join("psf", sharing="visit") == join("psf", sharing=["visit"])
    several = same("targetid", unless=("psf", "background"))
    assert several == same("targetid", unless=one_of("role", "background", "psf"))
    assert make_rule(PROGRAM, several).spec.agreements[-1] == several


@pytest.mark.parametrize("slip", SLIPS)
def test_what_would_silently_do_something_else_is_refused(slip: str) -> None:
    with pytest.raises((DeclarationError, TypeError)):
        SLIPS[slip]()


@pytest.mark.parametrize("missing", ["level", "roles", "asn_type", "product_name", "target", "member_name"])
def test_a_rule_declares_everything_that_is_needed(missing: str) -> None:
    declared = {
        name: value for name, value in vars(Plain).items() if name in Declarations.__annotations__ and name != missing
    }
    with pytest.raises(DeclarationError) as caught:
        make_rule(PROGRAM, bases=(Rule,), **declared)
    assert str(caught.value) == (
        f"rule class Asn_Test: {missing}: is not declared; inherit a base such as DMS_Level3_Base"
    )


def test_a_mixin_may_be_incomplete_but_not_wrong() -> None:
    class AsnMixin_Some(Rule):
        constraints = (present("band"),)

    assert not hasattr(AsnMixin_Some, "spec")
    with pytest.raises(DeclarationError, match=r"^rule class AsnMixin_Wrong: 'bend': there is no pool column 'bend'"):
        type("AsnMixin_Wrong", (Rule,), {"constraints": (present("bend"),)})


def test_derived_attributes_are_allowed_where_they_are_known() -> None:
    spec = make_rule(PROGRAM, candidates=one_of("candidate_type", "GROUP")).spec
    assert spec.candidates == one_of("candidate_type", "group")


def test_the_spec_has_all_that_is_declared_and_the_defaults() -> None:
    spec = make_rule(PROGRAM, present("band"), has("psf"), join("psf", sharing=("program",))).spec
    assert spec == RuleSpec(
        name="Asn_Test",
        aliases=(),
        summary="A rule of a test.",
        level=3,
        instruments=(),
        stated=tuple(
            Stated(each, "Asn_Test")
            for each in (PROGRAM, present("band"), has("psf"), join("psf", sharing=("program",)))
        ),
        roles=Plain.roles,
        candidates=None,
        discovered=False,
        asn_type="test3",
        product_name=Plain.product_name,
        target=Plain.target,
        member_name=Plain.member_name,
        cardinality=Many(),
        selection=None,
        expansion=OneProduct(),
        lists_candidates=False,
    )
    assert spec.agreements == (PROGRAM,)
    assert spec.eligibility == (present("band"),)
    assert spec.validity == (has("psf"),)
    assert spec.joins == (join("psf", sharing=("program",)),)


class Base(Plain):
    constraints = (PROGRAM, has("science"))
    instruments = ("miri",)
    discovered = True


class Left(Rule):
    constraints = (same("instrume"), has("science"))
    asn_type = "left3"
    instruments = ("nircam",)


class Right(Rule):
    constraints = (same("band"),)
    asn_type = "right3"


def test_constraints_unite_base_first_each_by_the_class_that_states_it() -> None:
    spec = make_rule(at_least(2), bases=(Left, Right, Base)).spec
    assert spec.stated == (
        Stated(PROGRAM, "Base"),
        Stated(has("science"), "Base"),
        Stated(same("band"), "Right"),
        Stated(same("instrume"), "Left"),
        Stated(at_least(2), "Asn_Test"),
    )


def test_other_declarations_come_from_the_nearest_class() -> None:
    assert make_rule(bases=(Left, Right, Base)).spec.asn_type == "left3"
    assert make_rule(bases=(Right, Left, Base)).spec.asn_type == "right3"
    assert make_rule(bases=(Right, Left, Base), asn_type="own3").spec.asn_type == "own3"
    assert make_rule(bases=(Left, Base)).spec.discovered
    expansion = nods_as_background("science", suffix="x1d")
    assert make_rule(bases=(Left, Base), expansion=expansion).spec.expansion == expansion


def test_instruments_unite_and_aliases_are_the_rules_own() -> None:
    named = make_rule(bases=(Left, Base), aliases=("Asn_Old",))
    assert named.spec.instruments == ("miri", "nircam")
    assert named.spec.aliases == ("Asn_Old",)
    assert make_rule(bases=(named,), name="Asn_Other").spec.aliases == ()


def test_without_takes_an_inherited_constraint_away() -> None:
    loose = make_rule(without(has("science")), name="Loose", bases=(Base,))
    assert make_rule(bases=(loose,)).spec.stated == (Stated(PROGRAM, "Base"),)
    assert Stated(has("science"), "Base") in make_rule(bases=(Base,)).spec.stated


def test_without_makes_room_for_another_statement_of_the_agreement() -> None:
    spec = make_rule(without(same("filter")), same("filter", optional=True), bases=(FilterGiven, Plain)).spec
    assert spec.stated == (Stated(same("filter", optional=True), "Asn_Test"),)


def test_a_rule_without_a_docstring_has_no_summary() -> None:
    assert make_rule(PROGRAM, __doc__=None).spec.summary == ""
    assert make_rule(PROGRAM, __doc__="\n    First.\n\n    Second.").spec.summary == "First."


#: a rule, the heading of its agreements, and one of these as it is shown there
AGREEMENTS = [
    ("Asn_Lv2WFSC", "A group contains one science exposure, with values of", "exposure type"),
    (
        "Asn_Lv3MIRMRS",
        "A group contains all qualifying exposures that have the same",
        "target, except for background exposures",
    ),
    ("Asn_Lv3MIRMRSBackground", "A group contains all qualifying exposures that have the same", "target"),
]


@pytest.mark.parametrize(("rule", "heading", "shown"), AGREEMENTS, ids=[each[0] for each in AGREEMENTS])
def test_agreements_are_shown_as_they_matter_to_the_rule(rule: str, heading: str, shown: str) -> None:
    assert shown in [text for _, text, _ in dict(MISSION.find(rule).spec.sections)[heading]]
