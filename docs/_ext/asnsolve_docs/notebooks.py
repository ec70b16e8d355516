"""The notebooks run in each build and must print what they show; `make notebooks` renews what they show."""

from __future__ import annotations

import logging
import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

DOCS = Path(__file__).parents[2]

_Started = dict[Path, "Future[Any]"]


def run(path: Path) -> Any:
    """A notebook with the outputs that it has today, without what differs from run to run.

    Raises:
        CellExecutionError: a cell raises an exception.
    """
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, resources=where, timeout=300, coalesce_streams=True)  # a cell may print in pieces
    client.execute(stderr=DEVNULL)  # where the kernel logs
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # the times
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = re.sub(r' id="table\d+"', "", data["text/html"])
    return notebook


def texts(notebook: Any) -> list[list[str]]:
    """What each cell prints and shows as text; pictures depend on versions of libraries."""
    return [
        [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", ())]
        for cell in notebook.cells
    ]


def start(app: Sphinx) -> None:
    """Run the notebooks while Sphinx reads pages."""
    logging.getLogger("traitlets").setLevel(logging.WARNING)  # nbclient logs there that it begins
    threads = ThreadPoolExecutor()
    app.asnsolve_notebooks = {path: threads.submit(run, path) for path in _notebooks()}  # type: ignore[attr-defined]


def check(app: Sphinx, failed: Exception | None) -> None:
    """Warn of notebooks that fail, or show what is no longer so."""
    started: _Started = app.asnsolve_notebooks  # type: ignore[attr-defined]
    logger = getLogger(__name__)
    for path, running in started.items() if failed is None else ():
        try:
            now = texts(running.result())
        except CellExecutionError as error:
            logger.warning("%s", error, location=str(path))
            continue
        for cell, (shown, made) in enumerate(zip(texts(nbformat.read(path, as_version=4)), now, strict=True), start=1):
            if shown != made:
                text = "cell %d shows %s and prints %s; make notebooks renews it"
                logger.warning(text, cell, shown, made, location=str(path))


def renew() -> None:
    """Run the notebooks and keep what they print."""
    for path in _notebooks():
        nbformat.write(run(path), path)


def _notebooks() -> list[Path]:
    return sorted((DOCS / "notebooks").glob("*.ipynb"))
