"""Association files as they are written, for tools that change a part of a file and keep the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rules.files import read_file
from solver.associations import check_schema
from solver.errors import AssociationError, errors_as
from solver.storage.archive import is_archive

#: The content of an association file, with all its keys in their order.
Content = dict[str, Any]


def read_content(file: Path) -> Content:
    """The content of an association file, with all its keys in their order.

    Raises:
        AssociationError: it cannot be read, does not follow the schema of associations, or is an archive.
    """
    if is_archive(file):
        raise AssociationError(f"{file} is an archive; write its associations as files first, with asnsolve extract")
    with errors_as(lambda why: AssociationError(f"{file} cannot be read: {why}"), OSError, UnicodeError):
        return check_schema(read_file(file).decode(), str(file))


def content_text(content: Mapping[str, Any]) -> str:
    """The file's text, in the layout of the pipeline's own tools.

    >>> print(content_text({"products": []}), end="")
    {
        "products": []
    }
    """
    return json.dumps(content, indent=4) + "\n"
