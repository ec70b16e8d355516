"""A file with rules of the user's own."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from rules import MISSION, RuleError, RuleFileError, RuleSet
from rules import rule as rule_module
from solver import AsnsolveError, generate
from solver.default import chosen_rules
from tests.unit.small import members, pool_of, row

GOOD = '''
"""Rules of my own."""

from rules.level3_base import AsnMixin_Base, AsnMixin_Image, DMS_Level3_Base
from rules.level3 import Asn_Lv3Image
from rules.vocabulary import absent, same


class AsnMixin_Mine(AsnMixin_Image):
    """Images of mine."""


class Asn_Mine(AsnMixin_Mine, AsnMixin_Base, DMS_Level3_Base):
    """My images of one filter."""

    constraints = (same("filter"),)


class Asn_Also(Asn_Lv3Image):
    """Images without an error."""

    constraints = (absent("exposerr"),)


Asn_number = 3
'''

USES = "from rules import Rule\nfrom rules.vocabulary import *\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "mine.py"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_rules_of_a_file_are_those_that_it_defines_itself(tmp_path: Path) -> None:
    before = set(sys.modules)  # other libraries have modules such as "determine"
    found = RuleSet.from_file(write(tmp_path, GOOD))
    assert [rule.__name__ for rule in found] == ["Asn_Also", "Asn_Mine"]
    assert [rule.spec.summary for rule in found] == ["Images without an error.", "My images of one filter."]
    assert [rule.__name__ for rule in RuleSet.from_file(str(tmp_path / "mine.py"))] == ["Asn_Also", "Asn_Mine"]
    assert not [name for name in sys.modules.keys() - before if "mine" in name]


def test_they_are_solved_like_any_other(tmp_path: Path) -> None:
    also, mine = RuleSet.from_file(write(tmp_path, GOOD))
    rows = [row("a", exposerr="lost"), row("b"), row("c", filter="F2")]
    assert [members(each) for each in generate(pool_of(*rows), [mine], discover=False).associations] == [
        {"c": "science"}, {"a": "science", "b": "science"},
    ]  # fmt: skip
    assert [members(each) for each in generate(pool_of(*rows), [also], discover=False).associations] == [
        {"c": "science"}, {"b": "science"},
    ]  # fmt: skip


NO_RULE = "defines no rule: no class whose name begins with Asn_ and inherits from Rule"

TAKEN = (
    'the mission has a rule of this name; rename yours, state replaces = "{0}" in the class, '
    "or leave the mission's out with --without {0}"
)
#: A file that raises an exception of its own class: its base, and what makes its text.
ODD = "class Odd({}):\n    @property\n    def msg(self): raise Odd\n    def __str__(self):\n        {}\n\nraise Odd\n"
NO_TEXT = "its text cannot be made"

#: what is in the file, and what the message says after the file's name
MISTAKES: dict[str, tuple[str | bytes, str]] = {
    "a slip of the pen": ("x = 1\nclass Asn_Mine(\n", "line 2: SyntaxError: '(' was never closed"),
    "wrong indentation": ("x = 1\n  y = 2\n", "line 2: IndentationError: unexpected indent"),
    "a name that is not there": (
        f"{USES}\n\nclass Asn_Mine(DMS_Level3_Base):\n    pass\n",
        "line 5: NameError: name 'DMS_Level3_Base' is not defined",
    ),
    "a module that is not there": (
        "\nimport no_such_module\n", "line 2: ModuleNotFoundError: No module named 'no_such_module'",
    ),
    "an exception in a function": (
        "def broken():\n    raise ValueError('because')\n\n\nbroken()\n", "line 2: ValueError: because",
    ),
    "what is not an Exception": ("raise GeneratorExit('because')\n", "line 1: GeneratorExit: because"),
    "an end of the program": ("import sys\nsys.exit('because')\n", "line 2: SystemExit: because"),
    "a base exception of its own": (ODD.format("BaseException", "return 5"), f"line 7: Odd: {NO_TEXT}"),
    "an exception without a text": (ODD.format("ValueError", "raise Odd"), f"line 7: Odd: {NO_TEXT}"),
    "an exception whose text ends it all": (ODD.format("Exception", "raise SystemExit"), f"line 7: Odd: {NO_TEXT}"),
    "an error of syntax of its own": (ODD.format("SyntaxError", "return 'own'"), "line 7: Odd: own"),
    "a class where an attribute belongs": (
        f"{USES}\nclass Asn_Mine(Rule):\n    constraints = (one_of(Rule, 'x'),)\n",
        (
            "line 5: TypeError: <class 'rules.rule.Rule'> is not an attribute; use a column, "
            "first_given(…), mapped(…) or in_candidate(…)"
        ),
    ),
    "an exception inside of the vocabulary": (
        f"{USES}\nshared = same('filter', unless='psf', only='science')\n",
        "line 4: TypeError: unless and only exclude each other; give one of them",
    ),
    "a mistake in a rule": (
        f"{USES}\nclass Asn_Mine(Rule):\n    constraints = (same('filtre'),)\n",
        "rule class Asn_Mine: 'filtre': there is no pool column 'filtre'; did you mean 'filter'?",
    ),
    "an incomplete rule": (
        f"{USES}\nclass Asn_Mine(Rule):\n    constraints = (same('filter'),)\n",
        "rule class Asn_Mine: level: is not declared; inherit a base such as DMS_Level3_Base",
    ),
    "a class that is defined twice": (
        f"{USES}\nclass AsnMixin_Mine(Rule):\n    level = 2\n\n\nclass AsnMixin_Mine(Rule):\n    level = 3\n",
        "line 8: class AsnMixin_Mine is already defined in this file; choose another name",
    ),
    "an intention without a reason": (
        f"{GOOD}\nfrom rules.vocabulary.intentions import gap\nINTENDED = (gap(3, absent('lamp'), because=' '),)\n",
        "INTENDED: every because must give a reason",
    ),
    "nothing": ("", NO_RULE),
    "a mixin alone": (f"{USES}\nclass AsnMixin_Mine(Rule):\n    pass\n", NO_RULE),
    "a class that is not a rule": ("class Asn_Mine:\n    pass\n", NO_RULE),
    "the name of a mission's rule": (
        "from rules.level3 import Asn_Lv3Image as Theirs\n\n\nclass Asn_Lv3Image(Theirs):\n    pass\n",
        f"Asn_Lv3Image: {TAKEN.format('Asn_Lv3Image')}",
    ),
    "the names of mission's rules of both levels": (
        (
            "from rules import level2, level3\n\n\n"
            "class Asn_Lv3TSO(level3.Asn_Lv3TSO):\n    pass\n\n\nclass Asn_Lv2FGS(level2.Asn_Lv2FGS):\n    pass\n"
        ),
        f"Asn_Lv2FGS: {TAKEN.format('Asn_Lv2FGS')}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(mistake: str, tmp_path: Path) -> None:
    text, problem = MISTAKES[mistake]
    path = write(tmp_path, text)
    with pytest.raises(RuleFileError) as caught:
        chosen_rules([path])
    assert str(caught.value) == f"{path}: {problem}"
    assert (caught.value.path, caught.value.problem) == (str(path), problem)
    assert isinstance(caught.value, RuleError)
    assert isinstance(caught.value, AsnsolveError)


@pytest.mark.parametrize("text", ["raise KeyboardInterrupt", ODD.format("Exception", "raise KeyboardInterrupt")])
def test_an_interrupt_ends_the_program_all_the_same(text: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        chosen_rules([write(tmp_path, text)])


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    for content in (b"\xff\xfe\x00", b"x = '\x00'"):
        path = write(tmp_path, content)
        with pytest.raises(RuleFileError, match=rf"^{re.escape(str(path))}: .*(Syntax|Value)Error: "):
            RuleSet.from_file(path)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.py", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(RuleFileError) as caught:
            RuleSet.from_file(path)
        assert str(caught.value) == f"{path} cannot be read: {reason}"


def test_the_missions_rules_come_first_unless_they_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert [rule.__name__ for rule in chosen_rules([path], mission=False)] == ["Asn_Also", "Asn_Mine"]
    every = chosen_rules([str(path)])
    assert every == RuleSet((*chosen_rules(), *RuleSet.from_file(path)))
    assert every.origin == f"the mission, {path}"


#: How another version's package names its rules: as a tuple, as it was at first, or as a set.
LAYOUTS = {
    "a tuple": "from rules import mine\n\nMISSION = (mine.Asn_Mine, mine.Asn_Also)\n",
    "a set": (
        "from rules import mine\nfrom rules.rule_set import RuleSet\n\n"
        "MISSION = RuleSet((mine.Asn_Mine, mine.Asn_Also))\n"
    ),
    "a late set": (
        "def __getattr__(name):\n    if name != 'MISSION':\n        raise AttributeError(name)\n"
        "    from rules import mine\n    from rules.rule_set import RuleSet\n\n"
        "    return RuleSet((mine.Asn_Mine, mine.Asn_Also))\n"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_version_is_restated_in_the_words_of_this_one(layout: str, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(Path(rule_module.__file__).parent, folder)
    write(folder, GOOD)
    (folder / "__init__.py").write_text(LAYOUTS[layout], encoding="utf-8")
    for place in (tmp_path, folder):
        other = RuleSet.from_version(place)
        assert [rule.__name__ for rule in other] == ["Asn_Mine", "Asn_Also"]
        assert [rule.spec for rule in other] == [
            rule.spec for rule in reversed([*RuleSet.from_file(folder / "mine.py")])
        ]
        assert other.origin == str(place)
    assert sys.modules["rules.rule"] is rule_module


def test_another_version_may_be_in_a_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(Path(rule_module.__file__).parent, folder)
    other = RuleSet.from_version(folder)
    assert [rule.spec for rule in other] == [rule.spec for rule in MISSION]
    assert sys.modules["rules.rule"] is rule_module


def test_a_folder_without_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "__init__.py").touch()
    init = tmp_path / "rules" / "__init__.py"
    for place, text, problem in (
        (init.parent, "", "defines no rules: it has no MISSION"),
        (init.parent, "\n1 / 0", "__init__.py, line 2: ZeroDivisionError: division by zero"),
    ):
        init.write_text(text, encoding="utf-8")
        with pytest.raises(RuleFileError) as caught:
            RuleSet.from_version(place)
        assert str(caught.value).replace(f"{init.parent}/", "") == f"{place}: {problem}"
    init.unlink()
    with pytest.raises(RuleFileError, match="there is no package 'rules' in this folder; name the folder that it is"):
        RuleSet.from_version(init.parent)
