"""The log of a command, by the standard library's `logging`: lines for people, or JSON for machines."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime
from json import dumps
from pathlib import Path

from solver.app import console
from solver.errors import UsageError
from solver.whole_files import refuse_reserved

#: How a log in JSON begins.
_MARK = b'{"time": '


def begin_log(level: str | None, file: Path | None) -> None:
    """Log from now on, at a level or above, to standard error or at the end of a file.

    Raises:
        UsageError: the file is not a log.
        OutputError: its name is reserved.
        OSError: it cannot be written.
    """
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s %(fields)s"))
        handler.addFilter(lambda record: record.levelno < logging.WARNING)  # warnings are printed anyway
    else:
        refuse_reserved(file)
        handler = _Lines(file, delay=True)
        with file.open("ab+") as stream:
            stream.seek(0)
            if stream.read(len(_MARK)) not in {b"", _MARK}:
                raise UsageError(f"--log-json {file}: this file is not a log; give another name")
    logger = logging.Logger("asnsolve", (level or "info").upper())  # noqa: LOG001 (of this command alone)
    logger.addHandler(handler)
    console.loggers.append(logger)


class _Lines(logging.FileHandler):
    """Appends a JSON object per record in one write, so that processes can share the file, which may move."""

    def emit(self, record: logging.LogRecord) -> None:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        known = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        line = dumps({**known, "process": record.process, **vars(record)["fields"]})
        # a full disk does not end the command
        with suppress(OSError), Path(self.baseFilename).open("ab", buffering=0) as stream:
            stream.write(f"{line}\n".encode())
