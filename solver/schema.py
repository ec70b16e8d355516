"""The schema of association files, as JSON Schema, and the check against it.

It asks for what the calibration pipeline's schemas of Level 2 and Level 3 ask for; other keys are allowed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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


def check(text: str, source: str) -> dict[str, Any]:
    """The content of an association file.

    Raises:
        AssociationError: the text is no JSON or not as the schema asks; the message names the place.
    """
    from jsonschema import Draft202012Validator  # takes long to import, and only reading needs it
    from jsonschema.exceptions import best_match

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AssociationError(f"{source} is no JSON: {error}") from error
    wrong = best_match(Draft202012Validator(dict(SCHEMA)).iter_errors(data))
    if wrong is not None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.absolute_path).lstrip(
            "."
        )
        raise AssociationError(f"{source} is no association: {place or 'the file'}: {wrong.message[:200]}")
    return dict(data)
