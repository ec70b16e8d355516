"""Two versions of rules: what a change does, change by change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import inf

from rules.rule import Rule, RuleSpec, as_rule, replaces
from rules.vocabulary import AtLeast, Case, Constraint, Not, ProductName, Same
from rules.vocabulary.algebra import negation
from rules.vocabulary.domains import Domain
from rules.vocabulary.expressions import Expression
from solver.findings import Finding
from solver.multimap import grouped
from solver.progress import Reporter
from solver.solving import as_anchor, labels_in
from solver.verification.analysis import report
from solver.verification.constraints import unreal
from solver.verification.difference_search import difference
from solver.verification.findings import Declared, Report, bounded, rule_finding
from solver.verification.search import Space
from solver.verification.version_change import only_in
from solver.verification.witnesses import WitnessPool, tried

#: Longer words for a change are replaced by what has changed inside.
_LONG = 120

#: Declarations that are texts for a reader.
_TEXTS = frozenset({"name", "aliases", "summary", "instruments"})


def compare_versions(
    old: Iterable[type[Rule]], new: Iterable[type[Rule]], domain: Domain, *, reporter: Reporter | None = None
) -> Report:
    """What a change of rules does: for each changed declaration of a rule a small pool on which it shows.

    Values that only the new rules name and no exposure of the domain has are findings, too: nothing can be proved of
    them.

    Args:
        old: the rules before.
        new: the rules after; one is a version of the old rule that it replaces, else of that of its name.
        domain: the exposures that can exist.
        reporter: follows the analysis; each rule is a step.

    Cost: some ten milliseconds for each change; up to seconds for one that has no effect.

    >>> from solver.default import default_rules
    >>> rules = default_rules()
    >>> changed = compare_versions(rules, rules.without("Asn_Lv3AMI"), rules.domain).findings
    >>> [(each.code, each.rules) for each in changed]  # a rule was removed
    [('V603', ('Asn_Lv3AMI',))]
    """
    after = {rule.spec.name: rule.spec for rule in new}
    before = {name: rule.spec for name, rule in by_successor(old, new).items()}
    space = Space(domain)
    findings = list(unreal(after.values(), Declared(()), space, before.values()))
    reporter = reporter or Reporter()
    for name in sorted({*before, *after}):
        reporter.step(name, 1 / len({*before, *after}))
        if name in before and name in after:
            findings += bounded((name,), changes(before[name], after[name], space))
        else:
            code, only = ("V602", after) if name in after else ("V603", before)
            findings.append(rule_finding(code, (name,), only[name].summary))
    modes = {name: len(space.where(as_anchor(spec))) for name, spec in after.items()}
    return report([*after.values()], _united(findings, modes), {}, [], space)


def by_successor(old: Iterable[type[Rule]], new: Iterable[type[Rule]]) -> dict[str, type[Rule]]:
    """The rules of an old version, by the name of the new rule that replaces each, else by its own name."""
    instead = [rule for rule in new if rule.replaces]
    found = ((next((each for each in instead if replaces(each, rule)), rule), rule) for rule in old)
    return {successor.spec.name: rule for successor, rule in found}


def _united(findings: Iterable[Finding], modes: Mapping[str, int]) -> Iterator[Finding]:
    """One finding for each change: of a declaration that rules share, with all of them, the changed mode first.

    Args:
        findings: the findings, of one rule each.
        modes: the number of modes that each rule is about.
    """
    shared = {"V601", "V604", "V605"}
    keys = (((each.code, each.message, () if each.code in shared else each.rules), each) for each in findings)
    for alike in grouped(keys).values():
        first, *others = sorted(alike, key=lambda each: _modes_changed(each, modes))
        names = [each.rules[0] for each in others]
        also = f"; also in {', '.join(names)}" if names else ""
        yield replace(first, rules=(*first.rules, *names), message=first.message + also)


def _modes_changed(finding: Finding, modes: Mapping[str, int]) -> float:
    """Number of modes of a rule, if the change names the type of an exposure on which it shows; else infinite."""
    rows = () if finding.pool is None else finding.pool.rows()
    return modes[finding.rules[0]] if any(repr(row["exp_type"]) in finding.message for row in rows) else inf


def changes(old: RuleSpec, new: RuleSpec, space: Space) -> Iterator[Finding]:
    """The changes of a rule: those that change associations, with a pool on which it shows, and the rest."""
    shown = False
    idle: list[Finding] = []
    renamed = replace(old, name=new.name)
    for words, changed in _single(renamed, new):
        pool, proved = difference(renamed, changed, space)
        if pool is None:
            idle.append(rule_finding("V604" if proved else "V605", (new.name,), words))
        else:
            yield _finding(old, new, words, pool)
            shown = True
    together = difference(renamed, new, space).pool if idle and not shown else None
    if together is not None:
        yield _finding(old, new, "; ".join(each.message for each in idle), together)
    else:
        yield from idle


def _finding(old: RuleSpec, new: RuleSpec, words: str, pool: WitnessPool) -> Finding:
    """A change with what the two versions make of its pool. Other changes may undo it there."""
    versions = [as_rule(old)], [as_rule(new)], [as_rule(replace(old, name=new.name))]
    ((_, (before, after, renamed)),) = tried([pool], *versions)
    lines = [*(f"before: {line}" for line in before.lines), *(f"after:  {line}" for line in after.lines)]
    if renamed.equals(after) and old.level == new.level:
        lines.append("the other changes of this rule undo it here")
    return rule_finding("V601", (new.name,), words, pool, *lines)


def _single(old: RuleSpec, new: RuleSpec) -> Iterator[tuple[str, RuleSpec]]:
    """Each change by itself: in words, and the old version with it."""
    before, after = ({each.constraint: each for each in spec.stated} for spec in (old, new))
    come = only_in(after, before)
    for one in only_in(before, after):
        rest = tuple(each for each in old.stated if each.constraint != one)
        kinds = (Same,) if (one,) == old.agreements else ()  # every rule has an agreement
        other = next((each for each in come if _same_subject(one, each) or isinstance(each, kinds)), None)
        if other is None:
            yield f"constraint removed: {one}", replace(old, stated=rest)
        else:
            come.remove(other)
            words = f"now {other}; before: {one}"
            if len(words) > _LONG or str(one) == str(other):
                words = "; ".join(_parts_changed(one, other))
            yield f"constraint changed: {words}", replace(old, stated=(*rest, after[other]))
    for one in come:
        yield f"constraint added: {one}", replace(old, stated=(*old.stated, after[one]))
    for name in RuleSpec.__match_args__:
        mine, theirs = getattr(old, name), getattr(new, name)
        if name not in {*_TEXTS, "stated"} and mine != theirs:
            words = "; ".join(_parts_changed(mine, theirs))
            yield f"{name} changed: {words}", replace(old, **{name: theirs})


def _same_subject(one: Constraint, other: Constraint) -> bool:
    """Whether two constraints are about the same, so that one takes the place of the other."""
    shared = set(one.with_parts[1:]).intersection(other.with_parts[1:])
    alike = isinstance(one, AtLeast) or shared or one.field_values[0] == other.field_values[0]
    return type(one) is type(other) and bool(alike)


def _parts_changed(before: object, after: object) -> Iterator[str]:
    """What a declaration has lost, and what it has gained; parts of a negation as negated ones."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone, come = only_in(before, after), only_in(after, before)
        if len(gone) == len(come) == 1 and isinstance(gone[0], Case):
            yield from _parts_changed(gone[0], come[0])
        elif gone or come:
            yield from (*(f"no longer {each}" for each in gone), *(f"now {each}" for each in come))
        else:
            yield f"in the order {after!r}"
    elif isinstance(before, ProductName) and isinstance(after, ProductName) and _shown(before) != _shown(after):
        yield f"{_shown(after)} in place of {_shown(before)}"
    elif isinstance(before, Not) and isinstance(after, Not):
        inside = negation(before.part), negation(after.part)
        yield from [f"now {after}"] if isinstance(inside[0], Not) else _parts_changed(*inside)
    elif isinstance(before, Expression) and isinstance(after, Expression) and type(before) is type(after):
        for one, other in zip(before.field_values, after.field_values, strict=True):
            if one != other:
                yield from _parts_changed(one, other)
    else:
        yield f"{after!r} in place of {before!r}"


def _shown(name: ProductName) -> str:
    """A product name with labels in place of values."""
    return name.text({label: f"{{{label}}}" for label in labels_in(name)})
