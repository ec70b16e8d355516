"""Rules one by one: whether they can be satisfied, whether each constraint has an effect, whether values exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import merge
from itertools import islice

from rules.rule import Rule, RuleSpec, Stated, as_rule
from rules.vocabulary import Attribute, Constraint, Contains, Mapped
from rules.vocabulary.algebra import columns_of, leaves, named, parts_of
from rules.vocabulary.intentions import Spare
from solver.findings import Finding
from solver.multimap import grouped
from solver.solving import Request, as_anchor, solve_unchecked
from solver.verification.difference_search import difference
from solver.verification.findings import Declared, Needed, rule_finding
from solver.verification.problem import BoundError
from solver.verification.search import Space
from solver.verification.trial_pools import TrialPools
from solver.verification.witnesses import WitnessPool, pool_of, tried

#: Pools are built from at most this many exposures to find one from which a rule makes an association.
_SEEDS = 8


# --- Satisfiable ----------------------------------------------------------------------------------


def satisfied(spec: RuleSpec, space: Space) -> WitnessPool | None:
    """The smallest trial pool from which a rule makes an association; None if none was found."""
    trials = TrialPools(space, [spec])
    seeds = islice(space.by_scope(as_anchor(spec)), _SEEDS)
    pools = merge(*(trials.pools(seed, trials.candidate_types) for seed in seeds), key=len)
    return next((pool for pool, (outcome,) in tried(pools, [as_rule(spec)]) if outcome.kept), None)


def unsatisfied(spec: RuleSpec, space: Space) -> Finding:
    """Why a rule makes nothing: constraints that contradict each other, or what its groups lack."""
    anchor = as_anchor(spec)
    if (example := space.first(anchor)) is None:
        parts = space.contradiction(parts_of(anchor))
        return rule_finding("V101", (spec.name,), f"no exposure has: {' and '.join(map(str, parts))}")
    pool = WitnessPool((example,))
    (trial,) = solve_unchecked(pool_of([pool]), [as_rule(spec)], Request()).tried
    lacking = ", and ".join(f"no group that {what}" for what in trial.invalid) or "no group that becomes a product"
    return rule_finding("V102", (spec.name,), f"exposures qualify, but they make {lacking}", pool)


# --- Needed ---------------------------------------------------------------------------------------


def needed(spec: RuleSpec, space: Space) -> Iterator[Needed]:
    """The effect of each constraint of a rule: a pool from which the rule makes something else without it.

    A rule must have an agreement, so its only one is skipped.
    """
    for stated in spec.stated:
        if (stated.constraint,) != spec.agreements:
            yield Needed(spec.name, stated.constraint, stated.by, *difference(spec, _without(spec, stated), space))


def needless(
    found: list[Needed], declared: Declared, inheriting: Iterable[RuleSpec], space: Space
) -> Iterator[Finding]:
    """The constraints without effect, in all rules that inherit them or only in some.

    Args:
        found: the effects of the rules' constraints.
        declared: the intentions, of which those about spare constraints are used.
        inheriting: all rules.
        space: the domain.
    """
    used = {(each.by, each.constraint) for each in found if each.pool is not None}
    spares = {(spare.by, spare.constraint): spare for spare in declared.of(Spare)}
    idle = grouped(((each.by, each.constraint), each) for each in found if each.pool is None)
    asked = {each.rule for each in found}
    others = [spec for spec in inheriting if spec.name not in asked]
    for statement, cases in idle.items():
        by, constraint = statement
        rules = (by, *(each.rule for each in cases if each.rule != by))
        message = f"{constraint} (stated by {by})"
        if statement in used or any(_needs(spec, statement, space) for spec in others):
            where = ", ".join(each.rule if each.proved else f"{each.rule} (not proved)" for each in cases)
            yield rule_finding("V203", rules, f"{message}, in {where}")
        else:
            code = "V201" if all(each.proved for each in cases) else "V202"
            yield rule_finding(code, rules, message, intended=declared.because(spares.get(statement)))


def _needs(spec: RuleSpec, statement: tuple[str, Constraint], space: Space) -> bool:
    """Whether a rule has a constraint and needs it."""
    own = [each for each in spec.stated if (each.by, each.constraint) == statement]
    try:
        return any(difference(spec, _without(spec, each), space).pool is not None for each in own)
    except BoundError:
        return True  # so it is not called spare


def _without(spec: RuleSpec, stated: Stated) -> RuleSpec:
    return replace(spec, stated=tuple(each for each in spec.stated if each is not stated))


# --- Real values ----------------------------------------------------------------------------------


def unreal(
    specs: Iterable[RuleSpec], declared: Declared, space: Space, before: Iterable[RuleSpec] = ()
) -> Iterator[Finding]:
    """The values that rules name and that no exposure of the domain can have.

    Args:
        specs: the rules.
        declared: the intentions; a constraint that is meant to have no effect may name any values.
        space: the domain.
        before: rules whose values are left out.
    """
    left_out = {each for spec in before for each in _named_values(spec)}
    spared = {each: spare.because for spare in declared.of(Spare) for each in _named_values(spare.constraint)}
    every = grouped((each, spec.name) for spec in specs for each in dict.fromkeys(_named_values(spec)))
    for (attribute, one), rules in sorted(every.items(), key=lambda each: (each[0][0].label, each[0][1])):
        known = [space.domain.values(column) for column in columns_of(attribute)]
        if all(known) and not any(one in values for values in known) and (attribute, one) not in left_out:
            message = f"no exposure has the {attribute.label} {one}"
            yield rule_finding("V103", tuple(rules), message, intended=spared.get((attribute, one), ""))


def _named_values(declaration: object) -> Iterator[tuple[Attribute, str]]:
    """The values that conditions name, each with the column or columns that have it as it is."""
    whole = (leaf for leaf in leaves(declaration) if not isinstance(leaf, Contains))
    return ((attribute, one) for attribute, one in named(*whole) if not isinstance(attribute, Mapped))


def undecided(rules: Iterable[type[Rule]]) -> Iterator[Finding]:
    """The rules whose base classes declare several association types, so that the first one counts."""
    for rule in rules:
        first, *others = [each for each in rule.__mro__ if "asn_type" in vars(each)] or [rule]
        for other, kind in ((each, vars(each)["asn_type"]) for each in others if not issubclass(first, each)):
            if kind != rule.spec.asn_type:
                order = f"is {rule.spec.asn_type} by {first.__name__}, the first of its bases, and {kind} by"
                message = f"{rule.__name__} {order} {other.__name__}; declare asn_type in the rule"
                yield rule_finding("V104", (rule.__name__,), message)
