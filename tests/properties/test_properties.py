"""What holds for every pool. Each docstring states its invariant in one sentence."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import combinations
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import MISSION
from rules.vocabulary import AtLeast, Has, Many, NodPairs, OneSeed, Spans
from solver import Pool, generate
from solver.associations.association import NOT_DEGRADED
from solver.checking import check
from solver.checking.expressions import ANY, agree, shown
from solver.checking.groups import Reading
from solver.pools import HIERARCHY
from solver.pools.pool import REQUIRED
from solver.solving import constraint_engine as csp
from tests.properties import definition
from tests.properties.strategies import THEMES, Row, dense, pools, simulated, small_pools
from tests.properties.views import as_defined, exposures_of, groups_of, in_order, reading_of, texts, unnumbered

SPECS = [rule.spec for rule in MISSION]
NODDED = {spec.name for spec in SPECS if isinstance(spec.expansion, NodPairs)}


# --- The definition -----------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [*THEMES, "simulated"])
@given(data=st.data())
@pytest.mark.sampled(3)
def test_the_solver_makes_what_the_definition_says(theme: str, data: st.DataObject) -> None:
    """Solver and definition make the same associations, with the same names and members, in every observing mode."""
    rows = data.draw(dense([theme]) if theme in THEMES else simulated())
    pool = Pool.from_rows(rows)
    made = [as_defined(association, pool) for association in generate(pool, MISSION).associations]
    assert in_order(made) == in_order(definition.associations(rows, SPECS))


@given(pools())
def test_a_pool_has_what_its_rows_say(rows: list[Row]) -> None:
    """A pool has the exposures in canonical order, and of each the values that its row gives, in lower case."""
    pool, exposures = Pool.from_rows(rows), definition.read(rows)
    assert [pool.row(row) for row in range(len(pool))] == [
        dict.fromkeys(pool.columns, "") | {**exposure} for exposure in exposures.rows
    ]


@given(pools())
def test_groups_agree_and_are_maximal_and_complete(rows: list[Row]) -> None:
    """Groups of a rule are the sets of eligible, pairwise agreeing exposures to which no further one can be added."""
    pool, exposures = Pool.from_rows(rows), definition.read(rows)
    for spec in (each for each in SPECS if isinstance(each.cardinality, Many)):
        found = groups_of(spec, pool)
        assert len(found) == len(set(found))
        for candidate in exposures.sub_pools:
            reading = Reading(spec, candidate, exposures)
            here = [set(map(pool.file_names.index, files)) for where, files in found if where == candidate]
            assert set().union(*here) == reading.signatures.keys()
            for group in here:
                assert all(_agree(reading, one, other) for one, other in combinations(group, 2))
                for outside in reading.signatures.keys() - group:
                    assert not all(_agree(reading, outside, each) for each in group)


def _agree(reading: Reading, row: int, other: int) -> bool:
    return all(map(agree, reading.signatures[row], reading.signatures[other])) and reading.near(row, other)


@given(pools())
def test_level_2_is_about_one_science_exposure(rows: list[Row]) -> None:
    """Of every exposure that a Level 2 rule takes as science there is one association at most for each candidate."""
    pool = Pool.from_rows(rows)
    made = [
        each for each in generate(pool, MISSION.of_level(2), finalize=False).associations if each.asn_rule not in NODDED
    ]
    for association in made:
        assert [member.exptype for member in association.products[0].members].count("science") <= 1
    about = [(each.asn_rule, each.asn_id, each.program, each.products[0].members[0]) for each in made]
    assert len(set(about)) == len(about)
    for association in generate(pool, MISSION.of_level(2)).associations:
        assert [member.exptype for member in association.products[0].members].count("science") == 1


@given(pools())
def test_every_science_exposure_has_its_level_2_association(rows: list[Row]) -> None:
    """An eligible science exposure of a rule is science in one of the rule's associations, kept or stood for."""
    pool, exposures = Pool.from_rows(rows), definition.read(rows)
    result = generate(pool, MISSION.of_level(2))
    made = {
        (each.asn_rule, each.program, each.asn_id, member.row)
        for each in (*result.associations, *(dropped.association for dropped in result.dropped))
        for member in each.products[0].members
        if member.exptype == "science"
    }
    for spec in (rule.spec for rule in MISSION.of_level(2) if isinstance(rule.spec.cardinality, OneSeed)):
        if any(isinstance(each, Has) and each.role != "science" and not each.candidate_types for each in spec.validity):
            continue
        for candidate in exposures.sub_pools:
            if candidate.type != "background":
                reading = Reading(spec, candidate, exposures)
                seeds = (row for row in reading.signatures if reading.role(row) == "science")
                found = {(spec.name, candidate.program.zfill(5), candidate.id, row) for row in seeds}
                assert found <= made


