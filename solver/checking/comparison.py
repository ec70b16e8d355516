"""The check: results are compared with what rules make of a pool, each association alone and all of them together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from pathlib import PureWindowsPath

from rules.rule import LEVELS, RuleSpec
from rules.rule_set import RuleSet
from solver.associations import RATES, Association, file_parts
from solver.checking.differences import SELFCAL_ROLES, Fault, Made, differences, wrongly_joined
from solver.checking.exposures import Exposures, in_words, program_number
from solver.checking.findings import CODES, Report
from solver.checking.groups import Group, Reading, admits
from solver.checking.products import Expectations, Expected, Members, first_of
from solver.default import Rules, rule_set
from solver.findings import Finding, Severity, in_order
from solver.memory import remembered
from solver.multimap import grouped
from solver.pools import DISCOVERED, Candidate, Pool, natural

_FILE_NAME = re.compile(r"jw([^-_]+)-([^_]+)(?:_[^_]+)?_([^_]+)_\d+_asn\.json", re.IGNORECASE)

_LEVEL_2 = LEVELS[0]
_INTEGRATIONS = "ints"


#: Associations, each with its name in findings.
Named = Sequence[tuple[str, Association]]


def check(
    pool: Pool,
    associations: Mapping[str, Association] | Iterable[Association],
    rules: Rules = None,
    *,
    candidates: Collection[str] | None = None,
    discover: bool = True,
    background_at: str | int = "both",
    unreadable: Iterable[str] = (),
) -> Report:
    """Check associations against the rules, independently of how they were found.

    Every association is compared with what its rule makes of its candidate; all of them together have to be
    unique, complete and of levels that fit each other. Only candidates that occur in the results are expected, and
    only the rules of each module and level of which one occurs.

    Args:
        pool: the exposures from which the associations were made.
        associations: the associations; with their file names, these are checked, too. A rule may be named by
            an older name, or as `candidate_…` or `discover_…`.
        rules: the rules to check against, as in `generate`; by default the mission's.
        candidates: the ids of the candidates that were asked for, as in `generate`; by default all. Other candidates
            need no associations, and only exposures of these are counted.
        discover: whether associations across candidates were asked for, too, as in `generate`.
        background_at: the level at which background exposures are members, as in `generate`.
        unreadable: names of files that cannot be read; associations that may be in them are not missing.

    Returns:
        the findings, and counts. `CODES` lists the codes of findings.

    Cost: each predicate of a rule once per exposure and candidate, then one step per group and member; some
    seconds for a few thousand exposures.

    >>> from dataclasses import replace
    >>> from solver import generate
    >>> pool = Pool.from_rows([
    ...     {"filename": f"jw00001001001_02101_0000{i}_mirimage_uncal.fits", "program": "1", "obs_num": "1",
    ...      "instrume": "MIRI", "detector": "MIRIMAGE", "exp_type": "MIR_IMAGE", "targetid": "1", "filter": "F770W",
    ...      "subarray": "FULL", "pntgtype": "SCIENCE", "asn_candidate": "[('o001', 'OBSERVATION')]"} for i in (1, 2)])
    >>> made = generate(pool).associations
    >>> check(pool, made).findings
    ()
    >>> damaged = [replace(each, target="t999") if each.asn_type == "image3" else each for each in made]
    >>> print(check(pool, damaged).findings[0].message)
    Asn_Lv3Image expects target t001; the association has t999
    """
    named = [*associations.items()] if isinstance(associations, Mapping) else [(a.file_name, a) for a in associations]
    exposures = Exposures(pool.row(row) for row in range(len(pool)))
    comparison = Comparison(named, exposures, rule_set(rules), str(background_at))
    ids = None if candidates is None else {each.lower() for each in candidates}
    possible = (each for each in exposures.sub_pools if discover or each.type != DISCOVERED)
    asked = [each for each in possible if each.type == DISCOVERED or ids is None or each.id in ids]
    counted = frozenset(chain(*map(exposures.sub_pools.__getitem__, asked)) if candidates else range(len(pool)))
    findings = [finding for label, association in named for finding in comparison.alone(label, association)]
    findings += chain(comparison.repeated(), comparison.missing(unreadable), comparison.unaccounted(asked))
    findings += comparison.uncalibrated("note" if candidates else "warning")
    return Report(
        findings=in_order(sorted(findings, key=lambda each: (each.about, each.message)), CODES, worst_first=True),
        associations=len(named),
        members=sum(len(association.members) for _, association in named),
        exposures=len(counted),
        in_none=tuple(pool.file_names[row] for row in sorted(comparison.unused & counted)),
        absent={level: len(counted - used) for level, used in comparison.used.items()},
    )


class Comparison:
    """Results, compared with what rules make of their exposures."""

    def __init__(self, named: Named, exposures: Exposures, rules: RuleSet, background_at: str) -> None:
        """Prepare the comparison.

        Args:
            named: the associations, each with its name in findings.
            exposures: the pool.
            rules: the rules to check against.
            background_at: the level at which background exposures are members.
        """
        self._exposures = exposures
        self._expectations = Expectations(exposures, background_at)
        self._specs = [rule.spec for rule in rules]
        self._by_rule = {name: rule.spec for name, rule in rules.by_name.items()}
        self._omission = rules.omission
        self._results = [made for each in named for made in self._products(*each)]
        largest_first = sorted(self._results, key=lambda made: -len(made.members))
        self._by_name = grouped(((level, made.name), made) for made in largest_first for level in made.levels)
        # the candidates of the results, and all rules of each module and level of which one occurs
        self._run = sorted({each for _, a in named for each in exposures.named(a.program, a.asn_id)})
        names = {made.rule.name for made in self._results if made.rule}
        occurring = {(rule.__module__, rule.spec.level) for rule in rules if rule.spec.name in names}
        self._asked = [rule.spec for rule in rules if (rule.__module__, rule.spec.level) in occurring]
        found = ((a.level, exposures.find(member.expname)) for _, a in named for member in a.members)
        #: For each level the exposures in associations of it, as rows.
        self.used = {level: {*rows} - {None} for level, rows in grouped(found).items()}
        #: The exposures in no association.
        self.unused = {*range(len(exposures.rows))}.difference(*self.used.values())
        #: The expected associations that results are meant to be, right or wrong.
        self._met: set[Expected] = set()

    def _rule_of(self, association: Association) -> RuleSpec | None:
        return self._by_rule.get(_rule_name(association))

    def _products(self, label: str, association: Association) -> Iterator[Made]:
        for product in association.products:
            files = ((member.expname.lower(), member.exptype.lower()) for member in product.members)
            members = Members(each for each in files if each[1] not in SELFCAL_ROLES)  # checked apart
            yield Made(label, association, self._rule_of(association), product.name.lower(), members)

    # --- One association ------------------------------------------------------------------------

    def alone(self, label: str, association: Association) -> Iterator[Finding]:
        """The faults of one association."""
        yield from _misnamed(label, association)
        yield from _malformed(label, association)
        for product in association.products:
            yield from _errors(label, wrongly_joined(product, self._exposures))
        candidates = self._exposures.named(association.program, association.asn_id)
        if not candidates:
            program = association.program and program_number(association.program)
            message = f"no exposure of program {program} lists candidate {association.asn_id}"
            if program not in self._exposures.programs:
                message = f"the pool has no exposure of program {program}" if program else "it has no program"
            yield _error("unknown-candidate", label, message)
        if (spec := self._rule_of(association)) is None:
            why = self._omission(_rule_name(association)) or "not a rule"
            message = f"{association.asn_rule!r} is {why}, so this association is not checked against a rule"
            yield Finding("unknown-rule", "note", label, (), message)
        else:
            yield from self._against_rule(label, association, spec, candidates)

    def _against_rule(
        self, label: str, association: Association, spec: RuleSpec, candidates: Sequence[Candidate]
    ) -> Iterator[Finding]:
        if association.asn_type != spec.asn_type:
            message = f"{spec.name} expects type {spec.asn_type}; the association has {association.asn_type or 'none'}"
            yield _error("wrong-type", label, message)
        admitted = [candidate for candidate in candidates if admits(spec, candidate)]
        if candidates and not admitted:
            yield _error("wrong-candidate", label, f"{spec.name} is not for {in_words(candidates[0])}")
        # Level 2 associations of one type and candidate may be merged to one, under the rule of the first: their
        # products stay, except those of one name, which become one with all their members
        alike = [each for each in self._specs if (each.level, each.asn_type) == (_LEVEL_2, spec.asn_type)]
        merged = [spec, *(each for each in alike if spec.level == _LEVEL_2 and each != spec)]
        targets: set[str] = set()
        for made in self._products(label, association) if admitted else ():
            nearest = self._nearest(merged if made.has_siblings else [spec], admitted, made)
            united = [] if nearest.members == made.members else self._united(merged, admitted, made)
            if made.members and not united:
                yield from _errors(label, differences(made, nearest, self._exposures))
            meant = united or ([nearest] if nearest.files else [])
            self._met.update(meant)
            targets.update(each.target for each in meant)
        if targets and association.target not in targets:
            right = " or ".join(sorted(targets))
            message = f"{spec.name} expects target {right}; the association has {association.target or 'none'}"
            yield _error("wrong-target", label, message)

    def _nearest(self, specs: Sequence[RuleSpec], candidates: Sequence[Candidate], made: Made) -> Expected:
        """The association that a product most likely is meant to be; one without files if none has its exposures."""
        rows = {self._exposures.find(file) for file, _ in made.members} - {None}

        def likeness(each: Expected) -> tuple[int, bool, int]:
            shared = len(made.members & each.members) + len(rows & each.rows)
            return shared + (each.name == made.name), not each.group.lacks, -len(each.files)

        best = max(self._expectations.like(specs, candidates, made.members, rows), key=likeness, default=None)
        return best or self._nothing(specs[0], candidates[0])

    @remembered
    def _nothing(self, spec: RuleSpec, candidate: Candidate) -> Expected:
        return Expected(Reading(spec, candidate, self._exposures), Group((), (), {}), "", "", ())

    def _united(self, specs: Sequence[RuleSpec], candidates: Sequence[Candidate], made: Made) -> list[Expected]:
        """The associations of one name whose members make up a merged product; empty if it is not such a product."""
        namesakes = self._expectations.namesakes(specs if made.levels == (_LEVEL_2,) else (), candidates, made.name)
        parts = [each for each in namesakes if each.members.roles.keys() <= made.members.roles.keys()]
        different = {part.members for part in parts}
        is_named = made.has_siblings or specs[0] in [part.spec for part in parts]
        return parts if is_named and len(different) > 1 and made.members <= frozenset().union(*different) else []

    # --- All together: unique -------------------------------------------------------------------

    def repeated(self) -> Iterator[Finding]:
        """Products with the same members, or of the same name."""
        for first, *others in grouped(((made.levels, made.members), made) for made in self._results).values():
            message = f"it has the same members in the same roles as {first.label}"
            yield from (_error("same-members", other.label, message, other.name) for other in others)
        for namesakes in grouped(((made.levels, made.name), made) for made in self._results).values():
            largest, *others = sorted(namesakes, key=lambda made: len(made.members), reverse=True)
            content = _from_rates(largest) if others else set()
            for other in others:
                if _replaces(largest, other):
                    message = f"{largest.label} makes this product with more members, and takes precedence"
                    yield _error("same-name", other.label, message, other.name)
                elif "{" not in other.name and _from_rates(other) != content:
                    message = f"{largest.label} makes a different product of the same name, so one overwrites the other"
                    yield Finding("same-name", "warning", other.label, (other.name,), message)

    # --- All together: complete -----------------------------------------------------------------

    def missing(self, unreadable: Iterable[str]) -> Iterator[Finding]:
        """Associations that the rules make and the results lack; call it after comparing each alone."""
        names = filter(None, (_FILE_NAME.fullmatch(PureWindowsPath(path).name) for path in unreadable))
        lost = Counter((program_number(each[1]), each[2], each[3]) for each in names)
        lacking = []
        there = grouped(((level, made.members), made) for made in self._results for level in made.levels)
        every = self._expectations.valid(self._asked, self._run)
        for key, rivals in grouped(((each.spec.level, each.members), each) for each in every).items():
            first = max(rivals, key=_rank)
            if key in there:
                yield from _outranked(rivals, first, there[key])
            elif self._met.isdisjoint(rivals) and not self._is_replaced(first):
                place = first.reading.candidate
                lacking.append(((place.program, place.id, first.spec.asn_type), first))
        for file, some in grouped(lacking).items():
            for each in some if len(some) > lost[file] else ():
                message = f"{each} is missing; its members would be"
                yield _error("missing", "", message, *(file.name for file in each.files))

    def unaccounted(self, asked: Iterable[Candidate]) -> Iterator[Finding]:
        """Exposures in no association that a candidate that was asked for, and has none here, would take."""
        absent = {*asked} - {*self._run}
        for candidate in sorted(each for each in absent if not self.unused.isdisjoint(self._exposures.sub_pools[each])):
            every = self._expectations.valid(self._asked, [candidate])
            if taking := [each for each in every if each.rows & self.unused and not self._is_replaced(each)]:
                rows = sorted(self.unused.intersection(chain.from_iterable(each.rows for each in taking)))
                files = tuple(self._exposures.rows[row]["filename"] for row in rows)
                by = ", ".join(sorted({each.spec.name for each in taking}))
                message = f"{in_words(candidate)} has no associations here, though {by} would make some"
                yield Finding("unaccounted", "warning", "", files, message)

    def _is_replaced(self, expected: Expected) -> bool:
        """Whether a product of the same name, among the results or by the rules, has its members and more."""
        level, files = expected.spec.level, expected.members.roles.keys()
        rivals = self._by_name.get((level, expected.name), ())
        united = level == _LEVEL_2 and any(made.members.roles.keys() > files for made in rivals)
        row = first_of(expected.files).row
        candidates = [expected.reading.candidate] if row is None else self._exposures.listed[row]
        specs = [spec for spec in self._specs if spec.level == level]
        size = len(expected.members)
        larger = takewhile(lambda made: len(made.members) > size, rivals)
        every = self._expectations.namesakes(specs, candidates, expected.name, size)
        return united or any(_replaces(each, expected) for each in chain[Made | Expected](larger, every))

    # --- All together: levels -------------------------------------------------------------------

    def uncalibrated(self, severity: Severity) -> Iterator[Finding]:
        """Members of Level 3 that no product of Level 2 provides; the severity is of those that none is made for."""
        level2, level3 = ([made for made in self._results if made.levels == (level,)] for level in LEVELS)
        provided = {each for made in level2 for each in _provided(made.members)}
        if level3 and not provided:
            yield Finding("no-level-2", "note", "", (), "whether Level 2 makes the members of Level 3 was not checked")
        every = self._expectations.valid([spec for spec in self._asked if spec.level == _LEVEL_2], self._run)
        providing = grouped((exposure, each) for each in every for exposure in _provided(each.members))
        for made in level3 if provided else ():
            needed = sorted({file for file, _ in made.members if file_parts(file)[1] not in {"", *RATES}})
            known = (file for file in needed if self._exposures.find(file) is not None)
            lacking = {file: providing.get(_exposure(file), []) for file in known if _exposure(file) not in provided}
            by_none = grouped((all(map(self._is_replaced, some)), file) for file, some in lacking.items())
            for none, files in by_none.items():
                where = ", and no Level 2 rule takes them; asnsolve explain says why" if none else " here"
                message = f"lists files that no Level 2 association makes{where}"
                yield Finding("not-calibrated", severity if none else "error", made.label, tuple(files), message)


def _rule_name(association: Association) -> str:
    """The name of its rule, without what the reference puts before it."""
    return association.asn_rule.lower().removeprefix("candidate_").removeprefix("discover_")


def _error(code: str, label: str, message: str, *files: str) -> Finding:
    return Finding(code, "error", label, tuple(files), message)


def _errors(label: str, faults: Iterable[tuple[Fault, str]]) -> Iterator[Finding]:
    for (code, text), files in grouped(faults).items():
        yield _error(code, label, text, *sorted({*files} - {""}))


def _misnamed(label: str, association: Association) -> Iterator[Finding]:
    """Contradictions between a file's name and its content."""
    if (match := _FILE_NAME.fullmatch(PureWindowsPath(label).name)) is None:
        yield Finding("file-name", "note", label, (), "its name is not of the form jwPPPPP-ID_TYPE_NNNNN_asn.json")
        return
    content = {"program": association.program, "candidate": association.asn_id, "type": association.asn_type}
    for (what, value), named in zip(content.items(), match.groups(), strict=True):
        if value.lower() != named.lower():
            yield _error("file-name", label, f"{what} {named} in the name, {value or 'none'} in the content")


