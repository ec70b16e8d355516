"""Rule sets: rules as a whole, with what is declared beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rules.errors import RuleError, RuleFileError, TwinRulesError, UnknownRuleError, most_similar
from rules.files import read_file
from rules.loading import rules_of_folder, run_file
from rules.rule import LEVELS, Rule, Stated, is_own, replaces
from rules.vocabulary import COLUMNS, Column, Field, ProductName, same

if TYPE_CHECKING:
    from rules.vocabulary import Predicate
    from rules.vocabulary.domains import Domain
    from rules.vocabulary.intentions import Intention


def _unstated() -> Domain:
    """The domain where nobody states it."""
    from rules.vocabulary.domains import Domain  # only analyses need it

    return Domain()


class Source(NamedTuple):
    """Where rules come from, and how to get what is declared beside them, which is loaded only when it is used."""

    origin: str
    domain: Callable[[], Domain] = _unstated
    intentions: Callable[[], tuple[Intention, ...]] = tuple
    notes: Callable[[], Mapping[Predicate, str]] = dict


@dataclass(frozen=True, repr=False)
class RuleSet:
    """Rules that are used together. Two sets are equal if they have the same rules in the same order.

    A set can be sent to other processes and machines: the source of rule files travels with it.

    Attributes:
        rules: the rules; a set is iterable and has their number as length.
        sources: where they come from.
        recipe: a function and its arguments that make an equal set in another process; () where the rules are
            classes that can be imported there.

    >>> from rules import MISSION
    >>> len(MISSION), MISSION.find("asn_image").__name__
    (43, 'Asn_Lv3Image')
    >>> MISSION.of_level(2).without("Asn_Lv2FGS")
    <RuleSet: 21 rules of the mission>
    """

    rules: tuple[type[Rule], ...]
    sources: tuple[Source, ...] = field(default_factory=tuple, compare=False)
    recipe: tuple[()] | tuple[Callable[..., RuleSet], tuple[object, ...]] = field(default=(), compare=False)

    @classmethod
    def from_file(cls, path: str | Path, source: bytes | None = None) -> RuleSet:
        """The rules that a Python file defines. The file is code and is run, once in a process.

        Args:
            path: the file.
            source: its content, if it was read before, perhaps on another machine.

        Raises:
            RuleFileError: the file cannot be read or run, or defines no rule.
        """
        try:
            content = read_file(path) if source is None else source
        except OSError as error:
            raise RuleFileError(str(path), f"cannot be read: {error.strerror}") from error
        rules, intended = run_file(str(path), content)
        return cls(rules, (Source(str(path), intentions=lambda: intended),), (RuleSet.from_file, (str(path), content)))

    @classmethod
    def from_version(cls, path: str | Path) -> RuleSet:
        """The rules of another version: of a rule file, or of the folder `rules` of another version of this project.

        Raises:
            RuleFileError: the file or folder does not exist, cannot be run, or states something that this
                version has no word for.
        """
        if not Path(path).is_dir():
            return cls.from_file(path)
        return cls(rules_of_folder(Path(path)), (Source(str(path)),), (RuleSet.from_version, (str(path),)))

    @classmethod
    def union(cls, *sets: RuleSet) -> RuleSet:
        """The rules of several sets, as `joined` has them.

        Raises:
            TwinRulesError: two rules answer to the same name.
        """
        made = cls.joined(*sets)
        names = Counter(name for rule in made for name in rule.spec.answers_to)
        if twice := sorted(name for name, count in names.items() if count > 1):
            raise TwinRulesError(twice)
        return made

    @classmethod
    def joined(cls, *sets: RuleSet) -> RuleSet:
        """The rules of several sets, each once, without those that others replace.

        The intentions are those of all sets; the domain is the first set's that has one.
        """
        every = dict.fromkeys(rule for each in sets for rule in each)
        replacing = [rule for rule in every if rule.replaces]
        rules = tuple(rule for rule in every if not any(_ousts(other, rule) for other in replacing))
        sources = tuple(dict.fromkeys(source for each in sets for source in each.sources))
        return cls(rules, sources, (RuleSet.joined, sets))

    def of_level(self, *levels: int) -> RuleSet:
        """The rules of these levels."""
        kept = tuple(rule for rule in self if rule.spec.level in levels)
        return RuleSet(kept, self.sources, (RuleSet.of_level, (self, *levels)))

    def without(self, *names: str) -> RuleSet:
        """The rules without those of these names or aliases.

        Raises:
            UnknownRuleError: no rule has such a name.
        """
        left_out = set(map(self.find, names))
        kept = tuple(rule for rule in self if rule not in left_out)
        return RuleSet(kept, self.sources, (RuleSet.without, (self, *names)))

    def no_rules(self) -> RuleSet:
        """None of the rules, with their domain and notes, which hold for rules of one's own, too."""
        stated = tuple(Source("", each.domain, notes=each.notes) for each in self.sources)
        return RuleSet((), stated, (RuleSet.no_rules, (self,)))

    def split_by(self, column: str, *names: str) -> RuleSet:
        """Rules whose science exposures also agree on a column, with its value at the end of product names.

        An exposure without a value agrees with any: one column may not be there for all instruments.

        Args:
            column: the column, such as visit, or any other that the pool has; rules that agree on it stay as they are.
            names: names of the rules; by default all of Level 3.

        Raises:
            UnknownRuleError: no rule has such a name.
            RuleError: the column has another name, or the rule is not one of Level 3.

        >>> from rules import MISSION
        >>> print(MISSION.split_by("visit").find("Asn_Lv3Image").spec.agreements[-1])
        same visit, if it is given, for science exposures only
        """
        last = {rule for rule in self if rule.spec.level == max(LEVELS)}
        chosen = set(map(self.find, names)) or last
        for rule in chosen - last:
            raise RuleError(f"cannot split {rule.spec.name} by {column}: only Level 3 products are split")
        rules = tuple(_split(rule, column) if rule in chosen else rule for rule in self)
        return RuleSet(rules, self.sources, (RuleSet.split_by, (self, column, *names)))

    def __iter__(self) -> Iterator[type[Rule]]:
        """Each rule."""
        return iter(self.rules)

    def __contains__(self, rule: object) -> bool:
        """Whether a rule is one of them."""
        return rule in self.rules

    def __len__(self) -> int:
        """Number of rules."""
        return len(self.rules)

    def __repr__(self) -> str:
        """How many rules there are, and where they come from."""
        origin = f" of {self.origin}" if self.origin else ""
        return f"<RuleSet: {len(self)} rule{'' if len(self) == 1 else 's'}{origin}>"

    def __reduce__(self) -> tuple[object, ...]:
        """How to send the set to another process, which makes it when it is first used: then it can report failures."""
        return (_sent, self.recipe) if self.recipe else (RuleSet, (self.rules,))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Make a set that was sent."""
            if name not in {"rules", "sources"}:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            make, arguments = self.recipe
            vars(self).update(vars(make(*arguments)))
            return vars(self)[name]

    @cached_property
    def by_name(self) -> Mapping[str, type[Rule]]:
        """Each rule by its name and its aliases, in lower case."""
        return {name: rule for rule in self for name in rule.spec.answers_to}

    def find(self, name: str) -> type[Rule]:
        """The rule with this name or alias, in any case.

        Raises:
            UnknownRuleError: no rule has this name; the error lists the most similar names.
        """
        found = self.by_name.get(name.lower())
        if found is None:
            is_base = any(each.__name__ == name for rule in self for each in rule.__mro__)
            similar = (self.by_name[each].spec.name for each in most_similar(name.lower(), self.by_name, 3))
            raise UnknownRuleError(name, tuple(dict.fromkeys(similar)), is_base=is_base, omission=self.omission(name))
        return found

    def omission(self, name: str) -> str:
        """The option that left out the rule of this name or alias while the set was made, in words; "" if none did."""
        make, parts = self.recipe or (tuple, ())
        sets = [each for each in parts if isinstance(each, RuleSet)]
        known = any(name.lower() in each.by_name for each in sets)
        here = f"left out by {_OMITTING[make]}" if known and make in _OMITTING else ""
        return here or next(filter(None, (each.omission(name) for each in sets)), "")

    @property
    def own(self) -> frozenset[str]:
        """The names of the rules that users wrote, neither from this package nor from another version of it."""
        return frozenset(rule.spec.name for rule in self if is_own(rule))

    @property
    def origin(self) -> str:
        """Where the rules come from."""
        return ", ".join(source.origin for source in self.sources if source.origin)

    @property
    def domain(self) -> Domain:
        """The possible exposures, over which the rules are analysed; without modes if no source states them."""
        return next((found for source in self.sources if (found := source.domain()).modes), _unstated())

    @property
    def intentions(self) -> tuple[Intention, ...]:
        """The findings of an analysis that are intended."""
        return tuple(each for source in self.sources for each in source.intentions())

    def unexpected(self, exp_type: str) -> str:
        """A sentence why no level has associations of exposures of a type, which may be misspelt; "" if one may."""
        from rules.vocabulary import OneOf
        from rules.vocabulary.algebra import columns_of, truth
        from rules.vocabulary.intentions import Gap

        known = {"exp_type": exp_type}
        taken = any(truth(each, known) for rule in self for each in rule.spec.eligibility if isinstance(each, OneOf))
        gaps = [each for each in self.intentions if isinstance(each, Gap) and columns_of(each.where) == {"exp_type"}]
        meant = {each.level: each.because for each in reversed(gaps) if truth(each.where, known)}
        found = {meant.get(rule.spec.level, "") for rule in self}
        because = found.pop() if len(found) == 1 and not taken else ""
        return f"no association is expected: {because}" if because else self._unknown(exp_type)

    def _unknown(self, exp_type: str) -> str:
        """That an exposure type is not one of the domain."""
        if not (exp_type and self.domain.modes) or self.domain.mode_of(exp_type):
            return ""
        near = "".join(map(str.upper, most_similar(exp_type, self.domain.values("exp_type"))))
        return f"exposure type {exp_type.upper()} is unknown{near and f'; did you mean {near}?'}"

    @property
    def notes(self) -> Mapping[Predicate, str]:
        """Why some conditions are stated, by the condition."""
        return {condition: why for source in self.sources for condition, why in source.notes().items()}


#: The methods that leave out rules, and the options that call them.
_OMITTING = {RuleSet.without: "--without", RuleSet.of_level: "--level", RuleSet.no_rules: "--ignore-default"}


def _ousts(rule: type[Rule], other: type[Rule]) -> bool:
    """Whether a rule takes the place of another one; two of users' own that replace the same rule are twins."""
    both = {*map(str.lower, rule.replaces)}.intersection(map(str.lower, other.replaces))
    return rule is not other and replaces(rule, other) and not (both and is_own(other))


def _split(rule: type[Rule], column: str) -> type[Rule]:
    """A rule of the same name whose science exposures agree on a column, too."""
    name = column.lower()
    known = {Column(each).label: each for each in COLUMNS}
    if name in known and name not in COLUMNS:
        raise RuleError(f"cannot split by {column}: no column has this name; did you mean {known[name]}?")
    stated = same(Column(name, "" if name in COLUMNS else name), optional=True, only="science")
    if stated.label in {each.label for each in rule.spec.agreements}:
        return rule
    shown = ProductName((*rule.spec.product_name.parts, Field((stated.label,), prefix=f"-{name}", plain=True)))
    made: type[Rule] = type(rule.__name__, (rule,), {"__module__": rule.__module__, "__doc__": rule.__doc__})
    every = (*rule.spec.stated, Stated(stated, rule.__name__))
    made.spec = replace(rule.spec, stated=every, product_name=shown)  # also of a rule that has nothing but its spec
    return made


def _sent(*recipe: object) -> RuleSet:
    """A set without its rules, which it makes by the recipe when they are first used."""
    made = RuleSet.__new__(RuleSet)
    vars(made)["recipe"] = recipe
    return made
