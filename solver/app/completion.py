"""Scripts by which shells complete commands, options and file names."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from itertools import chain
from typing import Any, NoReturn

from solver.errors import require_library


class Completion(Action):
    """Prints the script for a shell and ends the program; `const` makes the parser with the options of all commands."""

    def __call__(self, parser: ArgumentParser, _space: Namespace, shell: Any, _name: str | None = None) -> NoReturn:
        """Write the script to standard output; raises `UsageError` where shtab is not installed."""
        require_library("shtab", self.option_strings[0], install="'asnsolve[completion]'")
        import shtab

        whole = self.const()
        # argparse has no public way to list what a parser takes
        (commands,) = (each for each in whole._actions if isinstance(each, _SubParsersAction))  # noqa: SLF001
        for each in chain.from_iterable(command._actions for command in commands.choices.values()):  # noqa: SLF001
            if each.nargs != 0 and not each.choices:
                each.complete = shtab.FILE
                each.metavar = each.dest if each.metavar is None else str(each.metavar).replace(":", r"\:")  # for zsh
        sys.stdout.write(shtab.complete(whole, shell))
        parser.exit()
