"""What an analysis of the mission's rules finds, and what a rule makes of its smallest pool.

The analysis takes a while, so it is kept until the code changes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rules import MISSION, RuleSet
from solver import Pool, generate, verify

_Rows = list[dict[str, str]]


def analysis(root: Path) -> dict[str, Any]:
    """The analysis as `asnsolve verify --json` prints it."""
    kept = root / "out" / "docs" / "verify.json"
    state = _state(root)
    if kept.exists():
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["state"] == state:
            found: dict[str, Any] = known["report"]
            return found
    found = json.loads(json.dumps(verify().to_dict()))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"state": state, "report": found}), encoding="utf-8")
    return found


def _state(root: Path) -> str:
    """A digest of the code that decides what is found."""
    files = sorted([*root.glob("rules/**/*.py"), *root.glob("solver/**/*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def associations(rule: str, rows: _Rows) -> list[str]:
    """The association files that a rule makes of a pool, as JSON texts."""
    made = generate(Pool.from_rows(rows), rules=RuleSet((MISSION.find(rule),)))
    return [each.to_json() for each in made.associations]


def others(rule: str, rows: _Rows) -> list[str]:
    """The rules whose associations all rules together make of a pool, without this one."""
    made = generate(Pool.from_rows(rows), rules=MISSION)
    return sorted({each.asn_rule for each in made.associations} - {rule})


def telling(rows: _Rows) -> list[str]:
    """The columns that say what exposures these are: without placeholders for any word, and empty ones."""
    domain = MISSION.domain
    usual = {name: domain.examples.get(name, ("1",))[0] for name in rows[0] if not domain.values(name)}
    kept = ("filename", "program", "asn_candidate")
    return [
        name
        for name in dict.fromkeys((*kept, *rows[0]))
        if name in kept or any(row[name] not in {"", usual.get(name, "")} for row in rows)
    ]
