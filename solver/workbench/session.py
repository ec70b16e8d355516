"""A session: a pool, what a person states of it and chooses step by step, and what becomes of it each time."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, json, structs

from rules.rule_set import RuleSet
from solver.default import VERSIONS, chosen_rules
from solver.errors import AsnsolveError, UsageError, errors_as
from solver.explanation import explain
from solver.headers import files_below
from solver.multimap import grouped
from solver.pools import TYPES, Pool, Statements
from solver.reports import Contents, contents_of, page_data
from solver.solving import BackgroundAt, Request, check_request, solve_unchecked
from solver.storage import JOURNAL, MANIFEST, names_written
from solver.words import few, inert, option_words

#: Makes a pool with statements of what was read.
Reading = Callable[[Statements], Pool]


class Choices(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of a pool. The attributes are options of `asnsolve generate`."""

    level: Literal["both", "2", "3"] = "both"
    background_at: BackgroundAt = "both"
    rules_version: str = "mission"
    without: tuple[str, ...] = ()
    split_by: tuple[str, ...] = ()


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """What one click changes.

    Attributes:
        add: statements, as typed on a command line: `--background o004:o003`.
        withdraw: statements to take back, as `str` shows them.
        choices: the choices from now on; by default as before.
    """

    add: str = ""
    withdraw: tuple[str, ...] = ()
    choices: Choices | None = None


_NOTHING, _DEFAULT = Statements(), Choices()

#: What is stated and chosen.
_State = tuple[Statements, Choices]


