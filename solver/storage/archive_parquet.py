"""Archives of two Parquet tables: a row for each association, and a row for each member.

`x.parquet` holds the digest of its `x.members.parquet`, so that files of different runs are never read together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby, islice, starmap
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from rules.files import open_file
from solver.associations import MEMBER_TEXTS, WORDS, Association, Associations, Member, Product, sequence_of
from solver.errors import ArchiveError
from solver.progress import Reporter
from solver.storage.archive_formats import LEVEL, Files, Piece, archive_errors

#: Ending of the table of members.
MEMBERS = ".members.parquet"

#: Metadata key for the digest of the table of members; in that table itself it is empty.
_DIGEST = b"asnsolve:members"

#: Errors that Arrow raises about a file; a name that is not valid text gives a ValueError.
_ERRORS = (pa.ArrowException, OSError, ValueError)

#: The texts of a member in its row.
_TEXTS = itemgetter(*MEMBER_TEXTS)

_ASSOCIATIONS = Associations.of([]).associations_table().schema
_MEMBERS = Associations.of([]).members_table().schema


@dataclass(frozen=True, slots=True)
class Tables:
    """Two Parquet tables."""

    def files(self, path: Path) -> tuple[Path, ...]:
        """The two files; that of the members comes first, since the associations are meaningless without it."""
        return path.with_name(path.name[: -len(".parquet")] + MEMBERS), path

    def piece(self, associations: Iterable[Association], reporter: Reporter) -> Piece:
        """The columns of associations.

        Raises:
            ArchiveError: an association has content that does not fit the tables.
        """
        with reporter.stage("serialise"):
            return associations if isinstance(associations, Associations) else _without_loss(associations)

    def rows(self, piece: Any) -> tuple[pa.Table, pa.Table]:
        """What a piece adds to each table."""
        return piece.members_table(), piece.associations_table()

    def writers(self, streams: Sequence[IO[bytes]]) -> Sequence[pq.ParquetWriter]:
        """What takes the parts of pieces: a writer of each table, to which each piece is a row group."""
        how: dict[str, Any] = {"compression": "zstd", "compression_level": LEVEL, "write_page_checksum": True}
        return [pq.ParquetWriter(*each, **how) for each in zip(streams, (_MEMBERS, _ASSOCIATIONS), strict=True)]

    def finish(self, files: Files) -> None:
        """Complete the tables, that of the associations with the digest of the other."""
        (stream, members), (_, associations) = files
        members.add_key_value_metadata({_DIGEST: b""})
        members.close()
        stream.seek(0)
        associations.add_key_value_metadata({_DIGEST: _sha256(stream)})
        associations.close()

    def read(self, path: Path) -> Iterator[tuple[str, Association]]:
        """The associations of an archive."""
        other, _ = self.files(path)
        with _opened(path, _ASSOCIATIONS) as table, _opened(other, _MEMBERS) as members, other.open("rb") as stream:
            if _digest(table) != _sha256(stream):
                raise ArchiveError(str(path), f"and {other.name} are of different runs; make both again")
            with archive_errors(path, "read", *_ERRORS):
                yield from _associations(table, members, path)

    def is_one(self, path: Path) -> bool:
        """Whether it is one of our tables."""
        with suppress(*_ERRORS), pq.ParquetFile(path) as file:
            return _digest(file) is not None
        return False


def _without_loss(associations: Iterable[Association]) -> Associations:
    """The columns of associations; refuses what does not fit the tables. Everything that `generate` makes fits."""
    every = list(associations)
    for association in every:
        parts: tuple[Association | Product | Member, ...] = (association, *association.products, *association.members)
        problem = "has no members, or products of one name, which are not rows"
        if extra := sorted({key for part in parts for key in part.extra}):
            problem = f"has keys that are not columns: {', '.join(extra)}"
        names = {product.name for product in association.products if product.members}
        if extra or len(names) < max(1, len(association.products)):
            raise ArchiveError(association.file_name, f"{problem}; write an archive of JSON lines")
    return Associations.of(every)


def _opened(path: Path, schema: pa.Schema) -> pq.ParquetFile:
    with archive_errors(path, "read", *_ERRORS):
        open_file(path).close()  # the system names what is missing better than Arrow
        file = pq.ParquetFile(path, page_checksum_verification=True)
    if _digest(file) is None or not file.schema_arrow.remove_metadata().equals(schema):
        file.close()
        raise ArchiveError(str(path), "is not an archive that asnsolve made")
    return file


def _sha256(stream: Any) -> bytes:
    return hashlib.file_digest(stream, "sha256").hexdigest().encode()


def _digest(file: pq.ParquetFile) -> bytes | None:
    metadata: dict[bytes, bytes] = file.metadata.metadata or {}
    return metadata.get(_DIGEST)


def _associations(table: pq.ParquetFile, members: pq.ParquetFile, path: Path) -> Iterator[tuple[str, Association]]:
    rows, every = (chain.from_iterable(batch.to_pylist() for batch in each.iter_batches()) for each in (table, members))
    for row in rows:
        words, name, mine = {word: row[word] for word in WORDS}, row["asn_file"], list(islice(every, row["members"]))
        if {each["asn_file"] for each in mine} != {name} or len(mine) != row["members"]:
            raise ArchiveError(str(path), f"is damaged: {name} does not have the members that it should have")
        by_product = groupby(mine, key=itemgetter("product"))
        products = tuple(Product(each, tuple(starmap(Member, map(_TEXTS, some)))) for each, some in by_product)
        yield name, Association(**words, products=products, sequence=sequence_of(name))
    if left := next(every, None):  # the numbers of rows have no checksum
        raise ArchiveError(str(path), f"is damaged: it lacks {left['asn_file']}, which has members")
