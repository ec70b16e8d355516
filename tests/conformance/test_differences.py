"""The differences that `differences.toml` declares are real, exact, and do not depend on the order of rows."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conformance import differences, simulated
from tests.conformance.canonical import LEVELS, Entry, assert_gives, of_level
from tests.conformance.canonical import differences as report_of
from tests.conformance.differences import Case, Change, Difference, Excuse, agreements, excused, excuses, known
from tests.conformance.interpreter import Reference
from tests.conformance.packaged import RUNS
from tests.conformance.versions import MINIMAL


def _slug(case: Case) -> str:
    return case.name.replace(" ", "-")


of_each_difference = pytest.mark.parametrize("difference", known(), ids=_slug)
of_each_agreement = pytest.mark.parametrize("case", agreements(), ids=_slug)


@of_each_difference
def test_what_we_make(difference: Difference) -> None:
    right = [*difference.both, *difference.ours]
    assert_gives(difference.text(), right, difference.options, difference.level)


@pytest.mark.reference
@of_each_difference
def test_what_the_reference_makes(difference: Difference, reference: Reference) -> None:
    found = reference.run(difference.text(), difference.options)
    if difference.level is not None:
        found = of_level(found, difference.level)
    report = report_of(found, sorted([*difference.both, *difference.reference]))
    assert not report, report


@of_each_difference
def test_it_is_a_difference(difference: Difference) -> None:
    assert difference.level in {*LEVELS, None}
    assert difference.right in {"ours", "reference", "both"}
    assert difference.reason.strip()
    assert Counter(difference.ours) != Counter(difference.reference)


@of_each_agreement
def test_what_both_make(case: Case) -> None:
    assert_gives(case.text(), case.both, case.options, case.level)


@pytest.mark.reference
@of_each_agreement
def test_what_the_reference_makes_too(case: Case, reference: Reference) -> None:
    report = report_of(reference.run(case.text(), case.options), case.both)
    assert not report, report


def test_names_are_unique() -> None:
    names = [each.name for each in (*known(), *agreements())]
    assert sorted({*names}) == sorted(names)


def test_no_case_is_left_out() -> None:
    listed = {each.pool for each in (*known(), *agreements())} | {f"cases/{each.name}" for each in MINIMAL.values()}
    folder = simulated.FOLDER.parent / "cases"
    assert listed == {f"cases/{path.name}" for path in folder.iterdir()}


def test_excuses_name_a_difference_and_runs() -> None:
    runs = {*RUNS, *((str(pool), options) for pool, options in simulated.RUNS)}
    assert {each.difference for each in excuses()} <= {each.name for each in known()}
    for excuse in excuses():
        for options in excuse.options:
            assert (excuse.pool, options) in runs


ENTRY = Entry("Asn_A", "spec2", "o001", "00001", "2", "one", (("a.fits", "science"), ("b.fits", "imprint")))
OTHER = ENTRY._replace(id="c1000")
RIGHT = ENTRY._replace(target="1", members=(("a.fits", "science"), ("c.fits", "imprint")))
CHANGE = Change("o001 one", ["target 2", "imprint b.fits"], ["target 1", "imprint c.fits"])


@pytest.mark.parametrize(
    ("excuse", "options", "expected"),
    [
        (Excuse("pool", "", change=[CHANGE]), "", [OTHER, RIGHT]),
        (Excuse("pool", "", reference=[OTHER], ours=[RIGHT]), "", [RIGHT, ENTRY]),
        (Excuse("pool", "", change=[CHANGE]), "--discover", [OTHER, ENTRY]),
        (Excuse("other", "", change=[CHANGE]), "", [OTHER, ENTRY]),
        (Excuse("pool", "", ["-i c1000"], change=[CHANGE], reference=[OTHER]), "-i c1000", [ENTRY]),
    ],
)
def test_excuses(excuse: Excuse, options: str, expected: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "excuses", lambda: (excuse,))
    assert excused("pool", options, [ENTRY, OTHER]) == sorted(expected)


@pytest.mark.parametrize(
    ("excuse", "message"),
    [
        (Excuse("pool", "", reference=[RIGHT]), "does not make it"),
        (Excuse("pool", "", change=[Change("o002 one")]), "makes 0 associations o002 one"),
        (Excuse("pool", "", change=[Change("o001 one", ["target 3"])]), "does not have target 3"),
    ],
)
def test_unfounded_excuses(excuse: Excuse, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "excuses", lambda: (excuse,))
    with pytest.raises(ValueError, match=message):
        excused("pool", "", [ENTRY])
