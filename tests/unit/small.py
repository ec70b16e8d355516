"""Small pools and small rules for tests: say what matters, the rest is usual."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, cast

import pytest

from rules import naming
from rules.rule import Rule
from rules.vocabulary import Constraint, Without, case, choose, present, same
from solver import generate
from solver.associations.association import Association
from solver.associations.association_table import Associations
from solver.batch.summary import Summary
from solver.pools.pool import Pool
from solver.solving.result import Result

Row = dict[str, str]

#: A MIRI image of target 1 in observation 1 of program 1.
USUAL: Mapping[str, str] = {
    "filename": "a_uncal.fits",
    "program": "1",
    "obs_num": "1",
    "instrume": "MIRI",
    "exp_type": "MIR_IMAGE",
    "targetid": "1",
    "pntgtype": "SCIENCE",
    "subarray": "FULL",
    "filter": "F770W",
    "asn_candidate": "[('o001', 'OBSERVATION')]",
}


def row(name: str, **values: str) -> Row:
    """The usual exposure with this name and these values."""
    return dict(USUAL) | {"filename": f"{name}_uncal.fits"} | values


def candidates(*pairs: str) -> str:
    """A candidate cell from pairs such as `"o001 observation"`."""
    return str([tuple(pair.split()) for pair in pairs])


#: Words for values that tests often give.
WORDS: Mapping[str, Row] = {
    "psf": {"is_psf": "T"},
    "background": {"bkgdtarg": "T"},
    "imprint": {"is_imprt": "T"},
    "acquisition": {"pntgtype": "TARGET_ACQUISITION"},
}


def exposures(text: str, **usual: str) -> list[Row]:
    """Exposures such as `"a; b filter=F1 psf; c in=o001.observation,c1000.group"`: names, and what is not as usual."""
    made = []
    for name, *values in map(str.split, text.split(";") if text else ()):
        made.append(row(name, **usual))
        for value in values:
            column, _, cell = value.partition("=")
            in_candidates = (
                {"asn_candidate": candidates(*cell.replace(".", " ").split(","))} if column == "in" else None
            )
            made[-1] |= in_candidates or WORDS.get(value) or {column: cell}
    return made


def cases(test: str) -> dict[str, dict[str, Any]]:
    """The tables of cases in the file beside a test, by their names."""
    return tomllib.loads(Path(test).with_suffix(".toml").read_text(encoding="utf-8"))


def pool_of(*rows: Row) -> Pool:
    """A pool of these rows."""
    return Pool.from_rows(rows)


def as_text(rows: Iterable[Mapping[str, str]], delimiter: str = "|") -> str:
    """The rows as a pool file."""
    every = list(rows)
    header = list(dict.fromkeys(column for each in every for column in each))
    lines = [[column.upper() for column in header], *([each.get(column, "") for column in header] for each in every)]
    return "".join(delimiter.join(cells) + "\n" for cells in lines)


class Plain(Rule):
    """What a rule must have, and nothing to agree on."""

    level = 3
    asn_type = "test3"
    roles = choose(case("psf", present("is_psf")), case("background", present("bkgdtarg")), otherwise="science")
    product_name = naming.TARGET
    target = naming.FIELDS["target"]
    member_name = naming.LEVEL3_MEMBER


def make_rule(
    *constraints: Constraint | Without,
    name: str = "Asn_Test",
    bases: tuple[type[Rule], ...] = (Plain,),
    **declared: Any,
) -> type[Rule]:
    """A rule with these constraints and declarations."""
    body = {"__doc__": "A rule of a test.", "constraints": constraints} | declared
    return cast("type[Rule]", type(name, bases, body))


def agreeing(*constraints: Constraint, **declared: Any) -> type[Rule]:
    """A rule for which every exposure qualifies and those of one program agree, as far as the constraints say."""
    return make_rule(present("filename"), same("program"), *constraints, **declared)


def short(file_name: str) -> str:
    """A file name without its product and ending."""
    return file_name.rsplit("_", 1)[0]


def members(association: Association) -> dict[str, str]:
    """The members of an association: short name to role. No name may come twice."""
    every = [member for product in association.products for member in product.members]
    found = {short(member.expname): member.exptype for member in every}
    assert len(found) == len(every)
    return found


def found(pool: Pool, *rules: type[Rule], **options: Any) -> list[tuple[str, str]]:
    """What rules make of a pool, as (candidate id, short names of the members)."""
    made = generate(pool, rules, **options)
    return [(each.asn_id, " ".join(sorted(members(each)))) for each in made.associations]


def numbered(associations: Iterable[Association]) -> Associations:
    """The associations in canonical order, counted."""
    table = Associations.of(associations)
    return table.take(table.canonical_order()).numbered()


def together(pool: Pool, parts: Iterable[tuple[range, Result]]) -> Result:
    """The result of a pool from the rows and results of its shards, in any order: the same as that of `generate`."""
    summary, ordered = Summary(), sorted(parts, key=lambda part: part[0].start)
    for _, result in ordered:
        tried = {each.rule: each for each in result.tried}
        kept, replaced = [result.associations], [result.dropped]
        summary.add(Summary(tried=tried, reasons=dict(result.reasons), kept=kept, replaced=replaced))
    return summary.result(pool, [rows for rows, _ in ordered])


class Watched(str):
    """A text that counts how often any is looked up or compared."""

    __slots__ = ()
    looked_up = compared = 0

    def __hash__(self) -> int:
        Watched.looked_up += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Watched.compared += 1
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other


def counted(monkeypatch: pytest.MonkeyPatch, *functions: str) -> Counter[str]:
    """How often functions, each given by its full name, are called from now on."""
    calls = Counter[str]()

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls[name] += 1
            return function(*arguments, **options)

        return call

    for name in functions:
        monkeypatch.setattr(name, counting(name, resolve_name(name)))
    return calls
