"""Exposures as files: FITS headers and the archive's tables become a pool, with a note of each assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.headers.file_search import READERS, has_exposures
    from solver.headers.files import files_below, is_fits, is_text, uncompressed
    from solver.headers.ingestion import Ingested, ingest

__all__ = ["READERS", "Ingested", "files_below", "has_exposures", "ingest", "is_fits", "is_text", "uncompressed"]

__getattr__, __dir__ = late(__name__, __file__)
