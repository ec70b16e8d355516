"""Guards against packed files without bound and native code without memory; and paths without links."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from solver.errors import UsageError, require_library

#: Any packed file may unpack to this many bytes; a larger one to so many times its size. Files packed by
#: this program or the archive unpack to 20 to 150 times their size; Zstandard may reach some hundreds.
_LEAST = 256_000_000
_TIMES = {".gz": 200, ".zst": 2000}

#: The address space that pyarrow needs, most of it for its threads. With less, it ends the process.
_ARROW = (2 << 30) + (os.cpu_count() or 1) * (1 << 27)


def real(path: Path) -> Path:
    """The absolute path without links; unlike `Path.resolve`, also of a link that leads to itself."""
    return Path(os.path.realpath(path))


def unpacked(read: Callable[[int], bytes], packed: int, ending: str, *, at_once: int = 0) -> Iterator[bytes]:
    """The content of a packed file, in the pieces that `read` returns.

    Args:
        read: reads at most so many bytes.
        packed: the size of the file.
        ending: its ending.
        at_once: the size of the pieces; by default as large as they may be.

    Raises:
        OSError: it unpacks to more than a file of this size and ending may.

    >>> import io
    >>> list(unpacked(io.BytesIO(b"abcde").read, 4, ".gz", at_once=3))
    [b'abc', b'de']
    """
    left = most = max(_LEAST, packed * _TIMES.get(ending, 1))
    while piece := read(at_once or left + 1):
        left -= len(piece)
        if left < 0:
            problem = f"it unpacks to more than {most / 1e6:,.0f} MB; if that is right, unpack it and name the result"
            raise OSError(errno.EFBIG, problem)
        yield piece


def has_room_for_arrow() -> bool:
    """Whether the address space of this process is large enough for pyarrow, or not limited."""
    if sys.platform == "win32":
        return True
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return limit == resource.RLIM_INFINITY or limit >= _ARROW


def require_parquet() -> None:
    """Refuse Parquet where pyarrow is not installed or lacks room.

    Raises:
        UsageError: it is not installed, or the address space of this process is too small for it.
    """
    require_library("pyarrow", "Parquet")
    if not has_room_for_arrow():
        needed = f"{_ARROW / 1e9:.1f} GB of address space, and this process may have less"
        raise UsageError(f"Parquet needs {needed}; raise the limit (ulimit -v), or use text")