@given(pools())
def test_members_agree(rows: list[Row]) -> None:
    """Members that have not joined by another relation have one value at most of each agreement that binds them."""
    pool, exposures = Pool.from_rows(rows), definition.read(rows)
    for association in generate(pool, MISSION).associations:
        reading = reading_of(association, exposures)
        joining = {join.role for join in reading.spec.joins}
        members = {member.row for member in association.products[0].members if member.row is not None}
        agreeing = [reading.exposure(row) for row in members if reading.role(row) not in joining]
        seed = reading.exposure(association.products[0].members[0].row or 0)
        for same in reading.spec.agreements:
            if isinstance(reading.spec.cardinality, OneSeed):
                assert all(agree(shown(same, seed), shown(same, member)) for member in agreeing)
            else:
                assert len({shown(same, member) for member in agreeing} - {ANY}) <= 1


@given(pools())
def test_associations_are_valid(rows: list[Row]) -> None:
    """Every association shows what its rule asks for, of exposures of its program that list its candidate."""
    pool, exposures = Pool.from_rows(rows), definition.read(rows)
    for association in generate(pool, MISSION).associations:
        reading = reading_of(association, exposures)
        candidate = reading.candidate
        (product,) = association.products
        members = [
            exposures.rows[row] for row in {member.row for member in product.members} - {None} if row is not None
        ]
        assert product.has("science")
        assert (association.degraded_status == NOT_DEGRADED) == all(m.exposerr is None for m in product.members)
        for member in members:
            assert member["program"].zfill(5) == association.program
            assert candidate.type == "discovered" or str((candidate.id, candidate.type)) in member["asn_candidate"]
        for validity in reading.spec.validity:
            match validity:
                case Has(role, types):
                    assert product.has(role) or (types and candidate.type not in types)
                case AtLeast(number):
                    assert len(members) >= number
                case Spans(column, number, types):
                    spanned = {member.get(column.name) for member in members} - {None}
                    assert candidate.type not in types or len(spanned) >= number


@given(pools())
def test_the_checker_finds_no_error(rows: list[Row]) -> None:
    """A checker that shares no code with the solver has nothing against its results, of either level."""
    pool = Pool.from_rows(rows)
    assert check(pool, generate(pool).associations).errors == ()


@given(pools())
def test_no_file_is_twice_in_a_product(rows: list[Row]) -> None:
    """The members of a product are different files."""
    for association in generate(Pool.from_rows(rows), MISSION).associations:
        for product in association.products:
            assert len({member.expname for member in product.members}) == len(product.members)


@given(pools())
def test_every_exposure_is_used_or_an_orphan(rows: list[Row]) -> None:
    """Every exposure is in an association or an orphan, and never both."""
    pool = Pool.from_rows(rows)
    result = generate(pool, MISSION)
    used = {file for association in result.associations for file in exposures_of(association, pool)}
    assert used.isdisjoint(result.orphans.file_names)
    assert sorted([*used, *result.orphans.file_names]) == sorted(row["filename"] for row in rows)


@given(pools())
def test_associations_are_numbered(rows: list[Row]) -> None:
    """Numbers of one program, id and type are 1, 2, 3, … and no two associations have one name."""
    associations = generate(Pool.from_rows(rows), MISSION).associations
    counted: dict[tuple[str, str, str], list[int]] = {}
    for each in associations:
        counted.setdefault((each.program, each.asn_id, each.asn_type), []).append(each.sequence)
    for numbers in counted.values():
        assert numbers == list(range(1, len(numbers) + 1))
    assert len({each.file_name for each in associations}) == len(associations)


# --- What must not matter -----------------------------------------------------------------------


