"""A page for every command, from its parser: docstring, usage and options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from asnsolve_docs.markdown import fenced, page, prose, table, with_options
from solver.app.cli import COMMANDS, parser


def pages() -> dict[str, str]:
    """The pages by their file names."""
    every = _parsers()
    made = {f"{name}.md": page(*_page(name, each)) for name, (_, each) in every.items()}
    rows = [
        (f"[`asnsolve {name}`]({name}.md)", with_options(f"{line[:1].upper()}{line[1:]}."))
        for name, (line, _) in every.items()
    ]
    index = page(
        "# Commands",
        "`asnsolve COMMAND --help` shows the same on the terminal. "
        "All commands have the same [exit codes](../exit-codes.md).",
        table(("Command", "What it does"), rows),
        "```{toctree}\n:hidden:\n\n" + "\n".join(every) + "\n```",
    )
    return made | {"index.md": index}


def _parsers() -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Each command with its line of help and its parser."""
    (commands,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001
    lines = {each.dest: each.help or "" for each in commands._choices_actions}  # noqa: SLF001
    return {name: (lines[name], commands.choices[name]) for name in COMMANDS}


def _page(name: str, made: argparse.ArgumentParser) -> Iterator[str]:
    yield f"# asnsolve {name}"
    yield prose(made.description or "")
    made.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=82)
    yield fenced(made.format_usage().removeprefix("usage: ").replace("\n" + " " * len("usage: "), "\n"), "text")
    yield f"```{{program}} asnsolve {name}\n```"
    for group in made._action_groups:  # noqa: SLF001
        options = [each for each in group._group_actions if each.help != argparse.SUPPRESS]  # noqa: SLF001
        if options:
            title = {"positional arguments": "Arguments"}.get(group.title or "", (group.title or "").capitalize())
            yield f"## {title}"
            yield with_options(re.sub(r"\s+", " ", group.description or ""))
            for each in options:
                yield _option(each)


def _option(action: argparse.Action) -> str:
    """An option with its spellings and its help."""
    value = "" if action.nargs == 0 else _value(action)
    names = ", ".join(f"{name} {value}".strip() for name in action.option_strings) or value
    text = (action.help or "") % (vars(action) | {"prog": "asnsolve"})
    again = " May be repeated." if isinstance(action, argparse._AppendAction) else ""  # noqa: SLF001
    return f"```{{option}} {names}\n\n{prose(text[:1].upper() + text[1:])}.{again}\n```"


def _value(action: argparse.Action) -> str:
    """The value of an option as help shows it."""
    shown = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else str(action.metavar or action.dest)
    many = {"+": f"{shown} …", "*": f"[{shown} …]", "?": f"[{shown}]"}
    return many.get(str(action.nargs), shown)
