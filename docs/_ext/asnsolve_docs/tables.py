"""The parts of reference pages that are made from the code and its data."""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import rules
import rules.vocabulary
import solver
from asnsolve_docs import witnesses
from asnsolve_docs.markdown import code, fenced, page, plain, prose, table
from changes import release
from rules import MISSION
from rules.vocabulary import ASN_TYPES, CANDIDATE_TYPES, COLUMNS, DERIVED
from rules.vocabulary.attributes import LABELS
from solver import checking, verification
from solver.associations.association import MEMBER_TEXTS, Association, Member, Product
from solver.associations.member_types import MEMBER_TYPES
from solver.associations.schema import FIELDS

ROOT = Path(__file__).parents[3]

_DOCUMENTED = re.compile(r"^    (\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)


def pool_columns() -> str:
    """Every column that a rule may name."""
    rows = [(code(name.upper()), prose(what), plain(LABELS.get(name, ""))) for name, what in COLUMNS.items()]
    return table(("Column", "What it holds", "Word in messages"), rows)


def derived() -> str:
    """What is derived from columns."""
    return table(("Name", "What it is"), [(code(name), prose(what)) for name, what in DERIVED.items()])


def roles() -> str:
    """The roles of members."""
    return table(("Role", "Meaning"), [(code(name), prose(what)) for name, what in MEMBER_TYPES.items()])


def types() -> str:
    """The association types and the candidate types."""
    return page(
        "Association types: " + ", ".join(map(code, ASN_TYPES)) + ".",
        "Candidate types: " + ", ".join(map(code, CANDIDATE_TYPES)) + ".",
    )


def association_keys() -> str:
    """The keys of an association in the order of the file."""
    documented = _attributes(Association)
    shown = {name: str(getattr(kind, "__name__", kind)) for name, kind, *_ in FIELDS}
    types = {"str": "text", "str | None": "text or null"}
    rows = [(code(name), types.get(shown[name], "list"), prose(documented[name])) for name in _keys()]
    return table(("Key", "Value", "Meaning"), rows)


def _keys() -> list[str]:
    """The keys as an association writes them."""
    known = {name for name, *_ in FIELDS}
    return [name for name in json.loads(example_text()) if name in known]


def example_text() -> str:
    """An association file."""
    found = witnesses.analysis(ROOT)["satisfied"]["Asn_Lv3NRCCoron"]
    (text,) = witnesses.associations("Asn_Lv3NRCCoron", found)
    return text


def example() -> str:
    """An association file, as part of a page."""
    return fenced(example_text(), "json")


def product_keys() -> str:
    """The keys of a product, and of a member."""
    rows = [(code(name), _attributes(Product)[name]) for name in ("name", "members")]
    members = [(code(name), prose(_attributes(Member)[name])) for name in MEMBER_TEXTS]
    heads = ("Key", "Meaning")
    return page("Each product:", table(heads, rows), "Each member of a product:", table(heads, members))


def _attributes(cls: type) -> Mapping[str, str]:
    """What a docstring says of each attribute."""
    text = inspect.getdoc(cls) or ""
    found = _DOCUMENTED.findall(text.partition("Attributes:")[2])
    return {name: " ".join(what.split()).replace("None", "`null`") for name, what in found}


def check_codes() -> str:
    """The codes of `asnsolve check`."""
    return table(("Code", "Meaning"), [(code(name), prose(what)) for name, what in checking.CODES.items()])


def verify_codes() -> str:
    """The codes of `asnsolve verify`."""
    return table(("Code", "Meaning"), [(code(name), prose(what)) for name, what in verification.CODES.items()])


def differences() -> str:
    """Each difference from the reference, with what the two sides make of a smallest pool."""
    known = tomllib.loads((ROOT / "tests" / "conformance" / "differences.toml").read_text(encoding="utf-8"))
    excused = defaultdict(set)
    for each in known["excuse"]:
        excused[each["difference"]].add(each["pool"])
    return page(*(part for each in known["difference"] for part in _difference(each, excused[each["name"]])))


def _difference(each: Mapping[str, Any], also: Iterable[str]) -> Iterator[str]:
    name = each["name"]
    yield f"## {name[:1].upper()}{plain(name[1:])}"
    yield prose(each["reason"].strip())
    yield f"Level {each['level']}; smallest pool: {code('tests/conformance/' + each['pool'])}." + (
        f" Also seen in {', '.join(map(code, sorted(also)))}." if also else ""
    )
    sides = (("Both make", "both"), ("Only the reference makes", "reference"), ("Only asnsolve makes", "ours"))
    rows = [
        (side if number == 0 else "", _rule(made["rule"]), _members(made))
        for side, key in sides
        for number, made in enumerate(each.get(key, ()))
    ]
    yield table(("", "Rule", "Product and members"), rows)


def _rule(name: str) -> str:
    return f"[{code(name)}](rules/{name}.md)" if name.lower() in MISSION.by_name else plain(name)


def _members(made: Mapping[str, Any]) -> str:
    return "<br>".join([f"**{plain(made['name'])}**", *map(plain, made["members"])])


def changes() -> str:
    """What has changed since the last release, from the fragments."""
    entries = release.unreleased(ROOT)
    return release.section("Not yet released", entries) if any(entries.values()) else ""


#: The public names of `solver` by what they are for; errors come last.
_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "Pools and statements": ("Pool", "Statements", "ingest"),
    "Finding associations": ("generate", "Reporter"),
    "Results": ("Result", "Associations", "Association", "Product", "Member", "merge"),
    "Files, folders and archives": ("write", "load", "Archive", "edit", "gather", "from_list", "missing_members"),
    "Explaining": ("explain", "explain_pair", "explain_association", "explain_orphans", "report"),
    "Checking and comparing": ("check", "compare", "Comparison"),
    "Verifying rules": ("verify", "compare_versions"),
}


