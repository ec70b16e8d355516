"""Rule files pass type checkers as pages write them, and as users vary them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rules import RuleSet
from tests.pages import PAGES, files

ROOT = Path(__file__).parents[2]
#: The rule files that pages show.
EXAMPLES = {name: code for page in PAGES for name, code in files(page).items() if "from rules." in code}

#: What the examples leave out: mixins of one's own, other values of what a base states, the older plain tuples.
VARIED = '''
from rules.level2_base import AsnMixin_Lv2Background, AsnMixin_Lv2Imprint, AsnMixin_Lv2Nod, DMSLevel2bBase
from rules.level3 import Asn_Lv3Image
from rules.level3_base import AsnMixin_Base, AsnMixin_CrossCandidate, AsnMixin_Image, DMS_Level3_Base
from rules.rule import Rule
from rules.vocabulary import (
    absent, at_least, has, many, not_, one_of, one_product, one_seed, require, same, within, without,
)


class Deep(Rule):
    """MIRI images of one target, long exposures."""

    constraints = require(one_of("exp_type", "mir_image"), same("targetid"))


class Soon(Rule):
    """Within a day."""

    constraints = require(within("expstart", 1))


class Asn_Two(Soon, Deep, AsnMixin_CrossCandidate, AsnMixin_Image, AsnMixin_Base, DMS_Level3_Base):
    """Two at least."""

    constraints = require(at_least(2), has("science"), absent("is_imprt"))
    candidates = not_(one_of("candidate_type", "group"))


class Asn_Tuple(Deep, AsnMixin_Base, DMS_Level3_Base):
    """With a plain tuple."""

    asn_type = "image3"
    constraints = (at_least(2), one_of("filter", "f770w"))


class Asn_MineImage(Asn_Lv3Image):
    """The mission's images without one of its constraints."""

    constraints = require(without(same("subarray")), at_least(4))
    candidates = None


class Asn_Alone(AsnMixin_Lv2Nod, AsnMixin_Lv2Imprint, DMSLevel2bBase):
    """Nods that are no background of each other."""

    cardinality = one_seed("science")
    expansion = one_product()
    candidates = not_(one_of("candidate_type", "background"))


class Asn_Many(AsnMixin_Lv2Background, DMSLevel2bBase):
    """Many."""

    asn_type = "spec2"
    cardinality = many()
    constraints = (same("detector"),)
'''


def test_rule_files_have_no_type_errors(type_errors: Callable[..., list[str]], tmp_path: Path) -> None:
    written = {"varied.py": VARIED, **EXAMPLES}
    assert {"near.py", "deep.py", "shape.py"} < set(written)
    for name, code in written.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
        assert len(RuleSet.from_file(tmp_path / name)) >= 1
    assert type_errors(*(tmp_path / name for name in written)) == []


def test_the_missions_rules_have_no_type_errors(type_errors: Callable[..., list[str]]) -> None:
    assert type_errors(*(ROOT / "rules").glob("*.py"), *(ROOT / "rules" / "vocabulary").glob("*.py")) == []
