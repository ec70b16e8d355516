"""What holds for every pool of which something is stated. Each docstring states its invariant in one sentence."""

from __future__ import annotations

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
