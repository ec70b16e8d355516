"""The generated pools are not trivial: enough of them have what makes grouping hard.

The examples are the same ones in every run of the same code. The numbers asked for are about half of the
least that six other series of examples had, to leave room for changes of the simulator and of hypothesis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules import MISSION
from solver import Pool, generate
from tests.properties import definition
from tests.properties.strategies import THEMES, Row, dense, simulated
from tests.properties.views import exposures_of, groups_of

#: All of it concerns the strategies alone.
pytestmark = pytest.mark.thorough

EXAMPLES = 200
EXAMPLES_OF_A_MODE = 40

#: For each strategy, in how many of its examples a feature is found at least.
SHARES = {
    "dense": {
        "several exposures in a group": 53,
        "several exposures in an association": 46,
        "an exposure in several groups of a rule": 12,
        "several candidates": 20,
        "several programs": 8,
        "target_acquisition": 4,
        "invalid": 33,
        "dropped: same members": 53,
        "orphans": 46,
    },
    "simulated": {
        "several exposures in a group": 66,
        "several exposures in an association": 66,
        "several candidates": 73,
        "several programs": 30,
        "target_acquisition": 30,
        "background": 13,
        "psf": 10,
        "imprints": 12,
        "invalid": 53,
        "dropped: same members": 66,
        "orphans": 53,
    },
}
#: What is rarer has to be found somewhere: every rule, every role, every reason to drop.
SOMEWHERE = {
    *(rule.__name__ for rule in MISSION),
    *("science", "background", "psf", "target_acquisition", "autoflat", "autowave", "imprint"),
    *("direct_image", "sourcecat", "segmap"),
    *("dropped: same product name", "exposure errors"),
}


def examples(strategy: st.SearchStrategy[list[Row]], number: int) -> list[list[Row]]:
    """Some pools of a strategy, always the same."""
    drawn: list[list[Row]] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(rows: list[Row]) -> None:
        drawn.append(rows)

    draw()
    return drawn


def features(rows: list[Row]) -> Iterator[str]:
    """What is in a pool, and what becomes of it."""
    pool = Pool.from_rows(rows)
    result = generate(pool, MISSION)
    tried = [trial.rule for trial in result.tried if trial.groups]
    groups = [(rule, *group) for rule in tried for group in groups_of(MISSION.find(rule).spec, pool)]
    held = Counter((rule, candidate, file) for rule, candidate, files in groups for file in files)
    exposures = definition.read(rows)
    yield from ("dropped: " + each.why for each in result.dropped)
    yield from ("invalid" for trial in result.tried if trial.invalid)
    if len({candidate.program for candidate in exposures.sub_pools}) > 1:
        yield "several programs"
    if len({candidate.id for candidate in exposures.sub_pools} - {"a3001"}) > 1:
        yield "several candidates"
    if any(len(files) > 1 for _, _, files in groups):
        yield "several exposures in a group"
    if max(held.values(), default=0) > 1:
        yield "an exposure in several groups of a rule"
    if len(result.orphans):
        yield "orphans"
    if any("is_imprt" in exposure for exposure in exposures.rows):
        yield "imprints"
    for association in result.associations:
        yield association.asn_rule
        yield from (member.exptype for member in association.products[0].members)
        if len(exposures_of(association, pool)) > 1:
            yield "several exposures in an association"
        if any(member.exposerr for member in association.products[0].members):
            yield "exposure errors"


def tally(strategy: st.SearchStrategy[list[Row]], number: int = EXAMPLES) -> Counter[str]:
    """In how many examples each feature is found."""
    return Counter(feature for rows in examples(strategy, number) for feature in set(features(rows)))


@pytest.mark.parametrize(("name", "strategy"), [("dense", dense()), ("simulated", simulated())], ids=SHARES)
def test_enough_pools_are_hard(name: str, strategy: st.SearchStrategy[list[Row]]) -> None:
    """Of every strategy, enough examples have what makes grouping hard."""
    found = tally(strategy)
    assert {feature: found[feature] for feature, least in SHARES[name].items() if found[feature] < least} == {}


def test_every_rule_role_and_reason_occurs() -> None:
    """In pools of all modes together, every rule makes an association and every role is had by a member."""
    found = [tally(simulated()), *(tally(dense([theme]), EXAMPLES_OF_A_MODE) for theme in THEMES)]
    assert SOMEWHERE.difference(*found) == set()
