"""The schema of association files, as JSON Schema, and the check against it.

It asks for what the calibration pipeline's schemas of Level 2 and Level 3 ask for; other keys are allowed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

from solver.errors import AssociationError

_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}

SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Association of JWST exposures",
    "type": "object",
    "required": ["products"],
    "properties": {
        "asn_type": _TEXT,
        "asn_rule": _TEXT,
        "version_id": _TEXT_OR_NONE,
        "code_version": _TEXT,
        "degraded_status": _TEXT,
        "program": _TEXT,
        "constraints": _TEXT,
        "asn_id": _TEXT,
        "target": _TEXT,
        "asn_pool": _TEXT,
        "products": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["members"],
                "properties": {
                    "name": _TEXT,
                    "members": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["expname", "exptype"],
                            "properties": {
                                "expname": _TEXT,
                                "exptype": _TEXT,
                                "exposerr": _TEXT_OR_NONE,
                                "asn_candidate": _TEXT_OR_NONE,
                            },
                        },
                    },
                },
            },
        },
    },
}


#: Deeper than this values are in no association: nested data of any depth would exhaust what walks through them.
DEEPEST = 50


def is_nested(data: object) -> bool:
    """Whether values are nested deeper than any association has them. Cost: a step per value."""
    values = [data]
    for _ in range(DEEPEST):
        values = [
            inner for each in values if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]  # fmt: skip
        if not values:
            return False
    return True


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. A key that is there twice would lose a value that somebody wrote."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} is there more than once in one object")
    return made


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def check_schema(text: str, source: str) -> dict[str, Any]:
    """The content of an association file.

    Raises:
        AssociationError: the text is no JSON or not as the schema asks; the message names the place.
    """
    from jsonschema import Draft202012Validator  # takes long to import, and only reading needs it
    from jsonschema.exceptions import best_match

    try:
        data = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AssociationError(f"{source} is no JSON: {error}") from error
    if is_nested(data):
        raise AssociationError(f"{source} is no association: values are nested more than {DEEPEST} deep")
    wrong = best_match(Draft202012Validator(dict(SCHEMA)).iter_errors(data))
    if wrong is not None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.absolute_path).lstrip(
            "."
        )
        raise AssociationError(f"{source} is no association: {place or 'the file'}: {wrong.message[:200]}")
    return dict(data)
