"""Naming: the texts of a rule's products, made column by column, each text once for the values that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import numpy as np

from rules.rule import RuleSpec
from rules.vocabulary import DirectImage, Field, Mapped, ProductName
from solver.associations import Texts
from solver.pools import distinct, number_rows
from solver.solving.compilation import ANY, Compiled, Solutions

#: Label to the values that a group shows for it in names.
Values = Mapping[str, tuple[str, ...]]

#: Label to the values that each group or product shows for it.
Shown = Mapping[str, Sequence[tuple[str, ...]]]

#: Labels whose values come from a product's first member; the rest come from the group.
EXPOSURE, TARGET = "exposure", "science target"


def shown_by_groups(compiled: Compiled, solutions: Solutions) -> Shown:
    """The values in names: for each agreement, those of the members that it binds."""
    ids = [(candidate.id,) for candidate in compiled.sub_pools.candidates]
    found: dict[str, list[tuple[str, ...]]] = {"candidate": [ids[each] for each in solutions.candidate.tolist()]}
    wanted = labels_shown(compiled.spec)
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
        owners, codes = pairs // len(words), (pairs % len(words)).tolist()
        values = [single[code] for code in codes]
        if len(owners) != len(solutions) or (np.diff(owners) == 0).any():  # some show none or several
            values = [()] * len(solutions)
            for owner, code in zip(owners.tolist(), codes, strict=True):
                values[owner] += single[code]
        found[same.label] = values
    return found


def constraint_texts(compiled: Compiled, solutions: Solutions) -> Texts:
    """The solutions in words, each text once for the values that it shows."""
    number, count = number_rows([*(solutions.keys - ANY).T], len(solutions))
    first = np.zeros(count, dtype=np.int64)
    first[number] = np.arange(len(solutions))
    labels, keys = [same.label for same in compiled.spec.agreements], solutions.keys[first].T.tolist()
    columns = [
        [f"{label} = {'not given' if code == ANY else values[code]}" for code in codes]
        for label, values, codes in zip(labels, compiled.values, keys, strict=True)
    ]
    columns += [[str(condition)] * count for condition in compiled.spec.nearness]
    return Texts(number, ["; ".join(parts) for parts in zip(*columns, strict=True)])


def names(parts: Iterable[str | Field], shown: Shown, products: int) -> list[str]:
    """The names of products from one template.

    Args:
        parts: text and fields in turn.
        shown: the values that each product shows.
        products: how many products there are.
    """
    columns: list[Iterable[str]] = [repeat("", products)]
    for part in parts:
        if isinstance(part, str):
            columns.append(repeat(part, products))
            continue
        labels = [label for label in part.labels if label in shown]
        keys = list(zip(*(shown[label] for label in labels), strict=True)) or [()] * products
        known = {key: part.text(dict(zip(labels, key, strict=True))) for key in set(keys)}
        columns.append(map(known.__getitem__, keys))
    return list(map("".join, zip(*columns, strict=True)))


def name(template: ProductName, values: Values) -> str:
    """The name for a group that shows these values."""
    return "".join(part.text(values) if isinstance(part, Field) else part for part in template.parts)


def labels_shown(spec: RuleSpec) -> set[str]:
    """Labels of the agreements whose values the rule's names show."""
    parts = [spec.target, *spec.product_name.parts]
    if isinstance(spec.expansion, DirectImage):
        parts += spec.expansion.root.parts
    return {label for part in parts if isinstance(part, Field) for label in part.labels}
