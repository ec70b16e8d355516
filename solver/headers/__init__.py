"""Exposures as files: FITS headers and the archive's tables become a pool, with a note of each assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.headers.archive import shutters_file as shutters_file
    from solver.headers.file_search import (
        READERS as READERS,
        has_exposures as has_exposures,
        read_suffixes as read_suffixes,
    )
    from solver.headers.files import (
        files_below as files_below,
        files_beside as files_beside,
        files_in as files_in,
        is_fits as is_fits,
        is_text as is_text,
    )
    from solver.headers.ingestion import (
        Exposures as Exposures,
        Ingested as Ingested,
        ingest as ingest,
        passed_over as passed_over,
        read_exposures as read_exposures,
    )

__getattr__, __dir__ = late(__name__, __file__)
