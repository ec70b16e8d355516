"""What holds for every pool of which something is stated. Each docstring states its invariant in one sentence."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import assume, given
from hypothesis import strategies as st

from rules import MISSION
from solver import Pool, generate
from solver.checking import check
from solver.errors import UsageError
from tests.properties.strategies import Row, pools

#: Statements about the first two observations of a pool, and the column in which they are marked.
KINDS = {"background": "bkgdtarg", "psf": "is_psf"}


def stated(rows: list[Row], kind: str, *, part: bool) -> tuple[Pool, set[str], set[str]]:
    """A pool in which an observation, or its first exposure, serves another of its program, with the files of both."""
    places = {row["filename"].lower(): (row["program"], row.get("obs_num", "")) for row in rows}
    first, *others = [place for place in dict.fromkeys(places.values()) if place[1].isdecimal()] or [("", "")]
    second = next((place for place in others if place[0] == first[0]), None)
    assume(second is not None)
    assert second is not None
    which, served = ({file for file, place in places.items() if place == each} for each in (first, second))
    names = [f"jw{program.zfill(5)}-o{number.zfill(3)}" for program, number in (first, second)]
    if part:
        names[0] = min(which).removesuffix("_uncal.fits")
        which = {file for file in places if file.startswith(names[0])}
        assume(which.isdisjoint(served))
    try:
        pool = Pool.from_rows(rows).with_statements({kind: ":".join(names)})
    except UsageError:
        assume(condition=False)
        raise
    return pool, which, served


@given(rows=pools(), kind=st.sampled_from(sorted(KINDS)), part=st.booleans())
def test_what_is_stated_to_serve_serves_nothing_else(rows: list[Row], kind: str, *, part: bool) -> None:
    """What is stated to be background or PSF of some is that of no other exposure, in whatever candidate."""
    pool, which, served = stated(rows, kind, part=part)
    for association in generate(pool, MISSION):
        roles = [
            (pool.file_names[each.row].lower(), each.exptype) for each in association.members if each.row is not None
        ]
        if any(file in which and role == kind for file, role in roles):
            assert {file for file, role in roles if role == "science"} <= served | which


@given(rows=pools(), part=st.booleans())
def test_what_serves_others_is_calibrated_as_before(rows: list[Row], *, part: bool) -> None:
    """A background that leaves its observation has the Level 2 products that it has as background in it."""
    pool, which, _ = stated(rows, "background", part=part)
    # what is in no observation may get a product by being linked; slitless spectra may lose their direct images
    listed = {row["filename"].lower(): row.get("asn_candidate", "").upper() for row in rows}
    which = {file for file in which if "OBSERVATION" in listed[file] and "DIRECT_IMAGE" not in listed[file]}
    flagged = Pool.from_rows([{**row, "bkgdtarg": "T"} if row["filename"].lower() in which else row for row in rows])
    assert products(pool, which) == products(flagged, which)


def products(pool: Pool, which: set[str]) -> set[str]:
    """The Level 2 products of some exposures."""
    made = generate(pool, MISSION, level=2)
    return {
        product.name
        for association in made
        for product in association.products
        if any(
            each.row is not None and each.exptype == "science" and pool.file_names[each.row].lower() in which
            for each in product.members
        )
    }


@given(rows=pools(), kind=st.sampled_from(sorted(KINDS)), part=st.booleans())
def test_the_checker_agrees_about_stated_pools(rows: list[Row], kind: str, *, part: bool) -> None:
    """The checker's reading of the rules finds nothing wrong with what is made of a pool with statements."""
    pool, _, _ = stated(rows, kind, part=part)
    made = generate(pool, MISSION)
    assert not check(pool, {each.file_name: each for each in made}, MISSION).errors


#: What an exposure may be in both of two statements.
BOTH = {("background", "psf"): ["served 0, serves 1"], ("background", "background"): [], ("psf", "psf"): []}


def _stem(row: Row) -> str:
    return row["filename"].removesuffix("_uncal.fits")


@given(rows=pools(), data=st.data())
def test_two_statements_do_not_mix(rows: list[Row], data: st.DataObject) -> None:
    """Of two statements about any exposures of a program, what serves by either serves nothing but what it says."""
    kinds = data.draw(st.sampled_from([("background", "psf"), ("background", "background"), ("psf", "psf")]))
    # a PSF reference may have a background; nothing else that serves is served
    parts = st.sampled_from(["", "serves 0", "served 0", "serves 1", "served 1", "served 0, served 1", *BOTH[kinds]])
    drawn = [(data.draw(parts), row) for row in rows if row["program"] == rows[0]["program"]]
    texts = defaultdict[str, list[str]](list)
    for number, kind in enumerate(kinds):
        sides = ([_stem(row) for part, row in drawn if f"{side} {number}" in part] for side in ("serves", "served"))
        which, served = map(",".join, sides)
        texts[kind] += [f"{which}:{served}"] if which and served else []
    assume(any(texts.values()))
    try:
        pool = Pool.from_rows(rows).with_statements(texts)
    except UsageError:
        assume(condition=False)
        raise
    serves = defaultdict[tuple[str, str], set[str]](set)
    for link in pool.links:
        for file in link.which:
            serves[link.statement.kind, file.lower()] |= {each.lower() for each in link.served}
    for association in generate(pool, MISSION):
        roles = [
            (pool.file_names[each.row].lower(), each.exptype) for each in association.members if each.row is not None
        ]
        for file, role in roles:
            alike = {other for kind, other in serves if kind == role}
            if file in alike:
                assert {other for other, kind in roles if kind == "science"} <= serves[role, file] | alike
