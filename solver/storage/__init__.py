"""On disk: whole files that replace nothing unasked, result folders, archives, and tools for association files.

`results` writes a folder with its manifest, `archive` all associations of a run in one file;
`loading` reads any of them back, and `record` says how they were made. `editing`, `gathering` and `file_lists` work on
association files; `plans` says what to run for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.late import late

if TYPE_CHECKING:
    from solver.storage.archive import Archive, Kind, is_archive, kind_of
    from solver.storage.archive_formats import Piece
    from solver.storage.editing import edit, members_in
    from solver.storage.file_lists import from_list, read_list, remarks
    from solver.storage.gathering import gather
    from solver.storage.json_files import content_text, read_content
    from solver.storage.loading import association_files, files_of, load, load_named, load_runs, refuse_gone
    from solver.storage.manifest import JOURNAL, MANIFEST, Run, manifest_of, record_of, runs_in
    from solver.storage.member_files import member_name, missing_members
    from solver.storage.plans import Plan, plan_of
    from solver.storage.record import Record, digest, digest_of
    from solver.storage.results import Results, Written, names_written, write, write_results

__all__ = [
    "JOURNAL", "MANIFEST", "Archive", "Kind", "Piece", "Plan", "Record", "Results", "Run", "Written",
    "association_files", "content_text", "digest", "digest_of", "edit", "files_of", "from_list", "gather", "is_archive",
    "kind_of", "load", "load_named", "load_runs", "manifest_of", "member_name", "members_in", "missing_members",
    "names_written", "plan_of", "read_content", "read_list", "record_of", "refuse_gone", "remarks", "runs_in", "write",
    "write_results",
]  # fmt: skip

__getattr__, __dir__ = late(__name__, __file__)
