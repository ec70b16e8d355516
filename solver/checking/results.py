"""All associations together: unique, complete, and of levels that fit each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rules.rule import RuleSpec
from solver.checking.expected import Expectations, Made, Members, compatible, overwrites
from solver.checking.exposures import Candidate, exposure_name, suffix_of
from solver.checking.products import Expected
from solver.findings import Finding

_LEVEL_2, _LEVEL_3 = 2, 3
_INTEGRATIONS = "ints"
#: Products that need no Level 2 processing.
_RATES = frozenset({"", "uncal", "rate", "rateints"})


class Together:
    """What a set of results has to show as a whole."""

    def __init__(
        self, results: Sequence[Made], expectations: Expectations, asked: Sequence[RuleSpec], run: Collection[Candidate]
    ) -> None:
        """Judge the results.

        Args:
            results: all products.
            expectations: what the rules make of the pool.
            asked: the rules that the results are of.
            run: the candidates that the results are of.
        """
        self._results = results
        self._expectations = expectations
        self._exposures = expectations.exposures
        self._asked = asked
        self._run = sorted(run)
        self._by_name: dict[str, list[Made]] = defaultdict(list)
        for made in results:
            self._by_name[made.name].append(made)

    # --- Unique ---------------------------------------------------------------------------------

    def repeated(self) -> Iterator[Finding]:
        """Products with the same members, or of the same name."""
        by_members: dict[tuple[int | None, Members], list[Made]] = defaultdict(list)
        for made in self._results:
            by_members[_level(made), made.members].append(made)
        for first, *others in by_members.values():
            for other in others:
                message = f"it has the same members in the same roles as {first.label}"
                yield Finding("same-members", "error", other.label, (other.name,), message)
        for name, namesakes in self._by_name.items():
            largest, *others = sorted(namesakes, key=lambda made: len(made.members), reverse=True)
            for other in others if "{" not in name else ():
                if other.members != largest.members and _level(other) == _level(largest) and not _twins(other, largest):
                    yield _same_name(other, largest)

    # --- Complete -------------------------------------------------------------------------------

    def missing(self, met: Collection[int]) -> Iterator[Finding]:
        """Associations that the rules ask for and that are not there.

        Args:
            met: the expected associations (by `id`) for which results stand, though they may be wrong.
        """
        there: dict[tuple[int | None, Members], list[Made]] = defaultdict(list)
        for made in self._results:
            for level in (_level(made),) if made.rule else (_LEVEL_2, _LEVEL_3):
                there[level, made.members].append(made)
        equals: dict[tuple[int | None, Members], list[Expected]] = defaultdict(list)
        for each in self._expectations.valid(self._asked, self._run):
            equals[each.reading.spec.level, each.members].append(each)
        for key, rivals in equals.items():
            first = max(rivals, key=lambda each: _rank(each.reading.candidate.id, each.reading.spec.name))
            if key in there:
                yield from _outranked(rivals, first, there[key])
            elif not any(id(each) in met for each in rivals) and not self._is_stood_for(first):
                yield Finding("missing", "error", "", _files(first), f"{_described(first)} is not among the results")

    def unaccounted(self, in_none: Collection[int]) -> Iterator[Finding]:
        """Exposures in no association, though a candidate that has none here would take them."""
        others = {candidate for row in in_none for candidate in self._exposures.listed[row]} - set(self._run)
        lost = set(in_none)
        for candidate in sorted(others):
            rows: set[int] = set()
            by: set[str] = set()
            for each in self._expectations.valid(self._asked, [candidate]):
                free = {file.row for file in each.files if file.row is not None} & lost
                if free and not self._is_stood_for(each):
                    rows |= free
                    by.add(each.reading.spec.name)
            if rows:
                files = tuple(self._exposures.files[row] for row in sorted(rows))
                message = f"{candidate} has no associations here, though {', '.join(sorted(by))} would make some"
                yield Finding("unaccounted", "warning", "", files, message)

    def _is_stood_for(self, expected: Expected) -> bool:
        """Whether a product of the same name has its members and more, or the rules make such a one."""
        level = expected.reading.spec.level
        for made in self._by_name.get(expected.name, ()):
            unites = level == _LEVEL_2 and {file for file, _ in made.members} > {file.name for file in expected.files}
            if _level(made) in (level, None) and (unites or overwrites(made.name, made.members, expected)):
                return True
        return self._expectations.standing_for(expected) is not None

    # --- Levels ---------------------------------------------------------------------------------

    def uncalibrated(self) -> Iterator[Finding]:
        """Members of Level 3 that no product of Level 2 provides."""
        level3 = [made for made in self._results if _level(made) == _LEVEL_3]
        provided = {each for made in self._results if _level(made) == _LEVEL_2 for each in _provided(made.members)}
        if level3 and not provided:
            message = "there are no Level 2 associations, so it is not checked where the members of Level 3 come from"
            yield Finding("no-level-2", "note", "", (), message)
            return
        for made in level3:
            needed = sorted({file for file, _ in made.members if suffix_of(file) not in _RATES})
            known = (file for file in needed if self._exposures.find(file) is not None)
            lacking = [file for file in known if _needs(file) not in provided]
            for by_rules in (True, False):
                files = tuple(file for file in lacking if self._could_be_made(file) == by_rules)
                if files:
                    yield _uncalibrated(made.label, files, by_rules=by_rules)

    def _could_be_made(self, file: str) -> bool:
        """Whether the rules ask, in the candidates of the results, for a Level 2 product that provides a file."""
        return any(not self._is_stood_for(each) for each in self._providing.get(_needs(file), ()))

    @cached_property
    def _providing(self) -> Mapping[tuple[str, bool], list[Expected]]:
        """What Level 2 products provide, to the associations that the rules ask for."""
        specs = [spec for spec in self._asked if spec.level == _LEVEL_2]
        found: dict[tuple[str, bool], list[Expected]] = defaultdict(list)
        for each in self._expectations.valid(specs, self._run):
            for provided in _provided(each.members):
                found[provided].append(each)
        return found


def _provided(members: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """The exposures that a Level 2 product calibrates, and whether by integration."""
    for file, role in members:
        if role == "science":
            yield exposure_name(file), suffix_of(file).endswith(_INTEGRATIONS)


def _needs(file: str) -> tuple[str, bool]:
    return exposure_name(file), suffix_of(file).endswith(_INTEGRATIONS)


def _uncalibrated(label: str, files: tuple[str, ...], *, by_rules: bool) -> Finding:
    if by_rules:
        return Finding("not-calibrated", "error", label, files, "no Level 2 association among the results provides it")
    message = "no Level 2 association provides it, and the rules make none in the candidates of the results"
    return Finding("not-calibrated", "warning", label, files, message)


def _level(made: Made) -> int | None:
    return None if made.rule is None else made.rule.level


def _twins(one: Made, other: Made) -> bool:
    """Whether one product is made from the rates and the other from the rates by integration."""
    sides = [
        {(exposure_name(file), suffix_of(file).removesuffix(_INTEGRATIONS), role) for file, role in each.members}
        for each in (one, other)
    ]
    return sides[0] == sides[1]


def _same_name(made: Made, largest: Made) -> Finding:
    if len(made.members) < len(largest.members) and compatible(largest.members, made.members):
        message = f"{largest.label} makes this product of more members, and so stands for it"
        return Finding("same-name", "error", made.label, (made.name,), message)
    message = f"{largest.label} makes another product of this name, and one overwrites the other"
    return Finding("same-name", "warning", made.label, (made.name,), message)


def _outranked(rivals: Sequence[Expected], first: Expected, alike: Sequence[Made]) -> Iterator[Finding]:
    """Products that the rules make, but for which another with the same members should stand."""
    known = {(each.reading.spec.name, each.reading.candidate.id) for each in rivals}
    known.discard((first.reading.spec.name, first.reading.candidate.id))
    for made in alike:
        merged = made.siblings > 1  # then the rule is that of the first product
        if made.rule is not None and not merged and (made.rule.name, made.identifier) in known:
            message = f"{_described(first)} has the same members, and should stand instead"
            yield Finding("outranked", "error", made.label, (made.name,), message)


def _rank(identifier: str, rule: str) -> tuple[object, ...]:
    """Of associations with the same members the highest stays: o over c over a, then the greater id, the later rule."""
    digits = identifier[1:].lstrip("0")
    return identifier[:1], len(digits), digits, rule


def _described(expected: Expected) -> str:
    return f"{expected.name} of {expected.reading.spec.name} in {expected.reading.candidate}"


def _files(expected: Expected) -> tuple[str, ...]:
    return tuple(file.name for file in expected.files)
