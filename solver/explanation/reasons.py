"""Reasons: what keeps an exposure from a place, with what it has and would need.

A predicate is taken apart into the parts that decide whether it holds, and what they would need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rules.vocabulary import AllOf, AnyOf, Attribute, Combination, Contains, Given, Mapped, Not, OneOf, Predicate
from rules.vocabulary.algebra import (
    Known,
    Leaf,
    Whole,
    attributes_of,
    chosen,
    columns_in_order,
    columns_of,
    truth,
    value,
)
from solver.explanation.facts import Need, Reason, Reasons
from solver.explanation.places import Place
from solver.explanation.solved import KIND, SolvedProgram
from solver.pools import MARKS, cell_in_words, parse_cell
from solver.solving import CANDIDATES, Requirement, admits

#: A part of a predicate that cannot be taken apart further, and whether it has to hold.
Atom = tuple[Leaf, bool]


def reasons(solved: SolvedProgram, place: Place, row: int, missing: Sequence[Requirement] | None = None) -> Reasons:
    """Requirements of a place that an exposure does not meet, all or some, with what it has and would need."""
    needs, notes = _Needs(solved, place, row), solved.notes
    asked = place.missing(needs.now) if missing is None else missing
    about = ((each, tuple(needs.of(each)), notes.get(each.predicate, "")) for each in asked)
    return tuple(Reason(each.kind, str(each.stated), each.by, own, note) for each, own, note in about)


class _Needs:
    """What an exposure has and would need at a place."""

    def __init__(self, solved: SolvedProgram, place: Place, row: int) -> None:
        self.solved, self.place, self.row, self.now = solved, place, row, solved.exposure(row)

    def of(self, requirement: Requirement) -> Iterable[Need]:
        """What it needs to meet a requirement."""
        match requirement.kind, requirement.shown:
            case "candidate", OneOf(_, wanted):
                return (self._candidate(requirement, wanted),)
            case "agreement", OneOf(attribute, values):
                return (self._asked(attribute, "equal", values),)
            case "role", OneOf(_, roles):
                spec = self.place.rule.spec
                anchor = spec.anchor if self.place.association else ""
                columns, has = columns_in_order(spec.roles), chosen(spec.roles, self.now)
                return (Need("role", columns, has, "seed" if anchor else "role", roles, anchor),)
            case "difference", Not(OneOf(attribute, values)):
                return (self._asked(attribute, "different" if value(attribute, self.now) else "given", values),)
            case "nearness" | "join", Combination() as theirs:
                return self._compared(theirs, near=requirement.kind == "nearness")
            case _, predicate:
                return dict.fromkeys(self._need(*atom) for atom in failing(predicate, self.now))

    def _candidate(self, requirement: Requirement, wanted: tuple[str, ...]) -> Need:
        """A candidate of the types that the rule is for, or that of an association."""
        spec, columns, made = self.place.rule.spec, (CANDIDATES.name,), self.place.association
        mine, role = parse_cell(self.now[CANDIDATES.name]), self.solved.table.choose(spec.roles)[self.row]
        types = spec.candidates.values if isinstance(spec.candidates, OneOf) else ()
        right = f"{' or '.join(types)} candidate" if types else "candidate of another type"
        if made and role in MARKS and admits(spec, str(MARKS[role][1]).lower()):
            theirs = {each for row in made.rows for each in parse_cell(self.solved.pool[CANDIDATES.name][row])}
            shared = sorted(theirs.intersection(mine), key=lambda each: not admits(spec, each[1]))
            if shared and admits(spec, shared[0][1]):
                return Need("candidates", columns, cell_in_words(str(shared[:1])), "elsewhere", wanted)
            return Need("role", columns, role, "linked", wanted, right if shared else "candidate of the pool")
        if requirement.by:
            if own := [each for each in mine if admits(spec, each[1])]:
                return Need("candidates", columns, cell_in_words(str(own)), "not asked")
            wanted = (f"any {right}",)
        return Need("candidates", columns, cell_in_words(str(list(mine))), "listed" if mine else "unlisted", wanted)

    def _compared(self, theirs: Combination, *, near: bool) -> Iterator[Need]:
        """How it differs from others: in numbers that are too far from theirs, or in the fewest columns."""
        mine, differing = self._nearest(theirs)
        relation = "shared" if not near else "near" if theirs.rows else "a number"
        for i in range(len(mine)) if near else differing:
            yield self._asked(theirs.attributes[i], relation, tuple(dict.fromkeys(row[i] for row in theirs.rows)))

    def _need(self, atom: Leaf, holds: bool) -> Need:  # noqa: FBT001 (as atoms are)
        """What a part of a predicate needs to hold, or not to."""
        match atom:
            case Combination():
                return self._combined(atom, holds=holds)
            case OneOf(attribute, values):
                return self._asked(attribute, "one of" if holds else "none of", values)
            case Given(attribute):
                return self._asked(attribute, "given" if holds else "none of")
            case Contains(attribute, text):
                return self._asked(attribute, "containing" if holds else "not containing", (text,))

    def _combined(self, table: Combination, *, holds: bool) -> Need:
        """Of a table, the rows that have most of what the exposure has."""
        mine, nearest = self._nearest(table)
        differing = nearest if holds else tuple(range(len(mine)))
        same = [i for i in range(len(mine)) if i not in differing]
        rows = [row for row in table.rows if all(row[i] == mine[i] for i in same)]
        wanted = tuple(dict.fromkeys("/".join(row[i] for i in differing) for row in rows))
        where = " and ".join(f"{table.attributes[i].label} {mine[i].upper()}" for i in same)
        asked = [table.attributes[i] for i in differing]
        has = "/".join(mine[i] or "missing" for i in differing) if any(mine[i] for i in differing) else ""
        label, columns = "/".join(each.label for each in asked), columns_in_order(tuple(asked))
        return Need(label, columns, has, "one of" if holds else "none of", wanted, where)

    def _nearest(self, table: Combination) -> tuple[list[str], tuple[int, ...]]:
        """What the exposure has, and where it differs from the nearest row; of equal ones where the last do."""
        mine = [value(each, self.now, written=True) or "" for each in table.attributes]
        apart = (tuple(i for i, has in enumerate(mine) if has != row[i] or not has) for row in table.rows)
        return mine, min(apart, key=lambda each: (len(each), [-i for i in each]), default=tuple(range(len(mine))))

    def _asked(self, attribute: Attribute, relation: str, values: tuple[str, ...] = ()) -> Need:
        """What it has and needs; of several columns those that such exposures have, and targets by name."""
        kept = attribute.column if isinstance(attribute, Mapped) and attribute.otherwise is None else attribute
        columns, has = columns_in_order(attribute), value(kept, self.now, written=True) or ""
        columns = tuple(each for each in columns if has or self.solved.pool.usual(each, self.row)) or columns
        if columns == ("targetid",) and has in self.solved.pool.target_names:
            names = self.solved.pool.target_names
            return Need("target", ("targprop",), names[has], relation, tuple(names.get(each, each) for each in values))
        given = next((each for each in getattr(attribute, "columns", ()) if value(each, self.now)), attribute)
        return Need(given.label, columns, has, relation, values)


# --- Predicates taken apart -----------------------------------------------------------------------


def failing(predicate: Predicate, now: Known, then: Known | None = None, *, holds: bool = True) -> tuple[Atom, ...]:
    """The parts of a predicate that would have to change; of alternatives, those that keep the kind of exposure.

    Args:
        predicate: what does not hold.
        now: the exposure, or what is known of it; what that leaves open would have to change.
        then: an exposure for which it does hold: only alternatives that hold for it count.
        holds: False for a predicate that holds and must not.
    """
    match predicate:
        case Not(part):
            return failing(part, now, then, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            wrong = {part: failing(part, now, then, holds=holds) for part in parts if truth(part, now) != holds}
            if isinstance(predicate, AllOf) == holds:
                return tuple(dict.fromkeys(atom for atoms in wrong.values() for atom in atoms))
            if then is not None:
                wrong = {part: atoms for part, atoms in wrong.items() if truth(part, then) == holds} or wrong
            nearest = min(wrong, key=lambda part: _cost(part, wrong[part], now, holds))
            return tuple(_of_all(atom, chain(*wrong.values())) for atom in wrong[nearest])
        case atom:
            return ((atom, holds),)


def _cost(part: Predicate, atoms: Sequence[Atom], now: Known, holds: bool) -> tuple[int, ...]:  # noqa: FBT001
    """How far an alternative is: changes of the kind of exposure count most; what it has of it makes it nearer."""
    columns, fulfilled = columns_of(atoms), [truth(each, now) == holds for each in getattr(part, "parts", ())]
    clear = [holds + (isinstance(leaf, Combination) or (holds and isinstance(leaf, Given))) for leaf, holds in atoms]
    return len(columns & {*KIND}), len(atoms) - sum(fulfilled), len(atoms), "pntgtype" in columns, -sum(clear)


def _of_all(atom: Atom, alternatives: Iterable[Atom]) -> Atom:
    """An atom with the values that any of the alternatives takes of its attribute."""
    match atom:
        case OneOf(attribute), True:
            alike = (leaf for leaf, holds in alternatives if holds and isinstance(leaf, OneOf))
            values = (value for leaf in alike if leaf.attribute == attribute for value in leaf.values)
            return OneOf(attribute, tuple(dict.fromkeys(values))), True
    return atom


def decisive(predicate: Predicate, exposure: Whole) -> tuple[Need, ...]:
    """The values that make a predicate hold: an exposure without values lacks these."""
    asked = (each for atom, _ in failing(predicate, {}, exposure) for each in attributes_of(atom))
    return tuple(met(each, exposure) for each in dict.fromkeys(asked))


def met(attribute: Attribute, exposure: Whole, relation: str = "met") -> Need:
    """What an exposure has that is enough, or does not matter."""
    return Need(attribute.label, columns_in_order(attribute), value(attribute, exposure, written=True) or "", relation)
