"""Names: how products and members are called, as data."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from rules.vocabulary.predicates import Choice, Predicate


@final
@dataclass(frozen=True, slots=True)
class Field:
    """One part of a product name: the values that a group's members agree on.

    Attributes:
        labels: labels of the agreements whose values are used; those a rule lacks are passed over.
        prefix: stands in front of the values.
        width: shorter values are filled with zeros to this width.
        drop: values that are not shown.
        otherwise: the text where there is no value to show.
    """

    labels: tuple[str, ...]
    prefix: str = ""
    width: int = 0
    drop: tuple[str, ...] = ()
    otherwise: str = ""

    def text(self, values: Mapping[str, tuple[str, ...]]) -> str:
        """The part of the name for a group whose agreements have these values (label to values).

        >>> Field(("filter", "pupil"), otherwise="clear").text({"pupil": ("clear",), "filter": ("f444w",)})
        'clear-f444w'
        """
        if len(self.labels) == 1 and len(given := values.get(self.labels[0], ())) == 1:  # nearly always
            value = given[0]
            return self.prefix + value.rjust(self.width, "0") if value and value not in self.drop else self.otherwise
        by_label = ("-".join(sorted(values.get(label, ()))) for label in self.labels)
        shown = sorted(value for value in by_label if value and value not in self.drop)
        if not shown:
            return self.otherwise
        return self.prefix + "-".join(value.rjust(self.width, "0") for value in shown)


@final
@dataclass(frozen=True, slots=True)
class ProductName:
    """A product name: text and fields in turn.

    `{placeholders}` that only the pipeline can fill stay in the name, in braces.
    """

    parts: tuple[str | Field, ...]

    @property
    def has_placeholder(self) -> bool:
        """Whether the name is completed only by the pipeline, so that equal names are no collision."""
        return any(isinstance(part, str) and "{" in part for part in self.parts)


def product_name(template: str, fields: Mapping[str, Field], placeholders: tuple[str, ...] = ()) -> ProductName:
    """A product name from a template such as `"jw{program}-{candidate}_{target}"`.

    Args:
        template: the name with its fields in braces.
        fields: what each field stands for.
        placeholders: names that stay in braces, for the pipeline to fill.

    Raises:
        ValueError: a name in braces is neither a field nor a placeholder, or the template has a folder in it.
    """
    if "/" in template or "\\" in template:
        message = f"product name {template!r} becomes part of file names; it cannot have folders"
        raise ValueError(message)
    parts: list[str | Field] = []
    for text, name, _, _ in string.Formatter().parse(template):
        if text:
            parts.append(text)
        if name is not None and name not in placeholders and name not in fields:
            known = ", ".join((*fields, *placeholders))
            message = f"product name {template!r}: there is no field {name!r}; there are {known}"
            raise ValueError(message)
        if name is not None:
            parts.append(f"{{{name}}}" if name in placeholders else fields[name])
    return ProductName(tuple(parts))


@final
@dataclass(frozen=True, slots=True)
class MemberName:
    """A member's file name: the exposure's name with the suffix of the product that is combined.

    Attributes:
        suffix: which product, by exposure (it may ask for the `role`).
        by_integration: which exposures are kept apart by integration.
        integrations: what is added to their suffix.
    """

    suffix: Choice
    by_integration: Predicate
    integrations: str = "ints"
