"""Archives: all associations of a run in one file that others read, too.

The file's ending says what it is. `.jsonl` has an association a line, as the association's own file has it
but compact, with the name of that file as `asn_file`; `.jsonl.gz` and `.jsonl.zst` are the same, compressed.
`.parquet` is a table with a row for each association, beside it `.members.parquet` with a row for each member.

An archive is written piece by piece, a piece for each part of a pool, and any process can make a piece. What
an archive holds depends on the pieces and their order alone, to the byte.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from solver.errors import ArchiveError

if TYPE_CHECKING:
    from solver.storage.archive_kind import Kind

#: Endings of archives.
ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")


def is_archive(path: Path) -> bool:
    """Whether a path is one of an archive, by its ending."""
    return path.name.lower().endswith(ENDINGS)


def kind_of(path: Path) -> Kind:
    """How an archive is written and read, by the ending of its name.

    Raises:
        ArchiveError: the ending is none of an archive, or that of the table of members.
    """
    name = path.name.lower()
    if name.endswith(".parquet"):
        from solver.storage.archive_parquet import MEMBERS, Tables  # pyarrow takes long to import

        if name.endswith(MEMBERS):
            raise ArchiveError(str(path), f"is the table of members; name the other file, without {MEMBERS[:8]!r}")
        return Tables()
    for ending in ENDINGS:
        if name.endswith(ending):
            from solver.storage.archive_lines import Lines  # only archives need what it imports

            return Lines(ending.removeprefix(".jsonl"))
    raise ArchiveError(str(path), f"is no name of an archive; it has to end with {', '.join(ENDINGS)}")
