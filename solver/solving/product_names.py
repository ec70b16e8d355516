"""Naming: the texts of a rule's groups, made column by column, each text once for the values that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from rules.rule import RuleSpec
from rules.vocabulary import DirectImage, Field, Mapped, ProductName
from solver.pools import distinct
from solver.solving.compilation import ANY, Compiled, Solutions

#: Label to the values that a group shows for it in names.
Values = Mapping[str, tuple[str, ...]]

#: Label to the values that each group shows for it.
Shown = Mapping[str, Sequence[tuple[str, ...]]]

#: Labels whose values come from a product's first member; the rest come from the group.
EXPOSURE, TARGET = "exposure", "science target"


def shown(compiled: Compiled, solutions: Solutions) -> Shown:
    """The values in names: for each agreement, those of the members that it binds."""
    ids = [(candidate.id,) for candidate in compiled.sub_pools.candidates]
    found: dict[str, list[tuple[str, ...]]] = {"candidate": [ids[each] for each in solutions.candidate.tolist()]}
    wanted = _labels_shown(compiled.spec)
    for i, same in enumerate(compiled.spec.agreements):
        if same.label not in wanted:
            continue
        codes, words = compiled.signatures[:, i], compiled.values[i]
        bound = codes[solutions.entry] != ANY
        if isinstance(same.attribute, Mapped):  # names show the pool's own values
            column = compiled.pool.values(same.attribute.column)
            codes, words = column.codes[compiled.exposure], column.values
        pairs = distinct(solutions.owner[bound] * len(words) + codes[solutions.entry[bound]])
        single = [(word,) for word in words]
        values: list[tuple[str, ...]] = [()] * len(solutions)
        owners, shown = pairs // len(words), pairs % len(words)
        for owner, code in zip(owners.tolist(), shown.tolist(), strict=True):
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
        """Make all parts that show values of the group, except those that a product's first member decides.

        Args:
            parts: text and fields in turn.
            shown: the values that the groups show.
        """
        self._shown = shown
        self._parts = [
            part if isinstance(part, str) or {EXPOSURE, TARGET}.intersection(part.labels) else self._column(part)
            for part in parts
        ]

    def _column(self, field: Field) -> list[str]:
        """The field's text for each group."""
        labels = [label for label in field.labels if label in self._shown]
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
                of_group = {label: self._shown[label][group] for label in part.labels if label in self._shown}
                texts.append(part.text({**of_group, **first}))
        return "".join(texts)


def name(template: ProductName, values: Values) -> str:
    """The name for a group that shows these values."""
    return "".join(part.text(values) if isinstance(part, Field) else part for part in template.parts)


def _labels_shown(spec: RuleSpec) -> set[str]:
    """Labels of the agreements whose values the rule's names show."""
    parts = [spec.target, *spec.product_name.parts]
    if isinstance(spec.expansion, DirectImage):
        parts += spec.expansion.root.parts
    return {label for part in parts if isinstance(part, Field) for label in part.labels}
