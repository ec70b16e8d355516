"""The packages `rules` and `solver` have names that others take, too: this package finds out whose they are.

It is named like the distribution and needs neither of them, so it runs whatever has taken their places.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

__all__ = ["ForeignPackageError", "require_own"]


class ForeignPackageError(ImportError):
    """Something else is imported as `rules` or `solver`; the message says what it is and what to do."""


def require_own(name: str) -> None:
    """Import a package of this distribution. Cost: some microseconds, if it is ours.

    Raises:
        ForeignPackageError: a file of the user or another distribution has taken its place.
    """
    try:
        package = import_module(name)
    except ForeignPackageError:
        raise
    except Exception as error:  # whatever another package raises
        raise ForeignPackageError(_whose(name)) from error
    # another distribution may have replaced our file, or an earlier folder of the path may have an older version
    if getattr(package, "OWNER", "") != __name__ or not _is_beside(package.__file__):
        raise ForeignPackageError(_whose(name))


def _is_beside(file: str | None) -> bool:
    place, ours = Path(file or "").parents, Path(__file__).parents
    return len(place) > 1 and (place[1] == ours[1] or place[1].resolve() == ours[1].resolve())


def _whose(name: str) -> str:
    """What is imported by this name, and the remedy."""
    from importlib.metadata import distributions  # only failures need it
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return f"the package {name!r} is missing; run: pip install --force-reinstall asnsolve"
    file = Path(spec.origin)
    inside = {Path(file.name), Path(name, file.name)}
    owners = {
        each.name
        for each in distributions()
        for path in each.files or ()
        if Path(path) in inside and Path(str(each.locate_file(path))).resolve() == file.resolve()
    }
    other = next(iter(sorted(owners - {__name__})), None)
    if other is not None:
        return (
            f"{file} belongs to the package {other}, which takes the place of asnsolve's {name!r}; install asnsolve in "
            f"an environment of its own, or run: pip uninstall {other} && pip install --force-reinstall asnsolve"
        )
    return f"{file} takes the place of asnsolve's package {name!r}; rename it, or run from another folder"