def _malformed(label: str, association: Association) -> Iterator[Finding]:
    """The faults of an association that do not depend on its rule."""
    if not association.products or not all(product.members for product in association.products):
        yield _error("empty", label, "it has no products, or one without members")
    for product in association.products:
        counts = Counter(member.expname.lower() for member in product.members)
        if repeated := sorted(file for file, count in counts.items() if count > 1):
            yield _error("repeated-member", label, f"{product.name} lists a file more than once", *repeated)


def _from_rates(made: Made) -> set[tuple[str, str, str]]:
    """The members, as if none were made by integration."""
    parts = [(*file_parts(file)[:2], role) for file, role in made.members]
    return {(exposure, suffix.removesuffix(_INTEGRATIONS), role) for exposure, suffix, role in parts}


def _outranked(rivals: Sequence[Expected], first: Expected, alike: Sequence[Made]) -> Iterator[Finding]:
    """Products that the rules make, but that another with the same members should replace."""
    others = {(each.spec, each.reading.candidate.id) for each in rivals}
    for made in alike:  # a merged one has the rule of its first product
        this = made.rule, made.association.asn_id.lower()
        if this != (first.spec, first.reading.candidate.id) and this in others and not made.has_siblings:
            yield _error("outranked", made.label, f"{first} has the same members, and takes precedence", made.name)


def _rank(expected: Expected) -> tuple[object, ...]:
    """Of associations with the same members the highest stays: o over c over a, then the greater id, the later rule."""
    identifier = expected.reading.candidate.id
    return identifier[:1], natural(identifier[1:]), expected.spec.name


def _replaces(larger: Made | Expected, smaller: Made | Expected) -> bool:
    """Whether a product replaces a smaller one of the same name: the files that both have are in the same roles.

    One name is one file, and so one product; but a name that the pipeline completes is not yet a name.
    """
    if larger.name != smaller.name or "{" in larger.name or len(larger.members) <= len(smaller.members):
        return False
    return all(role in larger.members.roles.get(file, (role,)) for file, role in smaller.members)


def _provided(members: Members) -> set[tuple[str, bool]]:
    """The exposures that a Level 2 product calibrates."""
    return {_exposure(file) for file, role in members if role == "science"}


def _exposure(file: str) -> tuple[str, bool]:
    """The exposure of a file, and whether the file is by integration."""
    exposure, suffix, _ = file_parts(file)
    return exposure, suffix.endswith(_INTEGRATIONS)