def python() -> str:
    """The public names of `solver`."""
    errors = sorted(
        name for name in solver.__all__ if isinstance(getattr(solver, name), type) and name.endswith("Error")
    )
    grouped = {**_PUBLIC, "Errors": ("AsnsolveError", *(name for name in errors if name != "AsnsolveError"))}
    missing = {*solver.__all__} - {"__version__"} - {name for names in grouped.values() for name in names}
    if missing:
        raise ValueError(f"no section of the reference has {', '.join(sorted(missing))} of solver.__all__")
    return page(*(part for title, names in grouped.items() for part in (f"## {title}", _documented("solver", names))))


def rule_api() -> str:
    """The public names of `rules`, and the vocabulary."""
    words = [name for name in rules.vocabulary.__all__ if inspect.isfunction(getattr(rules.vocabulary, name))]
    return page(
        "## Rules and rule sets",
        _documented("rules", ("RuleSet", "Rule", "RuleSpec")),
        "`rules.MISSION` is the set of the mission's rules.",
        "## Vocabulary",
        "Rules are written with these constructors, from `rules.vocabulary`.",
        _documented("rules.vocabulary", sorted(words)),
    )


def _documented(module: str, names: Iterable[str]) -> str:
    """What autodoc makes of public names."""
    lines = ["```{eval-rst}"]
    for name in names:
        found = getattr(__import__(module, fromlist=[name]), name)
        kind = "function"
        if isinstance(found, type):
            kind = "exception" if issubclass(found, Exception) else "class"
        lines += [f".. auto{kind}:: {module}.{name}"]
        lines += ["   :members:", ""] if kind == "class" else [""]
    return "\n".join([*lines, "```"])


TABLES: Mapping[str, Callable[[], str]] = {
    each.__name__.replace("_", "-"): each
    for each in (
        association_keys, changes, check_codes, derived, differences, example, pool_columns, product_keys, python,
        roles, rule_api, types, verify_codes,
    )
}  # fmt: skip