class Session:
    """A pool with what is stated of it and chosen.

    Attributes:
        revision: grows with each change of what is shown.

    >>> pool = Pool.from_rows([
    ...     {"filename": f"jw00001001001_02101_0000{i}_mirimage_uncal.fits", "program": "1", "obs_num": "1",
    ...      "instrume": "MIRI", "exp_type": "MIR_IMAGE", "targetid": "1", "filter": "F770W", "subarray": "FULL",
    ...      "pntgtype": "SCIENCE", "asn_candidate": "[('o001', 'OBSERVATION')]"} for i in (1, 2)])
    >>> session = Session(lambda: pool.with_statements, source="pool.csv")
    >>> session.take(Step(add="--exclude '*_00002_*'"))
    >>> session.command
    "asnsolve generate pool.csv --exclude '*_00002_*' -p asn"
    >>> session.changes()["lost"]
    {'jw00001-o001_t001_miri_f770w': ['jw00001001001_02101_00002_mirimage_cal.fits']}
    """

    def __init__(
        self,
        load: Callable[[], Reading],
        watched: Sequence[Path] = (),
        *,
        statements: Statements = _NOTHING,
        choices: Choices = _DEFAULT,
        rules_of: Callable[..., RuleSet] = chosen_rules,
        request: Request | None = None,
        source: str = "POOL",
        options: Sequence[str] = ("-p", "asn"),
    ) -> None:
        """Read and solve a pool.

        Args:
            load: reads the pool, or the exposures that it is made from.
            watched: the files and folders that this reads.
            statements: what is stated at first.
            choices: what is chosen at first.
            rules_of: makes the rules, from `version`, `without` and `split_by` as `chosen_rules` takes them.
            request: what else is asked of the pool.
            source: what is read, as the command line names it.
            options: the words of further options of the command line; those that say where to write are among them.

        Raises:
            AsnsolveError: the pool cannot be read or solved.
        """
        self._load, self._watched, self._rules_of = load, watched, rules_of
        self._request, self._source, self._options = request or Request(), source, options
        self._versions = tuple(dict.fromkeys((*VERSIONS, choices.rules_version)))
        self._steps: tuple[_State, ...] = ((statements, choices),)
        self.revision = 0
        self.reload()

    # --- Steps ------------------------------------------------------------------------------------

    def take(self, step: Step) -> None:
        """State something, take it back, or choose; after an error everything is as before.

        Raises:
            AsnsolveError: a statement is malformed, matches no exposure or is ambiguous, or a choice is unknown.
        """
        statements, choices = self._steps[-1]
        example = "--background o004:o003"
        with errors_as(lambda _: UsageError(f"cannot understand {step.add!r}; write it as {example}"), ValueError):
            words = iter(shlex.split(step.add))
            pairs = [(option.removeprefix("--"), text) for option, text in zip(words, words, strict=True)]
        every = dict.fromkeys(statements + Statements.of(grouped(pairs)))
        kept = Statements(each for each in every if inert(str(each)) not in step.withdraw)
        chosen = step.choices or choices
        if chosen.rules_version not in self._versions:
            raise UsageError(f"no version of the rules is {chosen.rules_version}; {few(self._versions, 9)}")
        if (kept, chosen) != self._steps[-1]:
            self._go(*self._steps, (kept, chosen))

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if len(self._steps) > 1:
            self._go(*self._steps[:-1])

    def reload(self) -> None:
        """Read the pool and the rules again; what was stated and chosen stays, and can be undone.

        Raises:
            AsnsolveError: the pool cannot be read, or what is stated no longer fits it.
        """
        seen, reading, rules_of = self._on_disk(), self._load(), lru_cache(self._rules_of)
        unstated = reading(_NOTHING)

        @lru_cache(4)  # the present state, those it is compared with, and one for undo
        def solve(statements: Statements, chosen: Choices) -> tuple[Pool, RuleSet, Request, Contents]:
            rules = rules_of(version=chosen.rules_version, without=chosen.without, split_by=chosen.split_by)
            rules = rules if chosen.level == "both" else rules.of_level(int(chosen.level))
            request = replace(self._request, background_at=chosen.background_at)
            pool = reading(statements) if statements else unstated
            check_request(pool, rules, request)
            result = solve_unchecked(pool, rules, request)
            how: dict[str, Any] = {"request": request, "statements": statements, "source": self._source}
            return pool, rules, request, contents_of(pool, result, rules, unstated=unstated, **how)

        solve(*self._steps[-1])
        self._solve, self._seen = solve, seen
        self._go(*self._steps)

    def _go(self, *steps: _State) -> None:
        self._solve(*steps[-1])
        self._steps = steps
        self.revision += 1

    # --- What there is to see ---------------------------------------------------------------------

    def is_stale(self) -> bool:
        """Whether files have changed since they were read; those that asnsolve writes do not count."""
        return self._on_disk() != self._seen

    @property
    def contents(self) -> Contents:
        """What the report shows of the present state."""
        return self._solve(*self._steps[-1])[-1]

    @property
    def command(self) -> str:
        """The command line that writes what is shown."""
        statements, choices = self._steps[-1]
        chosen = {name: value for name, value in structs.asdict(choices).items() if value != getattr(_DEFAULT, name)}
        options = (*option_words(statements.to_dict()), *option_words(chosen), *self._options)
        return inert(shlex.join(("asnsolve", "generate", self._source, *options)))

    @property
    def toml(self) -> str:
        """The statements as a file for `--statements`."""
        statements, _ = self._steps[-1]
        text = "".join(f"{kind} = {json.encode(texts).decode()}\n" for kind, texts in statements.to_dict().items())
        return "".join(char if char.isprintable() or char == "\n" else f"\\U{ord(char):08x}" for char in text)

    def changes(self, *, last: bool = False) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The members that products `gained` and `lost` by all statements or by the `last` step; new ones all."""
        now = self._steps[-1]
        before = self._steps[-2:][0] if last else (_NOTHING, now[1])
        with suppress(AsnsolveError):  # without what is stated the rules may not be solvable
            was, here = (_memberships(self._solve(*each)[-1]) for each in (before, now))
            return {"gained": grouped(sorted(here - was)), "lost": grouped(sorted(was - here))}
        return {"gained": {}, "lost": {}}

    def view(self, *, last: bool = False) -> dict[str, Any]:
        """All that a page shows, for JSON, with the changes by all statements or by the `last` step."""
        statements, choices = self._steps[-1]
        return {
            "revision": self.revision,
            "steps": len(self._steps) - 1,
            "statements": [inert(str(each)) for each in statements],
            "choices": choices,
            "versions": self._versions,
            "types": TYPES,
            "command": self.command,
            "toml": self.toml,
            "data": page_data(self.contents) | {"changes": self.changes(last=last)},
        }

    def explain(self, exposure: str, association: str | None = None) -> dict[str, Any]:
        """Why an exposure is in its associations and in no others, or why not in this one; for JSON.

        Args:
            exposure: its name, or a part of it that no other has.
            association: the name of an association or product.

        Returns:
            the explanation in lines, and the options of each line that proposes some.

        Raises:
            AsnsolveError: no exposure or association has such a name, or several have.
        """
        pool, rules, request, _ = self._solve(*self._steps[-1])
        found = explain(pool, exposure, rules=rules, association=association, request=request)
        fixes = {str(each.fix): each.fix.option for each in found.refusals if each.fix}
        return {"line": found.line(every=True), "fixes": fixes}

    def _on_disk(self) -> tuple[tuple[str, int, int], ...]:
        """The files that are read, with their times and sizes."""
        found = []
        for path in self._watched:
            ours = {MANIFEST, JOURNAL, *names_written(path)} if path.is_dir() else ()
            for file in files_below(path) if path.is_dir() else [path]:
                with suppress(OSError):  # it may be gone
                    known = file.stat()
                    found += [] if file.name in ours else [(str(file), known.st_mtime_ns, known.st_size)]
        return tuple(found)


def _memberships(contents: Contents) -> set[tuple[str, str]]:
    """Each product with each of its members."""
    return {(each["product"], contents["texts"][file]) for each in contents["associations"] for file in each["files"]}
