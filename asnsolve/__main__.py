"""The command `asnsolve`, also as `python -m asnsolve`: `solver.app.cli`, if that is ours."""

from __future__ import annotations

import sys

from asnsolve import ForeignPackageError, require_own


def main() -> int:
    """Run the command of this process; returns its exit code."""
    try:
        require_own("solver")
        from solver.app.cli import main as command
    except ForeignPackageError as error:
        sys.stderr.write(f"asnsolve: error: {error}\n")
        return 2
    return command()


if __name__ == "__main__":
    sys.exit(main())
