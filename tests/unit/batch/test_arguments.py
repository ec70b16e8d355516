"""What `generate` takes: a pool or its file, rules in any way to name them, one level, one candidate or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from rules import MISSION, RuleSet, UnknownRuleError
from rules.level3_base import AsnMixin_Image
from solver import CandidateError, Pool, PoolError, explain, generate
from solver.default import rule_set

ROOT = Path(__file__).parents[3]
FILE = ROOT / "benchmarks" / "demo_pool.csv"
POOL = Pool.read(FILE)

IMAGE, TIME_SERIES, FGS = map(MISSION.find, ("Asn_Lv3Image", "Asn_Lv3TSO", "Asn_Lv2FGS"))

MINE = """
from rules.level3 import Asn_Lv3Image

class Asn_Mine(Asn_Lv3Image):
    pass
"""


def made(**arguments: Any) -> list[tuple[str, str]]:
    return [(each.asn_rule, each.products[0].name) for each in generate(**arguments).associations]


@pytest.mark.parametrize("pool", [FILE, str(FILE)], ids=["path", "text"])
def test_a_pool_may_be_its_file(pool: str | Path) -> None:
    assert generate(pool).associations == generate(POOL).associations


@pytest.mark.parametrize(
    "given",
    [[{"filename": "a"}], pa.table({"filename": ["a"]}), 3, None, [FILE]],
    ids=["rows", "table", "3", "None", "files"],
)
def test_anything_else_is_refused_with_how_to_make_a_pool(given: Any) -> None:
    with pytest.raises(
        TypeError, match=r"^a pool is a Pool or the path of its file, not \w+; make one with Pool\.from_rows"
    ):
        generate(given)


def test_a_file_that_is_not_a_pool_is_refused() -> None:
    with pytest.raises(PoolError, match=r"nowhere\.csv cannot be read"):
        generate("nowhere.csv")


#: rules as a caller gives them, and which these are
GIVEN: list[tuple[Any, list[type]]] = [
    (None, list(MISSION)),
    (MISSION.of_level(3), list(MISSION.of_level(3))),
    ("Asn_Lv3Image", [IMAGE]),
    ("asn_lv3image", [IMAGE]),
    ("Asn_Image", [IMAGE]),
    (IMAGE, [IMAGE]),
    ([IMAGE, "asn_lv3tso"], [IMAGE, TIME_SERIES]),
    (("Asn_Image", IMAGE, "Asn_Lv2FGS"), [IMAGE, FGS]),
    (iter([FGS]), [FGS]),
    ([MISSION.without("Asn_Lv2FGS"), FGS], [*MISSION.without("Asn_Lv2FGS"), FGS]),
    ([], []),
]


@pytest.mark.parametrize(("given", "rules"), GIVEN, ids=lambda given: type(given).__name__)
def test_rules_may_be_named_in_many_ways(given: Any, rules: list[type]) -> None:
    assert list(rule_set(given)) == rules


@pytest.mark.parametrize("level", [2, 3])
def test_a_level_selects_its_rules(level: int) -> None:
    assert list(rule_set(level=level)) == list(MISSION.of_level(level))
    assert list(rule_set([IMAGE, FGS], level)) == [{2: FGS, 3: IMAGE}[level]]
    assert made(pool=POOL, level=level) == made(pool=POOL, rules=MISSION.of_level(level))


@pytest.mark.parametrize("kind", [str, Path])
def test_rules_may_be_a_file(kind: type, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MINE, encoding="utf-8")
    assert rule_set(kind(file)) == RuleSet.from_file(file)
    assert [rule.__name__ for rule in rule_set([kind(file), "Asn_Image"])] == ["Asn_Mine", "Asn_Lv3Image"]
    assert {rule for rule, _ in made(pool=POOL, rules=[file, "Asn_Lv2FGS"])} == {"Asn_Mine", "Asn_Lv2FGS"}


@pytest.mark.parametrize(
    ("given", "level", "error", "message"),
    [
        ("Asn_Lv3Imag", None, UnknownRuleError, "no rule is named 'Asn_Lv3Imag'; did you mean Asn_Lv3Image"),
        (["Asn_Lv3Image", "x"], None, UnknownRuleError, "no rule is named 'x'"),
        (AsnMixin_Image, None, TypeError, "rules are a RuleSet, or classes, names or .py files of rules, not <class"),
        (3, None, TypeError, "rules are a RuleSet, or classes, names or .py files of rules, not 3"),
        (None, 4, ValueError, "unknown level 4; choose from 2, 3"),
        (None, "3", ValueError, "unknown level '3'; choose from 2, 3"),
    ],
)  # fmt: skip
def test_anything_that_is_not_a_rule_is_refused(given: Any, level: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        generate(POOL, given, level=level)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("candidates", ["c1000", " C1000 ", ("c1000",)])
def test_one_candidate_may_be_given_as_text(candidates: str) -> None:
    assert made(pool=POOL, candidates=candidates) == made(pool=POOL, candidates=["c1000"])


def test_a_candidate_that_no_exposure_lists_is_refused_however_it_is_given() -> None:
    with pytest.raises(CandidateError, match="c9999"):
        generate(POOL, candidates="c9999")


def test_an_explanation_takes_a_rule_by_its_name() -> None:
    orphan = POOL["filename"][0]
    assert explain(POOL, orphan, rule="Asn_Image") == explain(POOL, orphan, rule=IMAGE)
    with pytest.raises(UnknownRuleError):
        explain(POOL, orphan, rule="Asn_Nothing")
