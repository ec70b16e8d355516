"""Exposures as files: FITS headers and the archive's tables become a pool, with a note of each assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.headers.archive import shutters_file
    from solver.headers.file_search import READERS, has_exposures
    from solver.headers.files import files_below, files_beside, files_in, is_fits, is_text
    from solver.headers.ingestion import Ingested, ingest, passed_over

__all__ = [
    "READERS", "Ingested", "files_below", "files_beside", "files_in", "has_exposures", "ingest", "is_fits", "is_text",
    "passed_over", "shutters_file",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
