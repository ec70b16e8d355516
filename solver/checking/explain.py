"""One association against what its rule makes of its candidate: every difference, with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rules.rule import RuleSpec
from rules.vocabulary import DirectImage, Join, NodPairs, OneSeed, Same
from solver.associations import Association, Product
from solver.checking.expected import Expectations, Made
from solver.checking.exposures import Candidate, program_number
from solver.checking.groups import Reading, admits
from solver.checking.interpret import ANY, agree, shown
from solver.checking.products import Expected, File
from solver.findings import Finding

_LEVEL_2 = 2

#: A code and a sentence; findings with the same ones are one finding about several files.
Fault = tuple[str, str]


class Judge:
    """Holds associations against the rules."""

    def __init__(self, expectations: Expectations) -> None:
        """Judge by these."""
        self._expectations = expectations
        self._exposures = expectations.exposures
        #: The expected associations that results stand for, right or wrong.
        self.met: set[int] = set()

    def judge(self, label: str, association: Association, spec: RuleSpec | None) -> list[Finding]:
        """What is wrong with an association.

        Args:
            label: what it is called in findings.
            association: the association.
            spec: its rule; None if it is not known.
        """
        found = list(self._of_itself(label, association))
        candidates = self._exposures.named(association.program, association.asn_id)
        if not candidates:
            found.append(_error("unknown-candidate", label, self._no_candidate(association)))
        if spec is None:
            message = f"there is no rule {association.asn_rule!r}; only what needs no rule is checked"
            found.append(Finding("unknown-rule", "note", label, (), message))
            return found
        if association.asn_type != spec.asn_type:
            message = f"{spec.name} makes associations of type {spec.asn_type}, not {association.asn_type or 'none'}"
            found.append(_error("wrong-type", label, message))
        admitted = [candidate for candidate in candidates if admits(spec, candidate)]
        if candidates and not admitted:
            found.append(_error("wrong-candidate", label, f"{spec.name} is not for {candidates[0]}"))
        if admitted:
            found += self._against_rule(label, association, spec, admitted)
        return found

    def _of_itself(self, label: str, association: Association) -> Iterator[Finding]:
        """What is wrong with it whatever its rule."""
        if not association.products or not all(product.members for product in association.products):
            yield _error("empty", label, "it has no products, or one without members")
        for product in association.products:
            counts = Counter(member.expname.lower() for member in product.members)
            repeated = tuple(sorted(file for file, count in counts.items() if count > 1))
            if repeated:
                yield _error("repeated-member", label, f"{product.name} lists a file more than once", *repeated)

    def _no_candidate(self, association: Association) -> str:
        program = program_number(association.program)
        if any(candidate.program == program for candidate in self._exposures.sub_pools):
            return f"no exposure of program {program} lists candidate {association.asn_id}"
        return f"the pool has no exposure of program {program}"

    def _against_rule(
        self, label: str, association: Association, spec: RuleSpec, candidates: Sequence[Candidate]
    ) -> Iterator[Finding]:
        specs = [spec] if len(association.products) == 1 else self._alike(spec)
        targets: set[str] = set()
        for product in association.products:
            made = made_of(label, association, product, spec)
            nearest = self._nearest(specs, candidates, made)
            is_same = nearest is not None and nearest.members == made.members
            united = [] if is_same else self._united(spec, candidates, made)
            if made.members and not united:
                reading = nearest.reading if nearest else self._expectations.reading(spec, candidates[0])
                yield from self._differences(reading, nearest, made)
            standing = united or ([nearest] if nearest else [])
            self.met.update(map(id, standing))
            targets |= {each.target for each in standing}
        if targets and association.target not in targets:
            right = " or ".join(sorted(targets))
            message = f"{spec.name} calls the target of these members {right}, not {association.target or 'none'}"
            yield _error("wrong-target", label, message)

    def _alike(self, spec: RuleSpec) -> list[RuleSpec]:
        """The rules whose associations may be merged with those of a rule, itself first; no other at Level 3.

        Associations of one type and candidate may be merged to one, under the rule of the first. Their
        products stay, but for those of one name, which become one with all their members.
        """
        alike = (_LEVEL_2, spec.asn_type)
        others = (each for each in self._expectations.specs if each != spec)
        return [spec, *(each for each in others if spec.level == _LEVEL_2 and (each.level, each.asn_type) == alike)]

    def _nearest(self, specs: Sequence[RuleSpec], candidates: Sequence[Candidate], made: Made) -> Expected | None:
        found = (self._expectations.nearest(spec, candidates, made) for spec in specs)
        return max(filter(None, found), key=lambda each: len(each.members & made.members), default=None)

    def _united(self, spec: RuleSpec, candidates: Sequence[Candidate], made: Made) -> list[Expected]:
        """The associations of one name whose members make up a merged product; empty if it is no such product."""
        files = {file for file, _ in made.members}
        every = self._expectations.valid(self._alike(spec) if spec.level == _LEVEL_2 else (), candidates)
        parts = [each for each in every if each.name == made.name and {file.name for file in each.files} <= files]
        different = {part.members for part in parts}
        is_named = made.siblings > 1 or spec.name in {part.reading.spec.name for part in parts}
        return parts if is_named and len(different) > 1 and made.members <= frozenset().union(*different) else []

    def _differences(self, reading: Reading, nearest: Expected | None, made: Made) -> Iterator[Finding]:
        faults: dict[Fault, set[str]] = defaultdict(set)
        surplus = sorted(made.members - (nearest.members if nearest else frozenset()))
        lacking = [file for file in nearest.files if (file.name, file.role) not in made.members] if nearest else []
        for file, role in surplus:
            instead = self._instead(file, role, lacking)
            if instead is not None:
                lacking.remove(instead)
                faults[_exchanged(reading, file, role, instead)].add(file)
            else:
                for fault in self._surplus(reading, nearest, file):
                    faults[fault].add(file)
        for missing in lacking:
            faults[_left_out(reading, nearest, missing)].add(missing.name)
        for stated in nearest.group.lacks if nearest else ():
            message = f"{reading.spec.name} asks that a group {stated.constraint} ({stated.by}); this one does not"
            faults["invalid", message].update(())
        if nearest is None and not faults:
            faults["invalid", f"{reading.spec.name} makes nothing of these members in {reading.candidate}"].update(())
        if nearest is not None and made.name != nearest.name:
            message = f"the product of these members of {reading.spec.name} is {nearest.name}, not {made.name}"
            faults["wrong-name", message].update(())
        for (code, message), files in faults.items():
            yield _error(code, made.label, message, *sorted(files))

    def _instead(self, file: str, role: str, lacking: Sequence[File]) -> File | None:
        """The missing file in whose place this one is: the same in another role, or another in its role."""
        row = self._exposures.find(file)
        return next(
            (each for each in lacking if each.name == file),
            next((each for each in lacking if each.role == role and each.row == row), None),
        )

    def _surplus(self, reading: Reading, nearest: Expected | None, file: str) -> Iterator[Fault]:
        """Why a file does not belong."""
        rule = reading.spec.name
        row = self._exposures.find(file)
        if row is None:
            yield "unknown-member", f"it is neither an exposure of the pool nor a file that {rule} adds"
        elif row not in reading.rows:
            yield "not-in-candidate", f"it is no exposure of {reading.candidate}"
        elif nearest is not None and row in nearest.group.roles:
            yield "surplus", f"{_why_not_taken(reading, nearest.group.roles[row])} ({rule})"
        else:
            role = reading.role(row)
            joins = _joins(reading, role)
            reasons = [*_unqualified(reading, row), *(_disagreements(reading, nearest, row) if nearest else ())]
            if joins:
                yield "surplus", f"it neither agrees nor joins: {rule} asks that {joins}"
            else:
                yield from reasons or [("surplus", f"{rule} does not take another exposure in role {role}")]


def _joins(reading: Reading, role: str) -> str:
    """How exposures in a role join the groups of a rule."""
    joins = ((each.constraint, each.by) for each in reading.spec.stated if isinstance(each.constraint, Join))
    return " or ".join(f"{join} ({by})" for join, by in joins if join.role == role)


def _unqualified(reading: Reading, row: int) -> Iterator[Fault]:
    for stated in reading.unmet(row):
        asked = stated.constraint
        what = f"a value for: {asked}" if isinstance(asked, Same) else f"that {asked}"
        yield "unqualified", f"{reading.spec.name} asks {what} ({stated.by}), which does not hold for it"


def _disagreements(reading: Reading, nearest: Expected, row: int) -> Iterator[Fault]:
    """In what an exposure differs from the group."""
    rule, group = reading.spec.name, nearest.group
    others = group.agreeing if group.seed is None else (group.seed,)
    for stated in reading.spec.stated:
        if isinstance(stated.constraint, Same):
            mine = shown(stated.constraint, reading.exposure(row))
            theirs = {shown(stated.constraint, reading.exposure(other)) for other in others} - {ANY}
            if not all(agree(mine, each) for each in theirs):
                differ = f"the others have {', '.join(sorted(theirs))} and it has {mine}"
                yield "disagreement", f"{rule} asks for {stated.constraint} ({stated.by}); {differ}"
    if not all(reading.near(row, other) for other in others):
        asked = " and ".join(map(str, reading.spec.nearness))
        yield "disagreement", f"{rule} asks for {asked}; it is farther from another member"
    if group.seed is not None:
        for column in reading.undiffering(row, group.seed):
            yield "disagreement", f"{rule} asks that it differ from the science exposure in {column.label}"


def _why_not_taken(reading: Reading, role: str) -> str:
    selection, expansion = reading.spec.selection, reading.spec.expansion
    if selection is not None and role == selection.role:
        return f"other {role} exposures suit the {selection.about} exposure better"
    match expansion:
        case NodPairs(role=nods) if role == nods:
            return "its position overlaps with that of the science exposure, so it is no background"
        case DirectImage(role=images) if role == images:
            return "the files made from the direct image stand for it"
        case _:
            return "it is listed by another file already"


def _exchanged(reading: Reading, file: str, role: str, instead: File) -> Fault:
    rule = reading.spec.name
    if instead.name == file:
        return "wrong-role", f"{rule} makes it {instead.role}, not {role}"
    return "wrong-file", f"{rule} lists {instead.name} as {role} instead"


def _left_out(reading: Reading, nearest: Expected | None, missing: File) -> Fault:
    rule = reading.spec.name
    if nearest is None or missing.row is None:
        return "left-out", f"{rule} adds this {missing.role} file"
    if missing.row not in nearest.group.agreeing:
        return "left-out", f"{rule} asks that {_joins(reading, missing.role)}, so it belongs here"
    if missing.role == "background" and missing.role != reading.role(missing.row):
        return "left-out", f"{rule} lists it as background, being another dither position"
    whom = "the science exposure" if isinstance(reading.spec.cardinality, OneSeed) else "the others"
    return "left-out", f"it qualifies for {rule} and agrees with {whom}, as {missing.role}"


def made_of(label: str, association: Association, product: Product, spec: RuleSpec | None) -> Made:
    """A product of the results as it is compared."""
    members = frozenset((member.expname.lower(), member.exptype.lower()) for member in product.members)
    return Made(label, spec, association.asn_id.lower(), product.name.lower(), members, len(association.products))


def _error(code: str, label: str, message: str, *files: str) -> Finding:
    return Finding(code, "error", label, tuple(files), message)
