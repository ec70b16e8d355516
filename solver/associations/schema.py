"""The schema of association files, as JSON Schema, and the check against it.

It requires what the calibration pipeline's schemas of Level 2 and Level 3 require; other keys are allowed.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from solver.errors import AssociationError, errors_as

#: The keys of an association whose values are texts, in the order of its file; only `version_id` may be null.
WORDS = (
    "asn_type", "asn_rule", "version_id", "code_version", "degraded_status", "program", "constraints", "asn_id",
    "target", "asn_pool",
)  # fmt: skip

_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}


def _object(required: Sequence[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": dict(properties)}


_MEMBER = {"expname": _TEXT, "exptype": _TEXT, "exposerr": _TEXT_OR_NONE, "asn_candidate": _TEXT_OR_NONE}
_PRODUCT = {"name": _TEXT, "members": {"type": "array", "items": _object(["expname", "exptype"], _MEMBER)}}
_ASSOCIATION = {
    **dict.fromkeys(WORDS, _TEXT),
    "version_id": _TEXT_OR_NONE,
    "products": {"type": "array", "items": _object(["members"], _PRODUCT)},
}

SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Association of JWST exposures",
    **_object(["products"], _ASSOCIATION),
}

#: No association nests values deeper: data of any depth would exhaust the recursion of whatever walks them.
DEEPEST = 50


def _is_nested(data: object, levels: int = DEEPEST) -> bool:
    """Whether values are nested deeper than in any association. Cost: a step per value."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return not levels or any(_is_nested(each, levels - 1) for each in inner)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. A repeated key is refused, since one of its values would be lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} is there more than once in one object")
    return made


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


#: A comma that JSON does not allow, and a line of an association in YAML.
_TRAILING_COMMA = re.compile(r",\s*[\]}]")
_YAML_LINE = re.compile(r"^(asn_type|products) *:", re.MULTILINE)

#: Writes YAML as JSON; the library comes with astropy.
_CONVERSION = 'python -c "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin), indent=4))"'


def _no_json(text: str, source: str, error: json.JSONDecodeError) -> str:
    """What is not a JSON file, where, and what to do about it."""
    comma = text.rfind(",", 0, error.pos + 1)
    if comma >= 0 and _TRAILING_COMMA.match(text, comma):
        at = json.JSONDecodeError("", text, comma)
        return f"has a comma before a closing bracket, in line {at.lineno}, column {at.colno}; remove the comma"
    if _YAML_LINE.search(text):
        files = f"< {shlex.quote(source)} > {shlex.quote(str(Path(source).with_suffix('.json')))}"
        return f"is YAML; make it JSON, which all pipelines read: {_CONVERSION} {files}"
    return f"is not a JSON file: {error}"


def check_schema(text: str, source: str) -> dict[str, Any]:
    """The content of an association file.

    Raises:
        AssociationError: the text is not JSON or does not follow the schema; the message names the place.
    """
    from jsonschema import Draft202012Validator  # takes long to import, and only reading needs it
    from jsonschema.exceptions import best_match

    with errors_as(lambda why: AssociationError(f"{source} is not a JSON file: {why}"), ValueError, RecursionError):
        try:
            data = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            raise AssociationError(f"{source} {_no_json(text, source, error)}") from error
    if _is_nested(data):
        raise AssociationError(f"{source} is not an association: values are nested more than {DEEPEST} deep")
    wrong = best_match(Draft202012Validator(dict(SCHEMA)).iter_errors(data))
    if wrong is not None:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.absolute_path)
        place = "".join(steps).lstrip(".") or "the file"
        raise AssociationError(f"{source} is not an association: {place}: {wrong.message[:200]}")
    return dict(data)
