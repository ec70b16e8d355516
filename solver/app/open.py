"""Show a pool in the browser and try options on it.

Show the associations of a pool in the browser, as the report does, and try the
effect of statements, levels and rules. The page shows the equivalent command
line and TOML file; only that command writes associations. Press Ctrl-C to stop.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from functools import partial
from pathlib import Path

from solver import batch, pools, storage, workbench
from solver.app import console, inputs
from solver.app.options import CHOICE, POOL, RECORDED, flag
from solver.errors import require_library
from solver.words import option_words

OPTIONS = (*POOL, *CHOICE, flag("--no-browser", "print the address, and open no browser"))


def run(options: Namespace) -> None:
    """Serve the page until the terminal ends it."""
    for library in ("starlette", "uvicorn"):
        require_library(library, "asnsolve open", "'asnsolve[workbench]'")
    try:
        workbench.serve(session_of(options), partial(_announce, options))
    except KeyboardInterrupt as end:
        if end.args:  # a signal, and not the keyboard
            raise


def session_of(options: Namespace) -> workbench.Session:
    """A session of the pool, the statements, the rules and the choices that the options name."""
    from msgspec import convert

    from solver.default import chosen_rules

    place, run = options.pool, inputs.recall(options)
    output = ("--archive" if place.is_file() else "-p", str(place)) if run else ("-p", "asn")
    stated = inputs.stated(options)
    if run and run.record and run.pool != run.record.pool and _is_as_then(run, place):
        options.pool, stated = Path(run.pool), pools.Statements.of(run.record.statements) + stated
    inputs.rules_of(options)  # so that bad rules are reported before anything is read
    found, asked = batch.find_inputs([options.pool]), inputs.given(options, *RECORDED)
    chosen = {name: asked.pop(name) for name in workbench.Choices.__struct_fields__ if name in asked}
    return workbench.Session(
        partial(inputs.read_once, options),
        [*found.exposures, *found.pools, *map(Path, options.rules)],
        statements=stated,
        choices=convert(chosen, workbench.Choices),
        rules_of=partial(chosen_rules, options.rules, mission=not options.ignore_default),
        request=inputs.request_of(options),
        source=str(options.pool),
        options=[*option_words(asked), *output],
    )


def _is_as_then(run: storage.Run, place: Path) -> bool:
    """Whether exposures are as they were when a run made a pool of them, in which it kept what was stated."""
    return all(run.pool not in each.stale for each in batch.status_of(place))


def _announce(options: Namespace, address: str) -> None:
    """Print the address, and open it where there is a screen: a browser in the terminal would stop everything."""
    console.show(f"asnsolve open: {address}", "press Ctrl-C to stop")
    sys.stdout.flush()
    if not options.no_browser and (sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()):
        import webbrowser

        webbrowser.open(address)
