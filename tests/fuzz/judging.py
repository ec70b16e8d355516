"""What every command owes its user, whatever the bytes that it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath

from tests.fuzz.running import Ran

#: Most characters that a refusal may have: what is wrong is quoted, but not all of it.
LONGEST = 2_000

REFUSED = 2

#: Commands for which 1 is an answer: differences, errors, missing members, files that had to be skipped.
_ANSWERS = {"compare", "check", "show", "pool", "generate", "from-list", "plan"}

#: What ends a run on several pools, of which each has an end of its own.
_BATCH = re.compile(r"asnsolve generate: error: no results for .+ of .+, for the reasons above")

_MESSAGE = re.compile(r"asnsolve( [a-z-]+)?: error: .+")


def faults(ran: Ran, named: str = "") -> list[str]:
    """What is wrong with how a command ended; nothing, if it keeps the promise.

    Whatever the bytes, a command ends within a bound, with exit code 0, 1 or 2, without a traceback and without
    partial output, and a refusal is one message on standard error that names the file.

    Args:
        ran: the command.
        named: the file that a refusal has to name; empty if there is none.
    """
    return list(_faults(ran, named))


def _faults(ran: Ran, named: str) -> Iterator[str]:
    if ran.crash:
        yield f"it crashed: {ran.crash.splitlines()[-1]}\n{ran.crash}"
        return
    if ran.code is None:
        yield f"it did not end within {ran.seconds:.1f} s"
        return
    yield from (f"it went out of its way: {event}" for event in ran.events)
    if ran.code not in {0, REFUSED} and not (ran.code == 1 and ran.arguments[0] in _ANSWERS):
        yield f"exit code {ran.code} means nothing"
    for stream, text in (("stdout", ran.out), ("stderr", ran.err)):
        steering = sorted({char for char in text if not char.isprintable() and char != "\n"})
        if steering:
            yield f"{stream} has control characters: {steering!r:.100}"
    if "Traceback" in ran.err or "Warning" in ran.err:
        yield f"it tells about Python: {ran.err:.500}"
    yield from _refusal(ran, named) if ran.code == REFUSED else _result(ran)


def _refusal(ran: Ran, named: str) -> Iterator[str]:
    if _BATCH.fullmatch(ran.err.splitlines()[-1] if ran.err else ""):
        return
    if ran.out:
        yield f"it refused, and printed {ran.out[:200]!r}"
    if ran.after != ran.before:
        changed = sorted(path for path in {*ran.before, *ran.after} if ran.before.get(path) != ran.after.get(path))
        yield f"it refused, and changed {changed!r:.300}"
    messages = [line for line in ran.err.splitlines() if "error: " in line and not line.startswith(" ")]
    told = messages[-1] if messages else ""
    if len(messages) != 1 or not _MESSAGE.fullmatch(told) or ran.err.splitlines()[-1] != told:
        yield f"its refusal is not one message: {ran.err[:500]!r}"
    if len(told) > LONGEST:
        yield f"its refusal has {len(told):,} characters: {told[:200]}"
    if named not in told:
        yield f"its refusal does not name {named}: {told[:500]}"


def _result(ran: Ran) -> Iterator[str]:
    partly = ran.code == 1 and _BATCH.fullmatch(ran.err.splitlines()[-1] if ran.err else "")
    if not partly and any(": error: " in line for line in ran.err.splitlines()):
        yield f"exit code {ran.code}, and an error: {ran.err[:300]!r}"
    if not ran.out:
        yield "it succeeded, and says nothing"
    for path, content in ran.after.items():
        if any(part.startswith(".asnsolve-") for part in PurePath(path).parts):
            yield f"it left {path!r} behind"
        if path not in ran.before and path.endswith("_asn.json"):
            try:
                whole = bool(json.loads(content)["products"])
            except (ValueError, KeyError):
                whole = False
            if not whole:
                yield f"{path!r} is not an association"
    if ran.before.get("precious.txt") != ran.after.get("precious.txt"):
        yield "it changed a file that is none of its business"
