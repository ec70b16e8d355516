"""Tables in the formats that astropy reads: what others wrote, so nothing in them is followed anywhere else."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from solver.errors import PoolError

if TYPE_CHECKING:
    from astropy.table import Table


def read_astropy_table(content: bytes, table_format: str, source: str, **options: Any) -> Table:
    """Read a table.

    Args:
        content: what is in the file.
        table_format: a format of `astropy.table`.
        source: what the file is called in messages.
        options: for the reader of that format.

    Raises:
        PoolError: it cannot be read, is cut off, or keeps its data elsewhere.
    """
    from astropy.table import Table  # astropy takes long to import, and most runs do not need it

    if table_format == "votable":
        _refuse_data_elsewhere(content, source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a reader puts up with is nothing to do for the user
            warnings.filterwarnings("error", message=".*truncated")  # but to read a part would be wrong
            return Table.read(io.BytesIO(content), format=table_format, **options)
    except Exception as error:  # astropy's readers raise what their parsers raise, of any class
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise PoolError(f"cannot be read as {table_format}: {reason}", source=source) from error


def _refuse_data_elsewhere(content: bytes, source: str) -> None:
    """Refuse a VOTable whose data are to be fetched, from the network or from another file; astropy would do it.

    Raises:
        PoolError: it is such a one.
    """
    elsewhere: list[str] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "STREAM" and "href" in attributes:
            elsewhere.append(attributes["href"])

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # there may be no such encoding
        raise PoolError(f"cannot be read as votable: {error}", source=source) from error
    if elsewhere:
        problem = f"its data are elsewhere, at {elsewhere[0]!r}; save the table with its data in it"
        raise PoolError(problem, source=source)
