"""Doubts: what rules make as they are stated, and an astronomer would hardly want."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from rules.rule_set import RuleSet
from rules.vocabulary import NodPairs
from solver.associations import Associations, Collision
from solver.batch.hints import Hint
from solver.default import ROLES
from solver.multimap import grouped
from solver.pools import Evaluation, Pool, observation_name
from solver.solving import SAME_NAME, SCIENCE, Result
from solver.words import few, plural

#: A pattern with more nods than this has subpixel positions.
_NODS = 3

_BACKGROUND = "background"


def doubts_of(pool: Pool, rules: RuleSet, result: Result, found: Sequence[Collision]) -> Iterator[Hint]:
    """What an astronomer may not want of what was made.

    Args:
        pool: the exposures.
        rules: the rules.
        result: what was made of the exposures.
        found: its collisions.
    """
    for rule, same in grouped((few(sorted(set(each.rules))), each) for each in found).items():
        names = dict.fromkeys(each.product for each in same)
        ids = dict.fromkeys(chain.from_iterable(each.candidates for each in same))
        what = f"{rule} makes several products named {few(names)}, in {few(ids)}"
        yield Hint(f"{what}; the second pipeline run would overwrite the first, so run them in separate folders")
    yield from _larger_without(pool, result)
    yield from _nods_of_other_targets(pool, result.associations)
    yield from _subpixels(pool, rules, result.associations)


def _larger_without(pool: Pool, result: Result) -> Iterator[Hint]:
    """Products that were left out for larger ones of the same name that lack some of their exposures."""
    found, mine = result.dropped.found, np.flatnonzero([why == SAME_NAME for why in result.dropped.whys])
    instead = np.full(len(found), -1)
    instead[result.dropped.gone[mine]] = result.dropped.instead[mine]
    owners, rows = found.owners, found.rows[found.member]
    width = len(pool) + 1  # row -1 stands for a file that does not belong to one exposure
    lost = (rows >= 0) & (instead[owners] >= 0) & ~np.isin(instead[owners] * width + rows, owners * width + rows)
    rules = found.words["asn_rule"].codes
    of_one_rule = (rules == rules[instead])[owners]  # a dedicated background takes the place of nods on purpose
    for role, doubtful in ((SCIENCE, lost), (_BACKGROUND, lost & of_one_rule)):
        mine = np.flatnonzero(doubtful & found.members["exptype"].where(role.__eq__)[found.member])
        if len(mine):
            products = dict.fromkeys(each.products[0].name for each in found.take(np.unique(owners[mine])))
            what = f"{plural(len(products), 'product')} ({few(products)}) left out for a larger one of the same name"
            where = rows[mine].tolist()
            yield Hint.about(pool, f"{what} without some of its {role}", where, f"{pool.file_names[where[0]]} -v")


def _nods_of_other_targets(pool: Pool, made: Associations) -> Iterator[Hint]:
    """Science exposures that are background of another target's."""
    science = Evaluation(pool).choose(ROLES).where(SCIENCE.__eq__)
    roles, targets, rows = made.members["exptype"], pool["targetid"].codes, made.rows[made.member]
    role, known = roles.where(SCIENCE.__eq__)[made.member], rows >= 0
    target = np.zeros(len(made), dtype=np.int64)
    target[made.owners[role & known]] = targets[rows[role & known]]
    nods = roles.where(_BACKGROUND.__eq__)[made.member] & known & science[rows]
    other = nods & (targets[rows] != target[made.owners]) & (targets[rows] > 0) & (target[made.owners] > 0)
    for kind, mine in grouped((pool["exp_type"][row], row) for row in sorted(set(rows[other].tolist()))).items():
        what = f"{kind.upper()}: nods are background of another target's"
        yield Hint.about(pool, what, mine, "--rules-version corrected")


def _subpixels(pool: Pool, rules: RuleSet, made: Associations) -> Iterator[Hint]:
    """Nods of which it is not known how many subpixel positions each has."""
    for rule in rules:
        overlap = rule.spec.expansion.overlap if isinstance(rule.spec.expansion, NodPairs) else None
        if overlap is None or overlap.unknown:
            continue
        own = made.select(rule=rule.spec.name)
        sizes = np.diff(own.memberships)
        rows = np.unique(own.rows[own.member][np.repeat(sizes > _NODS, sizes)])
        known = np.any([pool[each.name].given() for each in overlap.subpixels], axis=0)
        nods = rows[(rows >= 0) & ~known[rows]].tolist()
        for place, mine in grouped(((pool["program"][row], pool["obs_num"][row]), row) for row in nods).items():
            column = overlap.subpixels[0].name
            what = f"{column.upper()} is missing, so exposures at one nod are each other's background if it is not 1"
            yield Hint.about(pool, what, mine, f"--set {column}=1:{observation_name(*place)}")


def refusal(found: Iterable[Collision], own: frozenset[str]) -> str | None:
    """Why products that users' own rules make cannot be written, and what to do; None if they can."""
    if not (wrong := [each for each in found if not own.isdisjoint(each.rules)]):
        return None
    rules = sorted({*wrong[0].rules}, key=lambda rule: (rule not in own, rule))
    others = sorted({rule for each in wrong if rules[0] in each.rules for rule in each.rules} - {rules[0]})
    remedy = f"only their members differ; add a constraint to {rules[0]} by which its groups do not overlap"
    if wrong[0].differing:
        remedy = f"they differ in {few(wrong[0].differing, 5)}; add that to product_name in {rules[0]}"
    if others:
        replaced = ", ".join(f'"{rule}"' for rule in others)
        replaced = f"({replaced})" if len(others) > 1 else replaced
        out = " ".join(f"--without {rule}" for rule in others)
        remedy = f"set replaces = {replaced} in {rules[0]}, add {out}, or give {rules[0]} another product_name"
    what = f"several products of {' and '.join(rules)} are named {few(each.product for each in wrong)}"
    return f"{what}, and the pipeline would overwrite one with the other; {remedy}"
