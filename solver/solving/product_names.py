"""Naming: the texts of a rule's products, made column by column, each distinct text once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import repeat

import numpy as np

from rules.vocabulary import Field, Mapped
from rules.vocabulary.expressions import walk
from solver.associations import Texts
from solver.multimap import grouped
from solver.pools import distinct
from solver.solving.compilation import ANY, Compiled, Solutions

#: Label to what each group or product shows for it in names.
Shown = Mapping[str, Texts]

#: Labels whose values come from a product's first member; the rest come from the group.
EXPOSURE, TARGET = "exposure", "science target"


def shown_by_groups(compiled: Compiled, solutions: Solutions, wanted: Collection[str]) -> Shown:
    """What names show: for each wanted agreement, the values of the members that it binds, joined with hyphens."""
    found: dict[str, Texts] = {}
    for i, same in enumerate(compiled.spec.agreements):
        if same.label not in wanted:
            continue
        codes, words = compiled.signatures[:, i], compiled.values[i]
        bound = codes[solutions.entry] != ANY
        if isinstance(same.attribute, Mapped):  # names show the pool's own values
            column = compiled.pool.values(same.attribute.column)
            codes, words = column.codes[compiled.exposure], column.values
        pairs = distinct(solutions.owner[bound] * len(words) + codes[solutions.entry[bound]])
        owners = pairs // len(words)
        found[same.label] = Texts(pairs % len(words), words)
        if len(owners) != len(solutions) or (np.diff(owners) == 0).any():  # some show none or several
            values = grouped(zip(owners.tolist(), found[same.label], strict=True))
            found[same.label] = Texts.of("-".join(sorted(values.get(each, ()))) for each in range(len(solutions)))
    return found


def constraint_texts(compiled: Compiled, solutions: Solutions) -> Texts:
    """The values that the members of each solution share, in words."""
    shown = [
        Texts(codes - ANY, [f"{same.label} = {value}" for value in ("not given", *values)])
        for same, codes, values in zip(compiled.spec.agreements, solutions.keys.T, compiled.values, strict=True)
    ]
    nearness = list(map(str, compiled.spec.nearness))
    return Texts.made(lambda *words: "; ".join([*words, *nearness]), *shown)


def names(parts: Iterable[str | Field], shown: Shown, products: int) -> list[str]:
    """The names of products from one template.

    Args:
        parts: text and fields in turn.
        shown: the values that each product shows.
        products: how many products there are.
    """
    columns = (repeat(part) if isinstance(part, str) else field_texts(part, shown) for part in parts)
    return list(map("".join, zip(*columns, repeat("", products), strict=False)))


def field_texts(part: Field, shown: Shown) -> Texts:
    """The texts of a field for products that show these values."""
    labels = [label for label in part.labels if label in shown] or ["candidate"]
    if part == Field(tuple(labels[:1])):  # most names by far
        return shown[labels[0]]
    columns = map(shown.__getitem__, labels)
    return Texts.made(lambda *values: part.text(dict(zip(labels, values, strict=True))), *columns)


def labels_in(*declarations: object) -> set[str]:
    """Labels of the fields of names that declarations have."""
    return {label for field in fields_in(*declarations) for label in field.labels}


def fields_in(*declarations: object) -> Iterator[Field]:
    """The fields of names that declarations have."""
    return (part for part in walk(declarations) if isinstance(part, Field))
