"""Files that appear at their path whole, or not at all, and locks on files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.whole_files.locks import open_locked
    from solver.whole_files.writing import (
        NewFile,
        output_errors,
        refuse_reserved,
        refuse_to_lose,
        sole_writer,
        sweep,
        write_file,
        write_files,
        write_new,
        write_whole,
    )

__all__ = [
    "NewFile", "open_locked", "output_errors", "refuse_reserved", "refuse_to_lose", "sole_writer", "sweep",
    "write_file", "write_files", "write_new", "write_whole",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
