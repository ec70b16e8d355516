"""Naming: the texts of a rule's groups, made column by column: each text once for the values that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rules.rule import RuleSpec
from rules.vocabulary import DirectImage, Field
from solver.pools import Candidate, distinct
from solver.solving.compilation import ANY, Compiled, Solutions

#: Label to the values that a group shows for it in names.
Values = Mapping[str, tuple[str, ...]]

#: Label to the values that each group shows for it.
Shown = Mapping[str, Sequence[tuple[str, ...]]]

#: Labels of what a product's first member shows; all others are of the group.
EXPOSURE, TARGET = "exposure", "science target"


def shown(compiled: Compiled, solutions: Solutions, candidates: Sequence[Candidate]) -> Shown:
    """What names are made of: for each agreement the values of those members that it binds."""
    ids = [(candidate.id,) for candidate in candidates]
    found: dict[str, list[tuple[str, ...]]] = {"candidate": [ids[each] for each in solutions.candidate.tolist()]}
    wanted = _labels_shown(compiled.spec)
    for i, same in enumerate(compiled.spec.agreements):
        if same.label not in wanted:
            continue
        column = compiled.shown[i]
        bound = compiled.signatures[solutions.entry, i] != ANY
        codes = column.codes[solutions.entry[bound]].astype(np.int64)
        pairs = distinct(solutions.owner[bound] * len(column.values) + codes)
        single = [(value,) for value in column.values]
        values: list[tuple[str, ...]] = [()] * len(solutions)
        owners, codes = pairs // len(column.values), pairs % len(column.values)
        for owner, code in zip(owners.tolist(), codes.tolist(), strict=True):
            values[owner] = values[owner] + single[code] if values[owner] else single[code]
        found[same.label] = values
    return found


def texts(compiled: Compiled, solutions: Solutions) -> list[str]:
    """The solutions in words."""
    columns = []
    for same, values, codes in zip(compiled.spec.agreements, compiled.values, solutions.keys.T, strict=True):
        found, places = np.unique(codes, return_inverse=True)
        words = [f"{same.label} = {'not given' if code == ANY else values[code]}" for code in found.tolist()]
        columns.append([words[place] for place in places.tolist()])
    columns += [[str(condition)] * len(solutions) for condition in compiled.spec.nearness]
    return ["; ".join(parts) for parts in zip(*columns, strict=True)]


class Names:
    """The names of a rule's groups from one template."""

    def __init__(self, parts: Iterable[str | Field], shown: Shown) -> None:
        """Make all parts that show values of the group.

        Args:
            parts: text and fields in turn.
            shown: the values that the groups show.
        """
        self._shown = shown
        self._parts = [part if isinstance(part, str) else self._column(part) for part in parts]

    def _column(self, field: Field) -> list[str] | _FirstMember:
        """The field's text for each group, or how to find it, where a product's first member decides."""
        labels = [label for label in field.labels if label in self._shown]
        if not {EXPOSURE, TARGET}.isdisjoint(field.labels):
            return _FirstMember(field, {label: self._shown[label] for label in labels})
        if not labels:
            return [field.text({})] * len(self._shown["candidate"])
        keys = list(zip(*(self._shown[label] for label in labels), strict=True))
        known = {key: field.text(dict(zip(labels, key, strict=True))) for key in set(keys)}
        return [known[key] for key in keys]

    def text(self, group: int, first: Values) -> str:
        """The name for a group and what its first member shows."""
        texts = []
        for part in self._parts:
            if isinstance(part, str):
                texts.append(part)
            elif isinstance(part, list):
                texts.append(part[group])
            else:
                texts.append(part.field.text({**values(part.shown, group), **first} if part.shown else first))
        return "".join(texts)


class _FirstMember(NamedTuple):
    """A field that a product's first member decides, and what the group adds."""

    field: Field
    shown: Shown


def values(shown: Shown, group: int) -> dict[str, tuple[str, ...]]:
    """What one group shows."""
    return {label: values[group] for label, values in shown.items()}


def _labels_shown(spec: RuleSpec) -> set[str]:
    """Labels of the agreements whose values the rule's names show."""
    names = [spec.product_name]
    if isinstance(spec.expansion, DirectImage):
        names.append(spec.expansion.root)
    fields = [spec.target, *(part for name in names for part in name.parts if isinstance(part, Field))]
    return {label for field in fields for label in field.labels}
