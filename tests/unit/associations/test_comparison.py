"""Comparison of two sets of associations, product by product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.simulator import COLUMNS, simulate
from solver import Association, Comparison, Member, Pool, Product, compare, generate, merge
from solver.associations.comparison import MovedProduct, without_paths
from tests.unit.small import Watched


def association(name: str, members: str, **more: Any) -> Association:
    """An association with a product whose members are a letter each; upper case for background."""
    product = Product(
        name, tuple(Member(each.lower(), "science" if each.islower() else "background") for each in members)
    )
    words: Any = dict.fromkeys(("asn_rule", "code_version", "degraded_status", "constraints", "asn_pool"), "")
    made = Association(
        asn_type="image3", program="00001", asn_id="o001", target="t001", version_id=None, products=(product,), **words
    )
    return replace(made, **more)


def summary(found: Comparison) -> tuple[int, list[str], list[str], list[tuple[str, str]]]:
    def letters(members: tuple[tuple[str, str], ...]) -> str:
        return "".join(name if role == "science" else name.upper() for name, role in members)

    return (
        found.same,
        [key[-1] for key in found.only_first],
        [key[-1] for key in found.only_second],
        [(letters(each.only_first), letters(each.only_second)) for each in found.different],
    )


A = association("p", "abC")
CASES = {
    "the same": ([A], [A], (1, [], [], [])),
    "nothing at all": ([], [], (0, [], [], [])),
    "members in another order": ([A], [association("p", "Cba")], (1, [], [], [])),
    "another rule, text, sequence, pool": (
        [A],
        [replace(A, asn_rule="Asn_Other", constraints="x", sequence=7, asn_pool="y")],
        (1, [], [], []),
    ),
    "missing": ([A], [], (0, ["p"], [], [])),
    "extra": ([], [A], (0, [], ["p"], [])),
    "another name": ([A], [association("q", "abC")], (0, ["p"], ["q"], [])),
    "another candidate": ([A], [replace(A, asn_id="c1000")], (0, [], [], [("", "")])),
    "another candidate and a member more": ([A], [association("p", "abCd", asn_id="c1000")], (0, [], [], [("", "d")])),
    "two in other candidates, and one more": (
        [A, replace(A, asn_id="o002")],
        [replace(A, asn_id=each) for each in ("c1000", "c1001", "c1002")],
        (0, [], ["p"], [("", ""), ("", "")]),
    ),
    "another type": ([A], [replace(A, asn_type="image2")], (0, ["p"], ["p"], [])),
    "another program": ([A], [replace(A, program="00002")], (0, ["p"], ["p"], [])),
    "a member more": ([A], [association("p", "abCd")], (0, [], [], [("", "d")])),
    "a member less": ([A], [association("p", "aC")], (0, [], [], [("b", "")])),
    "another role": ([A], [association("p", "aBC")], (0, [], [], [("b", "B")])),
    "another target": ([A], [replace(A, target="t002")], (0, [], [], [("", "")])),
    "a member twice": ([A], [association("p", "aabC")], (0, [], [], [("", "a")])),
    "two of one name": ([A, association("p", "xy")], [association("p", "xy"), A], (2, [], [], [])),
    "of two of one name the nearest is compared": (
        [A, association("p", "xyz")],
        [association("p", "xy"), association("p", "abCd")],
        (0, [], [], [("", "d"), ("z", "")]),
    ),
    "the nearest has a member as often": (
        [association("p", "bbx")],
        [association("p", "abc"), association("p", "bbc")],
        (0, [], ["p"], [("x", "c")]),
    ),
    "one of two of one name is missing": ([A, A], [A], (1, ["p"], [], [])),
}


@pytest.mark.parametrize(("first", "second", "expected"), CASES.values(), ids=CASES)
def test_a_comparison_lists_what_differs(first: list[Association], second: list[Association], expected: object) -> None:
    found = compare(first, second)
    assert summary(found) == expected
    assert found.equal == (found.same == len(first) == len(second))


@pytest.mark.parametrize(("first", "second", "expected"), CASES.values(), ids=CASES)
def test_the_sides_of_a_comparison_are_symmetric(
    first: list[Association], second: list[Association], expected: object
) -> None:
    del expected
    there, back = compare(first, second), compare(second, first)
    assert (there.same, there.only_first, there.only_second) == (back.same, back.only_second, back.only_first)
    assert sorted((each.only_first, each.only_second) for each in there.different) == sorted(
        (each.only_second, each.only_first) for each in back.different
    )


@pytest.mark.parametrize(("before", "after"), [("a{} b{}", "a{} c{}"), ("a{}", "c{}"), ("a{}", "a{}")])
def test_a_product_is_not_compared_with_every_other_of_its_name(before: str, after: str) -> None:
    """Some members of each change, or all, or only the numbers of their files."""
    size, few = 50, 100

    def products(names: str, begin: int) -> Iterator[Association]:
        for number in range(size):
            members = tuple(Member(Watched(each), "science") for each in names.format(number, number).split())
            yield replace(A, products=(Product("p", members),), sequence=begin + number)

    Watched.looked_up = 0
    assert len(compare(products(before, 1), products(after, 2), files=True).different) == size
    assert Watched.looked_up < few * size


@pytest.mark.parametrize(
    "change", [lambda made: made, lambda made: made[::-1], lambda made: merge(made, {each.asn_rule for each in made})]
)
def test_order_and_files_do_not_matter(change: Callable[[tuple[Association, ...]], tuple[Association, ...]]) -> None:
    rows = simulate(2, modes=["mrs", "image_dithers"])
    made = tuple(generate(Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in rows)))
    assert compare(made, change(made)).equal


#: Products by the number of their association, before and after, and what has changed then.
FILES: dict[str, tuple[dict[int, str], dict[int, str], dict[str, list[str]]]] = {
    "nothing": ({1: "p ab", 2: "q c"}, {1: "p ab", 2: "q c"}, {}),
    "everything is in another file": (
        {1: "p ab", 2: "q c"},
        {1: "n x", 2: "p ab", 3: "q c"},
        {"new": ["n"], "renumbered": ["p", "q"]},
    ),
    "another member, and another file": ({1: "p ab"}, {2: "p abc"}, {"changed": ["p"], "renumbered": ["p"]}),
    "a product that takes the number of another": ({1: "p ab"}, {1: "q ab"}, {"new": ["q"], "gone": ["p"]}),
    "two of one name that change places": ({1: "p ab", 2: "p cd"}, {1: "p cd", 2: "p ab"}, {"renumbered": ["p", "p"]}),
    "of two of one name one changes": ({1: "p ab", 2: "p cd"}, {1: "p abx", 2: "p cd"}, {"changed": ["p"]}),
}


@pytest.mark.parametrize(("before", "after", "expected"), FILES.values(), ids=FILES)
def test_what_changed_between_two_runs(
    before: dict[int, str], after: dict[int, str], expected: dict[str, list[str]]
) -> None:
    one, other = (
        [replace(association(*words.split()), sequence=number) for number, words in products.items()]
        for products in (before, after)
    )
    kinds = compare(one, other, files=True).by_kind()
    assert list(kinds) == ["new", "changed", "moved", "renumbered", "gone"]
    found = {
        kind: [each[-1] if isinstance(each, tuple) else each.product[-1] for each in some]
        for kind, some in kinds.items()
    }
    assert {kind: some for kind, some in found.items() if some} == expected
    assert not compare(one, other).by_kind()["renumbered"]


def test_a_product_in_another_candidate_is_neither_new_nor_gone() -> None:
    before = [association("p", "ab"), association("q", "c"), association("r", "d")]
    more = association("q", "ce", asn_id="c1000")
    after = [replace(before[0], asn_id="c1000"), more, association("s", "e")]
    found = compare(before, after, files=True)
    kinds = found.by_kind()
    assert [list(each.lines()) for each in found.different] == [
        ["candidate o001 → c1000"],
        ["candidate o001 → c1000", "+ science e"],
    ]
    assert kinds["changed"] == [found.different[1]]
    assert not kinds["renumbered"]
    key = before[0].program, "c1000", before[0].asn_type
    assert kinds["moved"] == [MovedProduct((*key, "p"), "o001"), MovedProduct((*key, "q"), "o001")]
    assert kinds["new"] == ((key[0], "o001", key[2], "s"),)
    assert kinds["gone"] == ((key[0], "o001", key[2], "r"),)


def test_a_difference_names_both_files() -> None:
    (found,) = compare([A], [replace(A, sequence=2)], files=True).different
    assert [*found.lines()] == ["file jw00001-o001_image3_00001_asn.json → jw00001-o001_image3_00002_asn.json"]
    assert not found.changed


#: Keys of a member in the first set and in the second, and those that differ.
KEYS: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, object, object]]]] = [
    ({"exposerr": None}, {"exposerr": "null"}, []),
    ({"exposerr": None}, {"exposerr": "Lost lock"}, [("exposerr", None, "Lost lock")]),
    ({"asn_candidate": "[('o001', 'x')]"}, {}, [("asn_candidate", "[('o001', 'x')]", None)]),
    ({"extra": {"group_id": 1}}, {"extra": {"group_id": "1", "note": None}}, [("group_id", 1, "1")]),
    (
        {"extra": {"tweakreg_catalog": "a.ecsv", "x": [1]}},
        {"extra": {"tweakreg_catalog": "b.ecsv", "x": {"y": 2}}},
        [("tweakreg_catalog", "a.ecsv", "b.ecsv"), ("x", [1], {"y": 2})],
    ),
]


@pytest.mark.parametrize(("first", "second", "expected"), KEYS)
def test_every_key_of_a_member_counts(
    first: dict[str, Any], second: dict[str, Any], expected: list[tuple[str, object, object]]
) -> None:
    one, other = (
        [replace(A, products=(Product("p", (Member("a", "science", **keys), Member("b", "science"))),))]
        for keys in (first, second)
    )
    found = compare(one, other)
    assert [key for each in found.different for key in each.keys] == [("a", "science", *key) for key in expected]
    assert found.equal == (not expected)


def test_associations_are_equal_wherever_their_files_are() -> None:
    members = ("/data/a_cal.fits.gz", "b_cal.fits", "..\\p_cat.ecsv")
    asked = association("name", "")
    made = tuple(Member(each, "science", extra={"tweakreg_catalog": "x/y.ecsv", "group_id": 1}) for each in members)
    (product,) = without_paths(replace(asked, products=(Product("name", made),))).products
    assert product.members[0].extra == {"tweakreg_catalog": "y.ecsv", "group_id": 1}
    assert [member.expname for member in product.members] == ["a_cal.fits", "b_cal.fits", "p_cat.ecsv"]
