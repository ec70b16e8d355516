"""The schema of association files, and the check against it.

It requires what the calibration pipeline's schemas of Level 2 and Level 3 require; other keys are allowed.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec
from msgspec import Struct

from solver.errors import AssociationError, errors_as, reason

#: The keys of an association whose values are texts, in the order of its file; only `version_id` may be null.
WORDS = (
    "asn_type", "asn_rule", "version_id", "code_version", "degraded_status", "program", "constraints", "asn_id",
    "target", "asn_pool",
)  # fmt: skip


class _Member(Struct):
    expname: str
    exptype: str
    exposerr: str | None = None
    asn_candidate: str | None = None


class _Product(Struct):
    members: list[_Member]
    name: str = ""


_TEXTS = [(word, str | None if word == "version_id" else str, "") for word in WORDS]

#: The keys of an association with the types of their values, as `msgspec` takes them. Other keys are allowed.
FIELDS: Sequence[tuple[str, Any] | tuple[str, Any, Any]] = (("products", list[_Product]), *_TEXTS)

_Association = msgspec.defstruct("_Association", FIELDS)

#: No association nests values deeper: data of any depth would exhaust the recursion of whatever walks them.
DEEPEST = 50


def _is_nested(data: object, levels: int = DEEPEST) -> bool:
    """Whether values are nested deeper than in any association. Cost: a step per value."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return not levels or any(_is_nested(each, levels - 1) for each in inner)


def require_form(data: object, form: type[Struct]) -> None:
    """Refuse data of another form.

    Raises:
        msgspec.ValidationError: keys or types differ, or values are nested too deep.
    """
    if _is_nested(data):
        raise msgspec.ValidationError(f"values are nested more than {DEEPEST} deep")
    msgspec.convert(data, form)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. A repeated key is refused, since one of its values would be lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice!r} is there more than once in one object")
    return made


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


#: A comma that JSON does not allow.
_TRAILING_COMMA = re.compile(r",\s*[\]}]")

#: Writes YAML as JSON; the library comes with astropy.
_CONVERSION = 'python -c "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin), indent=4))"'

#: A message of msgspec, and plain words for it.
_MISSING = ("Object missing required field", "there is no")


def _no_json(text: str, source: str, error: Exception) -> str:
    """What is not valid JSON, where, and what to do about it."""
    comma = text.rfind(",", 0, getattr(error, "pos", -1) + 1)
    if comma >= 0 and _TRAILING_COMMA.match(text, comma):
        at = json.JSONDecodeError("", text, comma)
        return f"has a comma before a closing bracket, on line {at.lineno}, column {at.colno}; remove the comma"
    if re.search("^(asn_type|products) *:", text, re.MULTILINE):
        files = f"< {shlex.quote(source)} > {shlex.quote(str(Path(source).with_suffix('.json')))}"
        return f"is YAML; convert it to JSON, which all pipelines read: {_CONVERSION} {files}"
    return f"is not valid JSON: {reason(error)}"


def check_schema(text: str, source: str) -> dict[str, Any]:
    """The content of an association file.

    Raises:
        AssociationError: the text is not JSON or does not follow the schema; the message names the place.
    """
    try:
        data = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AssociationError(f"{source} {_no_json(text, source, error)}") from error
    wrong = msgspec.ValidationError, UnicodeEncodeError
    with errors_as(lambda why: AssociationError(f"{source} is not an association: {why}".replace(*_MISSING)), *wrong):
        require_form(data, _Association)
    return dict(data)