@given(pools(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows: list[Row], dice: Random) -> None:
    """The same rows in any order, with their columns in any order, give the same files and orphans."""
    shuffled = [dict(dice.sample(list(row.items()), len(row))) for row in dice.sample(rows, len(rows))]
    one, other = generate(Pool.from_rows(rows), MISSION), generate(Pool.from_rows(shuffled), MISSION)
    assert one.associations == other.associations
    assert texts(one) == texts(other)
    assert one.orphans.file_names == other.orphans.file_names


@given(pools())
def test_a_second_run_is_identical(rows: list[Row]) -> None:
    """A second run, on the same pool or on one made anew, gives the same result."""
    pool = Pool.from_rows(rows)
    first, second, anew = generate(pool, MISSION), generate(pool, MISSION), generate(Pool.from_rows(rows), MISSION)
    assert texts(first) == texts(second) == texts(anew)
    assert first.associations == second.associations == anew.associations
    assert first.dropped == second.dropped == anew.dropped
    assert first.tried == second.tried == anew.tried


@given(pools(), pools())
def test_another_program_does_not_matter(rows: list[Row], others: list[Row]) -> None:
    """Two sets of programs give together what they give apart."""
    renamed = [row | {"filename": "other_" + row["filename"], "program": "9" + row["program"]} for row in others]
    one, other = generate(Pool.from_rows(rows), MISSION), generate(Pool.from_rows(renamed), MISSION)
    both = generate(Pool.from_rows([*rows, *renamed]), MISSION)
    assert sorted(texts(both)) == sorted(texts(one) + texts(other))
    assert sorted(both.orphans.file_names) == sorted(one.orphans.file_names + other.orphans.file_names)


@given(pools(), st.data())
def test_a_candidate_alone_is_solved_as_in_the_full_run(rows: list[Row], data: st.DataObject) -> None:
    """A run for one id makes, kept and dropped together, exactly what the full run makes for this id."""
    pool = Pool.from_rows(rows)
    ids = sorted({candidate.id for candidate in definition.read(rows).sub_pools})
    full = generate(pool, MISSION)
    wanted = data.draw(st.sampled_from(ids))
    if wanted == "a3001":
        alone = generate(pool, MISSION, candidates=(), discover=True)
    else:
        alone = generate(pool, MISSION, candidates=[wanted])
    everything = [*full.associations, *(each.association for each in full.dropped)]
    made = [*alone.associations, *(each.association for each in alone.dropped)]
    assert unnumbered(made) == unnumbered(each for each in everything if each.asn_id == wanted)


# --- The constraint engine ----------------------------------------------------------------------

TWO_FILTERS: list[Row] = [
    {
        "filename": f"{name}_uncal.fits", "program": "1", "obs_num": "1", "instrume": "MIRI", "exp_type": "MIR_IMAGE",
        "targetid": "1", "filter": name, "subarray": "FULL", "asn_candidate": "[('o001', 'OBSERVATION')]",
    }
    for name in ("F560W", "F770W")
]  # fmt: skip


@given(small_pools())
def test_engines_give_the_same_bytes(rows: list[Row]) -> None:
    """The constraint engine finds by search what the default engine reads off, in every file to the last byte."""
    pool = Pool.from_rows(rows)
    default, constraint = generate(pool, MISSION), generate(pool, MISSION, engine="constraint")
    assert texts(default) == texts(constraint)
    assert default.associations == constraint.associations
    assert default.tried == constraint.tried
    assert default.dropped == constraint.dropped


@given(small_pools())
def test_engines_find_the_same_groups(rows: list[Row]) -> None:
    """Both engines find the same groups of every rule, valid or not, in the same order."""
    pool = Pool.from_rows(rows)
    for spec in SPECS:
        assert groups_of(spec, pool) == groups_of(spec, pool, csp.solve)


def test_engines_differ_where_a_signature_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one row of its tables the constraint engine misses a group, so that the comparison can fail."""
    pool = Pool.from_rows(TWO_FILTERS)
    complete = csp.SupportTables

    def incomplete(signatures: Sequence[Sequence[int]]) -> csp.SupportTables:
        return complete(signatures[1:])

    before = texts(generate(pool, MISSION, engine="constraint"))
    monkeypatch.setattr(csp, "SupportTables", incomplete)
    after = texts(generate(pool, MISSION, engine="constraint"))
    assert before == texts(generate(pool, MISSION)) != after


# --- Pools --------------------------------------------------------------------------------------


@given(pools(), st.sets(st.sampled_from(sorted(set(HIERARCHY.values()) - set(REQUIRED)))))
def test_hierarchy_is_the_pool_in_order(rows: list[Row], missing: set[str]) -> None:
    """A traversal of the exposure graph meets every exposure once, in the pool's order, whatever levels there are."""
    pool = Pool.from_rows({column: text for column, text in row.items() if column not in missing} for row in rows)
    graph = pool.hierarchy()
    leaves = [node for node in graph if graph.out_degree(node) == 0]
    assert [graph.nodes[leaf]["row"] for leaf in leaves] == list(range(len(pool)))
    assert [graph.nodes[leaf]["value"] for leaf in leaves] == list(pool.file_names)
    assert nx.is_branching(graph)
    assert sorted(graph) == sorted(graph)
    for node in graph:
        below = sum(graph.nodes[part]["exposures"] for part in graph.successors(node))
        assert graph.nodes[node]["exposures"] == (below or 1)
        assert HIERARCHY.get(graph.nodes[node]["level"]) not in missing - {"exposure"}


def assert_equal(one: Pool, other: Pool) -> None:
    """Both pools have the same columns, in whatever order, with the same values in the same rows."""
    assert one.file_names == other.file_names
    assert sorted(one.columns) == sorted(other.columns)
    for name, column in one.columns.items():
        assert (other[name].values, other[name].codes.tolist()) == (column.values, column.codes.tolist())


#: Texts that a proposer may write, with some that mean something in a pool file.
WRITTEN = st.text(alphabet=st.sampled_from("aZ0 |\"'#\\,;\n\té*—null"), max_size=8)


@given(dense(), st.data())
def test_pools_are_read_as_they_are_written(rows: list[Row], data: st.DataObject) -> None:
    """A pool that is written as text or as a table, and read again, is the same pool."""
    pool = Pool.from_rows([row | {"targprop": data.draw(WRITTEN)} for row in rows])
    assert_equal(pool, Pool.read(io.StringIO(pool.to_text())))
    assert_equal(pool, Pool.from_table(pool.to_table()))


@given(dense(), st.sampled_from(["#1 star", "a\rb"]))
def test_first_columns_are_read_as_they_are_written(rows: list[Row], text: str) -> None:
    """The same holds whatever stands in the first column of a pool."""
    pool = Pool.from_rows([{"targprop": text} | row for row in rows])
    assert_equal(pool, Pool.read(io.StringIO(pool.to_text())))
