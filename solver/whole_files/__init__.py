"""Files that appear at their path whole, or not at all, and locks on files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.whole_files.writing import (
        is_same as is_same,
        locked as locked,
        output_errors as output_errors,
        put as put,
        refuse_reserved as refuse_reserved,
        refuse_to_lose as refuse_to_lose,
        sole_writer as sole_writer,
        sweep as sweep,
        temporary as temporary,
        write_file as write_file,
        write_files as write_files,
        write_new as write_new,
        write_whole as write_whole,
    )

__getattr__, __dir__ = late(__name__, __file__)
