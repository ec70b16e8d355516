"""The check of a set of associations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rules import MISSION
from rules.rule import Rule
from solver.associations import Association
from solver.checking.expected import Expectations
from solver.checking.explain import Judge, made_of
from solver.checking.exposures import Exposures
from solver.checking.findings import Report, in_order
from solver.checking.results import Together
from solver.findings import Finding
from solver.pools import Pool

_FILE_NAME = re.compile(r"jw(?P<program>[^-_]+)-(?P<id>[^_]+)(_[^_]+)?_(?P<type>[^_]+)_\d+_asn\.json", re.IGNORECASE)
_PREFIXES = ("candidate_", "discover_")


def check(
    pool: Pool, associations: Mapping[str, Association] | Iterable[Association], rules: Iterable[type[Rule]] = MISSION
) -> Report:
    """Judge associations by the rules, independently of how they were found.

    Every association is held against what its rule makes of its candidate; all of them together have to be
    unique, complete and of levels that fit each other. Only what the results are about is asked for: the
    candidates that occur in them, and the rules of each module and level of which one occurs.

    Args:
        pool: the exposures from which the associations were made.
        associations: the associations; with their file names, these are checked, too. A rule may be named by
            an older name, or as `candidate_…` or `discover_…`.
        rules: the rules by which to judge.

    Returns:
        the findings, and counts. `CODES` lists the codes of findings.

    Cost: each predicate of a rule once per exposure and candidate, then one step per group and member; some
    seconds for a few thousand exposures.

    >>> from dataclasses import replace
    >>> from solver import generate
    >>> pool = Pool.from_rows([
    ...     {"filename": f"jw00001001001_02101_0000{i}_mirimage_uncal.fits", "program": "1", "obs_num": "1",
    ...      "instrume": "MIRI", "detector": "MIRIMAGE", "exp_type": "MIR_IMAGE", "targetid": "1", "filter": "F770W",
    ...      "subarray": "FULL", "pntgtype": "SCIENCE", "asn_candidate": "[('o001', 'OBSERVATION')]"} for i in (1, 2)])
    >>> made = generate(pool).associations
    >>> check(pool, made).findings
    ()
    >>> damaged = [replace(each, target="t999") if each.asn_type == "image3" else each for each in made]
    >>> print(check(pool, damaged).findings[0].message)
    Asn_Lv3Image calls the target of these members t001, not t999
    """
    named = _named(associations)
    known = tuple(rules)
    modules = {rule.spec.name: rule.__module__ for rule in known}
    specs = [rule.spec for rule in known]
    by_name = {name.lower(): spec for spec in specs for name in (spec.name, *spec.aliases)}
    exposures = Exposures(pool)
    expectations = Expectations(specs, exposures)
    judge = Judge(expectations)
    results = []
    findings = []
    for label, association in named:
        spec = by_name.get(_rule_name(association))
        findings += [*_misnamed(label, association), *judge.judge(label, association, spec)]
        results += [made_of(label, association, product, spec) for product in association.products]
    occurring = {(modules[made.rule.name], made.rule.level) for made in results if made.rule}
    asked = [spec for spec in specs if (modules[spec.name], spec.level) in occurring]
    run = {each for _, association in named for each in exposures.named(association.program, association.asn_id)}
    used = {exposures.find(file) for made in results for file, _ in made.members}
    in_none = [row for row in range(len(exposures)) if row not in used]
    together = Together(results, expectations, asked, run)
    findings += together.repeated()
    findings += together.missing(judge.met)
    findings += together.unaccounted(in_none)
    findings += together.uncalibrated()
    return Report(
        findings=in_order(findings),
        associations=len(named),
        members=sum(len(product.members) for _, association in named for product in association.products),
        exposures=len(exposures),
        in_none=tuple(pool.file_names[row] for row in in_none),
    )


def _named(associations: Mapping[str, Association] | Iterable[Association]) -> list[tuple[str, Association]]:
    if isinstance(associations, Mapping):
        return list(associations.items())
    return [(association.file_name, association) for association in associations]


def _rule_name(association: Association) -> str:
    name = association.asn_rule.lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _misnamed(label: str, association: Association) -> Iterator[Finding]:
    """Where the file's name tells something else than its content."""
    match = _FILE_NAME.fullmatch(label.replace("\\", "/").rpartition("/")[2])
    if match is None:
        message = "its name is not of the form jwPPPPP-ID_TYPE_NNNNN_asn.json"
        yield Finding("file-name", "note", label, (), message)
        return
    content = {"program": association.program, "id": association.asn_id, "type": association.asn_type}
    for what, said in content.items():
        if said.lower() != match[what].lower():
            message = f"its name says {what} {match[what]}, its content {said or 'none'}"
            yield Finding("file-name", "error", label, (), message)
