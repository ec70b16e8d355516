"""What a report shows, ready for JSON: the exposures, where they are in the hierarchy, and their associations.

Rows are those of the pool, in canonical order, so every node of the observing hierarchy is a run of rows. Repeated
texts are kept once and referred to by number, since all of this is written into the page.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from rules.vocabulary import ROLES
from solver.associations import Association, Product, outline
from solver.batch import hints_of, united
from solver.default import Rules, rule_set
from solver.explanation import explain_orphans, orphan_text
from solver.multimap import grouped
from solver.pools import HIERARCHY, Pool, Statements, encode
from solver.reports.inspection import oddities
from solver.reports.observations import observations
from solver.solving import Request, Result
from solver.version import CODE_VERSION
from solver.words import inert

#: The row of a file that is not an exposure of the pool, such as a catalog that the pipeline makes.
NO_ROW = -1

#: What a report shows: names to what msgspec encodes. `contents_of` says what there is.
Contents = dict[str, Any]


class Why(Struct, frozen=True):
    """Why exposures are where they are, in sentences.

    Attributes:
        inside: by an association's file name and a row, why this exposure is in it.
        absent: by an association's file name, the exposures of its members' kind that are not in it: `rows` that share
            `reasons`, and as `fix` the options with which they are in it, "" if unknown.
    """

    inside: Mapping[tuple[str, int], Sequence[str]] = {}
    absent: Mapping[str, Sequence[dict[str, Any]]] = {}


#: The number of a target in a ground.
_TARGET = re.compile(r"(?<=\btarget )\w+|(?<=\btarget = )\w+")


def contents_of(
    pool: Pool,
    result: Result,
    rules: Rules = None,
    *,
    why: Why | None = None,
    request: Request | None = None,
    statements: Statements | None = None,
    source: str | Path = "",
    unstated: Pool | None = None,
) -> Contents:
    """What a report shows of a pool and its associations.

    Args:
        pool: the exposures.
        result: what `generate` made of them.
        rules: the rules that made it.
        why: why each exposure is where it is; where it does not say, what the associations say by themselves.
        request: what was asked of the pool; by default everything.
        statements: what is stated of the pool, for the commands on the page.
        source: the file or folder from which the pool was read; by default its name.
        unstated: the pool without what is stated; exposures that statements leave out are shown from it.

    Returns:
        `pool`, its name; `software`; `explain`, the command that explains its exposures; `levels` of the hierarchy,
        program first, exposure last, each with the first row and the label of every node, and the associations that
        `held` all of it; `columns` in which something is given, each with its distinct values, and for each row which;
        `associations`, one for each product, with the rows, roles, files and grounds of its members; `rules`, what
        those group that made any; `observations`; `hints`, as `generate` prints them; `oddities` in sentences;
        `orphans`, the rows in no association by reason, the most frequent first; the rows that are `left_out` by
        statement; how many associations were `dropped`, by why; the `roles` that occur, science first; the files of
        members as `texts`; and why they are where they are as `grounds`, each in sentences.

    Raises:
        UnknownRuleError: the rule of an association is not among the rules.

    Cost: a few steps for each member.
    """
    every, stated, path = rule_set(rules), statements or Statements(), Path(source or pool.name)
    shown, out = _with_left_out(pool, unstated, stated)
    rows = {file: row for row, file in enumerate(shown.file_names)}
    targets = {number: name.upper() for number, name in shown.target_names.items()}
    listing = _Listing(result, why or Why(), [rows[file] for file in pool.file_names], targets)
    orphans = explain_orphans(pool, rules=every, result=result, each_level=False).groups
    given = {name: column for name, column in shown.columns.items() if name != "filename" and column.given().any()}
    used = sorted({*result.associations.words["asn_rule"]})
    words = ["asnsolve", "explain", str(path), *chain(*(str(each).split(" ", 1) for each in stated))]
    return {
        "pool": inert(path.name or path.resolve().name),
        "software": CODE_VERSION,
        "explain": inert(shlex.join(words)),
        "levels": list(_levels(shown, listing.products)),
        "columns": {inert(name): (_seen(of.values), of.codes.tolist()) for name, of in given.items()},
        "associations": listing.products,
        "rules": {rule: inert(every.find(rule).spec.summary) for rule in used},
        "observations": list(observations(shown)),
        "hints": [
            {
                "what": inert(each.what),
                "action": inert(each.action(path, stated, {})),
                "rows": [rows[file] for file in each.exposures],
                "provided": each.provided,
            }
            for each in united(hints_of(pool, every, request, result), set(pool["program"]))
        ],
        "oddities": _seen(oddities(pool, every)),
        "orphans": {inert(orphan_text(each)): [rows[file] for file in each.exposures] for each in orphans},
        "left_out": grouped((inert(option), rows[file]) for file, option in out.items()),
        "dropped": dict(sorted(Counter(each.why for each in result.dropped).items())),
        "roles": _seen(listing.roles),
        "texts": list(listing.texts),
        "grounds": list(listing.grounds),
    }


def _with_left_out(pool: Pool, unstated: Pool | None, stated: Statements) -> tuple[Pool, dict[str, str]]:
    """The pool with the exposures that statements leave out; and these files, each with such a statement."""
    if unstated is None or not stated.kind("exclude"):
        return pool, {}
    out = {unstated.file_names[row]: str(each) for row, each in stated.left_out([*unstated]).items()}
    return Pool.from_rows([*pool, *(row for row in unstated if row["filename"] in out)], name=pool.name), out


class _Listing:
    """The products of associations as the report lists them, with the roles and texts that they refer to."""

    def __init__(self, result: Result, why: Why, places: Sequence[int], targets: Mapping[str, str]) -> None:
        """List all products; the exposures are shown at these places, the targets by name."""
        found = {*result.associations.members["exptype"].values}
        ordered = sorted(found, key=lambda role: ([*ROLES, role].index(role), role))
        self.roles = {role: place for place, role in enumerate(ordered)}
        self.texts: dict[str, int] = defaultdict(count().__next__)
        self.grounds: dict[tuple[str, ...], int] = defaultdict(count().__next__)
        self._why, self._places = why, places
        self._said = cache(lambda text: inert(_TARGET.sub(lambda found: targets.get(found[0], found[0]), text)))
        self.products = [self._listed(each, product) for each in result.associations for product in each.products]

    def _listed(self, association: Association, product: Product) -> dict[str, Any]:
        file, shared = association.file_name, association.constraints.split("; ")
        rows = [member.row for member in product.members]
        grounds = (self._why.inside.get((file, row), shared) if row is not None else () for row in rows)
        absent = self._why.absent.get(file, ())
        named = {**outline(file, association), "product": product.name, "target": association.target}
        return {
            **{key: inert(text) for key, text in named.items()},
            "level": association.level,
            "rows": [NO_ROW if row is None else self._places[row] for row in rows],
            "roles": [self.roles[member.exptype] for member in product.members],
            "files": [self.texts[inert(member.expname)] for member in product.members],
            "grounds": [self.grounds[tuple(map(self._said, each))] for each in grounds],
            "absent": [{**each, "rows": [self._places[row] for row in each["rows"]]} for each in absent],
        }


def _levels(pool: Pool, products: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The hierarchy, from its columns; a level for which the pool has none is skipped, except the exposures."""
    having = grouped((row, number) for number, each in enumerate(products) for row in each["rows"])
    holding = [{*having.get(row, ())} for row in range(len(pool))]
    begins = np.arange(len(pool)) == 0
    for name, column in HIERARCHY.items():
        numbers = pool.columns.get(column) if name != "exposure" else encode(pool.file_names)
        if numbers is not None:
            begins[1:] |= numbers.codes[1:] != numbers.codes[:-1]
            starts = np.flatnonzero(begins).tolist()
            labels = (numbers[row] or "not given" for row in starts)
            held = (set.intersection(*holding[first:end]) for first, end in pairwise([*starts, len(pool)]))
            yield {"name": name, "starts": starts, "labels": _seen(labels), "held": [sorted(each) for each in held]}


def _seen(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(inert, texts))
