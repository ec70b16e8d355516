"""On disk: whole files that replace nothing unasked, result folders, archives, and tools for association files.

`results` writes a folder with its manifest, `archive` all associations of a run in one file;
`loading` reads any of them back, and `record` says how they were made. `editing`, `gathering` and `file_lists` work on
association files; `plans` says what to run for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.storage.archive import Archive as Archive, Kind as Kind, is_archive as is_archive, kind_of as kind_of
    from solver.storage.archive_formats import Piece as Piece
    from solver.storage.editing import edit as edit, members_in as members_in
    from solver.storage.file_lists import from_list as from_list, read_list as read_list, remarks as remarks
    from solver.storage.gathering import gather as gather
    from solver.storage.json_files import content_text as content_text, read_content as read_content
    from solver.storage.loading import (
        association_files as association_files,
        files_of as files_of,
        load as load,
        load_named as load_named,
        load_runs as load_runs,
        refuse_damaged as refuse_damaged,
        refuse_gone as refuse_gone,
    )
    from solver.storage.manifest import (
        JOURNAL as JOURNAL,
        MANIFEST as MANIFEST,
        Run as Run,
        manifest_of as manifest_of,
        record_of as record_of,
        runs_in as runs_in,
    )
    from solver.storage.member_files import (
        member_name as member_name,
        missing_members as missing_members,
        where_to_search as where_to_search,
    )
    from solver.storage.plans import Plan as Plan, plan_of as plan_of
    from solver.storage.record import Record as Record, digest as digest, digest_of as digest_of
    from solver.storage.results import (
        Results as Results,
        Written as Written,
        names_written as names_written,
        write as write,
    )

__getattr__, __dir__ = late(__name__, __file__)
