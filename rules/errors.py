"""Errors: one base class for all that this project raises on purpose, and what can be wrong with rules."""

from __future__ import annotations

import copyreg
from bisect import bisect
from collections.abc import Collection, Iterable, Sequence

#: A word that has this share of its letters in common with another one is probably meant to be it.
_ALMOST = 0.8

#: A word is compared with this many on either side of its place in the order.
_COMPARED = 1_000

#: A problem that begins with one of these makes a sentence with the name of its file.
VERBS = ("is ", "has ", "cannot ")


class AsnsolveError(Exception):
    """Base of the errors that are raised on purpose, so that a caller can catch everything that is not a bug."""

    def __reduce__(self) -> tuple[object, ...]:
        """How to copy it and send it to another process: its message and its attributes, however it was made."""
        return copyreg.__newobj__, (type(self),), vars(self) | {"args": self.args}  # type: ignore[attr-defined] # public in PEP 307


class RuleError(AsnsolveError, ValueError):
    """A rule is wrong. The message says which class, which declaration, and what to do."""


class DeclarationError(RuleError):
    """A class states something that no rule can mean.

    Attributes:
        rule: name of the class.
        declaration: the constraint or attribute in question, as written.
        problem: what is wrong with it, with the remedy.
    """

    def __init__(self, rule: str, declaration: object, problem: str) -> None:
        """Keep the parts and make the message."""
        self.rule, self.declaration, self.problem = rule, declaration, problem
        written = declaration if isinstance(declaration, str) else repr(declaration)
        super().__init__(f"rule class {rule}: {written}: {problem}")


class RuleFileError(RuleError):
    """A file with rules cannot be used.

    Attributes:
        path: the file.
        problem: what is wrong with it.
    """

    def __init__(self, path: str, problem: str) -> None:
        """Keep the parts and make the message."""
        self.path, self.problem = path, problem
        super().__init__(f"{path}{'' if problem.startswith(VERBS) else ':'} {problem}")


class UnknownRuleError(RuleError):
    """No rule has this name.

    Attributes:
        name: the name asked for.
        near: names that look like it.
    """

    def __init__(self, name: str, near: tuple[str, ...], *, is_base: bool = False, omission: str = "") -> None:
        """Keep the parts and make the message; whether rules inherit from it, or an option leaves it out."""
        self.name, self.near = name, near
        hint = f"did you mean {' or '.join(near)}?" if near else "'asnsolve rules' lists them all"
        problem = f"{name} is a class that rules inherit from, not a rule" if is_base else f"no rule is named {name!r}"
        if omission:
            problem, hint = f"the rule {name} is {omission}", "change that option, or name another rule"
        super().__init__(f"{problem}; {hint}")


class TwinRulesError(RuleError):
    """Two rules answer to the same name.

    Attributes:
        names: the names, in lower case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Keep the names and make the message."""
        self.names = tuple(names)
        super().__init__(f"-r: two rules answer to the name {', '.join(self.names)}; rename one of them")


def misspelt(word: str, known: Collection[str], what: str) -> str | None:
    """What is wrong with a word that is almost a known one; None if it is known, or like none."""
    near = () if word in known else most_similar(word, known, least=_ALMOST)
    return f"there is no {what} {word!r}; did you mean {near[0]!r}?" if near else None


def most_similar(name: str, known: Iterable[str], most: int = 1, *, least: float = 0.6) -> Sequence[str]:
    """The names that look like a wrong one, the most similar first; `least` is the share of equal letters.

    Of very many names only those that begin like it are compared.
    """
    import difflib  # only messages need it

    ordered = sorted(known)
    place = bisect(ordered, name)
    return difflib.get_close_matches(name, ordered[max(0, place - _COMPARED) : place + _COMPARED], most, least)
