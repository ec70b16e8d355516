"""Scripts by which shells complete commands, options and file names."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from typing import Any, NoReturn

from solver.errors import require_library


class PrintCompletion(Action):
    """Prints the script for a shell and ends the program; `const` makes the parser with the options of all commands."""

    def __call__(self, parser: ArgumentParser, _space: Namespace, shell: Any, _name: str | None = None) -> NoReturn:
        """Write the script to standard output; raises `UsageError` where shtab is not installed."""
        require_library("shtab", self.option_strings[0], install="'asnsolve[completion]'")
        import shtab

        whole = self.const()
        for each in _actions(whole):
            if each.nargs != 0 and not each.choices:
                each.complete = shtab.FILE  # type: ignore[attr-defined] # which shtab reads
                each.metavar = each.dest if each.metavar is None else str(each.metavar).replace(":", r"\:")  # for zsh
        sys.stdout.write(shtab.complete(whole, shell))
        parser.exit()


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    """The options and arguments of a parser and of its commands."""
    for each in parser._actions:  # noqa: SLF001 (argparse has no other way)
        yield each
        if isinstance(each, _SubParsersAction):
            for command in each.choices.values():
                yield from _actions(command)
