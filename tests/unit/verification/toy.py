"""A small domain, so that the tests can look at every exposure in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import Any

from rules import RuleSet
from rules.rule import Rule
from rules.rule_set import Source
from rules.vocabulary import Constraint, MemberName, choose, one_of, present, same
from rules.vocabulary.domains import Domain, Table, mode, table
from rules.vocabulary.intentions import Intention
from tests.unit.small import make_rule

#: Images of MIRI and NIRCam, and spectra, with two flags.
TOY = Domain(
    (
        mode(
            "mir_image", instrume="miri", filter=("f770w", "f560w", ""), pupil="", bkgdtarg=("", "t"), is_psf=("", "t")
        ),
        mode(
            ("nrc_image", "nrc_tsimage"),
            table(("filter", "pupil"), (("f200w", "clear"), ("f150w2", "f162m"), ("", ""))),
            instrume="nircam",
            bkgdtarg=("", "t"),
            is_psf=("", "t"),
        ),
        mode("mir_wfss", instrume="miri", filter="p750l", pupil="", bkgdtarg=("", "t"), is_psf=("", "t")),
    ),
    examples={"program": ("1",), "targetid": ("1", "2"), "obs_num": ("1", "2")},
    filled=("targetid", "obs_num"),
    products={"image2": ("cal",), "spec2": ("cal", "x1d")},
)

#: Members are `cal` products.
MEMBER = MemberName(choose(otherwise="cal"), present("tsovisit"))


def every() -> Iterator[dict[str, str]]:
    """Every exposure of the domain with what its tables have, one after the other."""
    for each in TOY.modes:
        tables = (Table(("exp_type",), tuple((kind,) for kind in each.exp_types)), *each.tables)
        columns = [column for one in tables for column in one.columns]
        for rows in product(*(one.rows for one in tables)):
            yield dict(zip(columns, chain.from_iterable(rows), strict=True))


_PROGRAM = same("program")


def image(
    *constraints: Constraint, name: str = "Asn_Image", agree: Constraint = _PROGRAM, **declared: Any
) -> type[Rule]:
    """A rule for MIRI images of one program, whose members are products of one kind."""
    usual = {"member_name": MEMBER}
    return make_rule(one_of("exp_type", "mir_image"), agree, *constraints, name=name, **(usual | declared))


def toy_rules(*rules: type[Rule], intended: Sequence[Intention] = ()) -> RuleSet:
    """Rules over the small domain."""
    return RuleSet(rules, (Source("the tests", lambda: TOY, lambda: tuple(intended)),))
